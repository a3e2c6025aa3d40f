"""Holds readings to the cadence their purpose needs, exactly: across batches, late arrivals and restarts.

A reading is too fine when another one that was kept starts nearer to it than 90 % of the cadence: the tenth lets
clocks drift and a civil day have 23 hours. What was kept is in the log, which outlives the process; here stand only
the newest start of each series and what is admitted but not durable yet. The same start again is never too fine: the
log knows it, and answers that it does.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.instant import EARLIEST
from bocage.domain.observation import Columns, Ints
from bocage.store.columns import each_once

Flags = npt.NDArray[np.bool_]
Streams = npt.NDArray[np.int32]

NEVER: Final = int(np.iinfo(np.int64).min) // 2  # far enough below any time for differences not to wrap
TOLERANCE: Final = 0.9
TIME_BITS: Final = 44  # of milliseconds since EARLIEST, with room for any cadence between two series


class Rows(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Readings sorted by (stream, start); `order`: the place of each among those that arrived."""

    order: npt.NDArray[np.intp]
    stream: Streams
    start: Ints
    space: Ints


class Doubts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """First and last row of some series."""

    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]


class Kept(Protocol):
    """What the log must answer: a part of store.protocol.Store."""

    shared: bool

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

    def open(self, streams: Streams, starts: Ints, least: Ints, *, all_limited: bool = False) -> Flags:
        """Which of these readings are not too fine; `least`: milliseconds between two, 0 where not limited."""
        if len(least) and (all_limited or least.all()):
            return self._open_limited(streams, starts, least)
        fits = np.ones(len(streams), dtype=np.bool_)
        limited = np.flatnonzero(least)
        if not len(limited):
            return fits
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
        if bool((starts - self._newest[streams] >= least).all()) and each_once(streams):
            self._newest[streams] = starts
            return np.ones(len(streams), dtype=np.bool_)
        order = _order(streams, starts)
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
            rows = Rows(order=order, stream=stream, start=start, space=space)
            self._doubted(fits, _doubts(begins, plain), rows)
        np.maximum.at(self._newest, stream[fits], start[fits])
        out = np.empty(len(stream), dtype=np.bool_)
        out[order] = fits
        return out

    def _open_single(self, stream: int, starts: Ints, least: int) -> Flags:
        """One reading, as most senders push them."""
        start = int(starts[0])
        fits = start - int(self._newest[stream]) >= least
        if not fits:
            held = self._held(np.array([stream], dtype=np.int32), starts - least, starts + least)[1]
            fits = _one_by_one(held.tolist(), starts, least)[0]
        if fits and start > self._newest[stream]:
            self._newest[stream] = start
        return np.array([fits], dtype=np.bool_)

    def _doubted(self, fits: Flags, doubts: Doubts, rows: Rows) -> None:
        """Judge those of series whose readings are not plainly far from what came before them.

        Most of these series sent one reading: all of them are compared at once, the others one by one.
        """
        streams = rows.stream[doubts.first]
        low = rows.start[doubts.first] - rows.space[doubts.first]
        high = rows.start[doubts.last] + rows.space[doubts.last]
        held, held_start = self._held(streams, low, high)
        single = doubts.first == doubts.last
        at = doubts.first[single]
        fits[at] = _apart((held, held_start), np.flatnonzero(single), rows.start[at], rows.space[at])
        edges = np.searchsorted(held, np.arange(len(streams) + 1))
        for place in np.flatnonzero(~single).tolist():
            arrival = np.arange(doubts.first[place], doubts.last[place] + 1)
            arrival = arrival[np.argsort(rows.order[arrival], kind="stable")]
            mine = held_start[edges[place] : edges[place + 1]].tolist()
            fits[arrival] = _one_by_one(mine, rows.start[arrival], int(rows.space[arrival[0]]))

    def _held(self, streams: Streams, low: Ints, high: Ints) -> tuple[Ints, Ints]:
        """Starts kept or on their way to the log, of these series (sorted) between low and high, both included.

        Place of the series in `streams`, and start; sorted by both.
        """
        found = list(self._unsettled.values())
        for group in _together(low, high):
            first, last = int(low[group].min()), int(high[group].max())
            if len(group) == 1:
                rows = self._kept.window(int(streams[group[0]]), first, last + 1)
                found.append((rows.datastream, rows.start))
                continue
            found += [
                (rows.datastream, rows.start) for rows in self._kept.scan(streams[group].tolist(), first, last + 1)
            ]
        stream = np.concatenate([one for one, _starts in found]) if found else np.empty(0, dtype=np.int32)
        start = np.concatenate([starts for _one, starts in found]) if found else np.empty(0, dtype=np.int64)
        place = np.minimum(np.searchsorted(streams, stream), len(streams) - 1)
        mine = np.flatnonzero((streams[place] == stream) & (start >= low[place]) & (start <= high[place]))
        order = mine[np.lexsort((start[mine], place[mine]))]
        return np.asarray(place[order], dtype=np.int64), start[order]

    def _learn(self, streams: Streams) -> None:
        """Ask the log for the newest start of series met for the first time."""
        try:
            known = self._known[streams]
        except IndexError:
            known = self._wider(int(streams.max()) + 1)[streams]
        if not self._kept.shared and known.all():
            return
        # Where others write too, what they kept since counts as much.
        new = np.unique(streams if self._kept.shared else streams[~known])
        latest = self._kept.latest(new.tolist())
        np.maximum.at(self._newest, latest.datastream, latest.start)
        self._known[new] = True

    def _wider(self, top: int) -> Flags:
        grown = max(top, 2 * len(self._newest), 1024)
        self._newest = np.concatenate([self._newest, np.full(grown - len(self._newest), NEVER)])
        self._known = np.concatenate([self._known, np.zeros(grown - len(self._known), dtype=np.bool_)])
        return self._known


