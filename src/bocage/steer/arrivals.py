"""What is told of values beside themselves: when those of a month came last, which were corrected, which look odd."""

from collections.abc import Callable, Mapping, Sequence

import msgspec
import numpy as np

from bocage.domain.instant import DAY, to_datetime
from bocage.domain.nature import ResultKind
from bocage.domain.observation import Columns
from bocage.steer.follower import Follower
from bocage.steer.pairs import distinct, paired
from bocage.steer.tables import Correction, DayOdd, MonthArrival, note_months

NAME = "arrivals"
HALF_HOUR = 1_800_000
LONGEST = 200
Ranges = Callable[[], Mapping[int, tuple[float, float]]]
"""The plausible values of each datastream that says some, by number, as they are declared now."""


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """Values corrected in one half hour, for one reason: in which datastream, how many, first and last start (ms)."""

    datastream: int
    at: int
    reason: str
    count: int
    first: int
    last: int


def follow_arrivals(now_ms: Callable[[], int], ranges: Ranges) -> Follower:
    """The follower that notes; `now_ms` gives the time of arrival of what was just committed."""
    return Follower(name=NAME, effect=lambda columns: _note(columns, now_ms(), ranges()))


def _note(columns: Columns, now: int, ranges: Mapping[int, tuple[float, float]]) -> None:
    _arrived(columns, now)
    _odd(columns, ranges)
    _corrected(columns, now)


def _arrived(columns: Columns, now: int) -> None:
    pairs = paired(columns.datastream, columns.start // DAY)
    months = pairs.other.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    named = set(zip(pairs.datastream.tolist(), months.tolist(), strict=True))
    note_months([(number, month, now) for number, month in sorted(named)])


def _odd(columns: Columns, ranges: Mapping[int, tuple[float, float]]) -> None:
    numbers, place = distinct(columns.datastream.astype(np.int64))
    said = [ranges.get(number, (-np.inf, np.inf)) for number in numbers.tolist()]
    low, high = np.array(said, dtype=np.float64).T
    odd = (columns.number < low[place]) | (columns.number > high[place])
    odd &= columns.kind == ResultKind.NUMBER
    if not odd.any():
        return
    pairs = paired(columns.datastream[odd], columns.start[odd] // DAY)
    counts = np.bincount(pairs.place, minlength=pairs.count)
    for number, day, count in zip(pairs.datastream.tolist(), pairs.other.tolist(), counts.tolist(), strict=True):
        row = DayOdd.objects.filter(datastream=number, day=day).first() or DayOdd(datastream=number, day=day)
        row.count += count
        row.save()


def _corrected(columns: Columns, now: int) -> None:
    places = np.flatnonzero(columns.version > 1)
    if not len(places):
        return
    reasons = columns.reason[places] if columns.reason is not None else np.full(len(places), "", object)
    groups: dict[tuple[int, str], list[int]] = {}
    for place, number, reason in zip(places.tolist(), columns.datastream[places].tolist(), reasons, strict=True):
        groups.setdefault((number, str(reason)[:LONGEST]), []).append(place)
    for (number, reason), at in groups.items():
        starts = columns.start[at]
        first, last, key = int(starts.min()), int(starts.max()), {"datastream": number, "at": now - now % HALF_HOUR}
        row = Correction.objects.filter(**key, reason=reason).first()
        row = row or Correction(**key, reason=reason, first=first, last=last)
        row.count, row.first, row.last = row.count + len(at), min(row.first, first), max(row.last, last)
        row.save()


def last_arrival(datastreams: Sequence[int], start: int, end: int) -> int:
    """When something these measured in the UTC months that [start, end) touches came last (UTC ms); 0 if unknown."""
    months = _month(start), _month(end - 1)
    rows = MonthArrival.objects.filter(datastream__in=list(datastreams), month__range=months)
    return rows.order_by("-at").values_list("at", flat=True).first() or 0


def _month(ms: int) -> int:
    day = to_datetime(ms)
    return (day.year - 1970) * 12 + day.month - 1


def odd_days(datastreams: Sequence[int], first_day: int, last_day: int) -> dict[int, int]:
    """Values of these outside of what was plausible, by UTC day (days since 1970); days without any are left out."""
    rows = DayOdd.objects.filter(datastream__in=list(datastreams), day__range=(first_day, last_day))
    found: dict[int, int] = {}
    for day, count in rows.values_list("day", "count"):
        found[day] = found.get(day, 0) + count
    return found


def corrections(datastreams: Sequence[int], limit: int = 100) -> list[Corrected]:
    """What was corrected in these, newest first."""
    rows = Correction.objects.filter(datastream__in=list(datastreams)).order_by("-at", "datastream", "reason")
    return [
        Corrected(
            datastream=row.datastream, at=row.at, reason=row.reason, count=row.count, first=row.first, last=row.last
        )
        for row in rows[:limit]
    ]
