"""Questions to the log: ranges, versions, what is newest, what was committed after a position."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from psycopg.abc import Buffer

from bocage.domain.observation import Columns, Ints, Numbers
from bocage.store import columns
from bocage.store.holdings import Held
from bocage.store.postgres import binary, statements
from bocage.store.postgres.binary import Int4s
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.statements import NAMES, WITHIN
from bocage.store.protocol import Counters

TRIED = (15, 18)
"""Major versions of PostgreSQL that the suite of the log is run on."""
RISING = '"start", span, version'
FALLING = '"start" DESC, span DESC, version DESC'
BY_POSITION = f"SELECT {NAMES} FROM observation WHERE position"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows: of datastreams, with start in [start, end)."""

    datastreams: tuple[int, ...]
    start: int
    end: int

    @property
    def values(self) -> tuple[Any, ...]:
        """As parameters of `statements.WITHIN`."""
        return Int4s(self.datastreams), self.start, self.end


class Reader:
    """Any thread may read; nobody waits for a writer."""

    def __init__(self, connections: Connections, *, alone: bool = False) -> None:
        """`alone`: datastreams are asked one by one where one statement would go to several machines (Citus)."""
        self._connections, self._alone = connections, alone

    def server(self) -> str:
        """The version of the server, and whether it is one of those that were tried."""
        with self._connections.lent() as con:
            version = con.info.parameter_status("server_version") or ""
        tried = ", ".join(map(str, TRIED))
        return f"PostgreSQL {version} ({'tried' if version.split('.')[0] in map(str, TRIED) else f'tried are {tried}'})"

    def versions(self, ask: Ask) -> Columns:
        """Every version, by (datastream, start, end, version)."""
        found = self._connections.asked(lambda con: _copied(con, WITHIN, ask.values))
        return columns.ordered(found)

    def rows(self, ask: Ask) -> Columns:
        """The newest version of each, by (datastream, start, end)."""
        return columns.newest(self.versions(ask))

    def some(self, ask: Ask, limit: int, *, newest_first: bool) -> Columns:
        """The first `limit` of one datastream, or the last, newest first; corrected ones count once."""
        reach = limit + 16  # what was corrected is read too, and left out below
        while True:
            rows, whole = self._reached(ask, reach, newest_first)
            if len(rows) >= limit or whole:
                turned = np.arange(len(rows))[::-1] if newest_first else np.arange(len(rows))
                return columns.trimmed(columns.picked(rows, turned[:limit]))
            reach *= 4

    def _reached(self, ask: Ask, reach: int, newest_first: bool) -> tuple[Columns, bool]:
        """About `reach` rows from one end, each the newest version; whether these are all."""
        tail = f"{WITHIN} ORDER BY {FALLING if newest_first else RISING} LIMIT {reach}"
        found = columns.ordered(self._connections.asked(lambda con: _copied(con, tail, ask.values)))
        whole, rows = len(found) < reach, columns.newest(found)
        if whole:
            return rows, True
        # The identity at the end that was cut may have newer versions beyond it.
        return columns.picked(rows, slice(1, None) if newest_first else slice(0, -1)), False

    def scanned(self, ask: Ask, chunk: int) -> Iterator[Columns]:
        """Newest versions sorted by (datastream, start, end), in chunks, as one statement gives them."""
        kept = columns.empty()
        asked = f"{WITHIN} ORDER BY datastream, {RISING}"
        with (
            self._connections.lent() as con,
            con.cursor() as cursor,
            cursor.copy(asked_as_copy(asked), ask.values) as c,
        ):
            for body in _bodies(iter(c), chunk):
                rows = columns.joined([kept, binary.read(body)])
                last = rows.datastream[-1], rows.start[-1], rows.end[-1]
                open_end = (rows.datastream == last[0]) & (rows.start == last[1]) & (rows.end == last[2])
                whole = columns.newest(columns.picked(rows, np.flatnonzero(~open_end)))
                full = len(whole) - len(whole) % chunk
                for offset in range(0, full, chunk):
                    yield columns.trimmed(columns.picked(whole, slice(offset, offset + chunk)))
                left = [columns.picked(whole, slice(full, None)), columns.picked(rows, np.flatnonzero(open_end))]
                kept = columns.joined(left)
        kept = columns.newest(kept)
        for offset in range(0, len(kept), chunk):
            yield columns.trimmed(columns.picked(kept, slice(offset, offset + chunk)))

    def copied(self, select: str, values: tuple[Any, ...]) -> Columns:
        """Rows of a SELECT of all columns, in its order."""
        return columns.trimmed(self._connections.asked(lambda con: _copied(con, select, values)))

    def listed(self, select: str, values: tuple[Any, ...]) -> list[Any]:
        """Lines of a SELECT of few values."""
        return self._connections.asked(lambda con: con.execute(select.encode(), values).fetchall())

    def after(self, position: int, limit: int) -> Columns:
        """Whole commits after `position`, in their order; at least one, about `limit` rows."""
        return self._connections.asked(lambda con: _committed(con, position, limit))

    def nearest(self, datastreams: Ints, at: int, *, before: bool) -> Columns:
        """The newest observation before an instant, or the oldest from it on, of each datastream that has one."""
        if self._alone:
            return columns.joined([self._nearest(Int4s([one]), at, before) for one in datastreams.tolist()])
        return self._nearest(Int4s(datastreams), at, before)

    def _nearest(self, datastreams: Int4s, at: int, before: bool) -> Columns:
        asked = statements.BEFORE if before else statements.AFTER
        return columns.ordered(self._connections.asked(lambda con: _copied(con, asked, (datastreams, at))))

    def newest(self, datastreams: Sequence[int] | None) -> Columns:
        """The newest observation of each of these, or of all, sorted by datastream."""
        return columns.trimmed(
            columns.ordered(self._connections.asked(lambda con: _copied(con, *_of(statements.NEWEST, datastreams))))
        )

    def extents(self, datastreams: Sequence[int] | Ints | None) -> tuple[Ints, Ints, Ints, Ints]:
        """Number, count, first and last start of each that holds something, sorted by datastream."""
        sql, values = _of(statements.EXTENTS, datastreams)
        found = self._connections.asked(lambda con: con.execute(sql.encode(), values).fetchall())
        held = np.array(sorted(found), np.int64).reshape(len(found), 4)
        return held[:, 0], held[:, 1], held[:, 2], held[:, 3]

    def counters(self) -> Counters:
        """The next counter of each datastream."""
        asked = "SELECT datastream, next FROM standing ORDER BY datastream"
        found = self._connections.asked(lambda con: con.execute(asked.encode()).fetchall())
        held = np.array(found, np.int64).reshape(len(found), 2)
        return Counters(datastream=held[:, 0], next=held[:, 1])

    def expected(self, datastreams: Ints, start: int, end: int) -> Numbers:
        """About how many observations each of these (sorted) holds in a range, as if evenly spread."""
        numbers, counts, firsts, lasts = self.extents(datastreams)
        shared = np.clip(np.minimum(lasts + 1, end) - np.maximum(firsts, start), 0, None)
        found = np.zeros(len(datastreams))
        found[np.searchsorted(datastreams, numbers)] = counts * (shared / (lasts + 1 - firsts))
        return found

    def held(self, ask: Ask) -> Held:
        """What these hold of a range, counted."""
        found = self._connections.asked(lambda con: con.execute(statements.HELD.encode(), ask.values).fetchone())
        count, rows, position = found or (0, 0, 0)
        return int(count), int(rows), int(position)


