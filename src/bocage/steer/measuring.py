"""Figures of a measure: values summed up by period, as the nature of each series says, complete or not."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import Invalid
from bocage.domain.measure import Aggregate, Measure, Period, fits
from bocage.domain.nature import Nature
from bocage.domain.observation import Columns, Ints, Numbers
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.steer.periods import Stretches, stretches
from bocage.steer.seeing import Seen
from bocage.store import columns, dials, rollups, spells
from bocage.store.protocol import Store

AT_ONCE = 1_000_000  # observations read at once, about


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure. start, end: UTC ms, edges of what counted (22:00 to 06:00 for a night).

    `count`: values it rests on; `expected`: how many the declared cadence promises, None without one.
    """

    start: int
    end: int
    value: float
    count: int
    expected: int | None = None

    @property
    def complete(self) -> bool:
        """Whether as much arrived as the cadence promises; without a declared cadence nothing says it did not."""
        return self.expected is None or self.count >= self.expected


def measured(  # noqa: PLR0913, PLR0917 - what is measured, and of which part of the log
    store: Store,
    streams: Mapping[str, Datastream],
    measure: Measure,
    zone: str,
    start: int,
    end: int,
    *,
    until: int | None = None,
) -> dict[str, tuple[Figure, ...]]:
    """Figures by slug of datastream ("" when together), in order of time; periods that begin in [start, end).

    A period without any value has no figure. `streams`: those of them that may be read; a series that is not there
    is left out. `zone`: of the territory. `until`: only what was committed at or before this position.
    Invalid when the aggregate means nothing for the nature of a series.
    """
    named = {slug: streams[slug] for slug in measure.datastreams if slug in streams}
    for slug, stream in named.items():
        if not fits(stream.nature, measure.aggregate):
            raise Invalid(_("a figure that fits the nature of the series"), f"{measure.aggregate}, {slug}")
    seen = Seen(store=store, until=until)
    found: dict[str, tuple[Figure, ...]] = dict.fromkeys(named, ())
    if measure.period is Period.VALUE:
        for group in _groups(store, named):
            found.update(_each(seen, group, measure.aggregate, (start, end)))
        return found
    parts = stretches(measure, zone, start, end)
    for group in _groups(store, named) if len(parts) else ():
        found.update(summed(_read(seen, group, parts), group, measure.aggregate, parts))
    return {"": together(found, named, measure.aggregate, parts)} if measure.together else found


def _groups(store: Store, named: Mapping[str, Datastream]) -> Iterator[dict[str, Datastream]]:
    """Several small series at once, a large one alone."""
    sizes = {extent.datastream: extent.count for extent in store.extent([one.id for one in named.values()])}
    group: dict[str, Datastream] = {}
    held = 0
    for slug, stream in named.items():
        held += sizes.get(stream.id, 0)
        if group and held > AT_ONCE:
            yield group
            group, held = {}, sizes.get(stream.id, 0)
        group[slug] = stream
    if group:
        yield group


def _read(seen: Seen, group: Mapping[str, Datastream], parts: Stretches) -> Columns:
    """What counts, and the neighbours that say how long a state lasted and what a meter counted to its next index."""
    start, end = int(parts.begin[0]), int(parts.end[-1])
    rows = [seen.rows([stream.id for stream in group.values()], start, end)]
    for stream in group.values():
        if stream.nature is Nature.STATE:
            rows.append(seen.previous(stream.id, start))
        if stream.nature in (Nature.STATE, Nature.INDEX):
            rows.append(seen.next(stream.id, end, numeric=stream.nature is Nature.INDEX))
    return columns.ordered(columns.joined(rows))


