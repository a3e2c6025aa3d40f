"""Completeness, promptness, plausibility and silence of a dataset's series."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.dataset import Dataset
from bocage.domain.instant import DAY, HOUR, to_datetime
from bocage.domain.observation import ObservationBatch
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.publish.publication import Publication, State
from bocage.publish.quality import DAYS, Measured, measured
from bocage.steer import follow_activity, follow_arrivals
from bocage.steer.follower import step
from bocage.store.memory import MemoryStore

NOW = 20_000 * DAY + 5 * HOUR  # 2024-10-04
FIRST = NOW - NOW % DAY - DAYS * DAY


def dataset(*cadences: int | None, maximum: float | None = None) -> Publication:
    streams = tuple(
        (
            f"s{number}",
            Datastream(
                id=number, title=Text(fr="x"), thing="t", observed_property="p", cadence_seconds=cadence,
                maximum=maximum,
            ),
        )
        for number, cadence in enumerate(cadences, 1)
    )  # fmt: skip
    body = Dataset(title=Text(fr="Air"))
    return Publication(slug="air", dataset=body, streams=streams, state=State.OPEN)


class Given:
    """A log, and its followers at the moment something arrives."""

    def __init__(self) -> None:
        self.store = MemoryStore()

    def arrive(self, number: int, start: int, count: int, every: int = HOUR, late: int = 60_000) -> None:
        at = start + every * np.arange(count, dtype=np.int64)
        batch = ObservationBatch(
            datastream=np.full(count, number, np.int32), start=at, end=at, kind=np.zeros(count, np.uint8),
            number=np.arange(count, dtype=np.float64), origin=np.zeros(count, np.uint8),
        )  # fmt: skip
        self.store.append(batch).result()
        mean = int(at.mean()) + late
        for follower in (follow_activity(lambda: mean), follow_arrivals(lambda: mean, lambda: {1: (0.0, 100.0)})):
            while step(follower, self.store):
                pass

    def told(self, found: Publication) -> Measured:
        told = measured(self.store, found, NOW)
        assert told is not None
        return told


@pytest.fixture
def given(db: Path) -> Given:
    return Given()


def test_half_of_what_the_cadence_promises_is_half(given: Given) -> None:
    given.arrive(1, FIRST, 360, every=2 * HOUR)
    lately = given.told(dataset(3600)).lately
    assert (lately.expected, lately.received, lately.share) == (720, 360, 50.0)


def test_delay_is_the_mean_between_the_end_and_the_arrival(given: Given) -> None:
    for day in range(3):
        given.arrive(1, FIRST + day * DAY, 1, late=(day + 1) * 60_000)
    assert given.told(dataset(86_400)).lately.mean_delay == 120.0


def test_a_series_that_began_later_is_expected_from_its_first_value_on(given: Given) -> None:
    given.arrive(1, NOW - NOW % DAY - 3 * DAY + 12 * HOUR, 60)
    lately = given.told(dataset(3600)).lately
    assert (lately.expected, lately.share) == (60, 100.0)


def test_without_a_declared_cadence_nothing_is_expected_and_nobody_is_silent(given: Given) -> None:
    given.arrive(1, FIRST, 5)
    lately = given.told(dataset(None)).lately
    assert (lately.expected, lately.share, lately.silent, lately.arrived) == (0, None, (), 5)


def test_a_series_is_silent_after_three_of_its_cadences(given: Given) -> None:
    given.arrive(1, NOW - 4 * HOUR, 1)
    given.arrive(2, NOW - 2 * HOUR, 1)
    assert given.told(dataset(3600, 3600)).lately.silent == ("s1",)


def test_values_outside_of_what_is_plausible_are_counted(given: Given) -> None:
    given.arrive(1, FIRST, 151)
    lately = given.told(dataset(3600, maximum=100.0)).lately
    assert (lately.odd, lately.arrived, lately.bounded) == (50, 151, True)
    assert not given.told(dataset(3600)).lately.bounded


def test_each_month_that_has_something_to_tell_is_told_newest_first(given: Given) -> None:
    given.arrive(1, NOW - 70 * DAY, 24 * 70)
    months = given.told(dataset(3600)).months
    assert [one.first for one in months] == [date(2024, 10, 1), date(2024, 9, 1), date(2024, 8, 1), date(2024, 7, 1)]
    assert [one.share for one in months] == [100.0] * 4
    assert months[1].expected == 24 * 30
    assert to_datetime(NOW).date() == date(2024, 10, 4)
    assert months[0].expected == 24 * 3  # today is left out


def test_a_dataset_that_holds_nothing_has_no_quality(given: Given) -> None:
    assert measured(given.store, dataset(3600), NOW) is None
