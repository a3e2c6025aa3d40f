"""Where one is signed in: with which browser, from which network, when last; and how that ends."""

from datetime import timedelta

import pytest
from django.test import Client

from bocage.accounts import people, sessions
from bocage.accounts.sessions import Uses
from bocage.accounts.tables import Session
from bocage.domain.role import RoleName
from bocage.web.browsers import browser
from bocage.web.entering import network

from .world import AT, HERE, PASSWORD, World

EMAIL = "agent@ville.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
PHONE = "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36"


def entered(agent: str, address: str = "192.0.2.77") -> Client:
    found = Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert found.post("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 302
    return found


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_a_person_sees_each_of_their_sessions_in_words_and_which_one_this_is(world: World) -> None:
    world.sign_in(email=EMAIL)
    desk = entered(FIREFOX)
    entered(PHONE, "2001:db8:1:2::3")
    page = text_of(desk.get("/account"))
    assert "Firefox sur Windows</h3><p" in page
    assert "Chrome sur Android" in page
    assert "192.0.2.0/24" in page
    assert "2001:db8:1::/48" in page
    assert "192.0.2.77" not in page
    assert page.count("celle-ci") == 1


def test_a_person_ends_one_session_or_all_others(world: World) -> None:
    first = world.sign_in(email=EMAIL)
    desk, phone = entered(FIREFOX), entered(PHONE)
    (of_phone,) = [one.id for one in sessions.listed(AT) if "Android" in one.agent]
    desk.post("/account", {"session": of_phone})
    assert phone.get("/account").status_code == 302
    assert first.get("/account").status_code == 200
    desk.post("/account", {"do": "others"})
    assert first.get("/account").status_code == 302
    assert "Les autres connexions sont terminées." in text_of(desk.get("/account"))


def test_nobody_ends_the_session_of_somebody_else_by_its_name(world: World) -> None:
    world.sign_in(email=EMAIL)
    other = world.sign_in(RoleName.AGENT, email="autre@ville.example")
    (of_first,) = [one.id for one in sessions.listed(AT) if one.account != _account("autre@ville.example")]
    assert other.post("/account", {"session": of_first}).status_code == 404
    assert len(sessions.listed(AT)) == 2


def _account(email: str) -> str:
    return next(person.account for person in people.listed() if person.email == email)


def test_the_security_officer_sees_the_sessions_of_others_and_ends_them(world: World) -> None:
    agent = world.sign_in(email=EMAIL)
    desk = entered(FIREFOX)
    officer = world.sign_in(RoleName.SECURITY_OFFICER, email="surete@ville.example")
    page = text_of(officer.get(f"/{HERE}/desk/sessions"))
    assert "Firefox sur Windows" in page
    assert "192.0.2.0/24" in page
    (one,) = [one for one in sessions.listed(AT) if "Firefox" in one.agent]
    officer.post(f"/{HERE}/desk/sessions/end", {"account": one.account, "session": one.id})
    assert desk.get("/account").status_code == 302
    assert agent.get("/account").status_code == 200


def test_the_last_use_is_noted_at_each_page_and_written_once_a_minute(world: World) -> None:
    desk = world.sign_in(email=EMAIL)
    desk.get("/account")
    Session.objects.update(used=None)
    assert world.parts.uses.flush(AT) == 1
    (one,) = sessions.listed(AT)
    assert one.used == AT
    desk.get("/account")
    assert world.parts.uses.flush(AT) == 0


def test_uses_are_kept_apart_by_session() -> None:
    uses = Uses()
    assert uses.flush(AT) == 0


@pytest.mark.parametrize(
    ("address", "known"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_of_an_address_only_its_network_is_kept(address: str, known: str) -> None:
    assert network(address) == known


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Chrome on Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0 Safari/537.36 OPR/120.0", "Opera on Linux"),
        ("Firefox/1", "Firefox"),
        ("curl/8.5", "a program"),
        ("", "a program"),
    ],
)
def test_a_browser_is_called_as_people_call_it(agent: str, words: str) -> None:
    assert browser(agent, "en") == words


def test_a_token_nobody_used_for_a_season_is_said_to_be_so(world: World) -> None:
    tokens = world.parts.tokens
    tokens.issue(HERE, "operator", AT - timedelta(days=100), source="capteurs", title="Vieille passerelle")
    tokens.issue(HERE, "operator", AT - timedelta(days=10), source="capteurs", title="Jeune passerelle")
    page = text_of(world.sign_in(RoleName.SECURITY_OFFICER).get(f"/{HERE}/desk/connect/tokens"))
    assert page.count("révoquez-le si personne n’en a besoin") == 1