def summed(
    rows: Columns, group: Mapping[str, Datastream], aggregate: Aggregate, parts: Stretches
) -> dict[str, tuple[Figure, ...]]:
    """The figures of rows sorted by (datastream, start), each series with its neighbours."""
    found: dict[str, tuple[Figure, ...]] = dict.fromkeys(group, ())
    alike: dict[Nature, dict[int, str]] = {}
    for slug, stream in group.items():
        alike.setdefault(stream.nature, {})[stream.id] = slug
    for nature, members in alike.items():
        numbers = columns.distinct(list(members))
        own = rows if len(alike) == 1 else columns.picked(rows, np.flatnonzero(columns.among(rows.datastream, numbers)))
        streams = {number: group[slug] for number, slug in members.items()}
        if nature is Nature.STATE and aggregate is Aggregate.MEAN:
            sums = _lasting(own, numbers, parts)
        else:
            sums = _sums(own, streams, aggregate, parts)
        for number, figures in _told(sums, streams, parts):
            found[members[number]] = figures
    return found


Sums = tuple[Ints, Ints, Numbers, Ints]
"""Datastream, index of the period, value and count, sorted by datastream and period."""


def _told(sums: Sums, streams: Mapping[int, Datastream], parts: Stretches) -> Iterator[tuple[int, tuple[Figure, ...]]]:
    """Figures by number of datastream."""
    datastream, period, value, count = sums
    begins, ends = parts.bounds
    told = list(zip(begins[period].tolist(), ends[period].tolist(), value.tolist(), count.tolist(), strict=True))
    promised: dict[int | None, list[int | None]] = {}
    firsts = np.flatnonzero(np.diff(datastream, prepend=-1)).tolist()
    for low, high in zip(firsts, [*firsts[1:], len(told)][: len(firsts)], strict=True):
        number = int(datastream[low])
        cadence = streams[number].cadence_seconds
        if cadence not in promised:
            promised[cadence] = _expected(streams[number], parts, np.arange(len(begins)))
        expected = [promised[cadence][one] for one in period[low:high].tolist()]
        yield (
            number,
            tuple(
                Figure(start=a, end=b, value=v, count=n, expected=e)
                for (a, b, v, n), e in zip(told[low:high], expected, strict=True)
            ),
        )


def _sums(rows: Columns, streams: Mapping[int, Datastream], aggregate: Aggregate, parts: Stretches) -> Sums:
    """Of series of one nature: what each period holds."""
    any_one = next(iter(streams.values()))
    number = _numbers(rows, streams, aggregate)
    place, period = parts.of(rows)
    valid = ~np.isnan(number[place])
    place, period = place[valid], period[valid]
    number, datastream = number[place], rows.datastream[place].astype(np.int64)
    if not len(number):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64)
    firsts = np.flatnonzero((np.diff(period, prepend=-1) != 0) | (np.diff(datastream, prepend=-1) != 0))
    count = np.diff(np.append(firsts, len(number))).astype(np.int64)
    value = _value(number, firsts, count, aggregate, circular=any_one.nature is Nature.DIRECTION)
    kept = ~np.isnan(value)
    return datastream[firsts][kept], period[firsts][kept], value[kept], count[kept]


def _numbers(rows: Columns, streams: Mapping[int, Datastream], aggregate: Aggregate) -> Numbers:
    """What is summed up of each row: its number, or what a meter counted from it to the next, changes known."""
    any_one = next(iter(streams.values()))
    if any_one.nature is Nature.INDEX and aggregate is not Aggregate.LAST:
        return dials.increments(rows, {number: stream.changes for number, stream in streams.items() if stream.changes})
    return rollups.numbers_of(rows)


def _value(number: Numbers, firsts: Any, count: Ints, aggregate: Aggregate, *, circular: bool) -> Numbers:
    if aggregate is Aggregate.LAST:
        return np.asarray(number[firsts + count - 1])
    if aggregate is Aggregate.MINIMUM:
        return np.asarray(np.minimum.reduceat(number, firsts))
    if aggregate is Aggregate.MAXIMUM:
        return np.asarray(np.maximum.reduceat(number, firsts))
    if circular:
        return rollups.circular(number, firsts, count)
    total = np.asarray(np.add.reduceat(number, firsts))
    return np.asarray(total / count) if aggregate is Aggregate.MEAN else total


