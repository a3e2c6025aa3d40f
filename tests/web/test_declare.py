"""From a refusal to a series that flows, on one page."""

import asyncio
from datetime import timedelta

import pytest
from django.test import Client

from bocage import registers, sensing
from bocage.domain.declaration import Key
from bocage.domain.role import RoleName
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.ingest.reception import Sent

from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/declare?source=capteurs&key=salle-2"
ANSWERS = {
    "source": "capteurs",
    "key": "salle-2",
    "section": ["thing", "observed-property", "datastream", "dataset"],
    "thing.choice": "ecole",
    "observed-property.choice": "co2",
    "datastream.title.fr": "CO2 de la salle 2",
    "datastream.unit.usual": "ppm",
    "datastream.nature": "gauge",
    "datastream.cadence_seconds": "900",
    "dataset.choice": "air",
}


def push(world: World, key: str, value: float) -> int:
    """Push one value; how many were kept."""
    body = b'{"datastream": "%s", "time": "%s", "result": %d}' % (
        key.encode(),
        (AT - timedelta(minutes=5)).isoformat().encode(),
        value,
    )
    receiving = world.parts.intake.receive(HERE, "capteurs", Sent(body=body, media_type="application/json"))
    answer = asyncio.run(receiving)
    world.parts.intake.refusals.flush(AT)
    return int(answer.accepted)


@pytest.fixture
def refused(world: World) -> World:
    """A value of a series nobody declared was refused."""
    assert push(world, "salle-2", 640) == 0
    return world


def test_a_refusal_leads_to_the_page_that_mends_it(refused: World, desk: Client) -> None:
    page = desk.get(f"/{HERE}/desk/refusals").content.decode()
    assert "salle-2" in page
    assert f'href="/{HERE}/desk/declare?source=capteurs&amp;key=salle-2"' in page


def test_only_what_lacks_is_asked_and_what_can_be_guessed_is_proposed(world: World, desk: Client) -> None:
    page = desk.get(PAGE).content.decode()
    assert "Que mesure-t-on" in page
    assert 'name="purpose.title.fr"' not in page
    assert '<option value="air" selected>' in page


def test_declared_from_its_refusal_a_series_flows(refused: World, desk: Client) -> None:
    answer = desk.post(PAGE, ANSWERS)
    assert answer.status_code == 302, answer.content.decode()
    placed = sensing.find(HERE, "datastream", "salle-2")
    assert placed is not None
    assert isinstance(placed.entity, Datastream)
    assert placed.entity.unit.ucum == "[ppm]"
    assert push(refused, "salle-2", 640) == 1
    assert "Corrigé" in desk.get(f"/{HERE}/desk/refusals").content.decode()


def test_an_answer_that_lacks_is_asked_again_and_nothing_is_recorded(world: World, desk: Client) -> None:
    answer = desk.post(PAGE, {**ANSWERS, "observed-property.choice": ""})
    assert answer.status_code == 422
    assert sensing.find(HERE, "datastream", "salle-2") is None
    assert 'value="CO2 de la salle 2"' in answer.content.decode()


def test_a_thing_in_public_space_makes_its_notice_a_question(world: World, desk: Client) -> None:
    street = {**ANSWERS, "thing.choice": "", "thing.title.fr": "Mât de la place", "thing.public_space": "on"}
    answer = desk.post(PAGE, street)
    assert answer.status_code == 200
    assert 'name="sensor-notice.title.fr"' in answer.content.decode()
    assert sensing.find(HERE, "datastream", "salle-2") is None
    told = {
        **street,
        "section": [*ANSWERS["section"], "sensor-notice"],
        "sensor-notice.title.fr": "Qualité de l’air",
        "sensor-notice.why.fr": "Pour aérer",
        "sensor-notice.contact.fr": "Accueil de la mairie",
    }
    assert desk.post(PAGE, told).status_code == 302
    assert sensing.find(HERE, "datastream", "salle-2") is not None


def test_a_source_without_a_purpose_asks_for_one(world: World, desk: Client) -> None:
    world.put("source", "capteurs", Source(title=Text(fr="Capteurs")), expected=1)
    page = desk.get(PAGE).content.decode()
    assert 'name="purpose.choice"' in page
    assert (
        desk.post(PAGE, {**ANSWERS, "section": [*ANSWERS["section"], "purpose"], "purpose.choice": "aerer"}).status_code
        == 302
    )
    source = registers.find(Key(territory=HERE, kind="source", slug="capteurs"))
    assert source is not None
    assert isinstance(source.body, Source)
    assert source.body.purpose == "aerer"


def test_who_may_not_declare_cannot_take_refusals_off_the_list(refused: World) -> None:
    dpo = refused.sign_in(RoleName.DPO, email="dpd@ville.example")
    assert dpo.get(f"/{HERE}/desk/refusals").status_code == 200
    assert dpo.post(f"/{HERE}/desk/refusals", {"source": "capteurs", "key": "salle-2"}).status_code == 403
    assert dpo.get(PAGE).status_code == 403
