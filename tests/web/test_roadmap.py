"""The roadmap and the maps at the desk: what an agent declares from there, and what stays closed to whom."""

from typing import Any

from bocage.domain.application import Application, ApplicationState
from bocage.domain.project import Phase, Project
from bocage.domain.role import RoleName
from bocage.domain.text import Text

from .world import HERE

SECRET = "Un procédé que personne ne connaît"


def read(browser: Any, path: str) -> str:
    answer = browser.get(f"/{HERE}/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_an_empty_desk_leads_to_the_first_project_and_the_first_actor(world: Any, desk: Any) -> None:
    assert f'href="/{HERE}/desk/registers/project/new"' in read(desk, "desk/roadmap")
    assert f'href="/{HERE}/desk/registers/actor/new"' in read(desk, "desk/stakeholders")


def test_what_a_call_granted_is_read_by_those_who_read_closed_registers_only(world: Any, desk: Any) -> None:
    world.put("project", "chauffage", Project(title=Text(fr="Chauffer moins"), phase=Phase.IDEA))
    world.put(
        "application",
        "demande",
        Application(title=Text(fr=SECRET), project="chauffage", state=ApplicationState.RECEIVED),
    )
    granted = Application(title=Text(fr=SECRET), project="chauffage", state=ApplicationState.FUNDED)
    world.parts.memory.known(HERE, world.parts.clock().date())
    page = "desk/roadmap/chauffage"
    assert SECRET not in read(desk, page)
    fund(world, granted)
    assert SECRET in read(desk, page)
    agent = world.sign_in(RoleName.AGENT, email="agente@ville.example")
    for path in (page, "roadmap/chauffage", "roadmap", "stakeholders", "stakeholders.json", "desk/stakeholders"):
        assert SECRET not in read(agent, path), path


def fund(world: Any, granted: Application) -> None:
    """As the registers keep it once its certificate was checked."""
    import msgspec

    checked = msgspec.structs.replace(
        granted, certificate="https://ailleurs.example/c", certificate_checked=world.parts.clock().date()
    )
    world.put("application", "demande", checked, expected=1)


def test_nobody_enters_the_desk_s_roadmap_unsigned(world: Any) -> None:
    from django.test import Client

    for path in ("roadmap", "roadmap/chauffage", "stakeholders"):
        assert Client(HTTP_HOST="localhost").get(f"/{HERE}/desk/{path}").status_code in (302, 403)


def test_the_page_of_a_project_dates_its_phases_by_its_history(world: Any, desk: Any) -> None:
    world.put("project", "ombre", Project(title=Text(fr="De l’ombre"), phase=Phase.IDEA))
    world.put("project", "ombre", Project(title=Text(fr="De l’ombre"), phase=Phase.DESIGN), expected=1)
    page = " ".join(read(desk, "desk/roadmap/ombre").split())
    assert page.index("Idée, ") < page.index("→ Conception, ")
    assert "Personne n’est déclaré pour sa phase actuelle (conception)" in page
    assert "Ses coûts et ses recettes ne sont pas encore déclarés." in page
