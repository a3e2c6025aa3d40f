"""Where hours, days and months begin: hours in UTC, days and months in the zone of the series."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np

from bocage.domain.errors import Invalid
from bocage.domain.instant import DAY, HOUR, to_datetime
from bocage.domain.observation import Ints

_EPOCH = date(1970, 1, 1).toordinal()


def edges(start: int, end: int, step: str, zone: str) -> Ints:
    """The beginnings within [start, end) and the end of the last period; empty when none begins there."""
    if end <= start:
        return np.empty(0, np.int64)
    if step == "hour":
        found = np.arange(-(-start // HOUR), -(-end // HOUR) + 1, dtype=np.int64) * HOUR
    elif step == "day":
        found = _days(start, end, zone)
    elif step == "month":
        found = _months(start, end, zone)
    else:
        raise Invalid("a step: hour, day or month", found=repr(step))
    inside = int(np.count_nonzero((found >= start) & (found < end)))
    first = int(np.searchsorted(found, start))
    return found[first : first + inside + 1] if inside else np.empty(0, np.int64)


def _days(start: int, end: int, zone: str) -> Ints:
    first, last = start // DAY - 1, end // DAY + 2
    return _midnights([date.fromordinal(_EPOCH + n) for n in range(first, last + 1)], zone)


def _months(start: int, end: int, zone: str) -> Ints:
    opening, closing = to_datetime(start), to_datetime(end)
    first, last = opening.year * 12 + opening.month - 2, closing.year * 12 + closing.month + 1
    return _midnights([date(n // 12, n % 12 + 1, 1) for n in range(first, last + 1)], zone)


def _midnights(days: list[date], zone: str) -> Ints:
    """UTC milliseconds of 00:00 of each civil day; where clocks skip midnight, of the first instant after it."""
    place, utc, epoch = ZoneInfo(zone), UTC, datetime(1970, 1, 1, tzinfo=UTC)
    moments = (datetime(day.year, day.month, day.day, tzinfo=place).astimezone(utc) for day in days)
    return np.array([int((moment - epoch).total_seconds()) * 1000 for moment in moments], np.int64)
