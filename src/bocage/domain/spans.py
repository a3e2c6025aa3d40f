"""Reads where observations start and end: instants, written intervals, intervals of a known length."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.instant import EARLIEST, LATEST, months_later, to_datetime, to_ms
from bocage.domain.reading import Ints
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.domain.times import Times, read_times

Flags = npt.NDArray[np.bool_]


class Spans(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """start, end: int64[n], UTC ms; bool[n] each: start unreadable, skipped by the clocks, end unreadable or first."""

    start: Ints
    end: Ints
    bad_start: Flags
    skipped: Flags
    bad_end: Flags


def read_spans(starts: Sequence[str], ends: Sequence[str] | None, mapping: Mapping, zone: str) -> Spans:
    """Where each row starts and ends, by what the mapping says of times. PayloadError for an unknown zone."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(_("a time zone such as Europe/Paris"), found=zone) from error
    start = read_times(starts, zone, mapping.time_format)
    end, unread = _ends(start, ends, mapping, zone)
    good = ~(start.bad | start.gap)
    bad_end = good & (unread | (end < start.ms))
    return Spans(start=start.ms, end=end, bad_start=start.bad, skipped=start.gap, bad_end=bad_end)


def _ends(start: Times, ends: Sequence[str] | None, mapping: Mapping, zone: str) -> tuple[Ints, Flags]:
    if ends is not None:
        end = read_times(ends, zone, mapping.time_format)
        return end.ms, end.bad | end.gap
    nothing_bad = np.zeros(len(start.ms), dtype=np.bool_)
    if mapping.interval_months:
        return _months_later(start, mapping.interval_months, zone), nothing_bad
    return start.ms + mapping.interval_seconds * 1000, nothing_bad


def _months_later(start: Times, months: int, zone: str) -> Ints:
    """The same local hour of the same day some months later: months differ in length, and so do their days."""
    distinct, place = np.unique(np.clip(start.ms, EARLIEST, LATEST), return_inverse=True)
    later = [to_ms(whole_months_later(to_datetime(ms, zone), months)) for ms in distinct.tolist()]
    return np.array(later, dtype=np.int64)[place]


def whole_months_later(moment: datetime, months: int) -> datetime:
    """The same day and local hour `months` later (fewer than none: earlier), or the last day of that month."""
    return datetime.combine(months_later(moment.date(), months), moment.timetz())
