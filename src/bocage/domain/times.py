"""Reads times written as text, many at once, into UTC milliseconds."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.instant import DAY, HOUR, to_ms
from bocage.domain.months import in_figures

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Matrix = npt.NDArray[np.uint8]

NO_OFFSET = int(np.iinfo(np.int64).min)
MINUTE = 60_000
SECOND = 1_000
FEW = 32  # below this, reading one by one is faster than setting up arrays
SHORTEST, LONGEST = 8, 40  # characters of a time
_WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
_ISO = ("%Y-%m-%d~%H:%M:%S", "%Y-%m-%d~%H:%M", "%Y-%m-%d", "%Y%m%d~%H%M%S")  # ~ stands for T, t or a space
_TAILS = (0, 1, 4, 5, 6)  # lengths of what may follow: nothing, Z, .123, .123Z or +HHMM, +HH:MM
_MILLISECOND = timedelta(milliseconds=1)
_SKIPPED = timedelta(minutes=1)  # clocks skip at least that much; milliseconds are truncated
_MONTHS_FROM = np.datetime64("1970-01", "M")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = -30_610_224_000_000, 221_845_392_000_000  # years 1000 and 9000
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - differences of local times, made aware by `located`


class Times(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """ms: int64[n], UTC; bad: bool[n], could not be read; gap: bool[n], a local time that the clocks skipped."""

    ms: Ints
    bad: Flags
    gap: Flags


def read_times(texts: Sequence[str], zone: str, form: str = "") -> Times:
    """Times written in `form` (strptime directives; ISO 8601 when empty); those without an offset are of `zone`.

    Where clocks go back, a local time without an offset means its first occurrence; where they go forward, a local
    time that never was is `gap`. Finer than a millisecond is truncated.
    """
    if len(texts) <= FEW:
        return _few(texts, ZoneInfo(zone), form)
    local, offset, bad = _fixed_width(texts, form)
    for place in np.flatnonzero(bad).tolist():
        try:
            moment = _moment(texts[place], form)
        except (ValueError, OverflowError):
            continue
        delta = moment.utcoffset()
        local[place] = _milliseconds(moment.replace(tzinfo=None) - _NAIVE_EPOCH)
        offset[place] = NO_OFFSET if delta is None else _milliseconds(delta)
        bad[place] = False
    floating = (offset == NO_OFFSET) & ~bad
    gap = np.zeros(len(texts), dtype=np.bool_)
    if not floating.any():
        return Times(ms=local - np.where(bad, 0, offset), bad=bad, gap=gap)
    ms = local - np.where(offset == NO_OFFSET, 0, offset)
    ms[floating], gap[floating] = located(local[floating], zone)
    return Times(ms=ms, bad=bad, gap=gap)


def read_instants(texts: Sequence[str]) -> Ints | None:
    """UTC milliseconds of times that all bear their offset; None when one of them does not, or is none."""
    try:
        deltas = [datetime.fromisoformat(text) - _EPOCH for text in texts]
    except (ValueError, TypeError):
        return None
    ms = [one.days * DAY + one.seconds * SECOND + one.microseconds // 1000 for one in deltas]
    return np.array(ms, dtype=np.int64)


def read_time(text: str, zone: str) -> int:
    """UTC milliseconds of one ISO 8601 time; ValueError when it is none, or was skipped by the clocks of `zone`."""
    try:
        delta = datetime.fromisoformat(text) - _EPOCH  # most bear their offset
    except (ValueError, TypeError):
        return _located(text, zone)
    return delta.days * DAY + delta.seconds * SECOND + delta.microseconds // 1000


def _located(text: str, zone: str) -> int:
    ms, gap = _one(text, ZoneInfo(zone), "")
    if gap:
        raise ValueError("a local time that was skipped")
    return ms


def read_day(text: str) -> date | None:
    """A civil day, 2026-01-31 or 31/01/2026, or the one an instant begins with; None when there is none in reach."""
    plain = text[:10]
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            found = datetime.strptime(plain, form).date()  # noqa: DTZ007 - a civil day has no zone
        except ValueError:
            continue
        return found if date(1900, 1, 1) <= found < date(2099, 12, 30) else None
    return None


def _few(texts: Sequence[str], tz: ZoneInfo, form: str) -> Times:
    ms, bad, gap = [0] * len(texts), [False] * len(texts), [False] * len(texts)
    for place, text in enumerate(texts):
        try:
            ms[place], gap[place] = _one(text, tz, form)
        except (ValueError, OverflowError):
            bad[place] = True
    return Times(ms=np.array(ms, dtype=np.int64), bad=np.array(bad, dtype=np.bool_), gap=np.array(gap, dtype=np.bool_))


def _one(text: str, tz: ZoneInfo, form: str) -> tuple[int, bool]:
    moment = _moment(text, form)
    if moment.tzinfo is not None:
        return (moment - _EPOCH) // _MILLISECOND, False
    aware = moment.replace(tzinfo=tz)
    ms = (aware.astimezone(UTC) - _EPOCH) // _MILLISECOND
    back = (_EPOCH + timedelta(milliseconds=ms)).astimezone(tz).replace(tzinfo=None)
    return ms, moment - back >= _SKIPPED or back - moment >= _SKIPPED


def _moment(text: str, form: str) -> datetime:
    """The time one text tells; ValueError when it tells none."""
    text = text.strip()
    if "%B" in form:  # month names, in French as well
        text, form = in_figures(text), form.replace("%B", "%m")
    if form:
        return datetime.strptime(text, form)  # noqa: DTZ007 - the zone is applied by who asked
    if len(text) < len("2026-01-01") or not text[0].isdigit():
        raise ValueError("no time")
    return datetime.fromisoformat(text)


def located(local: Ints, zone: str) -> tuple[Ints, Flags]:
    """UTC of local milliseconds in `zone`, and which local times never were. Repeated ones: the first."""
    tz = ZoneInfo(zone)
    # Beyond these the calendar ends; such times are out of what the log holds anyway.
    local = np.clip(local, _FIRST, _LAST)
    days, place = np.unique(local // DAY, return_inverse=True)
    begins = np.array([_offset(tz, int(day)) for day in days], dtype=np.int64)
    ends = np.array([_offset(tz, int(day) + 1) for day in days], dtype=np.int64)
    ms = local - begins[place]
    gap = np.zeros(len(local), dtype=np.bool_)
    for i in np.flatnonzero((begins != ends)[place]).tolist():
        naive = _NAIVE_EPOCH + timedelta(milliseconds=int(local[i]))
        aware = naive.replace(tzinfo=tz)
        ms[i] = to_ms(aware)
        gap[i] = aware.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != naive
    return ms, gap


def _offset(tz: ZoneInfo, day: int) -> int:
    midnight = _NAIVE_EPOCH + timedelta(days=day)
    return _milliseconds(tz.utcoffset(midnight) or timedelta())


def _milliseconds(delta: timedelta) -> int:
    return delta // timedelta(milliseconds=1)


def _nothing_read(count: int) -> tuple[Ints, Ints, Flags]:
    return np.zeros(count, dtype=np.int64), np.full(count, NO_OFFSET), np.ones(count, dtype=np.bool_)


def _fixed_width(texts: Sequence[str], form: str) -> tuple[Ints, Ints, Flags]:
    """Local milliseconds, offset and `bad` of all texts that follow a form of fixed width; the others stay bad."""
    out = _nothing_read(len(texts))
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    for length in np.unique(lengths).tolist():
        if SHORTEST <= length <= LONGEST:
            rows = np.flatnonzero(lengths == length)
            group = texts if len(rows) == len(texts) else [texts[row] for row in rows.tolist()]
            signs = "".join(group).encode("ascii", "replace")
            matrix = np.frombuffer(signs, dtype=np.uint8).reshape(len(rows), length)
            _read_group(np.ascontiguousarray(matrix.T), rows, form, out)
    return out


def _read_group(group: Matrix, rows: npt.NDArray[np.intp], form: str, out: tuple[Ints, Ints, Flags]) -> None:
    """`group`: uint8[length, rows], the signs of texts of one length, place by place."""
    local, offset, bad = out
    for layout in _layouts(form):
        tail = len(group) - layout.width
        if tail not in _TAILS or (tail and (form or not layout.clock)):
            continue
        told, fits = layout.read(group)
        fraction, shift, suffix_fits = _suffix(group[layout.width :])
        fits &= suffix_fits
        if fits.all():
            local[rows], offset[rows], bad[rows] = told + fraction, shift, False
            return
        done = rows[fits]
        local[done], bad[done] = (told + fraction)[fits], False
        offset[done] = shift[fits] if isinstance(shift, np.ndarray) else shift


def _suffix(tail: Matrix) -> tuple[Ints | int, Ints | int, Flags]:
    """Milliseconds of a fraction (.123), the offset written last (Z, +HHMM, +HH:MM), and which rows are so."""
    fits = np.ones(tail.shape[1], dtype=np.bool_)
    fraction: Ints | int = 0
    if len(tail) in (4, 5):
        dotted = tail[0] == ord(".")
        if dotted.all():
            fraction, fits = _number(tail[1:4])
            tail = tail[4:]
    if len(tail) == 0:
        return fraction, NO_OFFSET, fits
    if len(tail) == 1:
        return fraction, 0, fits & ((tail[0] == ord("Z")) | (tail[0] == ord("z")))
    if len(tail) == 4:
        return fraction, NO_OFFSET, np.zeros(tail.shape[1], dtype=np.bool_)
    hours, good_hours = _number(tail[1:3])
    minutes, good_minutes = _number(tail[-2:])
    fits &= good_hours & good_minutes & ((tail[0] == ord("+")) | (tail[0] == ord("-"))) & (hours < 24) & (minutes < 60)
    if len(tail) == 6:
        fits &= tail[3] == ord(":")
    return fraction, np.where(tail[0] == ord("-"), -1, 1) * (hours * HOUR + minutes * MINUTE), fits


def _number(digits: Matrix) -> tuple[Ints, Flags]:
    """The number each column of digits writes, and whether all its signs are digits."""
    value = np.zeros(digits.shape[1], dtype=np.int64)
    good = np.ones(digits.shape[1], dtype=np.bool_)
    for signs in digits:
        digit = signs - np.uint8(ord("0"))  # wraps below zero, and so is above nine
        good &= digit <= 9
        value = value * 10 + digit
    return value, good


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """A form of fixed width: where each number stands, and which signs stand between."""

    width: int
    places: dict[str, int]
    signs: tuple[tuple[int, bytes], ...]

    @property
    def clock(self) -> bool:
        """Whether it tells the hour."""
        return "H" in self.places

    def read(self, group: Matrix) -> tuple[Ints, Flags]:
        """Local milliseconds of each column of signs, and which follow the form and are dates of the calendar."""
        fits = np.ones(group.shape[1], dtype=np.bool_)
        for place, allowed in self.signs:
            sign = group[place]
            fits &= np.logical_or.reduce([sign == one for one in allowed])
        told: dict[str, Ints] = {}
        for name, place in self.places.items():
            told[name], good = _number(group[place : place + _WIDTHS[name]])
            fits &= good
        fits &= (told["m"] >= 1) & (told["m"] <= 12) & (told["d"] >= 1) & (told["Y"] >= 1)
        months = np.where(fits, (told["Y"] - 1970) * 12 + told["m"] - 1, 0)
        starts = _MONTHS_FROM + np.arange(int(months.min()), int(months.max()) + 2)
        firsts = starts.astype("datetime64[D]").astype(np.int64)
        at = months - months.min()
        fits &= told["d"] <= (firsts[1:] - firsts[:-1])[at]
        ms = (firsts[at] + told["d"] - 1) * DAY
        for name, size, limit in (("H", HOUR, 24), ("M", MINUTE, 60), ("S", SECOND, 60)):
            if name in told:
                fits &= told[name] < limit
                ms += told[name] * size
        return ms, fits


def _layouts(form: str) -> list[Layout]:
    forms = (form,) if form else _ISO
    return [layout for layout in map(_layout, forms) if layout is not None]


def _layout(form: str) -> Layout | None:
    """The fixed widths of a form, or None when it has directives of changing width."""
    width, places, signs = 0, {}, []
    for directive, sign in re.findall(r"%(.)|([^%])", form):
        if directive:
            if directive not in _WIDTHS or directive in places:
                return None
            places[directive] = width
            width += _WIDTHS[directive]
        else:
            if not sign.isascii():
                return None
            signs.append((width, b"Tt " if sign == "~" else sign.encode()))
            width += 1
    if not {"Y", "m", "d"} <= places.keys():
        return None
    return Layout(width=width, places=places, signs=tuple(signs))
