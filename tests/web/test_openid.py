"""Signing in by the provider from the pages: set, tried, switched on; there and back; and what strangers get of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.test import Client, override_settings
from tests.accounts.identity import ISSUER, SECRET, Identity

from bocage.accounts import people
from bocage.accounts.openid import matching
from bocage.accounts.openid.asking import Asking
from bocage.accounts.openid.offered import OpenId
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.role import RoleName

from .world import AT, HERE, PASSWORD, World

EMAIL = "agent@ville.example"
SENT = {"do": "keep", "issuer": ISSUER, "client_id": "bocage", "secret": SECRET, "label": "Compte du syndicat"}
SETTINGS = f"/{HERE}/desk/settings"


@contextmanager
def provided(world: World, identity: Identity | None = None) -> Iterator[Identity]:
    """The pages with a provider behind them, and a public address."""
    identity = identity or Identity()
    identity.clock = AT
    chosen = world.parts.chosen
    chosen.choose(InstanceSettings(public_url="http://localhost"))
    signing = OpenId(chosen, lambda: AT, Asking(identity.transport, lambda host: ["93.184.215.14"]))
    with override_settings(BOCAGE_PARTS=msgspec.structs.replace(world.parts, signing=signing)):
        yield identity


def administrator(world: World) -> Client:
    desk = world.sign_in(RoleName.ADMINISTRATOR, email=EMAIL)
    people.make_administrator(people.listed()[0].account)
    return desk


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def returned(browser: Client, identity: Identity, begun: Any, **person: str) -> Any:
    """This browser is sent to the provider, somebody signs in there, and comes back."""
    assert begun.status_code == 302, text_of(begun)[-600:]
    brought = identity.enter(begun["Location"], **person)
    return browser.get(f"/sign-in/openid/back?{urlencode(brought)}")


def switched_on(world: World, identity: Identity) -> Client:
    """Everything an administrator does to offer it."""
    desk = administrator(world)
    desk.post(f"{SETTINGS}/openid", SENT)
    returned(desk, identity, desk.get(f"{SETTINGS}/openid/try"), email=EMAIL)
    desk.get(SETTINGS)
    assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 302
    return desk


def stranger() -> Client:
    return Client(HTTP_HOST="localhost")


def test_it_is_set_tried_with_ones_own_account_and_only_then_switched_on(world: World) -> None:
    with provided(world) as identity:
        desk = administrator(world)
        assert desk.post(f"{SETTINGS}/openid", SENT).status_code == 302
        assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 409
        steps = text_of(desk.post(f"{SETTINGS}/openid", {"do": "try"}))
        assert "Le fournisseur dit ce qu’il est" in steps
        assert "RS256" in steps
        before = desk.cookies["bocage"].value
        back = returned(desk, identity, desk.get(f"{SETTINGS}/openid/try"), email=EMAIL, sub="a-7")
        assert back["Location"] == f"{SETTINGS}#openid"
        page = text_of(desk.get(SETTINGS))
        assert "Cela ouvrirait le compte de Agent d’essai." in page
        assert "<dd>a-7</dd>" in page
        assert SECRET not in page
        assert desk.cookies["bocage"].value == before
        assert not matching.pinned()
        assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 302
        assert "Compte du syndicat" in text_of(stranger().get("/sign-in"))


def test_a_change_switches_it_off_until_it_was_tried_again(world: World) -> None:
    with provided(world) as identity:
        desk = switched_on(world, identity)
        chosen = world.parts.chosen
        desk.post(f"{SETTINGS}/openid", {**SENT, "secret": "", "label": "Autre mot"})
        assert (chosen.now.sign_in.label, chosen.now.sign_in.on) == ("Autre mot", True)
        desk.post(f"{SETTINGS}/openid", {**SENT, "secret": "", "client_id": "autre"})
        assert not chosen.now.sign_in.on
        assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 409
        assert "Compte du syndicat" not in text_of(stranger().get("/sign-in"))


def test_a_try_that_fails_says_why_and_opens_nothing(world: World) -> None:
    with provided(world) as identity:
        desk = administrator(world)
        desk.post(f"{SETTINGS}/openid", SENT)
        identity.claims = {"email_verified": None}
        returned(desk, identity, desk.get(f"{SETTINGS}/openid/try"), email=EMAIL)
        assert "ne dit pas qu’il a vérifié l’adresse" in text_of(desk.get(SETTINGS))
        assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 409
        identity.claims = {"nonce": "other"}
        returned(desk, identity, desk.get(f"{SETTINGS}/openid/try"), email=EMAIL)
        assert "appartient à une autre connexion" in text_of(desk.get(SETTINGS))
        desk.post(f"{SETTINGS}/openid", {**SENT, "vouches": "yes"})
        identity.claims = {"email_verified": None}
        returned(desk, identity, desk.get(f"{SETTINGS}/openid/try"), email=EMAIL)
        desk.get(SETTINGS)
        assert desk.post(f"{SETTINGS}/openid", {"do": "on"}).status_code == 302


def test_what_cannot_be_a_provider_is_not_kept(world: World) -> None:
    with provided(world):
        desk = administrator(world)
        for issuer in ("", "ftp://x", "http://sso.syndicat.example"):
            answer = desk.post(f"{SETTINGS}/openid", {**SENT, "issuer": issuer})
            assert answer.status_code == 422
            assert 'id="issuer-wrong"' in text_of(answer)
        assert world.parts.chosen.now.sign_in is None
        desk.post(f"{SETTINGS}/openid", {**SENT, "issuer": "https://nobody.example"})
        assert "L’essai s’arrête ici" in text_of(desk.post(f"{SETTINGS}/openid", {"do": "try"}))


def test_somebody_signs_in_and_goes_where_they_wanted(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        browser = stranger()
        begun = browser.get(f"/sign-in/openid?next=/{HERE}/desk/registers")
        answer = returned(browser, identity, begun, email=EMAIL, sub="a-7")
        assert answer["Location"] == f"/{HERE}/desk/registers"
        assert browser.get(f"/{HERE}/desk/registers").status_code == 200
        assert list(matching.pinned()) == [people.listed()[0].account]
        again = stranger()
        assert again.post("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 302


def test_an_answer_used_twice_opens_nothing_the_second_time(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        browser = stranger()
        brought = identity.enter(browser.get("/sign-in/openid")["Location"], email=EMAIL)
        address = f"/sign-in/openid/back?{urlencode(brought)}"
        assert browser.get(address).status_code == 302
        browser.post("/sign-out")
        replayed = browser.get(address)
        assert replayed.status_code == 400
        assert "n’appartient à aucune connexion" in text_of(replayed)
        assert stranger().get(address).status_code == 400


def test_signing_in_by_the_provider_never_leads_to_another_site(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        for onward in ("//ailleurs.example/", "https://ailleurs.example/", "/\\ailleurs.example", "javascript:x"):
            browser = stranger()
            begun = browser.get(f"/sign-in/openid?{urlencode({'next': onward})}")
            assert returned(browser, identity, begun, email=EMAIL)["Location"] == f"/{HERE}/desk/"


def test_a_person_without_an_account_is_told_whom_to_ask_and_gets_none(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        browser = stranger()
        answer = returned(browser, identity, browser.get("/sign-in/openid"), email="nouvelle@ville.example", sub="n-1")
        assert answer.status_code == 403
        assert "Personne n’a de compte à cette adresse ici." in text_of(answer)
        assert f"/{HERE}/" in text_of(answer)
        assert browser.get("/account").status_code == 302
        assert len(people.listed()) == 1


def test_another_person_with_an_address_that_was_given_again_does_not_get_the_account(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        browser = stranger()
        returned(browser, identity, browser.get("/sign-in/openid"), email=EMAIL, sub="a-7")
        other = stranger()
        answer = returned(other, identity, other.get("/sign-in/openid"), email=EMAIL, sub="b-8")
        assert answer.status_code == 403
        assert "appartient à une autre personne" in text_of(answer)


def test_too_many_tries_wait_and_a_sign_in_that_succeeds_clears_them(world: World) -> None:
    with provided(world) as identity:
        switched_on(world, identity)
        browser = stranger()
        for _each in range(15):
            browser.get("/sign-in/openid")
        returned(browser, identity, browser.get("/sign-in/openid"), email=EMAIL)
        assert {stranger().get("/sign-in/openid").status_code for _each in range(20)} == {302}
        waiting = stranger().get("/sign-in/openid")
        assert waiting.status_code == 429
        assert "Trop d’essais" in text_of(waiting)


def test_where_it_is_not_offered_nobody_is_sent_anywhere(world: World) -> None:
    with provided(world) as identity:
        assert stranger().get("/sign-in/openid").status_code == 404
        desk = administrator(world)
        desk.post(f"{SETTINGS}/openid", SENT)
        assert stranger().get("/sign-in/openid").status_code == 404
        begun = desk.get(f"{SETTINGS}/openid/try")
        brought = identity.enter(begun["Location"], email=EMAIL)
        assert stranger().get(f"/sign-in/openid/back?{urlencode(brought)}").status_code == 404


def test_who_administers_a_territory_only_neither_sets_nor_tries_it(world: World) -> None:
    with provided(world):
        desk = world.sign_in(RoleName.ADMINISTRATOR)
        assert desk.post(f"{SETTINGS}/openid", SENT).status_code == 403
        assert desk.get(f"{SETTINGS}/openid/try").status_code == 403


def test_a_provider_that_is_forgotten_takes_its_secret_along(world: World) -> None:
    with provided(world) as identity:
        desk = switched_on(world, identity)
        desk.post(f"{SETTINGS}/openid", {"do": "stop"})
        assert world.parts.chosen.now.sign_in is None
        assert world.parts.chosen.secret("openid") == ""
        assert stranger().get("/sign-in/openid").status_code == 404
