"""How complete, how prompt and how plausible the series of a dataset are, lately and month by month.

Everything is counted where it passes: arrivals by the follower of the log, values outside of what is plausible when
they come. Days and months are UTC ones, and today is left out.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

import msgspec
import numpy as np

from bocage.domain.instant import DAY
from bocage.domain.observation import Numbers
from bocage.publish.publication import Publication, Streams
from bocage.steer import DayTotal, days_of, odd_days, silent
from bocage.store.protocol import Extent, Store

DAYS = 30
MONTHS = 12
_EPOCH = date(1970, 1, 1)


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Over some whole UTC days, from `first` on.

    `received` and `expected` count only series whose cadence is declared, from their first observation on; expected
    is 0 when none is. `mean_delay`: seconds between the end of a measurement and its arrival, None when nothing
    arrived. `arrived`: all that came; `odd`: how much of it lies outside of what is plausible; `bounded`: whether any
    series says what is. `silent`: slugs of series whose last value is older than three of their cadences.
    """

    first: date
    received: int
    expected: int
    mean_delay: float | None
    arrived: int = 0
    odd: int = 0
    bounded: bool = False
    silent: tuple[str, ...] = ()

    @property
    def share(self) -> float | None:
        """Percentage of what was expected that arrived, at most 100; None without a declared cadence."""
        return min(100.0, 100.0 * self.received / self.expected) if self.expected else None


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted, by UTC day: arrivals of the series that have a cadence, of all, and values that look odd."""

    paced: Mapping[int, int]
    every: Mapping[int, DayTotal]
    odd: Mapping[int, int]


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The last thirty days, and each of the last months that has something to tell, newest first."""

    lately: Quality
    months: tuple[Quality, ...]


def measured(store: Store, found: Publication, now: int) -> Measured | None:
    """The quality of a dataset; None when it holds nothing. `now` in UTC milliseconds."""
    extents = {extent.datastream: extent for extent in store.extent(found.numbers) if extent.count}
    if not extents:
        return None
    today = now // DAY
    begins = _begins(today)
    counts = counted(found.streams, _day(begins[0]), today - 1)
    promised = expected(found.streams, extents, _day(begins[0]), today - 1)
    lately = _weighed(found.streams, counts, promised, (today - DAYS, today - 1))
    months = [
        _weighed(found.streams, counts, promised, (_day(begin), min(_day(end), today) - 1))
        for begin, end in pairwise(begins)
    ]
    quiet = _silent(found.streams, extents, now)
    return Measured(
        lately=msgspec.structs.replace(lately, silent=quiet),
        months=tuple(one for one in reversed(months) if one.expected or one.arrived),
    )


def _begins(today: int) -> list[date]:
    """The first days of the last months, of this one, and of the next."""
    at = _EPOCH + timedelta(days=today)
    place = at.year * 12 + at.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(place - MONTHS + 1, place + 2)]


def _day(at: date) -> int:
    return (at - _EPOCH).days


def counted(streams: Streams, first: int, last: int) -> Counts:
    """What was counted on these UTC days (days since 1970, both included)."""
    numbers = [stream.id for _, stream in streams if stream.id]
    paced = [stream.id for _, stream in streams if stream.id and stream.cadence_seconds]
    every = {one.day: one for one in days_of(numbers, first, last)}
    some = every if len(paced) == len(numbers) else {one.day: one for one in days_of(paced, first, last)}
    return Counts(paced={day: one.count for day, one in some.items()}, every=every, odd=odd_days(numbers, first, last))


def expected(streams: Streams, extents: Mapping[int, Extent], first: int, last: int) -> Mapping[int, float]:
    """How many observations the declared cadences promise on each of these days, from the first observation on."""
    rates = [
        (extents[stream.id].first, DAY / 1000 / stream.cadence_seconds)
        for _, stream in streams
        if stream.cadence_seconds and stream.id in extents
    ]
    days = np.arange(first, last + 1, dtype=np.float64)
    total: Numbers = np.zeros(len(days))
    for began, rate in rates:
        total += rate * np.clip((days + 1) - began / DAY, 0.0, 1.0)
    return dict(zip(range(first, last + 1), total.tolist(), strict=True))


def _weighed(streams: Streams, counts: Counts, promised: Mapping[int, float], within: tuple[int, int]) -> Quality:
    days = range(within[0], within[1] + 1)
    every = [counts.every[day] for day in days if day in counts.every]
    arrived = sum(one.count for one in every)
    return Quality(
        first=_EPOCH + timedelta(days=within[0]),
        received=sum(counts.paced.get(day, 0) for day in days if promised.get(day)),
        expected=round(sum(promised.get(day, 0.0) for day in days)),
        mean_delay=sum(one.count * one.mean_delay for one in every) / arrived if arrived else None,
        arrived=arrived,
        odd=sum(counts.odd.get(day, 0) for day in days),
        bounded=any((stream.minimum, stream.maximum) != (None, None) for _, stream in streams),
    )


def _silent(streams: Streams, extents: Mapping[int, Extent], now: int) -> tuple[str, ...]:
    paced = {stream.id: stream.cadence_seconds for _, stream in streams if stream.cadence_seconds}
    quiet = set(silent({number: extent.last for number, extent in extents.items()}, paced, now))
    return tuple(slug for slug, stream in streams if stream.id in quiet)
