"""The months of the log: a partition for each, made before the first observation of it comes."""

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import numpy as np
from psycopg import sql

from bocage.domain.instant import EARLIEST, LATEST, month_of, to_datetime, to_ms
from bocage.domain.observation import Ints
from bocage.store.postgres.connections import Connections, Plain

AHEAD = 3  # months made before they begin
FIRST, LAST = to_ms(datetime(1990, 1, 1, tzinfo=UTC)), LATEST  # what lies beyond stands in one partition on either side
_DAY = 86_400_000


class Month(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """A partition and the starts it holds: [start, end)."""

    start: int
    end: int

    @property
    def name(self) -> str:
        """The UTC month 'YYYY-MM'; what is older or newer than any month of its own says so."""
        return "before" if self.end <= FIRST else "later" if self.start >= LAST else month_of(self.start)

    @property
    def table(self) -> str:
        """The table that holds it."""
        return f"observation_{self.name.replace('-', '_')}"


BEFORE = Month(start=-(2**63) + 1, end=FIRST)
LATER = Month(start=LAST, end=2**63 - 1)


def month(at: int) -> Month:
    """The month that holds an instant."""
    if at < FIRST:
        return BEFORE
    if at >= LAST:
        return LATER
    found = to_datetime(at)
    return Month(start=_first(found.year, found.month), end=_first(found.year, found.month + 1))


def months(starts: Ints) -> list[Month]:
    """The months that hold these starts."""
    days = np.unique(np.clip(starts, EARLIEST, LATEST) // _DAY)
    return sorted({month(int(day) * _DAY) for day in days})


def coming(at: int) -> list[Month]:
    """The month of an instant and those after it that are made ahead."""
    found = to_datetime(at)
    return [month(_first(found.year, found.month + number)) for number in range(AHEAD + 1)]


def _first(year: int, number: int) -> int:
    return to_ms(datetime(year + (number - 1) // 12, (number - 1) % 12 + 1, 1, tzinfo=UTC))


class Partitions:
    """Knows which partitions are there, and makes those that are not; one at a time over all processes."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._there: frozenset[Month] = frozenset()
        self._lock = threading.Lock()

    def ensure(self, wanted: Iterable[Month]) -> None:
        """Make what lacks, in a transaction of its own, before any writer holds anything.

        A table is made apart and attached: that waits for nobody who reads or writes, and nobody waits for it.
        """
        missing = sorted(set(wanted) - self._there)
        if not missing:
            return
        with self._lock, self._connections.lent() as con:
            with con.transaction():
                con.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self._door,))
                there = {found.table for found in listed(con)}
                for one in missing:
                    if one.table not in there:
                        _make(con, one)
            self._there |= set(missing)

    @property
    def _door(self) -> str:
        return f"{self._connections.schema} months"


def listed(con: Plain) -> list[Month]:
    """The partitions that are there, oldest first."""
    rows = con.execute(
        "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'observation'::regclass"
    ).fetchall()
    return sorted(_month_of(str(name).rpartition(".")[2]) for (name,) in rows)


def _month_of(table: str) -> Month:
    name = table.removeprefix("observation_")
    if name in ("before", "later"):
        return BEFORE if name == "before" else LATER
    year, number = name.split("_")
    return month(_first(int(year), int(number)))


def _make(con: Plain, one: Month) -> None:
    names = {
        "table": sql.Identifier(one.table),
        "bounds": sql.SQL('CHECK ("start" >= {} AND "start" < {})').format(one.start, one.end),
        "start": sql.Literal(one.start),
        "end": sql.Literal(one.end),
    }
    # With the check in place, attaching need not look at the rows; it says nothing more afterwards.
    for statement in (
        "CREATE TABLE {table} (LIKE observation INCLUDING DEFAULTS, CONSTRAINT within {bounds})",
        "ALTER TABLE observation ATTACH PARTITION {table} FOR VALUES FROM ({start}) TO ({end})",
        "ALTER TABLE {table} DROP CONSTRAINT within",
    ):
        con.execute(sql.SQL(statement).format(**names))
