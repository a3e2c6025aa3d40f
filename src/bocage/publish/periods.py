"""Years and months as files are cut: those of the territory's clocks, named 2026 or 2026-10."""

import re
from datetime import date

import msgspec

from bocage.domain.instant import day_bounds, to_datetime

_NAMED = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>0[1-9]|1[0-2]))?")


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """A whole year or month: its name, and its first and last instant (UTC milliseconds, the last one left out)."""

    name: str
    start: int
    end: int

    @property
    def yearly(self) -> bool:
        """Whether it is a year."""
        return len(self.name) == 4


def named(name: str, zone: str) -> Period | None:
    """The period of that name; None when it names none between 1900 and 2099."""
    found = _NAMED.fullmatch(name)
    if found is None:
        return None
    return (
        _year(int(found["year"]), zone)
        if found["month"] is None
        else _month(int(found["year"]), int(found["month"]), zone)
    )


def months(first: int, last: int, zone: str) -> list[Period]:
    """The months from the one of `first` to the one of `last` (UTC milliseconds), newest first."""
    start, end = (_place(ms, zone) for ms in (first, last))
    return [_month(place // 12, place % 12 + 1, zone) for place in range(end, start - 1, -1)]


def years(first: int, last: int, zone: str) -> list[Period]:
    """The years likewise."""
    start, end = (to_datetime(ms, zone).year for ms in (first, last))
    return [_year(year, zone) for year in range(end, start - 1, -1)]


def _place(ms: int, zone: str) -> int:
    at = to_datetime(ms, zone)
    return at.year * 12 + at.month - 1


def _month(year: int, month: int, zone: str) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(name=f"{year}-{month:02d}", start=_begin(date(year, month, 1), zone), end=_begin(following, zone))


def _year(year: int, zone: str) -> Period:
    return Period(name=f"{year}", start=_begin(date(year, 1, 1), zone), end=_begin(date(year + 1, 1, 1), zone))


def _begin(day: date, zone: str) -> int:
    return day_bounds(day, zone)[0]
