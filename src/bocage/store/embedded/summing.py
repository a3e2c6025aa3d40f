"""Sums days that are over, some at a time, and answers with them: what is kept, and what is left to sum."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from bocage.domain.instant import DAY, HOUR
from bocage.domain.observation import Ints, Rollup
from bocage.store import columns
from bocage.store.embedded import days
from bocage.store.embedded.days import EVER, PLAIN, Span, Summed
from bocage.store.embedded.reader import Reader
from bocage.store.periods import edges
from bocage.store.protocol import Series
from bocage.store.rollups import NAMES, together

MANY: Final = 48  # values a day from which a series is worth keeping days of
AT_ONCE: Final = 2_000_000  # rows summed before others have their turn, about
TOGETHER: Final = 512  # series whose holes are filled at once

Rolled = Callable[[Sequence[Series], int, int], Rollup]


class Summing:
    """`rolled`: the days of these series that begin in a range, from their rows."""

    def __init__(self, reader: Reader, rolled: Rolled, many: int = MANY) -> None:
        self._reader, self._rolled, self._many = reader, rolled, many

    def answered(self, series: Sequence[Series], start: int, end: int) -> Rollup:
        """The days of these series that begin in [start, end): those that are kept, the others summed."""
        zones = {one.zone for one in series}
        marks = edges(start, end, "day", series[0].zone) if len(zones) == 1 else np.empty(0, np.int64)
        held, quick, settled = self._kept(series, marks)
        if not settled:
            return self._rolled(series, start, end)
        parts = [held]
        if settled < len(marks) - 1 and quick:
            parts.append(self._rolled(quick, int(marks[settled]), end))
        known = {one.number for one in quick}
        slow = [one for one in series if one.number not in known]
        if slow:
            parts.append(self._rolled(slow, start, end))
        return together(parts)

    def _kept(self, series: Sequence[Series], marks: Ints) -> tuple[Rollup, list[Series], int]:
        """What is kept, of which series that is all there is, and how many of the days it is about."""
        with self._reader.passage.shared():
            late, _drained = self._reader.fresh.undrained()
            open_months = self._reader.files.open
            kept = open_months.kept
            until = kept.until.get(series[0].zone, EVER[0])
            settled = int(np.searchsorted(marks, until, "right")) - 1
            if settled < 1:
                return together([]), [], 0
            holes = set(kept.holes)
            for rows in late:
                holes |= set(days.holes_of(rows, until))
            mine = [one for one in series if one.nature in PLAIN and one.number not in holes]
            numbers = np.array([one.number for one in mine], np.int64)
            if not mine:
                return together([]), [], settled
            held = open_months.days(numbers, (int(marks[0]), int(marks[settled])))
        whole = self._whole(numbers, held, marks[: settled + 1])
        quick = [one for one, known in zip(mine, whole.tolist(), strict=True) if known]
        told = (held.count > 0) & whole[np.searchsorted(numbers, held.datastream)]
        return Rollup(**{name: getattr(held, name)[told] for name in NAMES}), quick, settled

    def _whole(self, numbers: Ints, held: Rollup, marks: Ints) -> columns.Flags:
        """Of which datastreams every day since their first one is kept."""
        counted = np.bincount(np.searchsorted(numbers, held.datastream), minlength=len(numbers))
        first = self._firsts(numbers)
        begun = np.clip(np.searchsorted(marks, first, "right") - 1, 0, len(marks) - 1)
        return np.asarray(counted == len(marks) - 1 - begun, np.bool_)

    def _firsts(self, numbers: Ints) -> Ints:
        with self._reader.fresh.lock:
            found, _counts, firsts, _lasts = self._reader.fresh.latest.extents(numbers)
        every = np.full(len(numbers), EVER[1], np.int64)
        every[np.searchsorted(numbers, found)] = firsts
        return every

    def step(self, every: Mapping[int, Series]) -> bool:
        """Sum some of what is over, of all series; whether there was any. Files must stay where they are meanwhile."""
        kept = self._reader.files.open.kept
        if kept.holes:
            self._reader.files.open.keep(self._mended(every, kept))
            return True
        for zone in sorted({one.zone for one in every.values() if one.nature in PLAIN}):
            found = self._further([one for one in every.values() if one.zone == zone], zone, kept)
            if found is not None:
                self._reader.files.open.keep(found)
                return True
        return False

    def _mended(self, every: Mapping[int, Series], kept: days.Kept) -> Summed:
        """The days that some holes are about, of series that have them in common."""
        first = min(kept.holes, key=lambda number: (kept.holes[number], number))
        zone, (low, high) = self._zone(every, first), kept.holes[first]
        alike = [
            number
            for number, span in kept.holes.items()
            if self._zone(every, number) == zone and low <= span[0] and span[1] <= high + DAY
        ]
        numbers = columns.distinct(alike[:TOGETHER] if first in alike[:TOGETHER] else [first])
        high = max(kept.holes[int(number)][1] for number in numbers)
        until = kept.until.get(zone, EVER[0])
        begin = max(low, int(self._firsts(numbers).min())) - 2 * DAY
        marks = edges(begin, min(high + DAY, until), "day", zone) if begin < until else np.empty(0, np.int64)
        series = [every[int(number)] for number in numbers if int(number) in every]
        within = (int(marks[0]), int(marks[-1])) if len(marks) else (0, 0)
        return Summed(numbers=numbers, within=within, rollup=self._dense(series, marks), mended=True)

    @staticmethod
    def _zone(every: Mapping[int, Series], number: int) -> str:
        return every[number].zone if number in every else ""

    def _further(self, series: Sequence[Series], zone: str, kept: days.Kept) -> Summed | None:
        """The next days of a zone that are over: most of its series hold something newer."""
        plain = [one for one in series if one.nature in PLAIN]
        numbers = columns.distinct([one.number for one in plain])
        with self._reader.fresh.lock:
            _found, counts, firsts, lasts = self._reader.fresh.latest.extents(numbers)
        if not len(lasts):
            return None
        over = int(np.median(lasts)) - HOUR
        begin = kept.until.get(zone, int(firsts.min()) - 2 * DAY)
        marks = edges(begin, over + 1, "day", zone)
        marks = marks[marks <= over]
        if len(marks) < 2:
            return None
        rate = float((counts / np.maximum(lasts - firsts, DAY)).sum()) * DAY
        marks = marks[: 1 + max(1, int(AT_ONCE / max(rate, 1.0)))]
        within: Span = (int(marks[0]), int(marks[-1]))
        rollup = self._dense(plain, marks)
        return Summed(numbers=numbers, within=within, rollup=rollup, until={zone: within[1]})

    def _dense(self, series: Sequence[Series], marks: Ints) -> Rollup:
        """Every day between the marks of those that send often, from their first one on: empty ones too."""
        numbers = columns.distinct([one.number for one in series if one.nature in PLAIN])
        with self._reader.fresh.lock:
            found, counts, firsts, lasts = self._reader.fresh.latest.extents(numbers)
        often = counts * DAY >= self._many * np.maximum(lasts - firsts, DAY)
        found, firsts = found[often], firsts[often]
        if not len(found) or len(marks) < 2:
            return together([])
        kept = {int(number) for number in found}
        rollup = self._rolled([one for one in series if one.number in kept], int(marks[0]), int(marks[-1]))
        shape = (len(found), len(marks) - 1)
        at = (np.searchsorted(found, rollup.datastream), np.searchsorted(marks, rollup.start))
        grid = {"count": np.zeros(shape, np.int64), **{name: np.full(shape, np.nan) for name in _VALUES}}
        for name, column in grid.items():
            column[at] = getattr(rollup, name)
        begun = marks[1:] > firsts[:, None]
        rows, day = np.nonzero(begun)
        return Rollup(
            datastream=found[rows].astype(np.int32),
            start=marks[day],
            end=marks[day + 1],
            **{name: column[rows, day] for name, column in grid.items()},
        )


_VALUES: Final = ("value", "minimum", "maximum")
