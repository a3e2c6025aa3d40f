"""A sensor replaced from the page of its series: what the form asks, what it refuses, and taking it back."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest
from django.test import Client

from bocage import evidence, sensing
from bocage.accounts import OPERATOR
from bocage.domain.instant import DAY, to_ms
from bocage.domain.nature import Nature
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream, Sensor, Unit
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/datastreams/eau-ecole"
FORM = f"{PAGE}/replace"
MORNING = AT - timedelta(days=10)


def stream() -> Datastream:
    placed = sensing.find(HERE, "datastream", "eau-ecole")
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    return placed.entity


@pytest.fixture
def meter(world: World) -> World:
    """A water meter read once a day: twenty days of the old one, ten of the new."""
    body = Datastream(
        title=Text(fr="Eau de l’école"),
        thing="ecole",
        sensor="compteur-a",
        observed_property="co2",
        unit=Unit(symbol="m³"),
        nature=Nature.INDEX,
        source="capteurs",
        key="eau",
        dataset="air",
    )
    changes = [
        PutEntity(slug="compteur-a", entity=Sensor(title=Text(fr="Compteur A"))),
        PutEntity(slug="compteur-b", entity=Sensor(title=Text(fr="Compteur B"))),
        PutEntity(slug="eau-ecole", entity=body),
    ]
    evidence.change(HERE, OPERATOR, changes, AT)
    world.keep(stream().id, [500.0 + 2 * n for n in range(20)], until=MORNING - timedelta(days=1), step=DAY)
    world.keep(stream().id, [7.0 + 2 * n for n in range(10)], until=AT - timedelta(days=1), step=DAY)
    return world


def said(**more: str) -> dict[str, str]:
    at = MORNING - timedelta(hours=12)  # the clocks of the territory are not UTC: a time in the middle of the night
    return {
        "day": f"{at:%Y-%m-%d}",
        "clock": f"{at:%H:%M}",
        "sensor": "compteur-b",
        "model.fr": "",
        "model.en": "",
        "serial": "B-42",
        "ended": "539,0",
        "began": "6",
        "key": "eau",
        **more,
    }


def used(world: World) -> float:
    end = to_ms(AT)
    return float(np.nansum(world.parts.store.rollup([stream().id], end - 40 * DAY, end, "day").value))


def test_the_consumption_over_a_change_of_meter_is_exact(meter: World) -> None:
    desk = meter.sign_in()
    answer = desk.post(FORM, said())
    assert answer.status_code == 302
    # 19 days of 2 on the old meter, then 1 up to its end; 1 on the new one from its beginning, then 9 days of 2.
    assert used(meter) == 38 + 1 + 1 + 18
    body = stream()
    assert (body.sensor, body.replacements[0].former, body.replacements[0].serial) == (
        "compteur-b",
        "compteur-a",
        "B-42",
    )


def test_the_pages_say_who_measured_from_when_to_when(meter: World) -> None:
    desk = meter.sign_in()
    desk.post(FORM, said())
    for page in (desk.get(PAGE).content.decode(), desk.get(f"/{HERE}/desk/things/ecole").content.decode()):
        assert "Compteur B" in page
        assert "Compteur A" in page
        assert "B-42" in page
        assert "539" in page


def test_it_is_taken_back_from_the_sentence_that_tells_of_it(meter: World) -> None:
    desk = meter.sign_in()
    before, former = used(meter), stream()
    page = desk.post(FORM, said(), follow=True).content.decode()
    undo = page.partition('action="/' + HERE + "/desk/undo/")[2].partition('"')[0]
    answer = desk.post(f"/{HERE}/desk/undo/{undo}".replace("&amp;", "&"))
    assert answer["Location"] == PAGE
    assert stream() == former
    assert used(meter) == before


def test_the_last_replacement_is_taken_back_long_afterwards_too(meter: World) -> None:
    desk = meter.sign_in()
    former = stream()
    desk.post(FORM, said())
    other = PutEntity(slug="eau-ecole", entity=msgspec.structs.replace(stream(), maximum=1e6))
    evidence.change(HERE, OPERATOR, [other], AT)
    assert desk.post(f"{PAGE}/replace/back").status_code == 302
    assert msgspec.structs.replace(stream(), maximum=None) == former


def test_another_model_is_declared_on_the_way_and_goes_when_it_is_taken_back(meter: World) -> None:
    desk = meter.sign_in()
    page = desk.post(FORM, said(**{"model.fr": "Compteur C"}), follow=True).content.decode()
    assert stream().sensor == "compteur-c"
    undo = page.partition('action="/' + HERE + "/desk/undo/")[2].partition('"')[0]
    desk.post(f"/{HERE}/desk/undo/{undo}".replace("&amp;", "&"))
    assert sensing.find(HERE, "sensor", "compteur-c") is None


def test_a_new_name_at_the_source_is_where_the_next_values_come_in(meter: World) -> None:
    meter.sign_in().post(FORM, said(key="a84041"))
    assert list(sensing.by_key(HERE, "capteurs")) == ["salle-1", "a84041"]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"ended": "530"}, "indiquait déjà plus que cela"),
        ({"began": "8"}, "indique moins que cela par la suite"),
        ({"day": "2999-01-01"}, "Cette date est à venir"),
        ({"day": ""}, "obligatoire"),
        ({"clock": "25:00"}, "forme"),
        ({"ended": "beaucoup"}, "pas un nombre"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_recorded(
    meter: World, more: dict[str, str], told: str
) -> None:
    answer = meter.sign_in().post(FORM, said(**more))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page
    assert 'aria-invalid="true"' in page
    assert 'value="B-42"' in page
    assert stream().replacements == ()


def test_a_replacement_before_the_last_one_is_not_recorded(meter: World) -> None:
    desk = meter.sign_in()
    desk.post(FORM, said())
    answer = desk.post(FORM, said(ended="", began=""))
    assert answer.status_code == 422
    assert "est déjà noté" in answer.content.decode()


def test_a_series_that_is_no_meter_is_not_asked_for_indexes(world: World, desk: Client) -> None:
    page = desk.get(f"/{HERE}/desk/datastreams/co2-salle-1/replace").content.decode()
    assert 'name="serial"' in page
    assert 'name="ended"' not in page


def test_what_a_person_changes_in_the_form_of_the_series_leaves_its_replacements(meter: World) -> None:
    desk = meter.sign_in()
    desk.post(FORM, said())
    kept = stream().replacements
    form = {"title.fr": "Eau", "thing": "ecole", "observed_property": "co2", "nature": "index", "sensor": "compteur-b"}
    placed = sensing.find(HERE, "datastream", "eau-ecole")
    assert placed is not None
    answer = desk.post(
        f"/{HERE}/desk/registers/datastream/eau-ecole/edit", {**form, "expected": str(placed.version), "key": "eau"}
    )
    assert answer.status_code == 302
    assert (stream().title.fr, stream().replacements) == ("Eau", kept)


@pytest.mark.parametrize("role", [RoleName.AGENT, RoleName.DPO, RoleName.DECIDER, RoleName.CONTRACTOR])
def test_whoever_may_not_declare_the_series_replaces_nothing(meter: World, role: RoleName) -> None:
    browser = meter.sign_in(role, email="autre@ville.example")
    assert browser.get(FORM).status_code == 403
    assert browser.post(FORM, said()).status_code == 403
    assert browser.post(f"{PAGE}/replace/back").status_code == 403
    assert stream().replacements == ()


def test_the_steward_of_another_service_replaces_nothing_and_takes_nothing_back(meter: World) -> None:
    role = Role(title=Text(fr="Eau"), role=RoleName.STEWARD, holder="eau@ville.example", services=("eau",))
    desk = meter.sign_in()
    page = desk.post(FORM, said(), follow=True).content.decode()
    undo = page.partition('action="/' + HERE + "/desk/undo/")[2].partition('"')[0]
    browser = meter.sign_in(RoleName.DPO, email="eau@ville.example")
    meter.put("public-service", "eau", service())
    meter.put("role", "eau", role)
    assert browser.post(FORM, said()).status_code == 403
    assert browser.post(f"/{HERE}/desk/undo/{undo}".replace("&amp;", "&")).status_code == 403
    assert stream().replacements


def service() -> object:
    from bocage.domain.public_service import Competence, PublicService

    return PublicService(title=Text(fr="Eau"), competence=Competence.WATER)
