"""Who asks and what is asked: one world in which each holder of the table of rights opens each route."""

import asyncio
import importlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from django.conf import settings as running
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from bocage import accounts, evidence, registers, relational
from bocage.accounts import people, rights
from bocage.accounts.chosen import Chosen
from bocage.accounts.tokens import Tokens
from bocage.api import problem, push
from bocage.api.parts import Parts as ProgramParts
from bocage.api.routes import routes
from bocage.api.sensorthings import pushing
from bocage.assembly.watching import Watching
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.role import Role, RoleName
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.ingest.intake import Intake
from bocage.registers import Put
from bocage.store.memory import MemoryStore
from bocage.upkeep.clock import Hearing
from bocage.web.parts import Parts as PageParts

HERE, THERE = "ville-d-essai", "ville-voisine"
AT = datetime.now(UTC)  # Django's own sessions look at the machine's clock
OWN = {"Bocage-Request": "1"}
ELSEWHERE, NEIGHBOUR = "elsewhere", "machine-elsewhere"
"""Somebody who holds every role, and a token, of another territory."""


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """One who asks: `counts` are the holders of the table that they are, here."""

    name: str
    counts: frozenset[str]
    cookie: str = ""
    token: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """How they show who they are."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def may(self, right: str) -> bool:
        """What the table of rights answers them."""
        return not self.counts.isdisjoint(rights.RIGHTS[right])


class Matrix(msgspec.Struct, frozen=True, kw_only=True):
    """The world: who asks, and the application for programs."""

    holders: tuple[Holder, ...]
    programs: Any
    routes: tuple[BaseRoute, ...]

    def page(self, holder: Holder, method: str, address: str) -> int:
        """The status a page answers; 401 when it sends to the page where one signs in."""
        client = Client(raise_request_exception=False)
        if holder.cookie:
            client.cookies = SimpleCookie({running.SESSION_COOKIE_NAME: holder.cookie})
        answer = client.generic(method, address, headers=holder.headers)
        to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/sign-in?")
        return 401 if to_sign_in else int(answer.status_code)

    def program(self, holder: Holder, asked: "Iterable[tuple[str, str]]") -> list[int]:
        """The statuses of these (method, address)."""
        return asyncio.run(self._program(holder, asked))

    async def _program(self, holder: Holder, asked: "Iterable[tuple[str, str]]") -> list[int]:
        cookie = {"Cookie": f"{running.SESSION_COOKIE_NAME}={holder.cookie}"} if holder.cookie else {}
        known = {**holder.headers, **cookie, **OWN}
        transport = httpx.ASGITransport(self.programs, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=known) as client:
            found = [await client.request(method, address, content=b"{}") for method, address in asked]
        return [answer.status_code for answer in found]


def served(folder: Path) -> Iterator[Matrix]:
    """Two territories, one source in each, and everybody."""
    store, tokens = MemoryStore(), Tokens()
    chosen = Chosen(file=InstanceSettings(public_url="https://ville.example"))
    evidence.connect(store)
    for place in (HERE, THERE):
        declare(place, "territory", place, Territory(title=Text(fr=place), population=900))
        declare(place, "source", "compteurs", Source(title=Text(fr="Compteurs")))
    watching = Watching(folder, folder / "backups", chosen, Hearing())
    wired: dict[str, Any] = {"store": store, "clock": lambda: AT, "data": folder, "tokens": tokens, "chosen": chosen}
    wired["intake"] = Intake(store, lambda: AT, folder)
    pages = PageParts(**wired, backups=folder / "backups", report=lambda: watching.report(None, AT))
    parts = ProgramParts(**wired)
    all_routes = tuple(routes(parts))
    routed = Starlette(routes=all_routes, exception_handlers={BocageError: problem.told})
    actors: dict[str, rights.Actor] = {}
    with override_settings(BOCAGE_PARTS=pages), pytest.MonkeyPatch.context() as held:
        holders = tuple(everybody(tokens, actors))
        held.setattr(accounts, "who", lambda key, _at: actors.get(key, rights.ANYONE))  # sessions have their own tests
        app = pushing.first(parts, push.first(parts, routed))
        yield Matrix(holders=holders, programs=app, routes=all_routes)
    evidence.connect(None)
    store.close()


def everybody(tokens: Tokens, actors: dict[str, rights.Actor]) -> Iterator[Holder]:
    """Each column of the table, and those who come from elsewhere; `actors`: people by their cookie."""

    def session(name: str, *roles: RoleName, territory: str = HERE, administrator: bool = False) -> str:
        actors[name] = person(name, roles, territory, administrator=administrator)
        return name

    anyone, signed = frozenset({rights.EVERYONE}), frozenset({rights.EVERYONE, rights.SIGNED_IN})
    yield Holder(name="anyone", counts=anyone)
    yield Holder(name="signed-in", counts=signed, cookie=session("signed-in"))
    for role in RoleName:
        yield Holder(name=role, counts=signed | {role}, cookie=session(role, role))
    yield Holder(name=ELSEWHERE, counts=signed, cookie=session(ELSEWHERE, *RoleName, territory=THERE))
    runs = signed | {rights.INSTANCE, str(RoleName.ADMINISTRATOR)}
    yield Holder(name=rights.INSTANCE, counts=runs, cookie=session(rights.INSTANCE, administrator=True))
    for name, place, counts in ((rights.MACHINE, HERE, anyone | {rights.MACHINE}), (NEIGHBOUR, THERE, anyone)):
        yield Holder(name=name, counts=counts, token=tokens.issue(place, "operator", AT, source="compteurs"))


def person(name: str, roles: tuple[RoleName, ...], territory: str, *, administrator: bool) -> rights.Actor:
    """Somebody who holds these roles there."""
    found = people.create(f"{name}@{territory}.example", name, AT)
    if administrator:
        people.make_administrator(found.account)
    for role in roles:
        held = Role(title=Text(fr=str(role)), role=role, holder=found.email, sources=("compteurs",))
        declare(territory, "role", f"{name}-{role}", held)
    accounts.refresh_grants(territory, registers.current(territory, "role"))
    return accounts.actor(found.account, AT)


def declare(territory: str, kind: str, slug: str, body: Declaration) -> None:
    with relational.transaction():
        put = Put(key=Key(territory=territory, kind=kind, slug=slug), body=body, expected=None)
        registers.record([put], "operator", AT, territory)


def patterns(found: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """(name, address) of every page."""
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield str(one.name), before + str(one.pattern)


def addresses() -> dict[str, str]:
    """One address of each page, with an example of all that it names."""
    found = {}
    for name, pattern in patterns(importlib.import_module("bocage.web.urls").urlpatterns):
        path = pattern.replace("<slug:territory>", HERE)
        found[name] = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(slug|str|path):\w+>", "essai", path))
    return found


def programs(found: Iterable[BaseRoute]) -> Iterator[tuple[str, str, str]]:
    """(name, method, address) of every route for programs, each method once."""
    for route in found:
        if isinstance(route, Route):
            path = route.path.replace("{territory}", HERE)
            path = re.sub(r"\{(path|rest):path\}", "Observations" if "sta" in route.path else "essai", path)
            for method in sorted((route.methods or {"POST"}) - {"HEAD"}):
                if route.name == "api.live":  # of a territory that is not there: an answer that ends
                    path = path.replace(HERE, "essai")
                yield route.name, method, re.sub(r"\{\w+(:\w+)?\}", "essai", path)
