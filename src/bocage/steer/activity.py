"""What each datastream received, day by day: completeness, delay and silence are read from here."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from bocage.domain.instant import DAY
from bocage.domain.observation import Columns
from bocage.steer.follower import Follower
from bocage.steer.pairs import paired
from bocage.steer.tables import DayActivity, add_days, by_day
from bocage.store.columns import picked

NAME = "activity"
SILENT_AFTER = 3  # usual cadences


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """One datastream on one UTC day: observations, mean delay in seconds between end and arrival, last end (ms)."""

    datastream: int
    day: int
    count: int
    mean_delay: float
    last: int


def follow_activity(now_ms: Callable[[], int]) -> Follower:
    """The follower that counts; `now_ms` gives the time of arrival of what was just committed."""
    return Follower(name=NAME, effect=lambda columns: _count(columns, now_ms()))


def _count(columns: Columns, now: int) -> None:
    columns = first_versions(columns)
    if not len(columns):
        return
    days = columns.start // DAY
    pairs = paired(columns.datastream, days)
    counts = np.bincount(pairs.place, minlength=pairs.count)
    last = np.zeros(pairs.count, dtype=np.int64)
    np.maximum.at(last, pairs.place, columns.end)
    delay = np.zeros(pairs.count, dtype=np.int64)
    np.add.at(delay, pairs.place, np.maximum(now - columns.end, 0))
    told = (pairs.datastream, pairs.other, counts, delay, last)
    add_days(list(zip(*(column.tolist() for column in told), strict=True)))


def first_versions(columns: Columns) -> Columns:
    """Without corrections: what is corrected was counted when it came."""
    new = columns.version == 1
    return columns if new.all() else picked(columns, new)


def activity_of(datastreams: Sequence[int], first_day: int, last_day: int) -> list[Activity]:
    """What these received on the days first_day..last_day (days since 1970), by datastream and day."""
    rows = DayActivity.objects.filter(datastream__in=list(datastreams), day__gte=first_day, day__lte=last_day)
    return [
        Activity(
            datastream=row.datastream,
            day=row.day,
            count=row.count,
            mean_delay=row.delay / row.count / 1000,
            last=row.last,
        )
        for row in rows.order_by("datastream", "day")
    ]


class DayTotal(msgspec.Struct, frozen=True, kw_only=True):
    """Some datastreams on one UTC day together: observations, mean delay in seconds."""

    day: int
    count: int
    mean_delay: float


def days_of(datastreams: Sequence[int], first_day: int, last_day: int) -> list[DayTotal]:
    """What these received together, day by day; days without anything are left out."""
    found = by_day(list(datastreams), first_day, last_day)
    return [DayTotal(day=day, count=count, mean_delay=delay / count / 1000) for day, count, delay in found if count]


def silent(last: dict[int, int], cadence_seconds: dict[int, int], now: int) -> list[int]:
    """Datastreams whose last value (end, UTC ms) is older than three of their usual cadences; those without a
    usual cadence are never called silent."""
    return [
        number
        for number, end in sorted(last.items())
        if (cadence := cadence_seconds.get(number)) and now - end > SILENT_AFTER * cadence * 1000
    ]
