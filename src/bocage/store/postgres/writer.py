"""How a group is kept: judged while its datastreams are locked, copied in, given its place in the order of commits.

Several processes write at once. The steps of one transaction, each taken in the same order by everybody:

1. the gate, shared: whoever erases takes it alone;
2. the datastreams of the group, locked in order of their numbers, so that what is judged stays true;
3. a position, with a lock of its own that lasts until the transaction has ended;
4. the rows, while other processes copy theirs;
5. its turn: the lock of the position before. So positions become visible in their order, whoever was quicker.
"""

import threading
from collections.abc import Sequence

import msgspec
import numpy as np

from bocage.domain.observation import Columns, Ints, ObservationBatch
from bocage.store import columns, identity
from bocage.store.answers import receipts
from bocage.store.group import Group, Kept
from bocage.store.identity import Arrived, Verdict
from bocage.store.postgres import binary, standings, statements
from bocage.store.postgres.binary import Int4s, Int8s
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.locks import Locks
from bocage.store.postgres.partitions import Partitions, months
from bocage.store.protocol import Counters
from bocage.store.refilling import refilled


class Judged(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A group and what becomes of each of its rows."""

    arrived: Arrived
    verdict: Verdict


class Writer(Group):
    """The one thread of this process that takes positions."""

    def __init__(self, connections: Connections, partitions: Partitions, locks: Locks) -> None:
        self._connections, self._partitions, self._locks = connections, partitions, locks
        self._introduced: set[int] = set()
        self._meeting = threading.Lock()
        super().__init__(self._kept)

    def _kept(self, batches: Sequence[ObservationBatch]) -> Kept:
        arrived = identity.gathered(batches)
        if not len(arrived.rows):
            return Kept(receipts=receipts(arrived, identity.judged(arrived, *_nobody()), 0))
        touched = columns.distinct(arrived.rows.datastream)
        self._partitions.ensure(months(arrived.rows.start))
        with self._connections.lent() as con:
            self.introduce(con, touched)
            with con.transaction():
                self._locks.share(con)
                return self._judged_and_kept(con, arrived, touched)

    def introduce(self, con: Plain, datastreams: Ints) -> None:
        """Give a line to those that have none, before any lock is held."""
        with self._meeting:
            new = sorted(set(datastreams.tolist()) - self._introduced)
            if new:
                standings.introduced(con, np.array(new))
                self._introduced |= set(new)

    def _judged_and_kept(self, con: Plain, arrived: Arrived, touched: Ints) -> Kept:
        known = standings.stood(con, touched, locked=self._locks.by_datastream)
        facts = known.known(arrived.rows.datastream)
        verdict = identity.judged(arrived, facts, lambda asked: _twins(con, asked))
        if not identity.stored_of(verdict.outcome).any():
            return Kept(receipts=receipts(arrived, verdict, position(con)))
        given = self._locks.position(con)
        rows = identity.kept_rows(arrived, verdict, given)
        put(con, rows)
        known.take(rows)
        standings.put(con, known, columns.distinct(rows.datastream), above=given - 1)
        self._locks.turn(con, given)
        con.execute("UPDATE mark SET position = %s", (given,))
        self._locks.tell(con, given)
        return Kept(receipts=receipts(arrived, verdict, given), position=given)

    def refill(self, batch: ObservationBatch) -> None:
        """Keep commits of another log as they stand there; nobody else writes meanwhile."""
        self._partitions.ensure(months(batch.start))
        touched = columns.distinct(batch.datastream)
        with self.still, self._connections.lent() as con:
            self.introduce(con, touched)
            with con.transaction():
                self._locks.alone(con)
                rows = refilled(batch, position(con))
                if len(rows):
                    last = int(rows.position[-1])
                    known = standings.stood(con, touched, locked=False)
                    known.take(rows)
                    put(con, rows)
                    standings.put(con, known, touched, above=0)
                    con.execute("UPDATE mark SET position = %s", (last,))
                    con.execute("SELECT setval('next_position', %s)", (last,))

    def reserve(self, counters: Counters) -> None:
        """Go on from these counters at least."""
        with self.still, self._connections.lent() as con:
            self.introduce(con, counters.datastream)
            with con.transaction():
                self._locks.alone(con)
                standings.reserved(con, counters)


def put(con: Plain, rows: Columns) -> None:
    """Copy rows in."""
    with con.cursor() as cursor, cursor.copy(statements.KEPT.encode()) as copy:
        for part in binary.copied(rows):
            copy.write(part)


def position(con: Plain) -> int:
    """The position of the last commit."""
    found = con.execute("SELECT position FROM mark").fetchone()
    return int(found[0]) if found else 0


def _nobody() -> tuple[identity.Known, identity.Lookup]:
    none = np.empty(0, np.int64)
    return identity.Known(newest=none, first=none, counter=none), lambda asked: columns.empty()


def _twins(con: Plain, asked: Columns) -> Columns:
    """The newest kept version of these identities; those that are not kept are left out."""
    numbers = columns.distinct(asked.datastream)
    found = con.execute(
        statements.TWINS.encode(),
        (
            Int4s(asked.datastream),
            Int8s(asked.start),
            Int8s(asked.end - asked.start),
            Int4s(numbers),
            int(asked.start.min()),
            int(asked.start.max()),
        ),
    ).fetchall()
    return columns.newest(columns.ordered(binary.fetched(found)))
