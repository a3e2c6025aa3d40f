"""What memory holds ahead of the columns: newest values, last values, last commits, and how far each has come."""

import threading

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


class Fresh:
    """Every method takes the lock; none does any input or output."""

    def __init__(self, standing: Standing, drained: int) -> None:
        self.lock = threading.RLock()
        self.latest = Latest()
        self.latest.set(standing)
        self.recent = Recent()
        self.recent.begin(standing.rows.datastream.astype(np.int64), standing.rows.start)
        self.commits = Commits(drained)
        self.ready = Ready(self.newest)
        self.drained = drained
        self.position = drained

    def take(self, rows: Columns) -> None:
        """Rows that are durable now, in order of position."""
        in_order = columns.ordered(rows)
        with self.lock:
            self.latest.take(in_order)
            self.recent.take(in_order)
            self.ready.touched(in_order)
            for commit in commits(rows):
                self.commits.add(commit)
            self.position = int(rows.position[-1])

    def known(self, datastream: npt.NDArray[np.int32]) -> Known:
        """What the judge must know of the datastream of each row."""
        with self.lock:
            return self.latest.known(datastream)

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
