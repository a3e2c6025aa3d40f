"""The registers at the desk: by theme, with rows, and declared by those in charge of them."""

import html

from django.test import Client

from bocage import registers
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.contract import Contract, Rhythm
from bocage.domain.declaration import Key
from bocage.domain.kinds import KINDS
from bocage.domain.project import Project
from bocage.domain.role import RoleName
from bocage.domain.sensing import ENTITIES
from bocage.domain.text import Text

from .world import HERE, World

DESK = f"/{HERE}/desk/registers"
CONTRACT = {
    "title.fr": "Entretien des capteurs",
    "number": "2026-07",
    "nature": "marche",
    "amendment": "0",
    "clauses.0.clause": "donnees",
    "clauses.0.version": "1",
    "clauses.1.clause": "",
    "clauses.1.version": "0",
    "deliveries.0.title.fr": "Relevés",
    "deliveries.0.source": "capteurs",
    "deliveries.0.every": "hour",
    "deliveries.1.title.fr": "",
    "deliveries.1.every": "",
    "expected": "0",
}


def told(answer: object) -> str:
    return html.unescape(answer.content.decode()).replace("’", "'")  # type: ignore[attr-defined]


def test_the_page_of_registers_holds_each_of_them_once(desk: Client) -> None:
    page = told(desk.get(DESK))
    for kind in (*KINDS, *(entity.kind for entity in ENTITIES)):
        assert page.count(f'href="{DESK}/{kind}"') == 1, kind


def test_rows_that_were_filled_are_kept_and_spare_ones_are_not(world: World, desk: Client) -> None:
    world.put("clause", "donnees", Clause(title=Text(fr="Données"), subject=ClauseSubject.DATA))
    answer = desk.post(f"{DESK}/contract/new", CONTRACT)
    assert answer.status_code == 302
    made = registers.find(Key(territory=HERE, kind="contract", slug="entretien-des-capteurs"))
    assert made is not None
    assert isinstance(made.body, Contract)
    assert [one.clause for one in made.body.clauses] == ["donnees"]
    assert [(one.title.fr, one.every) for one in made.body.deliveries] == [("Relevés", Rhythm.HOUR)]
    page = told(desk.get(answer["Location"]))
    assert '<th scope="row">Relevés</th>' in page
    assert "De la charte au contrat" in page


def test_a_row_of_choices_alone_is_kept(desk: Client) -> None:
    sent = {"title.fr": "Parents", "nature": "residents", "expected": "0"}
    sent |= {"parts.0.project": "", "parts.0.phase": "design", "parts.0.share": "advises", "parts.1.phase": ""}
    desk.post(f"{DESK}/actor/new", sent)
    made = registers.find(Key(territory=HERE, kind="actor", slug="parents"))
    assert made is not None
    assert [one.phase for one in made.body.parts] == ["design"]  # type: ignore[attr-defined]


def test_reversed_dates_are_refused_with_a_sentence(desk: Client) -> None:
    sent = {"title.fr": "Éclairage", "starts": "2026-09-02", "ends": "2026-09-01", "phase": "idea"}
    answer = desk.post(f"{DESK}/project/new", {**sent, "trajectory": "global", "scale": "trial", "expected": "0"})
    assert "Une date de fin y est écrite avant la date de début." in told(answer)
    assert registers.find(Key(territory=HERE, kind="project", slug="eclairage")) is None


def test_a_version_shows_the_rows_that_changed_only(world: World, desk: Client) -> None:
    from bocage.domain.project import Milestone

    first, second, third = (Milestone(title=Text(fr=name)) for name in ("Consulter", "Acheter", "Poser"))
    world.put("project", "velo", Project(title=Text(fr="Vélo"), milestones=(first, second)))
    world.put("project", "velo", Project(title=Text(fr="Vélo"), milestones=(first, third)), 1)
    page = told(desk.get(f"{DESK}/project/velo/history/2"))
    assert "Acheter" in page
    assert "Poser" in page
    assert "Consulter" not in page


def test_an_audit_is_declared_by_the_security_officer_and_by_nobody_else(world: World) -> None:
    sent = {"title.fr": "Audit", "nature": "security", "expected": "0"}
    for role in (RoleName.DATA_ADMINISTRATOR, RoleName.DPO, RoleName.DECIDER):
        world.sign_in(role, email=f"{role}@ville.example").post(f"{DESK}/audit/new", sent)
    assert registers.count(HERE)["audit"] == 0
    world.sign_in(RoleName.SECURITY_OFFICER, email="securite@ville.example").post(f"{DESK}/audit/new", sent)
    assert registers.count(HERE)["audit"] == 1
