"""Every route has its line in the table of rights, every line its route; pages open to the roles of their line."""

import importlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as running
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver

import bocage
from bocage import accounts, registers, relational
from bocage.accounts import people, rights
from bocage.accounts.chosen import Chosen
from bocage.accounts.routes import ROUTES
from bocage.accounts.tables import Account, SessionStore
from bocage.accounts.tokens import Tokens
from bocage.assembly.watching import Watching
from bocage.domain.declaration import Key
from bocage.domain.role import Role, RoleName
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.registers import Put
from bocage.store.memory import MemoryStore
from bocage.upkeep.clock import Hearing
from bocage.web.parts import Parts

HERE, THERE = "ville-d-essai", "ville-voisine"
AT = datetime.now(UTC)  # Django's own sessions look at the machine's clock
# A route of the programs' interface is made with its name; reading the sources needs no running instance.
NAMED = re.compile(r'\b(?:Route|Mount|WebSocketRoute)\((?:[^()]|\([^()]*\))*?\bname="([^"]+)"', re.DOTALL)
MOUNTED = {"system.static"}  # files that lie in the package, mounted by `assembly`
MADE = re.compile(r"\b(?:Route|Mount|WebSocketRoute)\(")


def patterns(found: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of every page."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield str(one.name), before + str(one.pattern)


def addresses() -> dict[str, str]:
    """One address of each page: its territory in braces, and an example of everything else."""
    found = {}
    for name, pattern in patterns(importlib.import_module("bocage.web.urls").urlpatterns):
        path = pattern.replace("<slug:territory>", "{territory}")
        found[name] = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(slug|str|path):\w+>", "essai", path))
    return found


def pages() -> set[str]:
    return set(addresses())


def programs() -> set[str]:
    folder = Path(bocage.__file__).parent
    texts = [path.read_text("utf-8") for path in sorted((folder / "api").rglob("*.py"))]
    names = [name for text in texts for name in NAMED.findall(text)]
    assert sum(len(MADE.findall(text)) for text in texts) == len(names), "a route without a name"
    return set(names) | MOUNTED


def test_every_page_has_a_line_in_the_table_of_rights() -> None:
    assert pages() - set(ROUTES) == set()


def test_every_route_for_programs_has_a_line_in_the_table_of_rights() -> None:
    assert programs() - set(ROUTES) == set()


def test_every_line_has_a_route() -> None:
    assert set(ROUTES) - pages() - programs() == set()


@pytest.fixture
def _served(db: Path) -> Iterator[None]:
    store = MemoryStore()
    watching = Watching(db, db / "backups", Chosen(), Hearing())
    parts = Parts(
        store=store,
        clock=lambda: AT,
        data=db,
        backups=db / "backups",
        tokens=Tokens(),
        report=lambda: watching.report(None, AT),
    )
    with override_settings(BOCAGE_PARTS=parts):
        for place in (HERE, THERE):
            declare(place, "territory", place, Territory(title=Text(fr=place)))
        yield
    store.close()


def declare(territory: str, kind: str, slug: str, body: Territory | Role) -> None:
    with relational.transaction():
        put = Put(key=Key(territory=territory, kind=kind, slug=slug), body=body, expected=None)
        registers.record([put], "operator", AT, territory)


def browser(role: RoleName | None, territory: str = HERE) -> tuple[Client, rights.Actor]:
    """A browser signed in by somebody who holds this role there."""
    person = people.create(f"{role}@{territory}.example", str(role), AT)
    if role:
        held = Role(title=Text(fr=str(role)), role=role, holder=person.email, sources=("compteurs",))
        declare(territory, "role", str(role), held)
        accounts.refresh_grants(territory, registers.current(territory, "role"))
    session = SessionStore()
    session["_auth_user_id"] = person.account
    session["_auth_user_hash"] = Account.objects.get(id=person.account).get_session_auth_hash()
    session.set_expiry(AT + timedelta(hours=1))
    session.create()
    client = Client(raise_request_exception=False)
    client.cookies[running.SESSION_COOKIE_NAME] = str(session.session_key)
    return client, accounts.actor(person.account, AT)


def opened(client: Client, path: str) -> bool:
    """Whether the page let this browser in, whatever it then answered (there is nothing here to show)."""
    answer = client.get(path)
    sent_to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in")
    return not (sent_to_sign_in or answer.status_code == 403)


def wrongly(client: Client, actor: rights.Actor) -> list[str]:
    """Pages that let somebody in against the table, or keep somebody out against it."""
    wrong = []
    for name, address in addresses().items():
        place = HERE if "{territory}" in address else ""
        if opened(client, address.format(territory=HERE)) != rights.may(actor, ROUTES[name], place):
            wrong.append(name)
    return wrong


@pytest.mark.usefixtures("_served")
def test_anyone_opens_the_pages_that_are_open_and_no_other() -> None:
    assert wrongly(Client(raise_request_exception=False), rights.ANYONE) == []


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize("role", [None, *RoleName])
def test_a_role_opens_the_pages_of_its_lines_and_no_other(role: RoleName | None) -> None:
    assert wrongly(*browser(role)) == []


@pytest.mark.usefixtures("_served")
@pytest.mark.parametrize("role", list(RoleName))
def test_a_role_held_elsewhere_opens_nothing_here(role: RoleName) -> None:
    client, _actor = browser(role, THERE)
    assert wrongly(client, rights.Actor(account="nobody")) == []
