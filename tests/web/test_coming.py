"""What comes next at the desk: one thing at a time, the heaviest first, put off and taken up, for those who may."""

import re
from datetime import timedelta
from typing import Any

import pytest

from bocage.domain.role import RoleName

from .sent import sent
from .world import AT, HERE

NEXT = f"/{HERE}/desk/next"


def read(desk: Any, path: str = NEXT) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200, path
    return " ".join(answer.content.decode().split())


def first(page: str) -> str:
    """The sentence of what comes first; empty when nothing does."""
    found = re.search(r'<h2 id="next">(.*?)</h2>', page)
    return found[1] if found else ""


def key(page: str) -> str:
    found = re.search(r'name="key" value="(\w+)"', page)
    assert found
    return found[1]


def declare(desk: Any, path: str) -> Any:
    """Send the form as it opens, untouched."""
    return desk.post(path, sent(desk.get(path).content.decode(), '<form method="post" novalidate'))


def test_the_law_comes_before_choice_and_one_declaration_mends_all_it_can(desk: Any) -> None:
    page = read(desk)
    assert "délégué à la protection des données" in first(page)
    assert "Demandé par la loi." in page
    assert "Cette fiche corrige 2 points" in page  # GDPR 37 and recommendation 30
    assert f'href="/{HERE}/desk/first#officer"' in page


def test_not_now_shows_the_following_thing_and_can_be_taken_back(desk: Any) -> None:
    page = read(desk)
    before, later = first(page), (AT + timedelta(days=30)).date().isoformat()
    answer = desk.post(f"{NEXT}/later", {"key": key(page), "until": later}, follow=True)
    after = " ".join(answer.content.decode().split())
    assert first(after) not in ("", before)
    assert "Remis à plus tard" in after
    undo = re.search(r'<form method="post" action="([^"]*later\?key=\w+)"', after)
    assert undo
    desk.post(undo[1])
    assert first(read(desk)) == before


@pytest.mark.parametrize("until", ["2020-01-01", "2999-01-01", "demain"])
def test_what_is_put_off_comes_back_within_a_year(desk: Any, until: str) -> None:
    page = read(desk)
    assert desk.post(f"{NEXT}/later", {"key": key(page), "until": until}).status_code >= 400
    assert first(read(desk)) == first(page)


def test_a_form_opened_from_it_knows_what_it_is_for_and_recording_it_makes_the_finding_go(world: Any) -> None:
    desk = world.sign_in(RoleName.ADMINISTRATOR, email="mairie@ville.example")
    page = read(desk)
    opened = [
        href.replace("&amp;", "&") for href in re.findall(rf'href="(/{HERE}/desk/registers/role/new\?[^"#]*)', page)
    ]
    assert opened
    form = read(desk, opened[0])
    assert "À quoi sert cette fiche" in form
    assert re.search(r'<option value="(decider|security-officer)" selected>', form)
    assert re.search(r'name="title.fr"[^>]*value="(Décideur|Responsable)', form)
    away = read(desk, opened[0].partition("&back=")[0] + "&back=https://ailleurs.example/")
    assert "À quoi sert cette fiche" in away
    assert "ailleurs.example" not in away.partition("<main")[2]  # a form leads back within this desk only
    answer = declare(desk, opened[0])
    assert answer.status_code == 302
    assert answer["Location"] == NEXT
    assert opened[0] not in read(desk).replace("&amp;", "&")


def test_what_others_may_do_is_said_to_be_theirs_and_is_no_link(world: Any) -> None:
    agent = world.sign_in(RoleName.AGENT, email="lecteur@ville.example")
    page = read(agent)
    assert "Il ne vous reste rien à faire." in page
    assert "Pour quelqu’un d’autre" in page
    assert "registers/role/new" not in page
    assert agent.get(f"/{HERE}/desk/registers/role/new?for=x").status_code == 403


def test_what_one_person_puts_off_stays_the_next_thing_of_another(world: Any, desk: Any) -> None:
    page = read(desk)
    later = (AT + timedelta(days=7)).date().isoformat()
    desk.post(f"{NEXT}/later", {"key": key(page), "until": later})
    other = world.sign_in(email="autre@ville.example")
    assert first(read(other)) == first(page)


def test_only_those_of_the_territory_see_what_comes_next(world: Any) -> None:
    from django.test import Client

    answer = Client(HTTP_HOST="localhost").get(NEXT)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in")
