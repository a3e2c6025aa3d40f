"""Forms, history and conflicts of declarations, as a browser without JavaScript sees them."""

import re

import msgspec
from django.test import Client

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.organisation import Organisation
from bocage.domain.role import RoleName
from bocage.domain.text import Text

from .world import HERE, World

FORM = f"/{HERE}/desk/registers/organisation"
CITY = Key(territory=HERE, kind="organisation", slug="ville")


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def organisation(title: str, **more: str) -> dict[str, str]:
    return {"title.fr": title, "siren": "", "sector": "public", "country": "FR", "contact": "", **more}


def test_a_declaration_is_made_from_its_form_under_a_name_taken_from_its_title(desk: Client) -> None:
    answer = desk.post(f"{FORM}/new", organisation("Syndicat d’énergie", expected="0"))
    assert answer.status_code == 302
    made = registers.find(Key(territory=HERE, kind="organisation", slug="syndicat-d-energie"))
    assert made is not None
    assert made.body.title == Text(fr="Syndicat d’énergie")


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(desk: Client) -> None:
    answer = desk.post(f"{FORM}/new", organisation("Entreprise", siren="123456789", expected="0"))
    assert answer.status_code == 422
    assert "Les neuf chiffres de ce SIREN" in text_of(answer)
    assert 'value="123456789"' in text_of(answer)
    assert registers.find(Key(territory=HERE, kind="organisation", slug="entreprise")) is None


def test_somebody_elses_change_is_shown_before_it_is_overwritten(world: World, desk: Client) -> None:
    body = Organisation(title=Text(fr="Ville d’essai, entre-temps"))
    world.put("organisation", "ville", body, expected=1)
    answer = desk.post(f"{FORM}/ville/edit", organisation("Ma version", expected="1"))
    assert answer.status_code == 409
    assert "Ville d’essai, entre-temps" in text_of(answer)
    assert "Ma version" in text_of(answer)
    again = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text_of(answer)))
    assert again["expected"] == "2"
    assert desk.post(f"{FORM}/ville/edit", {**again, **organisation("Ma version")}).status_code == 302
    newest = registers.find(CITY)
    assert newest is not None
    assert newest.body.title.fr == "Ma version"


def test_a_change_is_undone_from_the_page_that_follows_it(desk: Client) -> None:
    desk.post(f"{FORM}/ville/edit", organisation("Autre nom", expected="1"))
    page = text_of(desk.get(f"{FORM}/ville"))
    undo = re.search(r'action="([^"]+restore\?version=1)"', page)
    assert undo is not None
    desk.post(undo.group(1), {"expected": "2"})
    back = registers.find(CITY)
    assert back is not None
    assert (back.version, back.body.title.fr) == (3, "Ville d’essai")


def test_the_history_shows_what_each_version_changed(desk: Client) -> None:
    desk.post(f"{FORM}/ville/edit", organisation("Autre nom", expected="1"))
    assert "Version 2" in text_of(desk.get(f"{FORM}/ville/history"))
    page = text_of(desk.get(f"{FORM}/ville/history/2"))
    assert "<del>Ville d’essai</del>" in page
    assert "<ins>Autre nom</ins>" in page


def test_a_withdrawn_declaration_keeps_its_page_and_comes_back(desk: Client) -> None:
    desk.post(f"{FORM}/new", organisation("Passagère", expected="0"))
    desk.post(f"{FORM}/passagere/withdraw", {"expected": "1"})
    assert desk.get(f"{FORM}/passagere").status_code == 410
    desk.post(f"{FORM}/passagere/restore", {"version": "1"})
    assert desk.get(f"{FORM}/passagere").status_code == 200


def test_what_others_rely_on_is_not_withdrawn(desk: Client) -> None:
    answer = desk.post(f"{FORM}/ville/withdraw", {"expected": "1"})
    assert answer.status_code == 422
    assert registers.find(CITY) is not None


def test_who_may_not_declare_a_kind_gets_no_form_and_changes_nothing(world: World) -> None:
    agent = world.sign_in(RoleName.STEWARD, email="referent@ville.example")
    assert agent.get(f"{FORM}/new").status_code == 403
    assert agent.post(f"{FORM}/ville/edit", organisation("Pris", expected="1")).status_code == 403
    kept = registers.find(CITY)
    assert kept is not None
    assert kept.version == 1


def test_a_form_that_another_site_sends_changes_nothing(world: World) -> None:
    world.sign_in()
    strict = Client(HTTP_HOST="localhost", enforce_csrf_checks=True)
    answer = strict.post("/sign-in", {"email": "agent@ville.example", "password": "x"})
    assert answer.status_code == 403
    assert "Ce formulaire a expiré" in text_of(answer)


def test_a_register_sorts_and_filters_in_its_address(world: World, desk: Client) -> None:
    for slug, title in (("a-eau", "Eau"), ("b-air", "Air")):
        world.put("organisation", slug, Organisation(title=Text(fr=title)))
    names = re.compile(r'<th scope="row"><a [^>]+>([^<]+)</a>')
    assert names.findall(text_of(desk.get(f"{FORM}?sort=title"))) == ["Air", "Eau", "Ville d’essai"]
    assert names.findall(text_of(desk.get(f"{FORM}?sort=-title"))) == ["Ville d’essai", "Eau", "Air"]
    assert names.findall(text_of(desk.get(f"{FORM}?q=eau"))) == ["Eau"]


def test_a_title_is_never_read_as_markup(world: World, desk: Client) -> None:
    evil = msgspec.structs.replace(Organisation(title=Text(fr="<script>alert(1)</script>")))
    world.put("organisation", "mechante", evil)
    page = text_of(desk.get(f"{FORM}/mechante"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_day_is_asked_for_as_a_day_and_the_help_of_a_box_follows_it(desk: Client) -> None:
    page = text_of(desk.get(f"/{HERE}/desk/registers/source/new"))
    assert re.search(r'<input type="date"[^>]* name="running_since"', page)
    box = page.index('name="replayed"')
    assert box < page.index('id="f-replayed-help"')
