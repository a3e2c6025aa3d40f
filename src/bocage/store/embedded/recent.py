"""The last 128 observations of each datastream in memory, where they came in order of time."""

from typing import Any

import numpy as np

from bocage.domain.beside import PROMPT
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import COUNTER_BITS, Columns, Ints
from bocage.store import columns
from bocage.store.columns import Flags
from bocage.store.latest import COUNTER_MASK, NEVER

DEPTH = 128
_TYPES: dict[str, Any] = {
    "start": np.int64,
    "span": np.int32,
    "kind": np.uint8,
    "number": np.float64,
    "origin": np.uint8,
    "counter": np.int32,
    "position": np.int64,
}
_LONGEST = int(np.iinfo(np.int32).max)
_PROMPT = 128
"""Added to the origin of what has `PROMPT` beside it."""


class Recent:
    """Holds, for each datastream, every observation that starts after its floor; not safe for threads by itself.

    Plain first versions only: text, replays with their original time, what has something beside it (but when its result
    came, where that is when it was over), corrections and late data raise the floor of their datastream to its newest
    start, and what comes later is held again.
    """

    def __init__(self) -> None:
        self._slot = np.full(1024, -1, np.int32)
        self._used = 0
        self._floor = np.empty(0, np.int64)
        self._newest = np.empty(0, np.int64)
        self._written = np.empty(0, np.int64)
        self._held: dict[str, Any] = {name: np.empty((0, DEPTH), dtype) for name, dtype in _TYPES.items()}

    def begin(self, datastream: Ints, newest: Ints) -> None:
        """Say how far each datastream had come before memory held anything of it."""
        at = self._slots(datastream)
        self._floor[at] = np.maximum(self._floor[at], newest)
        self._newest[at] = np.maximum(self._newest[at], newest)
        self._written[at] = 0

    def close(self, datastreams: Ints) -> None:
        """Hold nothing of these any more."""
        at = self._slots(datastreams)
        self._floor[at] = self._newest[at]
        self._written[at] = 0
        for name in ("start", "number"):
            self._held[name][at] = 0

    def _slots(self, datastream: Any) -> Ints:
        top = int(datastream.max()) if len(datastream) else 0
        if top >= len(self._slot):
            wider = np.full(max(top + 1, 2 * len(self._slot)), -1, np.int32)
            wider[: len(self._slot)] = self._slot
            self._slot = wider
        found = self._slot[datastream]
        new = np.unique(datastream[found < 0])
        if len(new):
            self._grow(self._used + len(new))
            self._slot[new] = np.arange(self._used, self._used + len(new))
            self._used += len(new)
            found = self._slot[datastream]
        return np.asarray(found, np.int64)

    def _grow(self, need: int) -> None:
        if need <= len(self._floor):
            return
        size = max(need, 2 * len(self._floor), 256)
        for name, dtype in _TYPES.items():
            wider = np.zeros((size, DEPTH), dtype)  # pages nobody writes to take no memory
            wider[: self._used] = self._held[name][: self._used]
            self._held[name] = wider
        for name, fill in (("_floor", NEVER), ("_newest", NEVER), ("_written", 0)):
            column = np.full(size, fill, np.int64)
            column[: self._used] = getattr(self, name)[: self._used]
            setattr(self, name, column)

    def take(self, rows: Columns) -> None:
        """Add rows sorted by (datastream, start, end, version)."""
        at = self._slots(rows.datastream)
        wanted = np.flatnonzero(rows.start > self._floor[at])
        if not len(wanted):
            return
        if len(wanted) < len(rows):
            rows, at = columns.picked(rows, wanted), at[wanted]
        bad = self._unfit(rows, at)
        if bad.any():
            broken = np.unique(at[bad])
            np.maximum.at(self._newest, at, rows.start)
            self._floor[broken], self._written[broken] = self._newest[broken], 0
            good = np.flatnonzero(~columns.among(at, broken))
            rows, at = columns.picked(rows, good), at[good]
        if len(rows):
            self._append(rows, at)

    def _unfit(self, rows: Columns, at: Ints) -> Flags:
        unfit = (
            (rows.kind == ResultKind.TEXT)
            | (rows.origin == Origin.REPLAYED)
            | (rows.version > 1)
            | (rows.end - rows.start > _LONGEST)
            | (rows.start <= self._newest[at])
        )
        if rows.beside is not None:
            unfit |= (rows.beside != np.array(None)) & (rows.beside != PROMPT)
        unfit[1:] |= (at[1:] == at[:-1]) & (rows.start[1:] == rows.start[:-1])
        return np.asarray(unfit, np.bool_)

    def _append(self, rows: Columns, at: Ints) -> None:
        ends = np.flatnonzero(np.append(at[1:] != at[:-1], True))
        begins = np.concatenate(([0], ends[:-1] + 1))
        size = ends - begins + 1
        rank = np.arange(len(at)) - np.repeat(begins, size)
        place = at * DEPTH + (self._written[at] + rank) % DEPTH
        keep = np.flatnonzero(rank >= np.repeat(size, size) - DEPTH) if int(size.max()) > DEPTH else slice(None)
        place = place[keep]
        found = {
            "start": rows.start,
            "span": rows.end - rows.start,
            "kind": rows.kind,
            "number": rows.number,
            "origin": rows.origin if rows.beside is None else rows.origin + _PROMPT * (rows.beside == PROMPT),
            "counter": rows.id & COUNTER_MASK,
            "position": rows.position,
        }
        for name, column in found.items():
            self._held[name].reshape(-1)[place] = column[keep]  # one index costs half of two
        slots = at[ends]
        self._written[slots] += size
        self._newest[slots] = rows.start[ends]
        full = slots[self._written[slots] > DEPTH]  # the oldest that is left marks how far back one can see
        self._floor[full] = self._held["start"][full, self._written[full] % DEPTH]

    def last(self, datastream: int, end: int, count: int) -> Columns | None:
        """The last `count` observations that start before `end`, by start; None when memory holds fewer."""
        slot = int(self._slot[datastream]) if 0 <= datastream < len(self._slot) else -1
        if slot < 0 or count > min(int(self._written[slot]), DEPTH):
            return None
        rows = self.window(datastream, int(self._floor[slot]) + 1, end)
        return rows if rows is None or len(rows) >= count else None

    def window(self, datastream: int, start: int, end: int) -> Columns | None:
        """The observations that start in [start, end), by start; None when memory does not hold them all."""
        slot = int(self._slot[datastream]) if 0 <= datastream < len(self._slot) else -1
        if slot < 0:
            return columns.empty()
        if start <= self._floor[slot]:
            return None
        count = min(int(self._written[slot]), DEPTH)
        place = np.arange(int(self._written[slot]) - count, int(self._written[slot])) % DEPTH
        starts = self._held["start"][slot][place]
        place = place[np.searchsorted(starts, start) : np.searchsorted(starts, end)]
        held = {name: self._held[name][slot][place] for name in _TYPES}
        return _columns(datastream, held)


def _columns(datastream: int, held: dict[str, Any]) -> Columns:
    n, prompt = len(held["start"]), held["origin"] >= _PROMPT
    return Columns(
        datastream=np.full(n, datastream, np.int32),
        start=held["start"],
        end=held["start"] + held["span"],
        kind=held["kind"],
        number=held["number"],
        origin=held["origin"] % _PROMPT,
        id=(datastream << COUNTER_BITS) | held["counter"].astype(np.int64),
        position=held["position"],
        version=np.ones(n, np.int32),
        beside=np.where(prompt, np.array(PROMPT, object), np.array(None)) if prompt.any() else None,
    )
