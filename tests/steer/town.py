"""A town with series and rules in the registers, and a follower of rules that can be killed and begun again."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from bocage import registers, sensing
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Declaration, Key
from bocage.domain.observation import Columns
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.registers import ANY, Put, Withdraw
from bocage.steer import keeping
from bocage.steer.alerts import Alert
from bocage.steer.follower import Follower, step
from bocage.steer.letters import Event
from bocage.steer.ruling import Rules
from bocage.steer.tables import AlertRow, Course
from bocage.store.protocol import Store

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TOWN = "bourg"


def declared(body: Declaration, slug: str, territory: str = TOWN) -> None:
    """Write one declaration, without the gates."""
    key = Key(territory=territory, kind=body.kind, slug=slug)
    registers.record([Put(key=key, body=body, expected=ANY)], "a-1", AT, territory)


def founded(streams: Mapping[str, Datastream], territory: str = TOWN) -> dict[str, int]:
    """A territory with these series; the number the log knows each by."""
    declared(Territory(title=Text(fr="Bourg"), population=3000), territory, territory)
    declared(PublicService(title=Text(fr="Bâtiments"), competence=Competence.BUILDINGS), "batiments", territory)
    placed = sensing.put_all(
        territory,
        [(slug, msgspec.structs.replace(stream, id=0)) for slug, stream in streams.items()],
        AT,
    )
    return {one.slug: one.id for one in placed}


def ruled(rule: Rule, slug: str = "regle", territory: str = TOWN, since: date = date(2026, 1, 1)) -> None:
    """Write a rule and when it is published since."""
    declared(rule, slug, territory)
    declared(Algorithm(title=rule.title, rule=slug, since=rule.since or since), slug, territory)


def withdrawn(slug: str = "regle", territory: str = TOWN) -> None:
    """Take a rule away."""
    for kind in (Algorithm.kind, Rule.kind):
        key = Key(territory=territory, kind=kind, slug=slug)
        registers.record([Withdraw(key=key, expected=ANY)], "a-1", AT, territory)


class Told:
    """What people were told, as (number, event)."""

    def __init__(self) -> None:
        self.events: list[tuple[int, Event]] = []

    def __call__(self, alert: Alert, event: Event, at: datetime) -> None:
        self.events.append((alert.number, event))


def following(store: Store, tell: Callable[..., None] | None = None, at: datetime = AT) -> Follower:
    """The follower of rules, as it begins."""
    return Rules(store, tell or Told(), lambda: at).follower


def followed(store: Store, follower: Follower | None = None, limit: int = 65_536) -> Follower:
    """Follow until there is nothing more to take."""
    follower = follower or following(store)
    while step(follower, store, limit) or follower.due():
        pass
    return follower


def killed(store: Store, follower: Follower, limit: int = 65_536) -> None:
    """One step whose transaction is lost at its very end."""

    class Killed(Exception):
        pass

    def effect(columns: Columns) -> None:
        follower.effect(columns)
        raise Killed

    with suppress(Killed):
        step(msgspec.structs.replace(follower, effect=effect), store, limit)


def sighted() -> list[tuple[Any, ...]]:
    """Every alert by its identity, with what the machine says of it."""
    rows = AlertRow.objects.filter(raised__isnull=False).order_by("territory", "rule", "datastream", "first")
    return [(row.territory, row.rule, row.datastream, row.first, row.ended, bytes(row.body)) for row in rows]


def courses() -> list[tuple[Any, ...]]:
    """How far everything was judged."""
    rows = Course.objects.order_by("territory", "rule", "datastream")
    return [(row.territory, row.rule, row.datastream, row.version, bytes(row.body)) for row in rows]


def replayed(store: Store, limit: int = 65_536) -> None:
    """Drop all effects and judge the whole log again."""
    keeping.forget_all()
    followed(store, None, limit)
