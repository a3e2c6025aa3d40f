"""Which stretches of time count for each period of a measure, in the calendar and by the clock of a territory."""

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from bocage.domain.instant import HOUR, day_bounds, to_datetime, to_ms
from bocage.domain.measure import Measure, Period, Window
from bocage.domain.observation import Columns, Ints


class Stretches(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """begin, end: int64[n], UTC ms, rising and apart; period: int64[n], the index of the period each belongs to."""

    begin: Ints
    end: Ints
    period: Ints

    def __len__(self) -> int:
        return len(self.begin)

    @cached_property
    def bounds(self) -> tuple[Ints, Ints]:
        """First begin and last end of each period, by its index."""
        firsts = np.flatnonzero(np.diff(self.period, prepend=-1))
        lasts = np.append(firsts[1:], len(self)) - 1
        return self.begin[firsts], self.end[lasts]

    @cached_property
    def lengths(self) -> Ints:
        """Milliseconds that count in each period, by its index."""
        return np.bincount(self.period, weights=self.end - self.begin).astype(np.int64)

    def of(self, rows: Columns) -> tuple[Ints, Ints]:
        """The places of the rows that start in a stretch, and the index of the period of each."""
        if not len(self):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        place = np.searchsorted(self.begin, rows.start, "right") - 1
        inside = np.flatnonzero((place >= 0) & (rows.start < self.end[place]))
        return inside, self.period[place[inside]]


def stretches(measure: Measure, zone: str, start: int, end: int) -> Stretches:
    """The stretches of the periods that begin in [start, end); a period with a window begins with its civil day.

    A stretch that the clocks skip (02:00 to 03:00 on a day of 23 hours) is left out, and its period with it when
    nothing else counts in it.
    """
    if measure.period is Period.HOUR:
        begin = np.arange(-(-start // HOUR), -(-end // HOUR), dtype=np.int64) * HOUR
        return Stretches(begin=begin, end=begin + HOUR, period=np.arange(len(begin), dtype=np.int64))
    parts: list[tuple[int, int, int]] = []
    for day, after in _civil(measure.period, zone, start, end):
        index = parts[-1][2] + 1 if parts else 0
        parts += [(low, high, index) for low, high in _counting(measure.window, zone, day, after) if low < high]
    held = np.array(parts, np.int64).reshape(-1, 3)
    return Stretches(begin=held[:, 0], end=held[:, 1], period=held[:, 2])


def _civil(period: Period, zone: str, start: int, end: int) -> list[tuple[date, date]]:
    """First day and day after the last of each period that begins in [start, end)."""
    found = []
    day = _first(period, to_datetime(start, zone).date())
    while (begins := day_bounds(day, zone)[0]) < end:
        after = _next(period, day)
        if begins >= start:
            found.append((day, after))
        day = after
    return found


def _first(period: Period, day: date) -> date:
    if period is Period.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period is Period.MONTH else day


def _next(period: Period, day: date) -> date:
    if period is Period.MONTH:
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=7 if period is Period.WEEK else 1)


def _counting(window: Window | None, zone: str, day: date, after: date) -> list[tuple[int, int]]:
    if window is None:
        return [(day_bounds(day, zone)[0], day_bounds(after, zone)[0])]
    days = [day + timedelta(days=n) for n in range((after - day).days)]
    later = timedelta(days=1 if window.over_midnight else 0)
    return [(_at(one, window.start, zone), _at(one + later, window.end, zone)) for one in days]


def _at(day: date, clock: str, zone: str) -> int:
    """A local time of a day; the first one where clocks go back, as far after the gap where they go forward."""
    hour, minute = int(clock[:2]), int(clock[3:])
    return to_ms(datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC))
