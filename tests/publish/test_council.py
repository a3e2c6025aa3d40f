"""What a service costs in a month: contracts by the day, prices by the unit, levels of evidence apart."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.indicator import Indicator
from bocage.domain.instant import DAY
from bocage.domain.measure import Aggregate, Measure, Period
from bocage.domain.nature import Nature, ResultKind
from bocage.domain.observation import ObservationBatch
from bocage.domain.sensing import Datastream, Unit
from bocage.domain.text import Text
from bocage.publish import periods
from bocage.publish.council.costs import Cost, Level, costs, in_euros, running, totals
from bocage.publish.council.figures import Asked, earlier, measured_in
from bocage.store.memory import MemoryStore
from bocage.store.protocol import Series

ZONE = "Europe/Paris"


def asked(month: str, now: int = 4_000_000_000_000) -> Asked:
    period = periods.named(month, ZONE)
    assert period
    return Asked(service="mobilites", month=period, zone=ZONE, now=now)


def contract(**said: Any) -> Contract:
    given = {"starts": date(2026, 1, 1), "months": 12, "amount": 36_500.0, "services": ("mobilites",)} | said
    return Contract(title=Text(fr="Comptage"), number="2026-1", **given)


def declared(month: str, **said: Any) -> list[Cost]:
    bodies: dict[str, dict[str, Declaration]] = {"contract": {"comptage": contract(**said)}}
    facts = TerritoryFacts(slug="bourg", today=date(2026, 11, 23), declared=bodies)
    return costs(facts, MemoryStore(), (), asked(month))


@pytest.mark.parametrize(
    ("month", "euros"), [("2026-01", 3100.0), ("2026-02", 2800.0), ("2026-12", 3100.0)], ids=["31", "28", "last"]
)
def test_a_contract_costs_as_much_each_day(month: str, euros: float) -> None:
    (found,) = declared(month)
    assert found.euros == pytest.approx(euros)
    assert found.level is Level.DECLARED


def test_a_contract_that_begins_within_the_month_counts_from_its_day() -> None:
    (found,) = declared("2026-01", starts=date(2026, 1, 22))
    assert (found.days, found.of) == (10, 365)
    assert found.euros == pytest.approx(1000.0)


@pytest.mark.parametrize("month", ["2025-12", "2027-01"])
def test_a_contract_costs_nothing_before_and_after_it(month: str) -> None:
    assert declared(month) == []


def test_a_contract_of_another_service_is_not_counted() -> None:
    assert declared("2026-01", services=("eau",)) == []


@pytest.mark.parametrize("said", [{"amount": None}, {"months": None}, {"starts": None}])
def test_what_a_contract_does_not_say_is_not_made_up(said: dict[str, Any]) -> None:
    (found,) = declared("2026-01", **said)
    assert found.euros is None
    assert totals([found, found]) == {}


def test_a_contract_runs_from_its_notification_where_it_says_no_start() -> None:
    assert running(contract(starts=None, notified=date(2026, 1, 31), months=1)) == (
        date(2026, 1, 31),
        date(2026, 2, 27),
    )


def test_costs_of_two_levels_are_never_one_sum() -> None:
    of = [
        Cost(level=level, title=Text(fr="a"), euros=euros)
        for level, euros in ((Level.MEASURED, 1.0), (Level.MEASURED, 2.0), (Level.DECLARED, 4.0))
    ]
    assert totals(of) == {Level.MEASURED: 3.0}


def test_money_is_told_by_its_unit() -> None:
    assert in_euros(Unit(symbol="€"))
    assert in_euros(Unit(name="Euro", ucum="{EUR}"))
    assert not in_euros(Unit(symbol="kWh"))


def test_months_before_keep_to_the_calendar_and_its_clocks() -> None:
    march = asked("2026-04")
    start, end = earlier(march, 1)
    assert (end - start) // 3_600_000 == 31 * 24 - 1
    assert earlier(march, 12)[1] - earlier(march, 12)[0] == 30 * 24 * 3_600_000
    assert earlier(asked("2026-01"), 1) == (earlier(asked("2026-02"), 2))


def test_what_a_state_lasted_is_told_in_percent_of_the_month() -> None:
    """A pump that runs from the 1st to the 16th of a month of 30 days, whatever its indicator looks at."""
    body = Datastream(
        title=Text(fr="Pompe"), thing="t", observed_property="o", nature=Nature.STATE, dataset="d", id=7
    )  # fmt: skip
    measure = Measure(datastreams=("pompe",), aggregate=Aggregate.MEAN, period=Period.VALUE)
    indicator = Indicator(title=Text(fr="Marche de la pompe"), service="mobilites", measure=measure)
    dataset = Dataset(title=Text(fr="Pompes"), service="mobilites")
    declared: dict[str, dict[str, Declaration]] = {
        "datastream": {"pompe": body}, "dataset": {"d": dataset}, "indicator": {"marche": indicator},
    }  # fmt: skip
    store, month = MemoryStore(), asked("2026-04").month
    store.mirror([Series(number=7, territory="bourg", nature=Nature.STATE, zone=ZONE)])
    starts = np.array([month.start, month.start + 15 * DAY, month.end + DAY], np.int64)
    kinds, numbers = np.full(3, ResultKind.NUMBER, np.uint8), np.array([1.0, 0.0, 1.0])
    batch = ObservationBatch(
        datastream=np.full(3, 7, np.int32), start=starts, end=starts, kind=kinds, number=numbers,
        origin=np.zeros(3, np.uint8),
    )  # fmt: skip
    store.append(batch).result()
    facts = TerritoryFacts(slug="bourg", today=date(2026, 11, 23), declared=declared)
    (item,) = measured_in(facts, store, asked("2026-04")).items
    assert item.unit == "%"
    assert item.figure
    assert item.figure.value == pytest.approx(50.0)
    assert item.before is None