def _order(streams: Streams, starts: Ints) -> npt.NDArray[np.intp]:
    """By stream and start, arrival order kept among equals; most arrays come so."""
    before, after = slice(None, -1), slice(1, None)
    tied = (streams[after] == streams[before]) & (starts[after] >= starts[before])
    if bool((tied | (streams[after] > streams[before])).all()):
        return np.arange(len(streams))
    return np.lexsort((starts, streams))


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


def _apart(held: tuple[Ints, Ints], place: Ints, start: Ints, space: Ints) -> Flags:
    """Which of these readings, one each of series at `place`, are a start that is held or far enough from all held."""
    key = (held[0] << TIME_BITS) | (held[1] - EARLIEST)
    wanted = (place << TIME_BITS) | (start - EARLIEST)
    after = np.searchsorted(key, wanted)
    padded = np.concatenate([[NEVER], key, [-NEVER]])
    before, following = padded[after], padded[after + 1]
    same = following == wanted
    return np.asarray(same | ((wanted - before >= space) & (following - wanted >= space)), dtype=np.bool_)


def _doubts(begins: Flags, plain: Flags) -> Doubts:
    """First and last row of each series that has one that is not plain."""
    edges = np.append(np.flatnonzero(begins), len(begins))
    wanted = np.unique((np.cumsum(begins) - 1)[~plain])
    return Doubts(first=edges[wanted], last=edges[wanted + 1] - 1)


def _together(low: Ints, high: Ints) -> Iterator[npt.NDArray[np.intp]]:
    """Places of reaches that lie so near each other that one question to the log reads little more than many would."""
    order = np.argsort(low, kind="stable")
    group: list[int] = []
    first = last = widest = 0
    for place, begin, end in zip(order.tolist(), low[order].tolist(), high[order].tolist(), strict=True):
        widest = max(widest, end - begin)
        if group and max(last, end) - first > 2 * widest:
            yield np.array(group)
            group, widest = [], end - begin
        if not group:
            first = last = begin
        group.append(place)
        last = max(last, end)
    if group:
        yield np.array(group)
