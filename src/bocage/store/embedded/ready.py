"""Days summed once are kept until something reaches them: late data, a correction, an erasure, another description.

A day is final once its series hold something newer; only a start before its end makes it wrong. Younger days are kept
until anything comes. Nothing here says more than the log does: what is forgotten is summed again.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Final

import msgspec
import numpy as np

from bocage.domain.observation import Columns, Ints, Rollup
from bocage.store.periods import edges
from bocage.store.protocol import Series
from bocage.store.rollups import NOTHING, between, together

MOST: Final = 400_000  # days kept in all: some 22 MB
QUESTIONS: Final = 64  # sets of series whose days are kept
NEVER, ALWAYS = -(2**62), 2**62

Summing = Callable[[Sequence[Series], int, int], Rollup]


class Watch(msgspec.Struct, kw_only=True, eq=False):
    """What came to some series since their days were summed. `settled`: days before it are final.

    `guard`: int64 beside `numbers` (sorted); a row that starts from there on leaves what is final as it is.
    `moved`: something came; `late`: something that what is final must hear of.
    """

    key: tuple[int, ...]
    numbers: Ints
    guard: Ints
    settled: int
    moved: bool = False
    late: bool = False

    def told(self, rows: Columns) -> None:
        """These rows came."""
        at = np.minimum(np.searchsorted(self.numbers, rows.datastream), len(self.numbers) - 1)
        mine = self.numbers[at] == rows.datastream
        self.moved = self.moved or bool(mine.any())
        self.late = self.late or bool((mine & (rows.start < self.guard[at])).any())


class Days(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The days of some series that begin in [first, until)."""

    watch: Watch
    first: int
    until: int
    rollup: Rollup

    def left(self) -> "Days":
        """What is still true of them."""
        if not self.watch.moved or self.until <= self.watch.settled:
            return self
        settled = self.watch.settled
        return msgspec.structs.replace(self, until=settled, rollup=between(self.rollup, self.first, settled))


class Ready:
    """Any thread may ask; `touched` is called before anyone sees the rows."""

    def __init__(self, newest: Callable[[Ints], Ints]) -> None:
        """`newest`: the newest start of each datastream (sorted), NEVER where it holds nothing."""
        self._newest = newest
        self._lock = threading.Lock()
        self._kept: dict[tuple[int, ...], Days] = {}
        self._summing: list[Watch] = []
        self._guard = np.full(1, NEVER, np.int64)  # by number; the last one is that of all others

    def rolled(self, series: Sequence[Series], start: int, end: int, summing: Summing) -> Rollup:
        """The days of these series (sorted by number) that begin in [start, end)."""
        key = tuple(one.number for one in series)
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept.first <= start and end <= kept.until:
                return between(kept.rollup, start, end)
        watch = self._watch(key, series[0].zone, (start, end)) if len({one.zone for one in series}) == 1 else None
        if watch is None:
            return summing(series, start, end)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or not kept.first <= start <= kept.until:
                kept = Days(watch=watch, first=start, until=start, rollup=NOTHING)
            self._summing.append(watch)
            self._guarded()
        try:
            whole = together([kept.rollup, summing(series, kept.until, end)])
        except BaseException:
            self._done(watch, None)
            raise
        self._done(watch, Days(watch=watch, first=kept.first, until=end, rollup=whole))
        return between(whole, start, end)

    def touched(self, rows: Columns) -> None:
        """These rows are in the log now."""
        if len(self._guard) == 1:
            return
        with self._lock:
            guard = self._guard[np.minimum(rows.datastream, len(self._guard) - 1)]
            if not (rows.start < guard).any():
                return
            for watch in (*(days.watch for days in self._kept.values()), *self._summing):
                watch.told(rows)
            self._kept = {key: days.left() for key, days in self._kept.items() if not days.watch.late}
            self._guarded()

    def forget(self) -> None:
        """Forget everything: something was erased, or is described otherwise."""
        with self._lock:
            self._kept = {}
            for watch in self._summing:
                watch.late = True
            self._guarded()

    def _watch(self, key: tuple[int, ...], zone: str, within: tuple[int, int]) -> Watch | None:
        """Who hears what comes while days are summed; None when there is no day."""
        marks = edges(*within, "day", zone)
        numbers = np.array(key, np.int64)
        if not len(marks):
            return None
        newest = self._newest(numbers)
        last = int(np.searchsorted(marks, newest.max(), "right"))
        settled = int(marks[-1] if last == len(marks) else marks[max(last - 2, 0)])  # others have a day to follow
        guard = np.where(newest >= settled, settled, ALWAYS)
        return Watch(key=key, numbers=numbers, guard=guard, settled=settled)

    def _done(self, watch: Watch, days: Days | None) -> None:
        """Keep days that are still true, the oldest answers making room."""
        with self._lock:
            self._summing = [one for one in self._summing if one is not watch]
            if days is not None and not watch.late and len(days.rollup.start) <= MOST:
                self._kept.pop(watch.key, None)
                self._kept[watch.key] = days.left()
            while len(self._kept) > QUESTIONS or sum(len(one.rollup.start) for one in self._kept.values()) > MOST:
                del self._kept[next(iter(self._kept))]
            self._guarded()

    def _guarded(self) -> None:
        """Note by number from which start on a row needs not be told."""
        watches = [*(days.watch for days in self._kept.values()), *self._summing]
        size = max((int(watch.numbers[-1]) for watch in watches), default=-1) + 2
        guard = np.full(size, NEVER, np.int64)
        for watch in watches:
            mine = watch.guard if watch.moved else np.full(len(watch.numbers), ALWAYS, np.int64)
            guard[watch.numbers] = np.maximum(guard[watch.numbers], mine)
        self._guard = guard
