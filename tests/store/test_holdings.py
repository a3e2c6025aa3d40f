"""What a log holds of a range is told so that two equal answers mean the same rows."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bocage.store import opened
from bocage.store.embedded.holdings import named
from bocage.store.protocol import Erasure, Store

from .batches import DAY, HOUR, T0, batch

Log = tuple[Store, Callable[[], None]]


def kept(store: Store, datastream: int, first: int, count: int, **more: object) -> None:
    start = first + HOUR * np.arange(count)
    store.append(batch([datastream] * count, start, np.arange(count) * 1.5, **more)).result(5)


def test_what_a_range_holds_is_counted_wherever_it_lies(log: Log) -> None:
    store, move = log
    kept(store, 1, T0, 48)
    kept(store, 2, T0, 24)
    move()
    kept(store, 1, T0 + 2 * DAY, 3)
    held = store.holding([1], T0, T0 + 3 * DAY)
    assert (held.count, held.rows) == (51, 51)
    assert store.holding([1], T0, T0 + DAY).count == 24
    assert store.holding([1, 2], T0, T0 + DAY).count == 48
    assert store.holding([3], T0, T0 + DAY).position == 0
    assert store.holding([], T0, T0 + DAY).count == 0


def test_it_stays_the_same_while_other_data_come(log: Log) -> None:
    store, move = log
    kept(store, 1, T0, 24)
    kept(store, 2, T0, 24)
    before = store.holding([1], T0, T0 + DAY)
    move()
    kept(store, 1, T0 + DAY, 24)  # the same series, later
    kept(store, 2, T0 + 30 * 60_000, 3)  # the same time, another series
    move()
    assert store.holding([1], T0, T0 + DAY) == before


def test_it_moves_with_late_data_with_a_correction_and_with_an_erasure(log: Log) -> None:
    store, move = log
    kept(store, 1, T0, 24)
    move()
    seen = [store.holding([1], T0, T0 + DAY)]
    kept(store, 1, T0 + 30 * 60_000, 1)
    seen.append(store.holding([1], T0, T0 + DAY))
    store.append(batch([1], [T0], [99.0], correcting=True, reason="source")).result(5)
    seen.append(store.holding([1], T0, T0 + DAY))
    assert (seen[-1].count, seen[-1].rows) == (25, 26)
    move()
    assert store.holding([1], T0, T0 + DAY) == seen[-1]
    store.erase(Erasure(datastreams=(1,), start=T0, end=T0 + HOUR))
    seen.append(store.holding([1], T0, T0 + DAY))
    assert seen[-1].count == 23
    assert len(set(map(repr, seen))) == 4


def test_erased_and_come_again_is_not_the_same(log: Log) -> None:
    store, move = log
    kept(store, 1, T0, 2)
    move()
    before = store.holding([1], T0, T0 + DAY)
    store.erase(Erasure(datastreams=(1,), start=T0, end=T0 + HOUR))
    kept(store, 1, T0, 1)
    after = store.holding([1], T0, T0 + DAY)
    assert after.count == before.count
    assert after != before


def test_a_restored_log_has_another_name_and_one_opened_again_its_own(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    kept(store, 1, T0, 3)
    before = store.holding([1], T0, T0 + DAY)
    store.backup(tmp_path / "copy")
    store.close()
    again, copy = opened(tmp_path / "log"), opened(tmp_path / "copy")
    try:
        assert again.holding([1], T0, T0 + DAY) == before
        assert copy.holding([1], T0, T0 + DAY).log != before.log
    finally:
        again.close()
        copy.close()


def test_a_log_is_named_once(tmp_path: Path) -> None:
    assert named(tmp_path, lambda: "haie") == named(tmp_path, lambda: pytest.fail("named twice"))