def _lasting(rows: Columns, numbers: Ints, parts: Stretches) -> Sums:
    """Share of the known time of each period that was spent in a true or non-zero state."""
    found: list[Sums] = []
    size = int(parts.period[-1]) + 1
    marks = np.stack([parts.begin, parts.end], axis=1).reshape(-1)
    for number in numbers.tolist():
        low, high = np.searchsorted(rows.datastream, [number, number + 1])
        if high - low < 2:
            continue
        own = columns.picked(rows, slice(int(low), int(high)))
        numeric = ~np.isnan(rollups.numbers_of(own))
        on = np.bincount(parts.period, spells.spent(own.start, numeric & (own.number != 0), marks)[::2], size)
        known = np.bincount(parts.period, spells.spent(own.start, numeric, marks)[::2], size)
        count = np.bincount(parts.of(own)[1], minlength=size)
        held = np.flatnonzero(known > 0)
        found.append((np.full(len(held), number), held, on[held] / known[held], count[held]))
    empty: Sums = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64))
    one, two, three, four = zip(empty, *found, strict=True)
    return np.concatenate(one), np.concatenate(two), np.concatenate(three), np.concatenate(four)


def _expected(stream: Datastream, parts: Stretches, period: Ints) -> list[int | None]:
    if not stream.cadence_seconds:
        return [None] * len(period)
    promised = np.maximum(np.rint(parts.lengths[period] / (stream.cadence_seconds * 1000)), 1)
    return [int(one) for one in promised]


def _each(
    seen: Seen, group: Mapping[str, Datastream], aggregate: Aggregate, within: tuple[int, int]
) -> dict[str, tuple[Figure, ...]]:
    """Every value as a figure of its own; what a meter counted ends where its next index is read."""
    found = {}
    rows = seen.rows([stream.id for stream in group.values()], *within)
    for slug, stream in group.items():
        low, high = np.searchsorted(rows.datastream, [stream.id, stream.id + 1])
        own = columns.picked(rows, slice(int(low), int(high)))
        counted = stream.nature is Nature.INDEX and aggregate is not Aggregate.LAST
        if counted:
            own = columns.joined([own, seen.next(stream.id, within[1], numeric=True)])
        found[slug] = values(own, stream, aggregate)
    return found


def values(rows: Columns, of: Datastream, aggregate: Aggregate) -> tuple[Figure, ...]:
    """The rows of one series, one figure each."""
    rows = columns.picked(rows, ~np.isnan(rollups.numbers_of(rows)))
    number = _numbers(rows, {of.id: of}, aggregate)
    counted = of.nature is Nature.INDEX and aggregate is not Aggregate.LAST
    end = np.append(rows.start[1:], rows.end[-1:]) if counted else rows.end
    held = ~np.isnan(number)
    told = zip(rows.start[held].tolist(), end[held].tolist(), number[held].tolist(), strict=True)
    return tuple(Figure(start=a, end=b, value=v, count=1, expected=1) for a, b, v in told)


def together(
    found: Mapping[str, tuple[Figure, ...]], named: Mapping[str, Datastream], aggregate: Aggregate, parts: Stretches
) -> tuple[Figure, ...]:
    """One figure a period for all series; what is missing of one shows in the count of all."""
    begins, _ends = parts.bounds
    promised = [_expected(stream, parts, np.arange(len(begins))) for stream in named.values()]
    expected = {
        int(begin): None if None in each else sum(one for one in each if one is not None)
        for begin, *each in zip(begins.tolist(), *promised, strict=True)
    }
    by_start: dict[int, list[Figure]] = {}
    for figures in found.values():
        for figure in figures:
            by_start.setdefault(figure.start, []).append(figure)
    return tuple(_one(by_start[start], aggregate, expected[start]) for start in sorted(by_start))


def _one(figures: list[Figure], aggregate: Aggregate, expected: int | None) -> Figure:
    numbers = [figure.value for figure in figures]
    value = {
        Aggregate.SUM: sum(numbers),
        Aggregate.MEAN: sum(numbers) / len(numbers),
        Aggregate.MINIMUM: min(numbers),
        Aggregate.MAXIMUM: max(numbers),
    }[aggregate]
    first = figures[0]
    return Figure(
        start=first.start,
        end=first.end,
        value=value,
        count=sum(figure.count for figure in figures),
        expected=expected,
    )
