"""Two things made one from their page: what would move, one thing that bears both names, and taking it back."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from bocage import evidence, sensing
from bocage.accounts import OPERATOR
from bocage.domain.role import RoleName
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity

from .world import AT, HERE, World

TWIN = f"/{HERE}/desk/things/ecole-bis"
FORM = f"{TWIN}/merge"
NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture
def twin(world: World) -> World:
    """The same school, declared a second time."""
    thing = Thing(title=Text(fr="École J. Verne"), location=(-1.549, 47.2), place="Rue du Port")
    stream = Datastream(
        title=Text(fr="CO2 de la salle 2"), thing="ecole-bis", observed_property="co2", source="capteurs", dataset="air"
    )
    changes = [PutEntity(slug="ecole-bis", entity=thing), PutEntity(slug="co2-salle-2", entity=stream)]
    evidence.change(HERE, OPERATOR, changes, AT - timedelta(hours=1))
    return world


def things() -> set[str]:
    return {one.slug for one in sensing.all(HERE, "thing")}


def undo_of(page: str) -> str:
    address = page.partition(f'action="/{HERE}/desk/undo/')[2].partition('"')[0]
    return f"/{HERE}/desk/undo/{address}".replace("&amp;", "&")


def test_the_nearest_thing_is_proposed_first_and_what_would_move_is_shown(twin: World) -> None:
    desk = twin.sign_in()
    page = desk.get(FORM).content.decode()
    assert "École Jules-Verne (à 76" in page
    preview = desk.get(f"{FORM}?with=ecole").content.decode()
    assert "École Jules-Verne\N{NARROW NO-BREAK SPACE}» reste" in preview.replace("\N{NO-BREAK SPACE}", NARROW)
    assert "CO2 de la salle 2" in preview
    assert "vérifiez qu" in preview  # more than 50 m apart
    other = desk.get(f"{FORM}?with=ecole&kept=ecole-bis").content.decode()
    assert "CO2 de la salle 1" in other
    assert things() == {"ecole", "ecole-bis"}


def test_one_thing_is_left_and_every_address_of_the_other_leads_to_it(twin: World) -> None:
    desk = twin.sign_in()
    answer = desk.post(FORM, {"with": "ecole", "kept": "ecole"})
    assert answer["Location"] == f"/{HERE}/desk/things/ecole"
    assert things() == {"ecole"}
    page = desk.get(answer["Location"]).content.decode()
    assert "CO2 de la salle 2" in page
    assert "Rue du Port" in page
    assert desk.get(TWIN)["Location"] == f"/{HERE}/desk/things/ecole"
    register = f"/{HERE}/desk/registers/thing"
    assert desk.get(f"{register}/ecole-bis")["Location"] == f"{register}/ecole"
    assert Client().get(f"/{HERE}/sensors/ecole-bis")["Location"] == f"/{HERE}/sensors/ecole"


def test_it_is_taken_back_and_each_address_is_its_own_again(twin: World) -> None:
    desk = twin.sign_in()
    page = desk.post(FORM, {"with": "ecole", "kept": "ecole"}, follow=True).content.decode()
    assert desk.post(undo_of(page))["Location"] == TWIN
    assert things() == {"ecole", "ecole-bis"}
    assert desk.get(TWIN).status_code == 200
    assert [one.slug for one in sensing.datastreams(HERE, thing="ecole-bis")] == ["co2-salle-2"]


def test_the_other_one_may_stay_instead(twin: World) -> None:
    answer = twin.sign_in().post(FORM, {"with": "ecole", "kept": "ecole-bis"})
    assert answer["Location"] == TWIN
    assert things() == {"ecole-bis"}
    assert Client().get(f"/{HERE}/sensors/ecole")["Location"] == f"/{HERE}/sensors/ecole-bis"


def test_a_rule_that_would_be_broken_is_shown_with_its_reason(twin: World) -> None:
    from bocage.sensing import REVISIONS, tables

    row = tables.Datastream.objects.get(territory=HERE, slug="co2-salle-2")
    body = json.loads(bytes(row.body))
    row.body = json.dumps({**body, "key": "salle-1"}).encode()  # as no page would let it be
    row.save()
    REVISIONS.follow(HERE)  # what was altered behind the back of the process is read again
    answer = twin.sign_in().post(FORM, {"with": "ecole", "kept": "ecole"})
    assert answer.status_code == 422
    assert 'class="refusal"' in answer.content.decode()
    assert things() == {"ecole", "ecole-bis"}


@pytest.mark.parametrize("role", [RoleName.AGENT, RoleName.STEWARD, RoleName.DPO, RoleName.CONTRACTOR])
def test_whoever_may_not_declare_things_merges_none(twin: World, role: RoleName) -> None:
    browser = twin.sign_in(role, email="autre@ville.example")
    assert browser.get(FORM).status_code == 403
    assert browser.get(f"{FORM}?with=ecole").status_code == 403
    assert browser.post(FORM, {"with": "ecole"}).status_code == 403
    assert things() == {"ecole", "ecole-bis"}


def test_whoever_may_not_declare_things_takes_no_merge_back(twin: World) -> None:
    page = twin.sign_in().post(FORM, {"with": "ecole", "kept": "ecole"}, follow=True).content.decode()
    browser = twin.sign_in(RoleName.STEWARD, email="autre@ville.example")
    assert browser.post(undo_of(page)).status_code == 403
    assert things() == {"ecole"}


@pytest.mark.parametrize("other", ["ecole-bis", "nulle-part"])
def test_a_thing_is_not_merged_into_itself_nor_into_nothing(twin: World, other: str) -> None:
    assert twin.sign_in().get(f"{FORM}?with={other}").status_code in (400, 404)


def test_what_was_withdrawn_or_changed_among_things_is_taken_back_too(twin: World) -> None:
    desk = twin.sign_in()
    evidence.change(HERE, OPERATOR, [PutEntity(slug="banc", entity=Thing(title=Text(fr="Banc")))], AT)
    page = desk.post(f"/{HERE}/desk/registers/thing/banc/withdraw", {"expected": "1"}, follow=True).content.decode()
    assert "banc" not in things()
    desk.post(undo_of(page))
    assert "banc" in things()
    page = desk.post(
        f"/{HERE}/desk/registers/thing/banc/edit", {"title.fr": "Banc public", "expected": "1"}, follow=True
    ).content.decode()
    desk.post(undo_of(page))
    placed = sensing.find(HERE, "thing", "banc")
    assert placed is not None
    assert placed.entity.title.fr == "Banc"  # type: ignore[attr-defined]
