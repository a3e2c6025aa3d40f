"""Holds readings to the cadence their purpose needs, exactly: across batches, late arrivals and restarts.

A reading is too fine when another one that was kept starts nearer to it than 90 % of the cadence: the tenth lets
clocks drift and a civil day have 23 hours. What was kept is in the log, which outlives the process; here stand only
the newest start of each series and what is admitted but not durable yet. The same start again is never too fine: the
log knows it, and answers that it does.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from bocage.domain.observation import Columns, Ints

Flags = npt.NDArray[np.bool_]
Streams = npt.NDArray[np.int32]

NEVER: Final = int(np.iinfo(np.int64).min) // 2  # far enough below any time for differences not to wrap
TOLERANCE: Final = 0.9
Reach = tuple[int, int]  # first and last start that matter, both included


class Kept(Protocol):
    """What the log must answer: a part of store.protocol.Store."""

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        """The newest observation of each."""

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        """Observations that start in [start, end)."""

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        """The same of many."""


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
            self._doubted(fits, _doubts(order, begins, plain), (stream, start, space))
        np.maximum.at(self._newest, stream[fits], start[fits])
        out = np.empty(len(stream), dtype=np.bool_)
        out[order] = fits
        return out

    def _open_single(self, stream: int, starts: Ints, least: int) -> Flags:
        """One reading, as most senders push them."""
        start = int(starts[0])
        fits = start - int(self._newest[stream]) >= least
        fits = fits or _one_by_one(self._held({stream: (start - least, start + least)})[stream], starts, least)[0]
        if fits and start > self._newest[stream]:
            self._newest[stream] = start
        return np.array([fits], dtype=np.bool_)

    def _doubted(
        self, fits: Flags, doubts: Sequence[npt.NDArray[np.intp]], sorted_: tuple[Streams, Ints, Ints]
    ) -> None:
        """Judge, series by series, those whose readings are not plainly far from what came before them."""
        stream, start, space = sorted_
        asked = [(int(stream[at[0]]), start[at], int(space[at[0]])) for at in doubts]
        held = self._held({one: (int(s.min()) - least, int(s.max()) + least) for one, s, least in asked})
        for at, (one, starts, least) in zip(doubts, asked, strict=True):
            fits[at] = _one_by_one(held[one], starts, least)

    def _held(self, reaches: Mapping[int, Reach]) -> dict[int, list[int]]:
        """Starts kept or on their way to the log, sorted, of each of these series within its reach."""
        found: dict[int, set[int]] = {stream: set() for stream in reaches}
        for group in _together(reaches):
            first, last = min(reaches[one][0] for one in group), max(reaches[one][1] for one in group)
            if len(group) == 1:
                found[group[0]].update(self._kept.window(group[0], first, last + 1).start.tolist())
                continue
            for rows in self._kept.scan(group, first, last + 1):
                _shared_out(found, rows.datastream, rows.start)
        wanted = np.fromiter(reaches, np.int32, len(reaches))
        for streams, starts in self._unsettled.values():
            mine = np.isin(streams, wanted)
            _shared_out(found, streams[mine], starts[mine])
        return {stream: sorted(starts) for stream, starts in found.items()}

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


def _one_by_one(held: list[int], starts: Ints, least: int) -> list[bool]:
    """Readings of one series in their order of arrival, each against those `held` on both sides of it."""
    fits = []
    for start in starts.tolist():
        place = bisect_left(held, start)
        same = place < len(held) and held[place] == start
        free = (place == len(held) or held[place] - start >= least) and (place == 0 or start - held[place - 1] >= least)
        if free:
            insort(held, start)
        fits.append(same or free)
    return fits


def _doubts(order: npt.NDArray[np.intp], begins: Flags, plain: Flags) -> list[npt.NDArray[np.intp]]:
    """The rows of each series that has one that is not plain, in their order of arrival."""
    edges = np.append(np.flatnonzero(begins), len(begins))
    group = np.cumsum(begins) - 1
    found = []
    for number in np.unique(group[~plain]).tolist():
        at = np.arange(edges[number], edges[number + 1])
        found.append(at[np.argsort(order[at], kind="stable")])
    return found


def _together(reaches: Mapping[int, Reach]) -> Iterator[list[int]]:
    """Series whose reaches lie so near each other that one question to the log reads little more than many would."""
    group: list[int] = []
    first = last = widest = 0
    for stream, reach in sorted(reaches.items(), key=lambda one: one[1]):
        widest = max(widest, reach[1] - reach[0])
        if group and max(last, reach[1]) - first > 2 * widest:
            yield group
            group, widest = [], reach[1] - reach[0]
        if not group:
            first, last = reach
        group.append(stream)
        last = max(last, reach[1])
    if group:
        yield group


def _shared_out(found: Mapping[int, set[int]], streams: Streams, starts: Ints) -> None:
    for stream, start in zip(streams.tolist(), starts.tolist(), strict=True):
        found[stream].add(start)
