"""The room left on the disk, and for how long it lasts at the pace at which the data grow."""

import statistics
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import Final

import msgspec

from bocage.domain.said import Octets, Said
from bocage.domain.text import message as _
from bocage.upkeep.point import Area, Point, State

LEAST: Final = 256 * 1024 * 1024
"""Bytes below which measurements will soon be refused."""
LITTLE: Final = 1024 * 1024 * 1024
ENOUGH_DAYS: Final = 7  # of samples, from which a pace can be told
LOOKED_AT: Final = 60  # days back: the pace of last year is not that of today
SOON: Final = 90  # days
FAR: Final = 5 * 365
MONTH: Final = 30


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One day: bytes of the data folder, and the disk it lies on."""

    day: date
    data: int
    free: int
    total: int


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes a day by which the data grow: half of the days lay between `low` and `high`; over how many days."""

    low: float
    high: float
    days: int


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """The disk of the data. `copies`: how many more times each byte is kept there, by the backups of other nights."""

    free: int
    total: int
    data: int
    copies: int = 0
    pace: Pace | None = None

    @property
    def lasts(self) -> tuple[int, int] | None:
        """Days until it is full, at least and at most; None when the pace is not known or nothing grows."""
        if self.pace is None or self.pace.high <= 0:
            return None
        left = max(0, self.free - LEAST)
        slow, fast = (rate * (1 + self.copies) for rate in (self.pace.low, self.pace.high))
        most = FAR + 1 if slow <= 0 else min(FAR + 1, int(left / slow))
        return min(FAR + 1, int(left / fast)), most


def pace(samples: Sequence[Sample]) -> Pace | None:
    """The pace of the last weeks: slopes between all pairs of days, so that one odd day changes little."""
    known = sorted(samples, key=lambda one: one.day)[-LOOKED_AT:]
    if len(known) < 2 or (span := (known[-1].day - known[0].day).days) < ENOUGH_DAYS:
        return None
    slopes = [(b.data - a.data) / (b.day - a.day).days for a, b in combinations(known, 2)]
    low, _middle, high = statistics.quantiles(slopes, n=4, method="inclusive") if len(slopes) > 1 else slopes * 3
    return Pace(low=low, high=high, days=span)


def point(room: Room) -> Point:
    """What is to be said of the disk."""
    share = Said(message=_FREE, values={"free": Octets(room.free), "total": Octets(room.total)})
    if room.free < LEAST:
        return _point(State.TROUBLE, share, Said(message=_FULL))
    if room.free < LITTLE:
        return _point(State.WATCH, share, Said(message=_SHORT))
    if room.pace is None:
        return _point(State.WELL, share, Said(message=_YOUNG, values={"days": ENOUGH_DAYS}))
    lasts = room.lasts
    if lasts is None:
        return _point(State.WELL, share, Said(message=_STILL))
    return _point(State.WATCH if lasts[0] < SOON else State.WELL, share, _lasting(*lasts))


def _lasting(least: int, most: int) -> Said:
    if least >= FAR:
        return Said(message=_YEARS)
    if least >= 2 * MONTH:
        values = {"low": least // MONTH, "high": most // MONTH}
        return Said(message=_MONTHS_AT_LEAST if most > FAR else _MONTHS, values=values)
    if most > FAR:
        return Said(message=_DAYS_AT_LEAST, values={"low": least})
    return Said(message=_DAYS, values={"low": least, "high": most})


def _point(state: State, *said: Said) -> Point:
    todo = None if state is State.WELL else Said(message=_REMEDY)
    return Point(area=Area.DISK, state=state, said=said, todo=todo)


_FREE = _("%(free)s are free of %(total)s.")
_FULL = _("Measurements will soon be refused.")
_SHORT = _("That is little.")
_YOUNG = _("How long that lasts is told once %(days)s days are known.")
_STILL = _("The data do not grow.")
_YEARS = _("At the pace of the last weeks that lasts for more than five years.")
_MONTHS = _("At the pace of the last weeks that lasts for %(low)s to %(high)s months.")
_MONTHS_AT_LEAST = _("At the pace of the last weeks that lasts for %(low)s months at least.")
_DAYS = _("At the pace of the last weeks that lasts for %(low)s to %(high)s days.")
_DAYS_AT_LEAST = _("At the pace of the last weeks that lasts for %(low)s days at least.")
_REMEDY = _("Keep fewer nights of backups, put the backups on another disk, or have a larger disk put in.")