def _of(statement: str, datastreams: Sequence[int] | Ints | None) -> tuple[str, tuple[Any, ...]]:
    """The statement for some datastreams; for all of them it names none."""
    if datastreams is None:
        return statement.replace("datastream = ANY(%s) AND ", ""), ()
    return statement, (Int4s(columns.distinct(datastreams)),)


def asked_as_copy(select: str) -> bytes:
    """A SELECT whose rows come as bytes."""
    return f"COPY ({select}) TO STDOUT (FORMAT BINARY)".encode()


def _copied(con: Plain, select: str, values: tuple[Any, ...]) -> Columns:
    with con.cursor() as cursor, cursor.copy(asked_as_copy(select), values) as copy:
        body = b"".join(copy)
    return binary.read(body[len(binary.HEADER) :])


def _bodies(parts: Iterator[Buffer], rows: int) -> Iterator[bytes]:
    """So many rows at a time; each part is one row, the first has the header before it, the last is the trailer."""
    held: list[bytes] = [bytes(next(parts))[len(binary.HEADER) :]]
    for part in parts:
        held.append(bytes(part))
        if len(held) > rows:
            yield b"".join(held[:-1])
            held = held[-1:]
    body = b"".join(held)
    if len(body) > len(binary.TRAILER):
        yield body


def _committed(con: Plain, position: int, limit: int) -> Columns:
    found = _copied(con, f"{BY_POSITION} > %s ORDER BY position LIMIT {limit + 1}", (position,))
    if len(found) > limit:
        last = int(found.position[-1])
        found = columns.picked(found, np.flatnonzero(found.position < last))
        if not len(found):  # one commit larger than the limit
            found = _copied(con, f"{BY_POSITION} = %s", (last,))
    order = columns.order_of(found.position, found.datastream, found.start, found.end, found.version)
    return columns.trimmed(found if order is None else columns.picked(found, order))
