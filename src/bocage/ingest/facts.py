"""Gathers all that a territory declares, for the gates and duties; kept in memory until something moves."""

import threading
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from bocage import registers, relational, sensing
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.commitments.measured import Resource
from bocage.domain.declaration import Declaration
from bocage.domain.sensing import ENTITIES
from bocage.ingest import seen
from bocage.registers import REVISIONS as DECLARED
from bocage.sensing import REVISIONS as PLACED

Signs = dict[str, tuple[Sign, ...]]


class Stand(msgspec.Struct, frozen=True):
    """How far a territory has changed: the same facts for the same stand.

    `written`: the revisions of registers and entities with what the present transaction wrote. `known`: those this
    process was told of, which grow even when a database is emptied or restored behind its back.
    """

    written: tuple[int, int]
    known: tuple[int, int]
    signs: Signs


class Gathering:
    """The last facts of each territory that are durable, shared by all who ask in this process."""

    def __init__(self) -> None:
        self.shares: Callable[[TerritoryFacts], tuple[Resource, ...]] = lambda facts: ()
        """What the commons tell a territory: the same object while they hold the same."""
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[Stand, TerritoryFacts]] = {}

    def gather(self, territory: str, today: date) -> TerritoryFacts:
        """All that is declared, as the present transaction sees it."""
        return self._gather(territory, lambda facts: today)

    def present(self, territory: str, at: datetime) -> TerritoryFacts:
        """The same, on the civil day of the territory."""
        return self._gather(territory, lambda facts: at.astimezone(ZoneInfo(facts.zone)).date())

    def _gather(self, territory: str, day: Callable[[TerritoryFacts], date]) -> TerritoryFacts:
        stand = stand_of(territory)
        kept, held = self._kept.get(territory, (None, None))
        facts = held if held is not None and kept == stand else _gathered(territory, stand.signs)
        today = day(facts)
        if facts.today != today:
            facts = msgspec.structs.replace(facts, today=today)
        shared = self.shares(facts)
        if facts.commons is not shared:
            facts = facts.beside(commons=shared)
        if facts is not held:
            self.keep(territory, stand, facts)
        return facts

    def keep(self, territory: str, stand: Stand, facts: TerritoryFacts) -> None:
        """Keep facts once what they were gathered from is durable; never when it is rolled back. Had somebody else
        written meanwhile, the stand would be another one for whoever asks next."""

        def durable() -> None:
            now = msgspec.structs.replace(stand, known=_known(territory))
            with self._lock:
                self._kept[territory] = (now, facts)

        relational.after_commit(durable)


def stand_of(territory: str) -> Stand:
    """How far a territory has changed now."""
    return Stand(
        written=(DECLARED.written(territory), PLACED.written(territory)),
        known=_known(territory),
        signs=seen.signs(territory),
    )


def _known(territory: str) -> tuple[int, int]:
    return DECLARED.of(territory), PLACED.of(territory)


def _gathered(territory: str, signs: Signs) -> TerritoryFacts:
    """Current declarations and sensing entities of a territory, and what its values showed; on no day yet."""
    declared: dict[str, dict[str, Declaration]] = {}
    for entry in registers.everything(territory):
        declared.setdefault(entry.key.kind, {})[entry.key.slug] = entry.body
    for kind in ENTITIES:
        declared[kind.kind] = {placed.slug: numbered(placed) for placed in sensing.all(territory, kind.kind)}
    return TerritoryFacts(slug=territory, today=date.min, declared=declared, signs=signs)


def numbered(placed: sensing.Placed) -> Declaration:
    """An entity with the number the instance gave it."""
    return msgspec.structs.replace(placed.entity, id=placed.id)


# One process, one memory: whoever asks for the facts of a territory is given the same ones.
GATHERING = Gathering()
gather, present = GATHERING.gather, GATHERING.present
