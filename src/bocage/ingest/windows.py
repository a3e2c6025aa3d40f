"""Holds readings to the cadence their purpose needs, exactly: across batches, late arrivals and restarts.

A reading is too fine when another one that was kept starts nearer to it than 90 % of the cadence: the tenth lets
clocks drift and a civil day have 23 hours. What was kept is in the log, which outlives the process; here stand only
the newest start of each series and what is admitted but not durable yet. The same start again is never too fine: the
log knows it, and answers that it does.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from bocage.domain.observation import Columns, Ints

Flags = npt.NDArray[np.bool_]
Streams = npt.NDArray[np.int32]

NEVER: Final = int(np.iinfo(np.int64).min) // 2  # far enough below any time for differences not to wrap
TOLERANCE: Final = 0.9


class Kept(Protocol):
    """What the log must answer: a part of store.protocol.Store."""

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        """The newest observation of each."""

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        """Observations that start in [start, end)."""


def spacing(cadence_seconds: int) -> int:
    """Milliseconds that must lie between two kept readings; 0 when the cadence is not limited."""
    return int(cadence_seconds * 1000 * TOLERANCE)


class Windows:
    """The open windows of all series of the instance; whoever calls holds the gate's lock."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._newest = np.full(0, NEVER, dtype=np.int64)
        self._known = np.zeros(0, dtype=np.bool_)
        self._unsettled: dict[int, tuple[Streams, Ints]] = {}
        self._count = 0

    def open(self, streams: Streams, starts: Ints, least: Ints) -> Flags:
        """Which of these readings are not too fine; `least`: milliseconds between two, 0 where not limited."""
        fits = np.ones(len(streams), dtype=np.bool_)
        if not least.any():
            return fits
        limited = np.flatnonzero(least)
        fits[limited] = self._open_limited(streams[limited], starts[limited], least[limited])
        return fits

    def promise(self, streams: Streams, starts: Ints) -> int:
        """Remember what is on its way to the log; the ticket is for `settle`."""
        self._count += 1
        self._unsettled[self._count] = (streams, starts)
        return self._count

    def settle(self, ticket: int) -> None:
        """What had this ticket is in the log, or will never be."""
        self._unsettled.pop(ticket, None)

    def _open_limited(self, streams: Streams, starts: Ints, least: Ints) -> Flags:
        self._learn(streams)
        if len(streams) == 1:
            return self._open_single(int(streams[0]), starts, int(least[0]))
        order = np.lexsort((starts, streams))
        stream, start, space = streams[order], starts[order], least[order]
        begins = np.ones(len(stream), dtype=np.bool_)
        begins[1:] = stream[1:] != stream[:-1]
        before = np.empty_like(start)
        before[1:] = start[:-1]
        before[begins] = self._newest[stream[begins]]
        gap = start - before
        plain = (gap >= space) | ((gap == 0) & ~begins)
        fits = np.ones(len(stream), dtype=np.bool_)
        if not plain.all():
            group = np.cumsum(begins) - 1
            doubtful = np.bincount(group[~plain], minlength=int(group[-1]) + 1) > 0
            for number in np.flatnonzero(doubtful).tolist():
                at = np.flatnonzero(group == number)
                arrival = at[np.argsort(order[at], kind="stable")]
                fits[arrival] = self._one_by_one(int(stream[at[0]]), start[arrival], int(space[at[0]]))
        np.maximum.at(self._newest, stream[fits], start[fits])
        out = np.empty(len(stream), dtype=np.bool_)
        out[order] = fits
        return out

    def _open_single(self, stream: int, starts: Ints, least: int) -> Flags:
        """One reading, as most senders push them."""
        start = int(starts[0])
        fits = start - int(self._newest[stream]) >= least or self._one_by_one(stream, starts, least)[0]
        if fits and start > self._newest[stream]:
            self._newest[stream] = start
        return np.array([fits], dtype=np.bool_)

    def _one_by_one(self, stream: int, starts: Ints, least: int) -> list[bool]:
        """Readings of one series in their order of arrival, each against those kept on both sides of it."""
        held = self._held(stream, int(starts.min()) - least, int(starts.max()) + least)
        fits = []
        for start in starts.tolist():
            place = bisect_left(held, start)
            same = place < len(held) and held[place] == start
            free = (place == len(held) or held[place] - start >= least) and (
                place == 0 or start - held[place - 1] >= least
            )
            if free:
                insort(held, start)
            fits.append(same or free)
        return fits

    def _held(self, stream: int, first: int, last: int) -> list[int]:
        """Starts kept or on their way to the log, sorted."""
        found = set(self._kept.window(stream, first, last + 1).start.tolist())
        for streams, starts in self._unsettled.values():
            found.update(starts[streams == stream].tolist())
        return sorted(found)

    def _learn(self, streams: Streams) -> None:
        """Ask the log for the newest start of series met for the first time."""
        top = int(streams.max()) + 1
        if top > len(self._newest):
            grown = max(top, 2 * len(self._newest), 1024)
            self._newest = np.concatenate([self._newest, np.full(grown - len(self._newest), NEVER)])
            self._known = np.concatenate([self._known, np.zeros(grown - len(self._known), dtype=np.bool_)])
        if self._known[streams].all():
            return
        new = np.unique(streams[~self._known[streams]])
        latest = self._kept.latest(new.tolist())
        np.maximum.at(self._newest, latest.datastream, latest.start)
        self._known[new] = True
