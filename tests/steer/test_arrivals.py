"""When values came, which were corrected and which look odd is told apart from the values themselves."""

from pathlib import Path

import numpy as np
import pytest

from bocage.domain.instant import DAY, HOUR
from bocage.domain.observation import ObservationBatch
from bocage.steer import Follower, activity_of, corrections, follow_activity, follow_arrivals, last_arrival, odd_days
from bocage.steer.follower import step
from bocage.store.memory import MemoryStore

NOW = 1_795_428_000_000  # 2026-11-23T10:00Z
START = 1_793_491_200_000  # 2026-11-01


def sent(store: MemoryStore, starts: list[int], values: list[float], number: int = 1, reason: str = "") -> None:
    at, count = np.array(starts, np.int64), len(starts)
    batch = ObservationBatch(
        datastream=np.full(count, number, np.int32), start=at, end=at, kind=np.zeros(count, np.uint8),
        number=np.array(values), origin=np.zeros(count, np.uint8), correcting=bool(reason), reason=reason,
    )  # fmt: skip
    store.append(batch).result()


@pytest.fixture
def store(db: Path) -> MemoryStore:
    kept = MemoryStore()
    sent(kept, [START, START + HOUR, START + DAY], [20.0, 900.0, -80.0])
    sent(kept, [START], [5.0], number=2)
    return kept


def follow(store: MemoryStore, now: int = NOW) -> Follower:
    follower = follow_arrivals(lambda: now, lambda: {1: (-50.0, 60.0)})
    while step(follower, store):
        pass
    return follower


def test_values_outside_of_what_is_plausible_are_counted_by_day(store: MemoryStore) -> None:
    follow(store)
    day = START // DAY
    assert odd_days([1, 2], day, day + 1) == {day: 1, day + 1: 1}
    assert odd_days([2], day, day + 1) == {}


def test_when_something_of_a_month_came_last_is_known_by_series(store: MemoryStore) -> None:
    follow(store)
    sent(store, [START + 40 * DAY], [20.0])
    follow(store, NOW + HOUR)
    assert last_arrival([1], START, START + 30 * DAY) == NOW
    assert last_arrival([1], START, START + 50 * DAY) == NOW + HOUR
    assert last_arrival([3], START, START + 50 * DAY) == 0


def test_corrections_are_told_with_their_reason_and_not_counted_as_arrivals(store: MemoryStore) -> None:
    sent(store, [START, START + HOUR], [21.0, 22.0], reason="source")
    sent(store, [START + DAY], [23.0], reason="source")
    follow(store)
    told = corrections([1, 2])
    assert [(one.datastream, one.count, one.reason) for one in told] == [(1, 3, "source")]
    assert (told[0].first, told[0].last) == (START, START + DAY)
    assert told[0].at <= NOW < told[0].at + HOUR
    counting = follow_activity(lambda: NOW)
    while step(counting, store):
        pass
    assert sum(one.count for one in activity_of([1], 0, NOW // DAY)) == 3


def test_replaying_the_log_counts_the_same(store: MemoryStore) -> None:
    follow(store)
    follow(store)
    assert sum(odd_days([1], 0, NOW // DAY).values()) == 2
