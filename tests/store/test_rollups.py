"""Sums by nature and by period: days of 23, 24 and 25 hours, zones overseas, dials and states."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from bocage.domain.errors import Invalid
from bocage.domain.instant import day_edges, to_ms
from bocage.domain.nature import Nature
from bocage.domain.observation import Rollup
from bocage.store import rollups
from bocage.store.periods import edges
from bocage.store.protocol import Erasure, Series, Store

from .batches import DAY, HOUR, T0, batch

Log = tuple[Store, Callable[[], None]]


def at(zone: str, *when: int) -> int:
    return to_ms(datetime(*when, tzinfo=ZoneInfo(zone)))  # type: ignore[arg-type]


def series(number: int, nature: Nature, zone: str = "UTC") -> Series:
    return Series(number=number, territory="t", nature=nature, zone=zone)


def values(rollup: Rollup) -> list[float]:
    return [round(float(value), 6) for value in rollup.value]


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 6, 1), 24)])
def test_a_day_in_paris_has_as_many_hours_as_it_has(log: Log, day: tuple[int, int, int], hours: int) -> None:
    store, move = log
    store.mirror([series(1, Nature.AMOUNT, "Europe/Paris")])
    start = at("Europe/Paris", *day)
    hourly = start + np.arange(-5, 30) * HOUR
    store.append(batch([1] * 35, hourly, [1] * 35, end=hourly + HOUR)).result(5)
    move()
    rollup = store.rollup([1], start, start + 1, "day")
    assert list(rollup.start) == [start]
    assert list(rollup.end) == [start + hours * HOUR]
    assert list(rollup.count) == [hours]
    assert values(rollup) == [hours]


@pytest.mark.parametrize(
    ("zone", "offset"), [("Indian/Mayotte", 3 * HOUR), ("Pacific/Marquesas", -9 * HOUR - HOUR // 2)]
)
def test_days_overseas_begin_at_their_own_midnight(log: Log, zone: str, offset: int) -> None:
    store, move = log
    store.mirror([series(1, Nature.GAUGE, zone)])
    midnight = at(zone, 2026, 7, 14)
    assert midnight % DAY == -offset % DAY
    store.append(batch([1] * 3, [midnight - 1, midnight, midnight + DAY - 1], [1, 5, 7])).result(5)
    move()
    rollup = store.rollup([1], midnight - DAY, midnight + DAY, "day")
    assert list(rollup.start) == [midnight - DAY, midnight]
    assert values(rollup) == [1, 6]
    hours = store.rollup([1], midnight - DAY, midnight + DAY, "hour")
    assert all(int(start) % HOUR == 0 for start in hours.start)


def test_edges_of_days_are_those_of_the_calendar() -> None:
    for zone in ("Europe/Paris", "Indian/Mayotte", "Pacific/Marquesas", "America/Miquelon", "Pacific/Noumea"):
        start, end = at(zone, 2025, 12, 30), at(zone, 2027, 1, 3)
        assert list(edges(start, end, "day", zone)) == day_edges(start, end, zone)
        months = edges(start, end, "month", zone)
        assert [at(zone, 2026, month, 1) for month in range(1, 13)] == list(months[:12])


def test_periods_are_those_that_begin_in_what_is_asked() -> None:
    assert list(edges(T0 + 1, T0 + 3 * HOUR, "hour", "UTC")) == [T0 + HOUR, T0 + 2 * HOUR, T0 + 3 * HOUR]
    assert list(edges(T0, T0 + 1, "hour", "UTC")) == [T0, T0 + HOUR]
    assert list(edges(T0 + 1, T0 + 2, "hour", "UTC")) == []
    assert list(edges(T0, T0, "day", "UTC")) == []
    with pytest.raises(Invalid):
        edges(T0, T0 + 1, "week", "UTC")


def test_a_gauge_is_a_mean_and_an_amount_a_sum(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.GAUGE), series(2, Nature.AMOUNT)])
    for number in (1, 2):
        store.append(batch([number] * 4, T0 + np.arange(4) * HOUR // 2, [1, 2, None, 6])).result(5)
    move()
    rollup = store.rollup([1, 2], T0, T0 + DAY, "hour")
    assert values(rollup) == [1.5, 6, 3, 6]
    assert list(rollup.count) == [2, 2, 2, 2]
    assert list(rollup.minimum) == [1, 6, 1, 6]
    assert list(rollup.maximum) == [2, 6, 2, 6]


def test_an_hour_without_a_number_has_a_count_and_no_value(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + 1], [None, "hors service"])).result(5)
    move()
    rollup = store.rollup([1], T0, T0 + DAY, "hour")
    assert list(rollup.count) == [2]
    assert np.isnan(rollup.value[0])
    assert np.isnan(rollup.minimum[0])


def test_an_interval_counts_to_the_period_where_it_starts(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.AMOUNT)])
    store.append(batch([1], [T0 + DAY - HOUR], [8], end=[T0 + 2 * DAY])).result(5)
    move()
    rollup = store.rollup([1], T0, T0 + 3 * DAY, "day")
    assert list(rollup.start) == [T0]
    assert values(rollup) == [8]


def test_an_index_gives_what_was_counted_through_rollover_and_restart(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.INDEX)])
    when = T0 + np.arange(7) * (DAY // 2)
    store.append(batch([1] * 7, when, [99_000, 99_990, 15, 40, 2, 10, 12])).result(5)
    move()
    rollup = store.rollup([1], T0, T0 + 4 * DAY, "day")
    # 990 up and 25 over the top; 25 up and 2 since the restart; 8 and 2; the last reading has none after it.
    assert values(rollup)[:3] == [990 + 25, 25 + 2, 8 + 2]
    assert np.isnan(rollup.value[3])
    assert values(store.rollup([1], T0 + DAY, T0 + 2 * DAY, "day")) == [27]


def test_a_state_is_the_share_of_time_it_was_true(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.STATE)])
    store.append(
        batch([1] * 4, [T0 - 6 * HOUR, T0 + 6 * HOUR, T0 + 18 * HOUR, T0 + 3 * DAY], [True, False, True, False])
    ).result(5)
    move()
    rollup = store.rollup([1], T0, T0 + 4 * DAY, "day")
    assert values(rollup)[:3] == [0.5, 1, 1]
    assert list(rollup.count) == [2, 0, 0, 1]
    assert np.isnan(rollup.value[3])


def test_directions_are_averaged_round_the_circle(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.DIRECTION)])
    store.append(batch([1] * 4, T0 + np.array([0, 1, HOUR, HOUR + 1]), [350, 20, 0, 180])).result(5)
    move()
    rollup = store.rollup([1], T0, T0 + DAY, "hour")
    assert values(rollup)[0] == 5
    assert np.isnan(rollup.value[1])


def test_rollups_follow_late_data_corrections_and_erasure(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + 40 * DAY], [1, 5])).result(5)
    move()
    assert values(store.rollup([1], T0, T0 + 41 * DAY, "month")) == [1, 5]
    store.append(batch([1], [T0 + 1], [3])).result(5)
    assert values(store.rollup([1], T0, T0 + 41 * DAY, "month")) == [2, 5]
    store.append(batch([1], [T0 + 1], [7], correcting=True, reason="r")).result(5)
    assert values(store.rollup([1], T0, T0 + 41 * DAY, "month")) == [4, 5]
    move()
    assert values(store.rollup([1], T0, T0 + 41 * DAY, "month")) == [4, 5]
    store.erase(Erasure(datastreams=(1,), start=T0, end=T0 + 1))
    assert values(store.rollup([1], T0, T0 + 41 * DAY, "month")) == [7, 5]


@pytest.mark.parametrize("nature", list(Nature))
def test_sums_of_much_are_made_in_portions_that_change_nothing(
    log: Log, nature: Nature, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, move = log
    store.mirror([series(number, nature, "Europe/Paris") for number in (1, 2, 3)])
    rng = np.random.default_rng(6)
    for number, count in ((1, 30), (2, 900), (3, 60)):
        store.append(batch([number] * count, T0 + np.arange(count) * HOUR, rng.integers(0, 300, count))).result(5)
    move()
    for step in ("hour", "day"):
        monkeypatch.setattr(rollups, "AT_ONCE", 1_000_000)
        whole = store.rollup([1, 2, 3], T0, T0 + 40 * DAY, step)
        monkeypatch.setattr(rollups, "AT_ONCE", 100)
        parts = store.rollup([1, 2, 3], T0, T0 + 40 * DAY, step)
        assert list(parts.datastream) == list(whole.datastream)
        assert list(parts.start) == list(whole.start)
        np.testing.assert_allclose(parts.value, whole.value, rtol=1e-12)
        assert list(parts.count) == list(whole.count)


def test_a_series_mirrored_again_is_summed_by_its_new_nature_and_zone(log: Log) -> None:
    store, move = log
    store.mirror([series(1, Nature.GAUGE)])
    store.append(batch([1, 1], [T0, T0 + 1], [2, 4])).result(5)
    move()
    assert values(store.rollup([1], T0, T0 + DAY, "day")) == [3]
    store.mirror([series(1, Nature.AMOUNT)])
    assert values(store.rollup([1], T0, T0 + DAY, "day")) == [6]
