"""Sums up observations by period, as the nature of their datastream says."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np

from bocage.domain.nature import Nature, ResultKind
from bocage.domain.observation import Columns, Ints, Numbers, Rollup
from bocage.store import columns, dials, spells
from bocage.store.periods import edges
from bocage.store.protocol import Series

NAMES = ("datastream", "start", "end", "count", "value", "minimum", "maximum")
AT_ONCE = 1_000_000  # rows summed at once, about


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How to read the log: newest versions in a range, how many each datastream may hold there, and the nearest
    observation on either side of an instant."""

    rows: Callable[[Ints, int, int], Columns]
    expected: Callable[[Ints, int, int], Numbers]
    before: Callable[[Ints, int], Columns]
    after: Callable[[Ints, int], Columns]


def rolled(reach: Reach, series: Sequence[Series], start: int, end: int, step: str) -> Rollup:
    """The periods of these series that begin in [start, end), sorted by (datastream, start)."""
    alike: dict[tuple[Nature, str], list[int]] = {}
    for one in series:
        alike.setdefault((one.nature, "UTC" if step == "hour" else one.zone), []).append(one.number)
    changes = {one.number: one.changes for one in series if one.changes}
    parts = []
    for (nature, zone), members in alike.items():
        marks = edges(start, end, step, zone)
        if len(marks):
            portions = _portions(reach, columns.distinct(members), marks)
            parts += [_group(reach, nature, *portion, changes) for portion in portions]
    return together(parts)


def _portions(reach: Reach, members: Ints, marks: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Datastreams and periods that can be summed in bounded memory: several small series, or some periods of one."""
    expected = reach.expected(members, int(marks[0]), int(marks[-1]))
    held = np.cumsum(np.minimum(expected, AT_ONCE))
    for group in np.unique(held // AT_ONCE):
        chosen = held // AT_ONCE == group
        slices = min(int(expected[chosen].max() // AT_ONCE) + 1, len(marks) - 1)
        for edges_of in np.array_split(np.arange(len(marks) - 1), slices):
            yield members[chosen], marks[edges_of[0] : edges_of[-1] + 2]


def _group(reach: Reach, nature: Nature, members: Ints, marks: Ints, changes: dials.Changes) -> Rollup:
    rows = reach.rows(members, int(marks[0]), int(marks[-1]))
    if nature in (Nature.STATE, Nature.INDEX):
        rows = columns.joined(
            [
                reach.before(members, int(marks[0])) if nature is Nature.STATE else columns.empty(),
                rows,
                reach.after(members, int(marks[-1])),
            ]
        )
        rows = columns.ordered(rows)
    if nature is Nature.STATE:
        return spells.shares(rows, marks)
    return summed(rows, nature, marks, changes)


def summed(rows: Columns, nature: Nature, marks: Ints, changes: dials.Changes) -> Rollup:
    """Rows sorted by (datastream, start) by period; rows outside the marks only help their neighbours."""
    increments = dials.increments(rows, changes) if nature is Nature.INDEX else None
    inside = (rows.start >= marks[0]) & (rows.start < marks[-1])
    if not inside.all():
        at = np.flatnonzero(inside)
        rows, increments = columns.picked(rows, at), None if increments is None else increments[at]
    if not len(rows):
        return together([])
    period = np.searchsorted(marks, rows.start, "right") - 1
    begins = np.flatnonzero(
        np.concatenate(([True], (rows.datastream[1:] != rows.datastream[:-1]) | (period[1:] != period[:-1])))
    )
    number = numbers_of(rows)
    low, high = extremes(number, begins)
    value = _value(nature, number if increments is None else increments, begins)
    return Rollup(
        datastream=rows.datastream[begins],
        start=marks[period[begins]],
        end=marks[period[begins] + 1],
        count=np.diff(np.append(begins, len(rows))).astype(np.int64),
        value=value,
        minimum=low,
        maximum=high,
    )


def numbers_of(rows: Columns) -> Numbers:
    """The number of each row, NaN where the result is neither a number nor a boolean."""
    numeric = (rows.kind == ResultKind.NUMBER) | (rows.kind == ResultKind.BOOLEAN)
    return rows.number if numeric.all() else np.where(numeric, rows.number, np.nan)


def extremes(number: Numbers, begins: Any) -> tuple[Numbers, Numbers]:
    """Minimum and maximum of each group, NaN ones left out; NaN where nothing is left."""
    return np.fmin.reduceat(number, begins), np.fmax.reduceat(number, begins)


def _value(nature: Nature, number: Numbers, begins: Any) -> Numbers:
    valid = ~np.isnan(number)
    seen = np.add.reduceat(valid.astype(np.int64), begins)
    nothing = seen == 0
    if nature is Nature.DIRECTION:
        return np.where(nothing, np.nan, circular(np.where(valid, number, np.nan), begins, seen))
    total = np.add.reduceat(np.where(valid, number, 0.0), begins)
    if nature is Nature.GAUGE:
        total = total / np.maximum(seen, 1)
    return np.where(nothing, np.nan, total)


def circular(degrees: Numbers, begins: Any, seen: Ints) -> Numbers:
    """Mean direction in [0, 360); NaN where directions cancel out."""
    angle = np.deg2rad(degrees)
    east = np.add.reduceat(np.nan_to_num(np.sin(angle)), begins)
    north = np.add.reduceat(np.nan_to_num(np.cos(angle)), begins)
    mean = np.rad2deg(np.arctan2(east, north)) % 360.0
    mean[mean >= 360.0] = 0.0  # a tiny negative angle rounds up to the full turn
    return np.where(np.hypot(east, north) < 1e-9 * np.maximum(seen, 1), np.nan, mean)


def between(rollup: Rollup, start: int, end: int) -> Rollup:
    """The periods that begin in [start, end)."""
    inside = (rollup.start >= start) & (rollup.start < end)
    if inside.all():
        return rollup
    return Rollup(**{name: getattr(rollup, name)[inside] for name in NAMES})


def together(parts: Sequence[Rollup]) -> Rollup:
    """All periods of the parts, sorted by (datastream, start)."""
    types: tuple[Any, ...] = (np.int32, np.int64, np.int64, np.int64, np.float64, np.float64, np.float64)
    held = {
        name: np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in parts)])
        for name, dtype in zip(NAMES, types, strict=True)
    }
    order = np.lexsort((held["start"], held["datastream"]))
    return Rollup(**{name: column[order] for name, column in held.items()})


NOTHING = together([])
