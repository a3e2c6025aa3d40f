"""What memory holds ahead of the columns: newest values, last values, last commits, and how far each has come."""

import threading
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.observation import Columns, Ints
from bocage.store import columns
from bocage.store.embedded.commits import Commits
from bocage.store.embedded.ready import NEVER, Ready
from bocage.store.embedded.recent import Recent
from bocage.store.erasures import struck
from bocage.store.identity import Known
from bocage.store.latest import Latest, Standing
from bocage.store.protocol import Erasure
from bocage.store.refilling import commits


class Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What is to be put in columns now: rows, the standing of their datastreams after them, up to a position."""

    rows: Columns
    standing: Standing
    position: int


HEAP: Final = 8_192  # rows that are put among the newest and the last values together, unless someone asks before

SOON: Final = 1_024  # rows of them that are put there while nobody is kept waiting


class Fresh:
    """Every method takes the lock; none does any input or output.

    Small commits are put among the newest and the last values together, when someone looks at these: what the next
    commit is judged by is noted at once.
    """

    def __init__(self, standing: Standing, drained: int) -> None:
        self.lock = threading.RLock()
        self._latest = Latest()
        self._latest.set(standing)
        self._recent = Recent()
        self._recent.begin(standing.rows.datastream.astype(np.int64), standing.rows.start)
        self._heap: list[Columns] = []
        self._heaped = 0
        self.commits = Commits(drained)
        self.ready = Ready(self.newest)
        self.drained = drained
        self.position = drained

    def take(self, rows: Columns, *, rising: bool = False) -> None:
        """Rows that are durable now, in order of position; `rising` as in `identity.Verdict`."""
        with self.lock:
            self._latest.note(rows, rising=rising)
            self.ready.touched(rows)
            for commit in commits(rows):
                self.commits.add(commit)
            self._heap.append(rows)
            self._heaped += len(rows)
            if self._heaped >= HEAP:
                self._spread()
            self.position = int(rows.position[-1])

    def _spread(self) -> None:
        if self._heap:
            heap, self._heap, self._heaped = self._heap, [], 0
            in_order = columns.ordered(columns.joined(heap))
            self._latest.put(in_order)
            self._recent.take(in_order)

    @property
    def latest(self) -> Latest:
        """The newest value of each datastream, for whoever holds the lock."""
        self._spread()
        return self._latest

    @property
    def recent(self) -> Recent:
        """The last values of each datastream, for whoever holds the lock."""
        self._spread()
        return self._recent

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        """A window from memory; None when it does not hold all of it, is busy, or has much to put in place first."""
        if not self.lock.acquire(blocking=False):
            return None
        try:
            return self.recent.window(datastream, start, end) if self._heaped <= SOON else None
        finally:
            self.lock.release()

    def known(self, datastream: npt.NDArray[np.int32]) -> Known:
        """What the judge must know of the datastream of each row."""
        with self.lock:
            return self._latest.known(datastream)

    def newest(self, datastreams: Ints) -> Ints:
        """The newest start of each of these (sorted), NEVER where there is none."""
        with self.lock:
            numbers, _, _, lasts = self.latest.extents(datastreams)
        found = np.full(len(datastreams), NEVER, np.int64)
        found[np.searchsorted(datastreams, numbers)] = lasts
        return found

    def undrained(self) -> tuple[list[Columns], int]:
        """What is not in columns yet, and up to which position columns hold everything."""
        with self.lock:
            return self.commits.undrained(), self.drained

    def waiting(self) -> Waiting | None:
        """What is to be put in columns now; None when all is."""
        with self.lock:
            parts = self.commits.undrained()
            if not parts:
                self.commits.calm()
                return None
            touched = np.unique(np.concatenate([part.datastream for part in parts])).astype(np.int64)
            standing, position = self.latest.standing(touched), self.position
        return Waiting(rows=columns.joined(parts), standing=standing, position=position)

    def settle(self, position: int) -> None:
        """Columns hold everything up to `position` now."""
        with self.lock:
            self.drained = position
            self.commits.drained(position)

    def erase(self, erasure: Erasure, standing: Standing) -> None:
        """Forget what was erased; `standing` is what is left of its datastreams. Nobody may be writing."""
        with self.lock:
            self.latest.set(standing)
            self.recent.close(columns.distinct(erasure.datastreams))
            self.ready.forget()
            self.commits.drop(lambda rows: struck(rows, erasure))
