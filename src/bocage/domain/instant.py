"""Instants are UTC milliseconds since 1970; days and months belong to a territory's zone."""

import calendar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

HOUR = 3_600_000
DAY = 24 * HOUR
EARLIEST = -2_208_988_800_000  # 1900-01-01
LATEST = 4_102_444_800_000  # 2100-01-01


def to_ms(moment: datetime) -> int:
    """UTC milliseconds of an aware datetime; finer parts are truncated. Naive datetimes are errors."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    delta = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return delta // timedelta(milliseconds=1)


def to_datetime(ms: int, zone: str = "UTC") -> datetime:
    """The aware datetime of UTC milliseconds, in `zone`."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(ms))).astimezone(ZoneInfo(zone))


def iso(ms: int) -> str:
    """ISO 8601 in UTC with milliseconds and Z, as SensorThings 1.1 writes time."""
    moment = to_datetime(ms)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """Start and end of a civil day in `zone`: 23, 24 or 25 hours where clocks change."""
    tz = ZoneInfo(zone)
    nxt = day + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, tzinfo=tz)
    end = datetime(nxt.year, nxt.month, nxt.day, tzinfo=tz)
    return to_ms(start), to_ms(end)


def months_later(day: date, months: int) -> date:
    """The same day so many months later (fewer than none: earlier), or the last day of a shorter month.

    ValueError before the first year there is; the last day there is, beyond it.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of a shorter month."""
    return months_later(day, -months)


def day_edges(start: int, end: int, zone: str) -> list[int]:
    """Edges of the civil days of `zone` that cover [start, end), first and last included."""
    day = to_datetime(start, zone).date()
    edges = [day_bounds(day, zone)[0]]
    while edges[-1] < end:
        day += timedelta(days=1)
        edges.append(day_bounds(day, zone)[0])
    return edges


def month_of(ms: int) -> str:
    """The UTC month 'YYYY-MM' that keeps this instant in the log."""
    return to_datetime(ms).strftime("%Y-%m")
