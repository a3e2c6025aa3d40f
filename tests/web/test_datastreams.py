"""The page of a series: its span, its step, gaps as gaps, and who may read it."""

import json
from datetime import timedelta

from django.test import Client

from bocage import sensing
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.instant import DAY, HOUR, to_ms
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.role import Role, RoleName
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/datastreams/co2-salle-1"


def number() -> int:
    placed = sensing.find(HERE, "datastream", "co2-salle-1")
    assert placed is not None
    return placed.id


def test_a_series_without_a_value_says_the_next_step(desk: Client) -> None:
    page = desk.get(PAGE).content.decode()
    assert "Aucune valeur n" in page
    assert f"/{HERE}/desk/connect" in page


def test_the_page_shows_the_last_value_a_chart_and_why_it_may_exist(world: World, desk: Client) -> None:
    world.keep(number(), [612.0, 640.5])
    page = desk.get(PAGE).content.decode()
    assert "640,5\u202fppm" in page
    assert 'role="img"' in page
    assert "Aérer les classes" in page
    assert "chaque engagement est tenu" in page


def test_a_break_in_the_series_is_a_break_in_the_line(world: World, desk: Client) -> None:
    world.keep(number(), [1.0] * 10, until=AT - timedelta(hours=20))
    world.keep(number(), [2.0] * 10)
    sent = json.loads(desk.get(f"{PAGE}/series.json?span=week").content)
    assert sent["step"] == "raw"
    assert sent["v"].count(None) == 1
    assert len(sent["t"]) == len(sent["v"]) == 21


def test_a_long_span_is_summed_up_so_that_few_points_travel(world: World, desk: Client) -> None:
    world.keep(number(), [float(n % 24) for n in range(24 * 200)])
    end = to_ms(AT)
    sent = json.loads(desk.get(f"{PAGE}/series.json?start={end - 199 * DAY}&end={end}").content)
    assert sent["step"] == "day"
    assert 190 < len(sent["t"]) < 210
    assert sent["low"]
    fine = json.loads(desk.get(f"{PAGE}/series.json?start={end - 10 * HOUR}&end={end}").content)
    assert fine["step"] == "raw"


def test_a_series_that_has_just_begun_is_shown_over_an_hour(world: World, desk: Client) -> None:
    world.keep(number(), [612.0], until=AT - timedelta(minutes=10))
    sent = json.loads(desk.get(f"{PAGE}/series.json?span=all").content)
    assert sent["end"] - sent["start"] == HOUR
    assert sent["v"] == [612.0]


def test_a_span_is_taken_away_as_csv(world: World, desk: Client) -> None:
    world.keep(number(), [612.0, 640.5])
    answer = desk.get(f"{PAGE}/series.json?span=day&format=csv")
    lines = answer.content.decode().splitlines()
    assert lines[0] == "time,value,unit,step,origin,original_time,licence,attribution"
    assert lines[-1].endswith(",640.5,ppm,raw,measured,,,")


def test_what_is_replayed_says_so_with_its_time_and_licence_wherever_it_is_taken(world: World, desk: Client) -> None:
    given = Source(title=Text(fr="Capteurs"), purpose="aerer", replayed=True, licence="MIT", attribution="Lyon")
    world.put("territory", HERE, Territory(title=Text(fr="Ville"), demonstration=True), expected=1)
    world.put("source", "capteurs", given, expected=1)
    world.keep(number(), [612.0, 640.5], earlier=365 * DAY)
    first = (AT - timedelta(days=365)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    lines = desk.get(f"{PAGE}/series.json?span=day&format=csv").content.decode().splitlines()
    assert lines[-1].endswith(f",640.5,ppm,raw,replayed,{first},MIT,Lyon")
    sent = json.loads(desk.get(f"{PAGE}/series.json?span=day").content)
    assert (sent["origin"], sent["licence"], sent["attribution"]) == ("replayed", "MIT", "Lyon")
    assert sent["original"][-1] == to_ms(AT) / 1000 - 365 * DAY / 1000


def test_a_series_of_another_service_is_not_read(world: World) -> None:
    water = PublicService(title=Text(fr="Eau"), competence=Competence.WATER)
    world.put("public-service", "eau", water)
    world.put(
        "role",
        "eau-agent",
        Role(title=Text(fr="Agent de l’eau"), role=RoleName.AGENT, holder="eau@ville.example", services=("eau",)),
    )
    browser = world.sign_in(RoleName.CONTRACTOR, email="eau@ville.example")
    assert browser.get(PAGE).status_code == 404
    assert browser.get(f"{PAGE}/series.json").status_code == 404
    assert "CO2 de la salle 1" not in browser.get(f"/{HERE}/desk/things").content.decode()


def test_the_map_and_its_list_say_the_same(world: World, desk: Client) -> None:
    world.keep(number(), [612.0])
    page = desk.get(f"/{HERE}/desk/map").content.decode()
    points = json.loads(desk.get(f"/{HERE}/desk/points.json").content)
    assert [one["properties"]["title"] for one in points["features"]] == ["École Jules-Verne"]
    assert points["features"][0]["properties"]["value"] == "612\u202fppm"
    assert 'data-thing="ecole"' in page
    assert "612\u202fppm" in page


def test_a_series_that_should_have_spoken_is_on_the_first_page(world: World, desk: Client) -> None:
    world.keep(number(), [612.0], until=AT - timedelta(days=2))
    page = desk.get(f"/{HERE}/desk/").content.decode()
    assert "Séries muettes" in page
    assert "CO2 de la salle 1" in page


def test_a_sensitive_dataset_is_no_secret_to_those_who_work_on_it(world: World, desk: Client) -> None:
    closed = Dataset(title=Text(fr="Air"), service="ecoles", sensitivity=Sensitivity.INTERNAL, hosting="mairie")
    world.put("dataset", "air", closed, expected=1)
    assert desk.get(PAGE).status_code == 200


def test_who_may_read_no_series_is_not_told_that_nothing_is_measured(world: World) -> None:
    page = world.sign_in(RoleName.ADMINISTRATOR).get(f"/{HERE}/desk/").content.decode()
    assert "Rien n’est encore mesuré" not in page
    assert "que vos rôles n’ouvrent pas" in page
