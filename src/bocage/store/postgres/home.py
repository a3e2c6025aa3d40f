"""The PostgreSQL home: a schema of a database that is the log; any number of processes at a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec
from psycopg import sql

from bocage.domain.instant import month_of
from bocage.domain.observation import Columns, ObservationBatch, Receipt, Rollup
from bocage.store import columns
from bocage.store.answers import described, extents
from bocage.store.erasures import Erasures
from bocage.store.holdings import holding
from bocage.store.postgres import citus, partitions, schema
from bocage.store.postgres.binary import Int4s
from bocage.store.postgres.committed import Committed
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.erasing import Eraser
from bocage.store.postgres.frames import SharedFrames
from bocage.store.postgres.locks import Locks
from bocage.store.postgres.partitions import Month, Partitions
from bocage.store.postgres.reader import Ask, Reader
from bocage.store.postgres.selecting import selected, tallied
from bocage.store.postgres.writer import Writer, position
from bocage.store.protocol import About, Counters, Erasure, ErasureProof, Extent, Holding, Series, Step
from bocage.store.query import ObservationQuery
from bocage.store.rollups import Reach, rolled

SCHEMA = "bocage_log"
SERIES = "number, territory, nature, zone, thing, changes"


class PostgresStore:
    """A log in a database. Any thread of any process."""

    shared = True

    def __init__(self, url: str, *, schema_name: str = SCHEMA, lists: Path | None = None, now: int = 0) -> None:
        """`lists`: the folder of the list of erasures; `now` (UTC ms): the months that follow are made ahead."""
        self._connections = Connections(url, schema_name)
        self._name = schema.prepared(self._connections)
        self.citus = citus.distributed(self._connections)
        self._partitions = Partitions(self._connections)
        if now:
            self.ahead(now)
        locks = Locks(schema_name, by_datastream=not self.citus)
        self.frames: SharedFrames | None = SharedFrames(self._connections)
        self._reader = Reader(self._connections, alone=bool(self.citus))
        self._eraser = Eraser(self._connections, locks, lists)
        self._eraser.again()
        self._closed = threading.Event()
        self._writer = Writer(self._connections, self._partitions, locks)
        self._erasures = Erasures()
        self._committed = Committed(self._connections, locks, self._writer.tell, self._erasures.tell)

    @property
    def server(self) -> str:
        """What keeps this log, and whether those who make Bocage have tried that version."""
        return self._reader.server() + (f", Citus {self.citus} (never tried)" if self.citus else "")

    @property
    def trouble(self) -> Exception | None:
        """What a listener raised."""
        return self._writer.fault

    def ahead(self, now: int) -> list[str]:
        """Make the months that come; their names."""
        coming = partitions.coming(now)
        self._partitions.ensure(coming)
        return [month.name for month in coming]

    def mirror(self, series: Sequence[Series]) -> None:
        given = [
            (one.number, one.territory, str(one.nature), one.zone, one.thing, msgspec.json.encode(one.changes).decode())
            for one in series
        ]
        put = f"""INSERT INTO series ({SERIES}) VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (number) DO UPDATE
          SET ({SERIES}) = (excluded.number, excluded.territory, excluded.nature, excluded.zone, excluded.thing,
          excluded.changes)"""
        with self._connections.lent() as con, con.transaction(), con.cursor() as cursor:
            cursor.executemany(put.encode(), sorted(given))

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        return self._writer.append(batch)

    def refill(self, batch: ObservationBatch) -> None:
        self._writer.refill(batch)

    def counters(self) -> Counters:
        return self._reader.counters()

    def reserve(self, counters: Counters) -> None:
        self._writer.reserve(counters)

    def position(self) -> int:
        return self._connections.asked(position)

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        self._committed.start()
        return self._writer.subscribe(told)

    def tell_erasures(self, told: Callable[[], None]) -> None:
        self._erasures.add(told)
        self._committed.start()

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        return self._reader.newest(datastreams)

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        ask = Ask(datastreams=(datastream,), start=start, end=end)
        if limit:
            return self._reader.some(ask, limit, newest_first=newest_first)
        rows = self._reader.rows(ask)
        return columns.trimmed(columns.picked(rows, slice(None, None, -1)) if newest_first else rows)

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        return None

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        ask = Ask(datastreams=tuple(columns.distinct(datastreams).tolist()), start=start, end=end)
        return self._reader.scanned(ask, chunk) if ask.datastreams else iter(())

    def select(self, query: ObservationQuery) -> Columns:
        return selected(self._reader, query)

    def tally(self, query: ObservationQuery) -> dict[int, int]:
        return tallied(self._reader, query)

    def versions(self, datastream: int, start: int, end: int) -> Columns:
        return columns.trimmed(self._reader.versions(Ask(datastreams=(datastream,), start=start, end=end)))

    def rollup(self, datastreams: Sequence[int], start: int, end: int, step: Step) -> Rollup:
        reader = self._reader
        reach = Reach(
            rows=lambda wanted, low, high: reader.rows(Ask(datastreams=tuple(wanted.tolist()), start=low, end=high)),
            expected=reader.expected,
            before=lambda wanted, at: reader.nearest(wanted, at, before=True),
            after=lambda wanted, at: reader.nearest(wanted, at, before=False),
        )
        return rolled(reach, described(self._series(datastreams), datastreams), start, end, step)

    def _series(self, datastreams: Sequence[int]) -> dict[int, Series]:
        asked, wanted = f"SELECT {SERIES} FROM series WHERE number = ANY(%s)", Int4s(columns.distinct(datastreams))
        found = self._connections.asked(lambda con: con.execute(asked.encode(), (wanted,)).fetchall())
        rows = (dict(zip(SERIES.split(", "), row, strict=True)) for row in found)
        series = (msgspec.convert({**row, "changes": msgspec.json.decode(row["changes"])}, Series) for row in rows)
        return {one.number: one for one in series}

    def extent(self, datastreams: Sequence[int] | None = None) -> list[Extent]:
        return extents(self._reader.extents(datastreams))

    def holding(self, datastreams: Sequence[int], start: int, end: int) -> Holding:
        ask = Ask(datastreams=tuple(columns.distinct(datastreams).tolist()), start=start, end=end)
        return holding([self._reader.held(ask)], self._name)

    def after(self, position: int, limit: int = 65_536) -> Columns:
        return self._reader.after(position, limit)

    def seal(self, before: int) -> list[str]:
        """Months are read as quickly open as sealed: they are tidied (VACUUM), and named once something came.

        The months that come are made too: this runs every day.
        """
        current = month_of(before)
        self.ahead(before)
        with self._connections.lent() as con:
            fresh = [month for month in partitions.listed(con) if month.name < current and _came(con, month)]
            for month in fresh:
                con.execute(sql.SQL("VACUUM (FREEZE, ANALYZE) {}").format(sql.Identifier(month.table)))
        return [month.name for month in fresh]

    def erase(self, erasure: Erasure) -> ErasureProof:
        with self._erasures.told():
            return self._eraser.erase(erasure)

    def export(
        self, datastreams: Sequence[int], start: int, end: int, path: Path, *, about: About | None = None
    ) -> int:
        from bocage.store.export import written  # only those who export pay for it

        return written(self.scan(datastreams, start, end), path, about)

    def backup(self, folder: Path) -> int:
        """A log of the embedded home, row by row the same: it opens without a database."""
        from bocage.store.copying import copied_into  # DuckDB is loaded by those who copy only

        return copied_into(self, folder, self._eraser.listed())

    def size(self) -> int:
        asked = """SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
          WHERE relkind IN ('r', 'p') AND relnamespace = to_regnamespace(%s)"""
        found = self._connections.asked(lambda con: con.execute(asked, (self._connections.schema,)).fetchone())
        return int(found[0]) if found else 0

    def close(self) -> None:
        if self._closed.is_set():
            return
        self._closed.set()
        self._writer.close()
        self._committed.stop()
        self._connections.close()


def _came(con: Plain, month: Month) -> bool:
    """Whether something came into a month since it was sealed; it is noted as sealed now."""
    newest = con.execute(sql.SQL("SELECT max(position) FROM {}").format(sql.Identifier(month.table))).fetchone()
    if newest is None or newest[0] is None:
        return False
    noted = """INSERT INTO sealed VALUES (%s, %s) ON CONFLICT (month) DO UPDATE SET position = excluded.position
      WHERE sealed.position < excluded.position RETURNING month"""
    return con.execute(noted, (month.name, newest[0])).fetchone() is not None
