"""What a meter counted over a change of meter: to the unit where both indexes are known, never a false leap."""

from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bocage.domain.nature import Nature
from bocage.domain.replacement import MeterChange
from bocage.store import opened
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Series, Store

from .batches import DAY, HOUR, T0, batch

Log = tuple[Store, Callable[[], None]]


def meter(*changes: MeterChange, number: int = 1) -> Series:
    return Series(number=number, territory="t", nature=Nature.INDEX, zone="UTC", changes=changes)


def change(hours: float, ended: float | None = None, began: float | None = None) -> MeterChange:
    return MeterChange(at=T0 + int(hours * HOUR), ended=ended, began=began)


def total(store: Store, number: int = 1) -> float:
    return float(np.nansum(store.rollup([number], T0, T0 + 400 * DAY, "day").value))


def test_the_year_of_a_meter_that_was_changed_is_exact(log: Log) -> None:
    store, move = log
    days = T0 + np.arange(365) * DAY
    old = [84_210.0 + 12.5 * day for day in range(200)]  # 12.5 a day up to the last reading of the old meter
    new = [37.0 + 12.5 * day for day in range(165)]
    store.append(batch([1] * 365, days, [*old, *new])).result(5)
    # Taken away 12 hours after its last reading at 6.25 more; the new one began at 30.75 and counts on.
    store.mirror([meter(change(199 * 24 + 12, ended=old[-1] + 6.25, began=37.0 - 6.25))])
    move()
    assert total(store) == pytest.approx(12.5 * 364, abs=1e-9)


def test_without_its_change_the_new_meter_is_taken_for_a_restart(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1, 1], [T0, T0 + DAY, T0 + 2 * DAY], [500.0, 20.0, 25.0])).result(5)
    store.mirror([meter()])
    move()
    assert total(store) == 20 + 5
    store.mirror([meter(change(12, ended=503.0, began=18.0))])
    assert total(store) == 3 + 2 + 5
    store.mirror([meter()])  # taken back
    assert total(store) == 20 + 5


def test_a_new_meter_that_begins_above_the_old_one_is_no_leap(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 9_000.0])).result(5)
    store.mirror([meter(change(12, ended=504.0, began=8_999.0))])
    move()
    assert total(store) == 5


@pytest.mark.parametrize(
    ("ended", "began", "counted"), [(None, 18.0, 2), (503.0, None, 3), (None, None, 0)], ids=["old", "new", "both"]
)
def test_what_is_not_known_of_a_change_is_not_counted(
    log: Log, ended: float | None, began: float | None, counted: float
) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 20.0])).result(5)
    store.mirror([meter(change(12, ended=ended, began=began))])
    move()
    assert total(store) == counted


def test_two_changes_between_two_readings_both_count(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 20.0])).result(5)
    store.mirror([meter(change(6, ended=501.0, began=0.0), change(12, ended=4.0, began=15.0))])
    move()
    assert total(store) == 1 + 4 + 5


def test_a_reading_at_the_very_instant_is_of_the_new_meter(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 20.0])).result(5)
    store.mirror([meter(change(24, ended=510.0, began=20.0))])
    move()
    assert total(store) == 10


def test_an_old_dial_may_go_round_before_it_is_taken_away(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [99_990.0, 7.0])).result(5)
    store.mirror([meter(change(12, ended=5.0, began=0.0))])
    move()
    assert total(store) == 15 + 7


def test_a_change_before_the_first_reading_or_after_the_last_counts_nothing(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 510.0])).result(5)
    store.mirror([meter(change(-3, ended=1.0, began=2.0), change(48, ended=700.0, began=0.0))])
    move()
    assert total(store) == 10


def test_a_change_is_of_one_series_only(log: Log) -> None:
    store, move = log
    store.append(batch([1, 1, 2, 2], [T0, T0 + DAY] * 2, [500.0, 20.0, 500.0, 20.0])).result(5)
    store.mirror([meter(change(12, ended=503.0, began=18.0)), meter(number=2)])
    move()
    assert (total(store), total(store, 2)) == (5, 20)


def test_a_log_reopened_still_knows_the_changes(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    store.mirror([meter(change(12, ended=503.0, began=18.0))])
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 20.0])).result(5)
    store.close()
    again = opened(tmp_path / "log")
    assert total(again) == 5
    again.close()


def test_a_log_of_a_version_that_knew_no_changes_is_opened_and_learns_them(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    assert isinstance(store, EmbeddedStore)
    store.mirror([meter()])
    store.append(batch([1, 1], [T0, T0 + DAY], [500.0, 20.0])).result(5)
    store.close()
    file = next((tmp_path / "log").glob("columns-*.duckdb"))
    with duckdb.connect(str(file)) as former:
        former.execute("ALTER TABLE series DROP COLUMN changes")
    again = opened(tmp_path / "log")
    assert total(again) == 20
    again.mirror([meter(change(12, ended=503.0, began=18.0))])
    assert total(again) == 5
    again.close()
