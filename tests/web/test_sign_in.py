"""Signing in and out, the one-time link, and what an unknown person sees."""

from datetime import timedelta

from django.test import Client

from bocage.accounts import people

from .world import AT, HERE, PASSWORD, World


def test_the_desk_sends_who_is_not_signed_in_to_the_sign_in_page_and_back(world: World) -> None:
    answer = Client(HTTP_HOST="localhost").get(f"/{HERE}/desk/registers")
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in?next=%2F{HERE}%2Fdesk%2Fregisters"


def test_a_wrong_password_says_nothing_of_the_account(world: World) -> None:
    world.sign_in()
    stranger = Client(HTTP_HOST="localhost")
    known = stranger.post("/sign-in", {"email": "agent@ville.example", "password": "faux"})
    unknown = stranger.post("/sign-in", {"email": "personne@ville.example", "password": "faux"})
    assert known.status_code == unknown.status_code == 401
    assert "ne vont pas ensemble" in known.content.decode()
    assert "ne vont pas ensemble" in unknown.content.decode()


def test_a_password_does_not_travel_over_a_clear_connection_to_another_machine(world: World) -> None:
    with_name = Client(HTTP_HOST="testserver")
    answer = with_name.post("/sign-in", {"email": "agent@ville.example", "password": PASSWORD})
    assert answer.status_code == 403
    assert "https" in answer.content.decode()


def test_the_one_time_link_lets_a_person_choose_a_password_and_enter(world: World) -> None:
    person = people.create("nouvelle@ville.example", "Nouvelle personne", AT, territory=HERE)
    secret = people.one_time_link(person.account, AT)
    browser = Client(HTTP_HOST="localhost")
    assert "Nouvelle personne" in browser.get(f"/welcome/{secret}").content.decode()
    answer = browser.post(f"/welcome/{secret}", {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert browser.get("/account").status_code == 200
    assert browser.get(f"/welcome/{secret}").status_code == 404


def test_two_different_passwords_are_not_taken(world: World) -> None:
    person = people.create("nouvelle@ville.example", "Nouvelle personne", AT, territory=HERE)
    secret = people.one_time_link(person.account, AT)
    answer = Client(HTTP_HOST="localhost").post(f"/welcome/{secret}", {"password": PASSWORD, "again": "autre"})
    assert answer.status_code == 400
    assert people.invited(secret, AT + timedelta(minutes=1)).account == person.account
    assert "Attendu" not in answer.content.decode()  # a sentence of its own
    short = Client(HTTP_HOST="localhost").post(f"/welcome/{secret}", {"password": "court", "again": "court"})
    assert (
        "Attendu\u202f: un mot de passe" in short.content.decode()
        or "Attendu\xa0: un mot de passe" in short.content.decode()
    )


def test_signing_in_never_leads_to_another_site(world: World) -> None:
    world.sign_in()
    answer = Client(HTTP_HOST="localhost").post(
        "/sign-in", {"email": "agent@ville.example", "password": PASSWORD, "next": "//ailleurs.example/"}
    )
    assert answer["Location"] == f"/{HERE}/desk/"


def test_after_signing_out_the_desk_is_closed(world: World) -> None:
    browser = world.sign_in()
    assert browser.get(f"/{HERE}/desk/").status_code == 200
    browser.post("/sign-out")
    assert browser.get(f"/{HERE}/desk/").status_code == 302


def test_every_answer_carries_a_strict_policy_and_the_language(world: World) -> None:
    answer = Client(HTTP_HOST="localhost").get("/sign-in")
    assert answer["Content-Security-Policy"].startswith("default-src 'self'; img-src 'self' data:;")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Content-Language"] == "fr"
    assert '<html lang="fr">' in answer.content.decode()


def test_a_language_once_chosen_is_remembered(world: World) -> None:
    browser = Client(HTTP_HOST="localhost")
    assert '<html lang="en">' in browser.get("/sign-in?lang=en").content.decode()
    assert '<html lang="en">' in browser.get("/sign-in").content.decode()


def test_an_address_that_is_not_there_has_a_page_of_its_own(world: World) -> None:
    answer = Client(HTTP_HOST="localhost").get("/sign-in/rien")
    assert answer.status_code == 404
    assert "Cette page n" in answer.content.decode()
