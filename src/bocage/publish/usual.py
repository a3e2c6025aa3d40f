"""What is usual: where half of the figures of like periods lie, so that a reader sees what stands out."""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import numpy as np

from bocage.domain.instant import to_datetime
from bocage.domain.measure import Period
from bocage.steer.measuring import Figure

AMONG = 12  # like periods looked back at
NEEDED = 4
QUARTILES = (25.0, 75.0)


class Usual(msgspec.Struct, frozen=True, kw_only=True):
    """The middle half of the figures of like periods before one of them."""

    low: float
    high: float


def usual(figures: Sequence[Figure], period: Period, zone: str) -> list[Usual | None]:
    """For each figure, what was usual before it; None where too little is known. Incomplete figures do not count.

    Like a day are the same days of the week, like an hour the same hours of it, like a week or a month any of them.
    """
    held: dict[tuple[int, ...], list[float]] = {}
    found: list[Usual | None] = []
    for figure in figures:
        before = held.setdefault(_like(to_datetime(figure.start, zone), period), [])
        found.append(_middle(before[-AMONG:]) if period is not Period.VALUE else None)
        if figure.complete:
            before.append(figure.value)
    return found


def _like(start: datetime, period: Period) -> tuple[int, ...]:
    day: date = start.date()
    if period is Period.HOUR:
        return (day.weekday(), start.hour)
    return (day.weekday(),) if period is Period.DAY else ()


def _middle(values: list[float]) -> Usual | None:
    if len(values) < NEEDED:
        return None
    low, high = np.percentile(values, QUARTILES, method="nearest").tolist()
    return Usual(low=low, high=high)
