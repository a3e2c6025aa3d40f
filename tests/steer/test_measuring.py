"""Figures by period, as the nature of each series says; nights, long and short days, gaps, what came later."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.batches import batch

from bocage.domain.errors import Invalid
from bocage.domain.instant import DAY, HOUR, to_datetime, to_ms
from bocage.domain.measure import Aggregate, Measure, Period, Window, fits
from bocage.domain.nature import Nature
from bocage.domain.replacement import Replacement
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.steer.measuring import Figure, measured
from bocage.store import opened
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Series

PARIS = "Europe/Paris"
NIGHT = Window(start="22:00", end="06:00")


def paris(*when: int) -> int:
    return to_ms(datetime(*when, tzinfo=ZoneInfo(PARIS)))  # type: ignore[arg-type]


def stream(number: int, nature: Nature, cadence: int | None = None) -> Datastream:
    return Datastream(
        id=number, title=Text(fr="s"), thing="t", observed_property="p", nature=nature, cadence_seconds=cadence
    )


def of(aggregate: Aggregate, period: Period = Period.DAY, window: Window | None = None, **more: Any) -> Measure:
    return Measure(datastreams=more.pop("names", ("s",)), aggregate=aggregate, period=period, window=window, **more)


def held(number: int, starts: Sequence[int] | Any, values: Sequence[Any] | Any, ends: Any = None) -> MemoryStore:
    store = MemoryStore()
    store.append(batch([number] * len(starts), starts, values, end=ends)).result()
    return store


def told(figures: Sequence[Figure]) -> list[tuple[float, int, int | None]]:
    return [(round(figure.value, 6), figure.count, figure.expected) for figure in figures]


def one(store: MemoryStore, datastream: Datastream, measure: Measure, start: int, end: int) -> tuple[Figure, ...]:
    return measured(store, {"s": datastream}, measure, PARIS, start, end)["s"]


def test_a_night_bears_the_day_on_which_it_begins() -> None:
    begin = paris(2026, 11, 3, 20)
    hours = begin + np.arange(48) * HOUR
    store = held(1, hours, range(48), hours + HOUR)
    figures = one(
        store, stream(1, Nature.AMOUNT, 3600), of(Aggregate.SUM, window=NIGHT), paris(2026, 11, 3), begin + DAY
    )
    assert [(f.start, f.end) for f in figures] == [
        (paris(2026, 11, 3, 22), paris(2026, 11, 4, 6)),
        (paris(2026, 11, 4, 22), paris(2026, 11, 5, 6)),
    ]
    assert told(figures) == [(sum(range(2, 10)), 8, 8), (sum(range(26, 34)), 8, 8)]


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 28), 7), ((2026, 10, 24), 9), ((2026, 6, 1), 8)])
def test_the_night_clocks_change_has_an_hour_less_or_more(day: tuple[int, int, int], hours: int) -> None:
    begin = paris(*day)
    all_hours = begin + np.arange(60) * HOUR
    store = held(1, all_hours, np.ones(60), all_hours + HOUR)
    figure = one(store, stream(1, Nature.AMOUNT, 3600), of(Aggregate.SUM, window=NIGHT), begin, begin + 1)
    assert told(figure) == [(hours, hours, hours)]


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)])
def test_a_long_or_a_short_day_expects_as_many_values_as_it_has_hours(day: tuple[int, int, int], hours: int) -> None:
    begin = paris(*day)
    all_hours = begin + np.arange(-5, 40) * HOUR
    store = held(1, all_hours, np.ones(45), all_hours + HOUR)
    assert told(one(store, stream(1, Nature.AMOUNT, 3600), of(Aggregate.SUM), begin, begin + 1)) == [
        (hours, hours, hours)
    ]


def test_a_part_of_the_day_that_the_clocks_skip_is_no_period() -> None:
    begin = paris(2026, 3, 28)
    all_hours = begin + np.arange(72) * HOUR
    store = held(1, all_hours, np.ones(72), all_hours + HOUR)
    small = of(Aggregate.SUM, window=Window(start="02:00", end="03:00"))
    figures = one(store, stream(1, Nature.AMOUNT, 3600), small, begin, begin + 3 * DAY)
    assert [to_datetime(f.start, PARIS).day for f in figures] == [28, 30]


def test_a_week_of_nights_is_seven_nights_from_monday() -> None:
    monday = paris(2026, 11, 2)
    hours = monday - 3 * DAY + np.arange(24 * 14) * HOUR
    store = held(1, hours, np.ones(len(hours)), hours + HOUR)
    figures = one(store, stream(1, Nature.AMOUNT, 3600), of(Aggregate.SUM, Period.WEEK, NIGHT), monday, monday + 1)
    assert told(figures) == [(56, 56, 56)]
    assert (figures[0].start, figures[0].end) == (paris(2026, 11, 2, 22), paris(2026, 11, 9, 6))


def test_months_and_hours_are_those_that_begin_within_what_is_asked() -> None:
    days = paris(2026, 1, 1) + np.arange(60) * DAY
    store = held(1, days, np.ones(60), days + DAY)
    months = one(store, stream(1, Nature.AMOUNT), of(Aggregate.SUM, Period.MONTH), paris(2026, 1, 2), paris(2026, 3, 1))
    assert told(months) == [(28, 28, None)]
    hours = one(store, stream(1, Nature.AMOUNT), of(Aggregate.SUM, Period.HOUR), int(days[0]), int(days[0]) + DAY)
    assert [(f.start, f.end) for f in hours] == [(int(days[0]), int(days[0]) + HOUR)]


@pytest.mark.parametrize(
    ("aggregate", "value"),
    [(Aggregate.MEAN, 3.0), (Aggregate.MINIMUM, 1.0), (Aggregate.MAXIMUM, 6.0), (Aggregate.LAST, 2.0)],
)
def test_a_level_has_a_mean_extremes_and_a_last_value_and_no_sum(aggregate: Aggregate, value: float) -> None:
    begin = paris(2026, 11, 3)
    store = held(1, begin + np.arange(4) * HOUR, [1, 6, None, 2])
    assert told(one(store, stream(1, Nature.GAUGE), of(aggregate), begin, begin + 1)) == [(value, 3, None)]
    with pytest.raises(Invalid):
        one(store, stream(1, Nature.GAUGE), of(Aggregate.SUM), begin, begin + 1)


def test_a_meter_counts_from_index_to_index_over_its_restart() -> None:
    begin = paris(2026, 11, 3)
    store = held(1, begin + np.arange(5) * 6 * HOUR, [100, 110, 130, 4, 10])
    index = stream(1, Nature.INDEX, 6 * 3600)
    assert told(one(store, index, of(Aggregate.SUM), begin, begin + 1)) == [(10 + 20 + 4 + 6, 4, 4)]
    assert told(one(store, index, of(Aggregate.LAST), begin, begin + 1)) == [(4, 4, 4)]


def test_what_a_meter_counted_last_is_known_once_its_next_index_is() -> None:
    begin = paris(2026, 11, 3)
    store = held(1, begin + np.arange(4) * 6 * HOUR, [100, 110, 130, 150])
    figures = one(store, stream(1, Nature.INDEX, 6 * 3600), of(Aggregate.SUM), begin, begin + 1)
    assert told(figures) == [(50, 3, 4)]
    assert not figures[0].complete


def test_a_state_lasts_until_the_next_one_and_into_the_night() -> None:
    begin = paris(2026, 11, 3)
    store = held(1, [begin, begin + 23 * HOUR, begin + 40 * HOUR], [False, True, False])
    state = stream(1, Nature.STATE)
    assert told(one(store, state, of(Aggregate.MEAN), begin, begin + 2 * DAY)) == [
        (round(1 / 24, 6), 2, None),
        (1.0, 1, None),
    ]
    assert told(one(store, state, of(Aggregate.MEAN, window=NIGHT), begin, begin + 1)) == [(7 / 8, 1, None)]


def test_directions_have_a_circular_mean() -> None:
    begin = paris(2026, 11, 3)
    store = held(1, [begin, begin + HOUR], [350, 20])
    assert told(one(store, stream(1, Nature.DIRECTION), of(Aggregate.MEAN), begin, begin + 1)) == [(5.0, 2, None)]


def test_each_value_may_be_a_figure_and_what_a_meter_counted_too() -> None:
    begin = paris(2026, 11, 3)
    store = held(1, begin + np.arange(4) * HOUR, [5, 7, None, 12])
    gauge, index = stream(1, Nature.GAUGE), stream(1, Nature.INDEX)
    asked = of(Aggregate.LAST, Period.VALUE)
    assert [f.value for f in one(store, gauge, asked, begin, begin + DAY)] == [5, 7, 12]
    counted = one(store, index, of(Aggregate.SUM, Period.VALUE), begin, begin + 2 * HOUR)
    assert [(f.start, f.end, f.value) for f in counted] == [
        (begin, begin + HOUR, 2),
        (begin + HOUR, begin + 3 * HOUR, 5),
    ]


def test_several_series_are_summed_together_and_what_one_lacks_shows() -> None:
    begin = paris(2026, 11, 3)
    store = MemoryStore()
    hours = begin + np.arange(24) * HOUR
    store.append(batch([1] * 24, hours, np.ones(24), end=hours + HOUR)).result()
    store.append(batch([2] * 12, hours[:12], np.ones(12), end=hours[:12] + HOUR)).result()
    streams = {"a": stream(1, Nature.AMOUNT, 3600), "b": stream(2, Nature.AMOUNT, 3600)}
    asked = of(Aggregate.SUM, names=("a", "b"), together=True)
    found = measured(store, streams, asked, PARIS, begin, begin + 1)
    assert told(found[""]) == [(36, 36, 48)]
    alone = measured(store, {"a": streams["a"]}, asked, PARIS, begin, begin + 1)
    assert told(alone[""]) == [(24, 24, 24)]


def test_what_was_committed_later_is_not_seen() -> None:
    begin = paris(2026, 11, 3)
    hours = begin + np.arange(24) * HOUR
    store = held(1, hours, np.ones(24), hours + HOUR)
    before = store.position()
    store.append(batch([1], [begin], [100], end=[begin + HOUR], correcting=True, reason="meter read again")).result()
    store.append(batch([1], [begin + HOUR // 2], [1000])).result()
    streams, asked = {"s": stream(1, Nature.AMOUNT, 3600)}, of(Aggregate.SUM)
    assert told(measured(store, streams, asked, PARIS, begin, begin + 1, until=before)["s"]) == [(24, 24, 24)]
    assert told(measured(store, streams, asked, PARIS, begin, begin + 1)["s"]) == [(1123, 25, 24)]


@settings(deadline=None)
@given(cut=st.integers(1, 12), nature=st.sampled_from(list(Nature)), seed=st.integers(0, 10_000))
def test_a_log_seen_up_to_a_position_gives_what_a_log_that_ended_there_gave(
    cut: int, nature: Nature, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    begin = paris(2026, 3, 27)
    commits = []
    for _ in range(12):
        n = int(chance.integers(1, 6))
        starts = np.unique(begin + chance.integers(0, 24 * 5, n) * HOUR)
        commits.append(
            batch([1] * len(starts), starts, chance.integers(0, 50, len(starts)), correcting=True, reason="r")
        )
    whole, short = MemoryStore(), MemoryStore()
    for store in (whole, short):
        store.mirror([Series(number=1, territory="t", nature=nature, zone=PARIS)])
    position = 0
    for at, commit in enumerate(commits):
        whole.append(commit).result()
        if at < cut:
            short.append(commit).result()
            position = whole.position()
    for aggregate in Aggregate:
        if fits(nature, aggregate):
            asked = of(aggregate, window=NIGHT)
            streams = {"s": stream(1, nature, 3600)}
            seen = measured(whole, streams, asked, PARIS, begin, begin + 5 * DAY, until=position)
            assert seen == measured(short, streams, asked, PARIS, begin, begin + 5 * DAY)


@pytest.mark.parametrize("sealed", [False, True])
def test_days_agree_with_the_rollups_of_the_log(tmp_path: Path, sealed: bool) -> None:
    store = opened(tmp_path / "log")
    natures = {"a": Nature.AMOUNT, "g": Nature.GAUGE, "i": Nature.INDEX, "s": Nature.STATE, "d": Nature.DIRECTION}
    begin = paris(2026, 3, 27)
    chance = np.random.default_rng(7)
    streams = {}
    for number, (slug, nature) in enumerate(natures.items(), 1):
        starts = begin + np.sort(chance.choice(24 * 5 * 2, 150, replace=False)) * (HOUR // 2)
        values = np.cumsum(chance.integers(0, 5, 150)) if nature is Nature.INDEX else chance.integers(0, 3, 150)
        store.mirror([Series(number=number, territory="t", nature=nature, zone=PARIS)])
        store.append(batch([number] * 150, starts, values)).result(5)
        streams[slug] = stream(number, nature)
    if sealed:
        store.seal(begin + 60 * DAY)
    for slug, one_stream in streams.items():
        aggregate = Aggregate.SUM if slug in "ai" else Aggregate.MEAN
        found = measured(store, streams, of(aggregate, names=(slug,)), PARIS, begin, begin + 5 * DAY)[slug]
        rolled = store.rollup([one_stream.id], begin, begin + 5 * DAY, "day")
        held_something = ~np.isnan(rolled.value)
        assert [f.start for f in found] == list(rolled.start[held_something])
        assert [f.value for f in found] == pytest.approx(list(rolled.value[held_something]))
    store.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"window": {"start": "22:00", "end": "22:00"}},
        {"window": {"start": "24:00", "end": "06:00"}},
        {"period": "hour", "window": {"start": "22:00", "end": "06:00"}},
        {"datastreams": ["s", "s"]},
        {"datastreams": []},
        {"together": True, "aggregate": "last"},
        {"together": True, "period": "value"},
    ],
)
def test_a_measure_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"datastreams": ["s"], "aggregate": "sum", **wrong}, Measure)


def test_a_change_of_meter_counts_what_both_meters_counted() -> None:
    start = paris(2026, 11, 1)
    store = held(1, [start, start + DAY, start + 2 * DAY], [500, 20, 25])
    changed = Replacement(at=to_datetime(start + DAY // 2), former="old", ended=503, began=18)
    meter = msgspec.structs.replace(stream(1, Nature.INDEX), replacements=(changed,))
    assert told(one(store, meter, of(Aggregate.SUM), start, start + 2 * DAY)) == [(5, 1, None), (5, 1, None)]
    values = one(store, meter, of(Aggregate.SUM, Period.VALUE), start, start + 2 * DAY)
    assert [figure.value for figure in values] == [5, 5]
