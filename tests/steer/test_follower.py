"""A follower's effects and position are kept together."""

import threading
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.instant import DAY
from bocage.domain.observation import Columns, ObservationBatch
from bocage.steer import Follower, Following, activity_of, follow_activity, silent
from bocage.steer.follower import caught_up, step
from bocage.store.memory import MemoryStore


def _batch(datastream: int, starts: list[int]) -> ObservationBatch:
    n = len(starts)
    at = np.array(starts, dtype=np.int64)
    return ObservationBatch(
        datastream=np.full(n, datastream, dtype=np.int32),
        start=at,
        end=at,
        kind=np.zeros(n, np.uint8),
        number=np.arange(n, dtype=np.float64),
        origin=np.zeros(n, np.uint8),
    )


@pytest.fixture
def store() -> MemoryStore:
    kept = MemoryStore()
    kept.append(_batch(1, [0, 1000, DAY])).result()
    kept.append(_batch(2, [5000])).result()
    return kept


def test_activity_counts_each_observation_once(db: Path, store: MemoryStore) -> None:
    follower = follow_activity(lambda: 10_000)
    while step(follower, store):
        pass
    assert [(a.datastream, a.day, a.count) for a in activity_of([1, 2], 0, 10)] == [(1, 0, 2), (1, 1, 1), (2, 0, 1)]
    assert caught_up(follower) == store.position()
    assert step(follower, store) == 0


def test_an_effect_that_fails_moves_nothing(db: Path, store: MemoryStore) -> None:
    counting = follow_activity(lambda: 0)

    def fail(columns: Columns) -> None:
        counting.effect(columns)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        step(Follower(name="activity", effect=fail), store)
    assert activity_of([1, 2], 0, 10) == []
    assert caught_up(counting) == 0


def test_a_thread_keeps_up_with_what_is_committed(db: Path, store: MemoryStore) -> None:
    seen: list[int] = []
    caught = threading.Event()

    def effect(columns: Columns) -> None:
        seen.extend(columns.start.tolist())
        if 77 in seen:
            caught.set()

    following = Following(store, [Follower(name="listed", effect=effect)], pace=0.01)
    store.append(_batch(3, [77])).result()
    assert caught.wait(20)
    following.stop()
    assert sorted(seen) == [0, 77, 1000, 5000, DAY]


def test_a_follower_that_fails_holds_no_other_back(db: Path, store: MemoryStore) -> None:
    caught = threading.Event()

    def fail(columns: Columns) -> None:
        raise ZeroDivisionError(len(columns))

    broken, sound = Follower(name="broken", effect=fail), Follower(name="sound", effect=lambda _rows: caught.set())
    following = Following(store, [broken, sound], pace=0.01)
    assert caught.wait(20)
    following.stop()
    assert (caught_up(broken), caught_up(sound)) == (0, store.position())


def test_silence_is_three_cadences_without_a_value() -> None:
    assert silent({1: 0, 2: 0, 3: 8000}, {1: 2, 3: 2}, 9000) == [1]
