"""A log in memory, for tests and for what-if; nothing outlives the process."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.instant import EARLIEST, LATEST, month_of
from bocage.domain.observation import Columns, Ints, ObservationBatch, Receipt, Rollup
from bocage.store import columns, identity, query_rows
from bocage.store.answers import described, extents, receipts, unfit
from bocage.store.erasures import Erasures, struck
from bocage.store.holdings import holding, measured
from bocage.store.latest import Latest
from bocage.store.protocol import About, Counters, Erasure, ErasureProof, Extent, Holding, Series, Step
from bocage.store.query import ObservationQuery, others
from bocage.store.refilling import commits, refilled
from bocage.store.rollups import Reach, rolled


class MemoryStore:
    """Keeps commits as they came; sorts them when they are read."""

    shared = False
    frames = None

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._commits: list[Columns] = []
        self._sorted: Columns | None = None
        self._latest = Latest()
        self._series: dict[int, Series] = {}
        self._told: list[Callable[[int], None]] = []
        self._erasures = Erasures()
        self._position = 0
        self._sealed: dict[str, int] = {}  # month: position it was sealed at
        self._closed = False

    def mirror(self, series: Sequence[Series]) -> None:
        with self._lock:
            self._series.update({one.number: one for one in series})

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        future: Future[Receipt] = Future()
        with self._lock:
            fault = Unavailable("an open log", found="closed") if self._closed else unfit(batch)
            if fault is not None:
                future.set_exception(fault)
                return future
            arrived = identity.gathered([batch])
            verdict = identity.judged(arrived, self._latest.known(arrived.rows.datastream), self._identities)
            rows = identity.kept_rows(arrived, verdict, self._position + 1)
            if len(rows):
                self._position += 1
                self._commits.append(rows)
                self._latest.take(rows)
                self._sorted = None
            told = list(self._told) if len(rows) else []
        future.set_result(receipts(arrived, verdict, self._position)[0])
        for tell in told:
            with suppress(Exception):  # what is kept is acknowledged, whatever a listener does
                tell(self._position)
        return future

    def refill(self, batch: ObservationBatch) -> None:
        with self._lock:
            for rows in commits(refilled(batch, self._position)):
                self._position = int(rows.position[0])
                self._commits.append(rows)
                self._latest.take(rows)
            self._sorted = None

    def counters(self) -> Counters:
        with self._lock:
            datastream, following = self._latest.counters()
        return Counters(datastream=datastream, next=following)

    def reserve(self, counters: Counters) -> None:
        with self._lock:
            self._latest.reserve(counters.datastream, counters.next)

    def _identities(self, asked: Columns) -> Columns:
        held = columns.newest(self._all())
        found = identity.matched(asked, held)
        return columns.picked(held, found[found >= 0])

    def _all(self) -> Columns:
        with self._lock:
            if self._sorted is None:
                self._sorted = columns.ordered(columns.joined(self._commits))
            return self._sorted

    def position(self) -> int:
        return self._position

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        with self._lock:
            self._told.append(told)
        return lambda: self._told.remove(told) if told in self._told else None

    def tell_erasures(self, told: Callable[[], None]) -> None:
        self._erasures.add(told)

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        with self._lock:
            return self._latest.newest(None if datastreams is None else columns.distinct(datastreams))

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        rows = self._read(columns.distinct([datastream]), start, end)
        turned = columns.picked(rows, np.arange(len(rows))[::-1]) if newest_first else rows
        return columns.trimmed(columns.picked(turned, slice(0, limit or None)))

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        return self.window(datastream, start, end)

    def _read(self, datastreams: Ints, start: int, end: int) -> Columns:
        return columns.newest(columns.between(self._all(), datastreams, start, end))

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        rows = self._read(columns.distinct(datastreams), start, end)
        for offset in range(0, len(rows), chunk):
            yield columns.trimmed(columns.picked(rows, slice(offset, offset + chunk)))

    def select(self, query: ObservationQuery) -> Columns:
        return query_rows.selected(self._asked(query.datastreams, query), query, self._asked(others(query), query))

    def _asked(self, datastreams: Sequence[int], query: ObservationQuery) -> Columns:
        return self._read(columns.distinct(datastreams), query.start, query.end)

    def tally(self, query: ObservationQuery) -> dict[int, int]:
        return query_rows.tallied(self._asked(query.datastreams, query), query, self._asked(others(query), query))

    def versions(self, datastream: int, start: int, end: int) -> Columns:
        return columns.trimmed(columns.between(self._all(), columns.distinct([datastream]), start, end))

    def rollup(self, datastreams: Sequence[int], start: int, end: int, step: Step) -> Rollup:
        reach = Reach(
            rows=self._read,
            expected=lambda wanted, low, high: np.zeros(len(wanted)),
            before=self._before,
            after=self._after,
        )
        return rolled(reach, described(self._series, datastreams), start, end, step)

    def _before(self, datastreams: Ints, at: int) -> Columns:
        parts = [self.window(int(one), EARLIEST, at, limit=1, newest_first=True) for one in datastreams]
        return columns.joined(parts)

    def _after(self, datastreams: Ints, at: int) -> Columns:
        return columns.joined([self.window(int(one), at, LATEST, limit=1) for one in datastreams])

    def extent(self, datastreams: Sequence[int] | None = None) -> list[Extent]:
        with self._lock:
            return extents(self._latest.extents(None if datastreams is None else columns.distinct(datastreams)))

    def holding(self, datastreams: Sequence[int], start: int, end: int) -> Holding:
        rows = columns.between(self._all(), columns.distinct(datastreams), start, end)
        return holding([measured(rows)], f"memory {id(self)}")

    def after(self, position: int, limit: int = 65_536) -> Columns:
        with self._lock:
            later = [rows for rows in self._commits if len(rows) and int(rows.position[0]) > position]
        sizes = np.cumsum([len(rows) for rows in later])
        whole = max(1, int(np.searchsorted(sizes, limit, "right")))
        return columns.trimmed(columns.joined(later[:whole]))

    def seal(self, before: int) -> list[str]:
        with self._lock:
            rows, current = self._all(), month_of(before)
            months = np.array([month_of(int(at)) for at in rows.start], object)
            open_rows = rows.position > np.array([self._sealed.get(month, 0) for month in months], np.int64)
            fresh = sorted(month for month in set(months[open_rows]) if month < current)
            self._sealed.update(dict.fromkeys(fresh, self._position))
            return fresh

    def erase(self, erasure: Erasure) -> ErasureProof:
        with self._erasures.told(), self._lock:
            before, rows = len(columns.newest(self._all())), len(self._all())
            self._commits = [columns.picked(rows, ~struck(rows, erasure)) for rows in self._commits]
            self._sorted = None
            named = columns.distinct(erasure.datastreams)
            self._latest.reset(named, self._read(named, EARLIEST, LATEST))
            erased = before - len(columns.newest(self._all()))
            corrections = rows - len(self._all()) - erased if erasure.runs else 0
            return ErasureProof(
                erasure=erasure, erased=erased, corrections=corrections, covers=("memory",), position=self._position
            )

    def export(
        self, datastreams: Sequence[int], start: int, end: int, path: Path, *, about: About | None = None
    ) -> int:
        from bocage.store.export import written  # DuckDB is loaded by those who export only

        return written(self.scan(datastreams, start, end), path, about)

    def backup(self, folder: Path) -> int:
        raise Unavailable("a log that lives on disk", found="a log in memory", remedy="use the embedded home")

    def size(self) -> int:
        return 0

    def close(self) -> None:
        self._closed = True
