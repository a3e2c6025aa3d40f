"""The data protection officer advises at the desk, changes nothing, and everyone reads the opinion."""

import msgspec
import pytest
from django.test import Client

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.role import RoleName
from bocage.registers import opinions

from .world import HERE, World, purpose

FORM = f"/{HERE}/desk/registers/purpose/aerer/opinion"
PAGE = f"/{HERE}/desk/registers/purpose/aerer"
GIVEN = {"verdict": "reserved", "fr": "La durée <b>est</b> longue.", "en": "It is long."}


def officer(world: World) -> Client:
    return world.sign_in(RoleName.DPO, email="dpo@ville.example")


def read(browser: Client, path: str) -> str:
    return browser.get(path).content.decode()


def test_an_opinion_is_read_at_the_desk_and_on_the_portal(world: World) -> None:
    answer = officer(world).post(FORM, GIVEN, follow=True)
    assert "Votre avis figure à côté de la fiche." in answer.content.decode()
    public = Client(HTTP_HOST="localhost")
    for text in (read(world.sign_in(RoleName.AGENT), PAGE), read(public, f"/{HERE}/registers/purpose/aerer")):
        assert "Favorable, avec des réserves" in text
        assert "La durée &lt;b&gt;est&lt;/b&gt; longue." in text
    assert "It is long." in read(public, f"/{HERE}/registers/purpose/aerer?lang=en")
    assert "Favorable, avec des réserves" in read(public, f"/{HERE}/processing?lang=fr")


def test_an_opinion_changes_nothing_of_what_is_declared(world: World) -> None:
    key = Key(territory=HERE, kind="purpose", slug="aerer")
    before = registers.history(key)
    officer(world).post(FORM, GIVEN)
    assert registers.history(key) == before


def test_a_later_version_says_that_it_changed_since(world: World) -> None:
    browser = officer(world)
    browser.post(FORM, GIVEN)
    world.put("purpose", "aerer", msgspec.structs.replace(purpose(), retention_months=12), 1)
    assert "sur la version 1 ; elle a changé depuis" in read(browser, PAGE).replace("\u202f", " ")


def test_an_opinion_is_taken_back_and_given_again(world: World) -> None:
    browser = officer(world)
    browser.post(FORM, GIVEN)
    number = opinions.given(Key(territory=HERE, kind="purpose", slug="aerer"))[0].number
    away, again = (f"/{HERE}/desk/opinions/withdraw?opinion={number}&do={do}" for do in ("away", "again"))
    browser.post(away)
    assert "La durée" not in read(browser, PAGE)
    browser.post(again)
    assert "La durée" in read(browser, PAGE)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [({**GIVEN, "verdict": "peut-être"}, "verdict-wrong"), ({**GIVEN, "fr": "  "}, "fr-wrong"), ({}, "fr-wrong")],
)
def test_what_is_not_an_opinion_is_shown_again_with_what_is_expected(
    world: World, sent: dict[str, str], wrong: str
) -> None:
    answer = officer(world).post(FORM, sent)
    assert answer.status_code == 422
    assert f'id="{wrong}"' in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in RoleName if role is not RoleName.DPO])
def test_nobody_else_gives_an_opinion(world: World, role: RoleName) -> None:
    assert world.sign_in(role).post(FORM, GIVEN).status_code == 403


def test_the_officer_declares_nothing(world: World) -> None:
    browser = officer(world)
    for path in (f"{PAGE}/edit", f"/{HERE}/desk/registers/purpose/new", f"/{HERE}/desk/registers/source/new"):
        assert browser.get(path).status_code == 403


def test_what_concerns_persons_waits_for_an_opinion_first(world: World) -> None:
    browser = officer(world)
    assert "aucun avis n’est attendu" in read(browser, f"/{HERE}/desk/opinions")
    world.put("purpose", "aerer", msgspec.structs.replace(purpose(), personal=None), 1)
    assert "aucun pour l’instant" in read(browser, f"/{HERE}/desk/opinions")
    browser.post(FORM, GIVEN)
    assert "aucun pour l’instant" not in read(browser, f"/{HERE}/desk/opinions")
