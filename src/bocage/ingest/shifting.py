"""Moves measurements of elsewhere in time, so that a demonstration has values of today; the original time is kept.

Whole weeks keep the days of the week, whole months the months. Intervals of a day and more are moved in civil time,
so that they still begin at midnight when clocks differ; shorter ones and instants by the exact number of weeks.
"""

import enum
from datetime import timedelta
from typing import Final

import numpy as np

from bocage.domain.instant import DAY, HOUR, to_datetime, to_ms
from bocage.domain.reading import Ints
from bocage.domain.spans import whole_months_later

WEEK: Final = 7 * DAY
CIVIL: Final = 20 * HOUR  # intervals at least this long are days, or longer


class Step(enum.StrEnum):
    """By what measurements are moved."""

    WEEKS = "weeks"
    MONTHS = "months"


def first_count(step: Step, last_end: int, now: int, zone: str) -> int:
    """How many weeks bring the last end to now or just after; how many months bring it to the present month."""
    if step is Step.WEEKS:
        return max(0, -((last_end - now) // WEEK))
    end, present = to_datetime(last_end, zone), to_datetime(now, zone)
    return max(0, (present.year - end.year) * 12 + present.month - end.month)


def next_count(step: Step, first_start: int, last_end: int, zone: str) -> int:
    """How many more bring the first start behind the last end: the series begins again, and nothing overlaps."""
    if step is Step.WEEKS:
        return -((first_start - last_end) // WEEK)
    start, end = to_datetime(first_start, zone), to_datetime(last_end, zone)
    return max(1, (end.year - start.year) * 12 + end.month - start.month)


def shifted(starts: Ints, ends: Ints, step: Step, count: int, zone: str) -> tuple[Ints, Ints]:
    """Starts and ends moved by `count` weeks or months."""
    if step is Step.MONTHS:
        return _civil(starts, step, count, zone), _civil(ends, step, count, zone)
    start, end = starts + count * WEEK, ends + count * WEEK
    long = np.flatnonzero(ends - starts >= CIVIL)
    start[long], end[long] = _civil(starts[long], step, count, zone), _civil(ends[long], step, count, zone)
    return start, end


def _civil(times: Ints, step: Step, count: int, zone: str) -> Ints:
    distinct, place = np.unique(times, return_inverse=True)
    moved = [_later(ms, step, count, zone) for ms in distinct.tolist()]
    return np.array(moved, dtype=np.int64)[place]


def _later(ms: int, step: Step, count: int, zone: str) -> int:
    moment = to_datetime(ms, zone)
    return to_ms(whole_months_later(moment, count) if step is Step.MONTHS else moment + timedelta(weeks=count))
