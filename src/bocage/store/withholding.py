"""A log whose readers get nothing of some datastreams: their observations are kept, and used by nobody (GDPR 18).

What writes, counts and copies the whole log passes; what reads is answered as if these held nothing; what would erase
them is refused. `everything` is the log itself, for those who must know that something is held.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.errors import Conflict
from bocage.domain.observation import Columns, ObservationBatch, Receipt, Rollup
from bocage.domain.text import message as _
from bocage.store import columns
from bocage.store.protocol import (
    About,
    Counters,
    Erasure,
    ErasureProof,
    Extent,
    Frames,
    Holding,
    Series,
    Step,
    Store,
)
from bocage.store.query import ObservationQuery, others


def whole(store: Store) -> Store:
    """The log itself, where it withholds something from its readers: for what counts and keeps, and uses nothing."""
    return store.everything if isinstance(store, Withholding) else store


class Withholding:
    """A `Store` over another one."""

    def __init__(self, everything: Store) -> None:
        self.everything = everything
        self.shared = everything.shared
        self.withheld: frozenset[int] = frozenset()
        self._lock = threading.Lock()
        self._told: list[Callable[[], None]] = []

    def withhold(self, datastreams: Collection[int]) -> None:
        """Answer nothing of these from now on, and of others again; whoever remembers observations forgets them."""
        with self._lock:
            moved = self.withheld != frozenset(datastreams)
            self.withheld = frozenset(datastreams)
        for told in self._told if moved else ():
            told()

    def _left(self, datastreams: Sequence[int]) -> Sequence[int]:
        held = self.withheld
        return [one for one in datastreams if one not in held] if held else datastreams

    def _rows(self, rows: Columns) -> Columns:
        """The rows without those that are withheld."""
        if not self.withheld or not len(rows):
            return rows
        mask = columns.among(rows.datastream, np.array(sorted(self.withheld), np.int64))
        return columns.picked(rows, np.flatnonzero(~mask)) if mask.any() else rows

    @property
    def frames(self) -> Frames | None:
        return self.everything.frames

    def mirror(self, series: Sequence[Series]) -> None:
        self.everything.mirror(series)

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        return self.everything.append(batch)

    def refill(self, batch: ObservationBatch) -> None:
        self.everything.refill(batch)

    def counters(self) -> Counters:
        return self.everything.counters()

    def reserve(self, counters: Counters) -> None:
        self.everything.reserve(counters)

    def position(self) -> int:
        return self.everything.position()

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        return self.everything.subscribe(told)

    def tell_erasures(self, told: Callable[[], None]) -> None:
        with self._lock:
            self._told.append(told)
        self.everything.tell_erasures(told)

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        if datastreams is None:
            return self._rows(self.everything.latest())
        return self.everything.latest(self._left(datastreams))

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        if datastream in self.withheld:
            return columns.empty()
        return self.everything.window(datastream, start, end, limit=limit, newest_first=newest_first)

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        return columns.empty() if datastream in self.withheld else self.everything.at_hand(datastream, start, end)

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        return self.everything.scan(self._left(datastreams), start, end, chunk=chunk)

    def select(self, query: ObservationQuery) -> Columns:
        asked = self._asked(query)
        return self.everything.select(asked) if asked.datastreams else columns.empty()

    def tally(self, query: ObservationQuery) -> dict[int, int]:
        asked = self._asked(query)
        return self.everything.tally(asked) if asked.datastreams else {}

    def _asked(self, query: ObservationQuery) -> ObservationQuery:
        """The same question without what is withheld; one that compares with such a series is about nothing."""
        if not self.withheld:
            return query
        left = () if self.withheld.intersection(others(query)) else tuple(self._left(query.datastreams))
        return msgspec.structs.replace(query, datastreams=left)

    def versions(self, datastream: int, start: int, end: int) -> Columns:
        return columns.empty() if datastream in self.withheld else self.everything.versions(datastream, start, end)

    def rollup(self, datastreams: Sequence[int], start: int, end: int, step: Step) -> Rollup:
        return self.everything.rollup(self._left(datastreams), start, end, step)

    def extent(self, datastreams: Sequence[int] | None = None) -> list[Extent]:
        if datastreams is not None:
            return self.everything.extent(self._left(datastreams))
        return [one for one in self.everything.extent() if one.datastream not in self.withheld]

    def holding(self, datastreams: Sequence[int], start: int, end: int) -> Holding:
        return self.everything.holding(self._left(datastreams), start, end)

    def after(self, position: int, limit: int = 65_536) -> Columns:
        found = self.everything.after(position, limit)
        while len(found) and not len(left := self._rows(found)):
            found = self.everything.after(int(found.position[-1]), limit)
        return left if len(found) else found

    def seal(self, before: int) -> list[str]:
        return self.everything.seal(before)

    def erase(self, erasure: Erasure) -> ErasureProof:
        """Conflict when it would erase something that is withheld: it is kept until the restriction is lifted."""
        if self.withheld.intersection(erasure.datastreams):
            raise Conflict(
                _("series whose use nobody restricted"),
                found=_("a series restricted at the request of a person"),
                remedy=_(
                    "Lift the restriction first, on the page of the request; the person is told before (GDPR 18(3))."
                ),
            )
        return self.everything.erase(erasure)

    def export(
        self, datastreams: Sequence[int], start: int, end: int, path: Path, *, about: About | None = None
    ) -> int:
        return self.everything.export(self._left(datastreams), start, end, path, about=about)

    def backup(self, folder: Path) -> int:
        return self.everything.backup(folder)

    def size(self) -> int:
        return self.everything.size()

    def close(self) -> None:
        self.everything.close()
