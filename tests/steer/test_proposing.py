"""What is proposed when somebody wants a series watched: a bound drawn from its past, that would not cry every day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest
from tests.store.batches import batch

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY, HOUR, to_ms
from bocage.domain.measure import Aggregate, Period
from bocage.domain.nature import Nature
from bocage.domain.rule import Constant, Usual
from bocage.domain.sensing import Datastream, Unit
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.steer.proposing import NIGHT, as_rule, proposed, rounded_up, span
from bocage.steer.rules import tried
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Series

T = to_ms(datetime(2026, 1, 5, tzinfo=UTC))


def known(stream: Datastream) -> TerritoryFacts:
    territory = Territory(title=Text(fr="V"), population=3000, agents=20, time_zone="UTC")
    declared = {"territory": {"v": territory}, "datastream": {"s": stream}}
    return TerritoryFacts(slug="v", today=date(2026, 11, 23), declared=declared)


def series(nature: Nature, unit: str = "", cadence: int | None = None) -> Datastream:
    return Datastream(
        id=1, title=Text(fr="s"), thing="t", observed_property="p", nature=nature, unit=Unit(symbol=unit),
        cadence_seconds=cadence,
    )  # fmt: skip


def held(values: Sequence[float], step: int, nature: Nature) -> MemoryStore:
    store = MemoryStore()
    store.mirror([Series(number=1, territory="v", nature=nature, zone="UTC")])
    starts = T + np.arange(len(values)) * step
    ends = starts + step if nature is Nature.AMOUNT else None
    store.append(batch([1] * len(values), starts, list(values), end=ends)).result()
    return store


def test_electricity_is_watched_at_night_against_its_usual_value() -> None:
    store = held([1.0] * 24 * 100, HOUR, Nature.AMOUNT)
    found = proposed(store, known(series(Nature.AMOUNT, "kWh", 3600)), "s")
    assert (found.measure.aggregate, found.measure.period, found.measure.window) == (Aggregate.SUM, Period.DAY, NIGHT)
    assert found.than == Usual(percent=30.0)
    assert found.lasting == 2


def test_the_bound_is_wide_enough_not_to_cry_every_week() -> None:
    days = np.where(np.arange(200) % 9 < 2, 175.0, 100.0)  # two days out of nine are high
    store = held(days.tolist(), DAY, Nature.AMOUNT)
    facts = known(series(Nature.AMOUNT, "passages", 86_400))
    found = proposed(store, facts, "s")
    assert isinstance(found.than, Usual)
    assert found.than.percent >= 80
    start, end = span(store, (series(Nature.AMOUNT),), Period.DAY)
    assert len(tried(store, facts, as_rule(found), start, end).hits) <= 6


def test_a_level_read_often_is_watched_hour_by_hour_against_a_round_value_of_its_past() -> None:
    rng = np.random.default_rng(1)
    store = held((600 + 100 * rng.random(4 * 24 * 60)).tolist(), HOUR // 4, Nature.GAUGE)
    found = proposed(store, known(series(Nature.GAUGE, "ppm", 900)), "s")
    assert (found.measure.aggregate, found.measure.period) == (Aggregate.MEAN, Period.HOUR)
    assert isinstance(found.than, Constant)
    assert 650 <= found.than.value <= 700
    assert found.than.value == rounded_up(found.than.value)


def test_monthly_bills_are_watched_by_month() -> None:
    store = held([100.0, 110.0, 90.0, 105.0] * 6, 30 * DAY, Nature.AMOUNT)
    found = proposed(store, known(series(Nature.AMOUNT, "kWh", 30 * 86_400)), "s")
    assert (found.measure.period, found.lasting) == (Period.MONTH, 1)
    assert isinstance(found.than, Constant)
    assert found.than.value >= 110


@pytest.mark.parametrize("nature", list(Nature))
def test_a_series_without_a_past_is_proposed_a_rule_without_a_bound(nature: Nature) -> None:
    found = proposed(MemoryStore(), known(series(nature)), "s")
    assert found.than == Constant(value=0.0)


@pytest.mark.parametrize(("value", "up"), [(1234, 1300), (0.0123, 0.013), (99.5, 100), (-7.26, -7.2), (0, 0), (30, 30)])
def test_a_bound_has_two_figures(value: float, up: float) -> None:
    assert rounded_up(value) == up
