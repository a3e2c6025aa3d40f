"""The first hour: steps told from what stands, roles in one act, what the law asks of a town of this size."""

import pytest
from django.test import Client

from bocage import evidence, registers
from bocage.accounts import people
from bocage.accounts.grants import grants_of
from bocage.domain.role import RoleName
from bocage.domain.territory import Territory
from bocage.web.desk.first import steps

from .empty import EMAIL, Empty
from .world import AT, HERE, World

GUIDE = "/vay/desk/first"


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def held(email: str) -> set[str]:
    return {grant.role.value for grant in grants_of(email, AT).get("vay", ())}


@pytest.fixture
def secretary(empty: Empty) -> Client:
    """The first person, whose town has just begun."""
    browser = empty.entered()
    assert browser.post("/start/make", {"code": "44214", "slug": "vay"})["Location"] == GUIDE
    return browser


def roles(**others: str) -> dict[str, str]:
    return {f"role.{role.value}": EMAIL for role in steps.ROLES} | {
        f"role.{name.replace('_', '-')}": email for name, email in others.items()
    }


def test_a_town_that_has_just_begun_is_asked_who_does_what_first(secretary: Client) -> None:
    page = text(secretary.get(GUIDE))
    assert page.count(f'value="{EMAIL}"') == len(steps.ROLES)
    assert 'id="people" aria-current="step"' in page
    assert "article 38(6)" in page


def test_one_person_takes_every_role_in_one_act(secretary: Client) -> None:
    before = len(registers.recent("vay"))
    answer = secretary.post(f"{GUIDE}/people", roles())
    assert (answer.status_code, answer["Location"]) == (302, GUIDE)
    assert held(EMAIL) == {role.value for role in steps.ROLES}
    assert len(registers.recent("vay")) == before + len(steps.ROLES)
    assert 'id="measure" aria-current="step"' in text(secretary.get(GUIDE))


def test_without_an_officer_there_is_a_point_to_mend_and_no_obstacle(secretary: Client) -> None:
    secretary.post(f"{GUIDE}/people", roles())
    found = {(one.promise, one.code) for one in evidence.findings("vay", AT) if not one.kept}
    assert ("gdpr_37_officer", "vacant") in found
    assert "à corriger plus tard" in text(secretary.get(GUIDE))


def test_others_are_named_by_their_address_and_get_a_link_shown_once(secretary: Client) -> None:
    answer = secretary.post(f"{GUIDE}/people", roles(decider="maire@vay.example", dpo="delegue@syndicat.example"))
    page = text(answer)
    assert page.count("/welcome/") == 2
    assert held("maire@vay.example") == {"decider"}
    assert held("delegue@syndicat.example") == {"dpo"}
    assert held(EMAIL) == {role.value for role in steps.ROLES} - {"decider"}
    assert "/welcome/" not in text(secretary.get(GUIDE))


@pytest.mark.parametrize("name", ["dpo", "steward"])
def test_the_officer_is_not_who_decides_and_an_address_is_an_address(secretary: Client, name: str) -> None:
    wrong = EMAIL.upper() if name == "dpo" else "personne"
    answer = secretary.post(f"{GUIDE}/people", roles(**{name: wrong}))
    assert answer.status_code == 422
    assert f'id="role-{name}-wrong"' in text(answer)
    assert held(EMAIL) == set()


def test_the_officer_may_be_named_later(secretary: Client) -> None:
    secretary.post(f"{GUIDE}/people", roles())
    assert secretary.post(f"{GUIDE}/people", {"role.dpo": EMAIL}).status_code == 422
    assert "/welcome/" in text(secretary.post(f"{GUIDE}/people", {"role.dpo": "delegue@syndicat.example"}))
    assert not [one for one in evidence.findings("vay", AT) if one.code == "vacant"]


def test_below_3_500_inhabitants_the_duty_of_opening_is_grey_and_says_why(secretary: Client) -> None:
    page = text(secretary.get(GUIDE))
    assert "Avec 2\u202f120 habitants, vous n’êtes pas concernés" in page
    assert 'name="agents"' not in page


def test_above_3_500_inhabitants_the_number_of_agents_is_asked(empty: Empty) -> None:
    browser = empty.entered()
    browser.post("/start/make", {"code": "44110", "slug": "nort"})
    assert 'name="agents"' in text(browser.get("/nort/desk/first"))
    assert browser.post("/nort/desk/first/town", {"agents": "beaucoup"}).status_code == 422
    assert browser.post("/nort/desk/first/town", {"agents": "120"}).status_code == 302
    (entry,) = registers.current("nort", Territory.kind)
    assert isinstance(entry.body, Territory)
    assert entry.body.agents == 120
    assert 'name="agents"' not in text(browser.get("/nort/desk/first"))


def test_how_to_reach_a_person_is_recorded_and_stands_on_the_public_site(secretary: Client) -> None:
    assert secretary.post(f"{GUIDE}/town", {"contact": " "}).status_code == 422
    secretary.post(f"{GUIDE}/town", {"contact": "Mairie, 02 40 00 00 00, le matin."})
    assert "Mairie, 02 40 00 00 00" in text(Client(HTTP_HOST="localhost").get("/vay/person"))


def test_a_town_with_nothing_in_it_can_be_taken_back_from_the_guide(secretary: Client) -> None:
    secretary.post(f"{GUIDE}/people", roles())
    assert "La retirer et choisir de nouveau" in text(secretary.get(GUIDE))
    assert secretary.post("/start/withdraw", {"slug": "vay"})["Location"] == "/start"
    assert registers.territories() == []
    assert held(EMAIL) == set()


def test_who_does_not_give_roles_reads_the_guide_and_changes_nothing(world: World) -> None:
    reader = world.sign_in(RoleName.AGENT)
    page = text(reader.get(f"/{HERE}/desk/first"))
    assert "Quelqu’un d’autre du territoire doit s’en charger" in page
    before = len(registers.recent(HERE))
    for path, sent in (("people", roles()), ("town", {"contact": "Moi"})):
        assert reader.post(f"/{HERE}/desk/first/{path}", sent).status_code == 403
    assert len(registers.recent(HERE)) == before
    assert people.find("nobody") is None
