"""Indicators at the desk: figures of closed series for whoever may read them, and for nobody else."""

import csv
import io
from datetime import timedelta
from typing import Any

import msgspec

from bocage.domain.indicator import Indicator, Target
from bocage.domain.measure import Aggregate, Measure
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.role import Role, RoleName
from bocage.domain.text import Text

from .world import AT, HERE, dataset

AIR = Measure(datastreams=("co2-salle-1",), aggregate=Aggregate.MEAN)


def declared(world: Any, **said: Any) -> None:
    body = Indicator(title=Text(fr="Air de la classe"), service="ecoles", measure=AIR, **said)
    world.put("indicator", "air", body)


def number() -> int:
    from bocage import sensing

    placed = sensing.find(HERE, "datastream", "co2-salle-1")
    assert placed
    return int(placed.entity.id)


def test_the_list_says_the_last_figure_and_whether_the_target_is_met(world: Any, desk: Any) -> None:
    declared(world, target=Target(value=400.0))
    world.keep(number(), [640.0] * 24 * 4)
    page = desk.get(f"/{HERE}/desk/indicators").content.decode()
    assert "Air de la classe" in page
    assert "640\u202fppm" in page
    assert "atteint" in page


def test_an_empty_list_says_the_next_step(world: Any, desk: Any) -> None:
    page = desk.get(f"/{HERE}/desk/indicators").content.decode()
    assert f"/{HERE}/desk/registers/indicator/new" in page


def test_closed_figures_are_read_at_the_desk_and_not_on_the_portal(world: Any, desk: Any) -> None:
    declared(world)
    world.put("dataset", "air", msgspec.structs.replace(dataset(), hosting=""), 1)
    world.keep(number(), [640.0] * 24 * 4)
    assert "640\u202fppm" in desk.get(f"/{HERE}/desk/indicators/air").content.decode()
    rows = list(csv.DictReader(io.StringIO(desk.get(f"/{HERE}/desk/indicators/air.csv").content.decode())))
    assert {row["value"] for row in rows} == {"640"}
    assert "640\u202fppm" not in desk.get(f"/{HERE}/indicators/air").content.decode()
    assert desk.get(f"/{HERE}/indicators/air.csv").status_code == 403


def test_an_agent_of_another_service_is_told_of_the_indicator_without_its_figures(world: Any) -> None:
    declared(world)
    world.keep(number(), [640.0] * 24 * 4)
    browser = world.sign_in(RoleName.SECURITY_OFFICER, email="agent-eau@ville.example")
    holder = "agent-eau@ville.example"
    world.put("public-service", "eau", PublicService(title=Text(fr="Eau"), competence=Competence.WATER))
    world.put("role", "agent-eau", Role(title=Text(fr="Agent"), role=RoleName.AGENT, holder=holder, services=("eau",)))
    page = browser.get(f"/{HERE}/desk/indicators/air").content.decode()
    assert "Vos rôles n’ouvrent pas ses séries" in page
    assert "640\u202fppm" not in page
    assert browser.get(f"/{HERE}/desk/indicators/air.csv").status_code == 403


def test_a_steward_declares_indicators_of_their_service_only(world: Any) -> None:
    browser = world.sign_in(RoleName.SECURITY_OFFICER, email="referente@ville.example")
    holder = "referente@ville.example"
    role = Role(title=Text(fr="Référente"), role=RoleName.STEWARD, holder=holder, services=("ecoles",))
    world.put("role", "referente-ecoles", role)
    sent = {
        "title.fr": "Air de la classe",
        "question.fr": "",
        "measure.datastreams.any": "1",
        "measure.datastreams": "co2-salle-1",
        "measure.aggregate": "mean",
        "measure.period": "day",
        "measure.window.start": "",
        "measure.window.end": "",
        "target.direction": "at-least",
        "target.value": "",
        "unit_cost.euros": "",
    }
    refused = browser.post(f"/{HERE}/desk/registers/indicator/new", {**sent, "service": ""})
    assert refused.status_code == 403
    made = browser.post(f"/{HERE}/desk/registers/indicator/new", {**sent, "service": "ecoles"})
    assert made.status_code == 302
    assert made["Location"] == f"/{HERE}/desk/registers/indicator/air-de-la-classe"
    page = browser.get(made["Location"]).content.decode()
    assert "CO2 de la salle 1" in page


def test_a_figure_that_means_nothing_is_refused_with_its_way_out(world: Any, desk: Any) -> None:
    sent = {
        "title.fr": "Air",
        "service": "ecoles",
        "measure.datastreams.any": "1",
        "measure.datastreams": "co2-salle-1",
        "measure.aggregate": "sum",
        "measure.period": "day",
    }
    answer = desk.post(f"/{HERE}/desk/registers/indicator/new", sent)
    assert answer.status_code == 422
    assert "on n’additionne pas un niveau" in answer.content.decode()


def test_figures_follow_what_arrives_and_what_is_declared(world: Any, desk: Any) -> None:
    declared(world)
    world.keep(number(), [640.0] * 24 * 2, until=AT - timedelta(days=2))
    first = desk.get(f"/{HERE}/desk/indicators/air.csv").content.decode()
    assert desk.get(f"/{HERE}/desk/indicators/air.csv").content.decode() == first
    world.keep(number(), [700.0] * 24 * 2)
    assert "700" in desk.get(f"/{HERE}/desk/indicators/air.csv").content.decode()
    highest = msgspec.structs.replace(AIR, aggregate=Aggregate.MAXIMUM)
    world.put("indicator", "air", Indicator(title=Text(fr="Air"), service="ecoles", measure=highest), 1)
    assert desk.get(f"/{HERE}/desk/indicators/air.csv").content.decode() != first
