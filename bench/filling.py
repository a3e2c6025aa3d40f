"""Fills a log with a year of regular series, and goes on where an interrupted filling stopped.

A value every quarter of an hour of each series, in order of time; each month is sealed when the next one is five days
old, as an instance does, so that the last one is open, in the order of arrival. The same numbers come out each time.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time

import msgspec
import numpy as np
from bench.given import DAY, QUARTER, T0

from bocage.domain.nature import Nature
from bocage.domain.observation import Ints, ObservationBatch, Receipt
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Series

YEAR = 365 * DAY // QUARTER
END = T0 + 365 * DAY
SEALED_AFTER = 5 * DAY // QUARTER  # after the end of a month, as the settings say by default
ROWS, WAITING = 400_000, 2  # rows of a batch, batches on their way


class Filling(msgspec.Struct, kw_only=True):
    """What was appended and sealed, in how many seconds, of which so many of the processor's."""

    rows: int = 0
    appending: float = 0.0
    sealing: float = 0.0
    computing: float = 0.0

    @property
    def rate(self) -> float:
        """Rows appended a second, without the time of sealing."""
        return self.rows / self.appending if self.appending else 0.0


def months() -> Iterator[tuple[int, int]]:
    """The first tick of each month of 2025, and of the next one."""
    starts = [datetime(2025 + month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp() * 1e3 for month in range(13)]
    ticks = [round((start - T0) / QUARTER) for start in starts]
    yield from pairwise(ticks)


def rows_of(rng: np.random.Generator, numbers: Ints, ticks: Ints) -> ObservationBatch:
    """One value of each series at each quarter of an hour since the first."""
    start = T0 + np.repeat(ticks, len(numbers)) * QUARTER
    n = len(start)
    return ObservationBatch(
        datastream=np.tile(numbers, len(ticks)).astype(np.int32),
        start=start,
        end=start,
        kind=np.zeros(n, np.uint8),
        number=np.round(rng.normal(20, 3, n), 2),
        origin=np.zeros(n, np.uint8),
    )


def filled(folder: Path, datastreams: int) -> Filling:
    """A year of each datastream; what stands in the folder already is left as it is."""
    store = EmbeddedStore(folder)
    numbers = np.arange(1, datastreams + 1)
    store.mirror([Series(number=int(n), territory="bench", nature=Nature.GAUGE, zone="Europe/Paris") for n in numbers])
    reached = max([(one.last - T0) // QUARTER + 1 for one in store.extent([datastreams])], default=0)
    told, computing = Filling(), process_time()
    seals = [first + SEALED_AFTER for first, _last in months()]
    for first, last in pairwise([0, *seals, YEAR]):
        begin = perf_counter()
        told.rows += _appended(store, numbers, range(max(first, reached), last))
        told.appending += perf_counter() - begin
        if last < YEAR:
            begin = perf_counter()
            store.seal(T0 + (last - SEALED_AFTER) * QUARTER)
            told.sealing += perf_counter() - begin
    told.computing = process_time() - computing
    store.close()
    return told


def _appended(store: EmbeddedStore, numbers: Ints, ticks: range) -> int:
    """Rows of these ticks, in batches that are durable when this returns, and in columns."""
    if not ticks:
        return 0
    step = max(1, ROWS // len(numbers))
    waiting: list[Future[Receipt]] = []
    for tick in range(ticks.start - ticks.start % step, ticks.stop, step):
        some = np.arange(tick, min(tick + step, ticks.stop))
        waiting.append(store.append(rows_of(np.random.default_rng([1, tick]), numbers, some)))
        if len(waiting) > WAITING:
            waiting.pop(0).result()
    for future in waiting:
        future.result()
    store.drain()
    return len(numbers) * len(ticks)
