"""How long the room lasts is told from the days that are known, with its range, and no sooner."""

from datetime import date, timedelta

import pytest

from bocage.domain.said import Said
from bocage.upkeep.point import State
from bocage.upkeep.room import LEAST, Pace, Room, Sample, pace, point
from bocage.upkeep.samples import sampled, samples

DAY = date(2026, 11, 1)
MEGABYTE = 1_000_000
GIGABYTE = 1000 * MEGABYTE


def days(*sizes: int) -> list[Sample]:
    return [
        Sample(day=DAY + timedelta(days=n), data=size * MEGABYTE, free=40 * GIGABYTE, total=64 * GIGABYTE)
        for n, size in enumerate(sizes)
    ]


def room(free: int = 40 * GIGABYTE, copies: int = 0, a_day: int | None = None) -> Room:
    known = None if a_day is None else Pace(low=a_day, high=2 * a_day, days=30)
    return Room(free=free, total=64 * GIGABYTE, data=GIGABYTE, copies=copies, pace=known)


def words(found: Room) -> list[str]:
    return [one.message for one in point(found).said]


def test_the_pace_is_not_told_before_a_week_is_known() -> None:
    assert pace(days(1, 2, 3, 4, 5, 6, 7)) is None
    found = pace(days(1, 2, 3, 4, 5, 6, 7, 8))
    assert found == Pace(low=MEGABYTE, high=MEGABYTE, days=7)


def test_one_odd_day_changes_little() -> None:
    odd = pace(days(10, 20, 30, 40, 5000, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150))
    assert odd
    assert odd.low == pytest.approx(10 * MEGABYTE)
    assert odd.high == pytest.approx(10 * MEGABYTE)


def test_a_file_loaded_at_once_is_not_taken_for_the_pace_of_every_day() -> None:
    loaded = pace(days(*range(10, 25), *range(5010, 5025)))
    assert loaded
    assert loaded.low < 5 * MEGABYTE


def test_every_night_kept_on_the_disk_grows_with_the_data() -> None:
    alone = room(LEAST + 100 * GIGABYTE, 0, 100 * MEGABYTE).lasts
    assert alone == (500, 1000)
    assert room(LEAST + 100 * GIGABYTE, 7, 100 * MEGABYTE).lasts == (62, 125)


def test_a_disk_that_lasts_for_less_than_three_months_is_to_be_watched() -> None:
    soon = room(a_day=300 * MEGABYTE)
    assert point(soon).state is State.WATCH
    assert point(soon).todo
    assert point(soon).said[1] == Said(
        message="At the pace of the last weeks that lasts for %(low)s to %(high)s months.",
        values={"low": 2, "high": 4},
    )
    assert point(room(a_day=3000 * MEGABYTE)).said[1].values == {"low": 6, "high": 13}
    assert point(room(a_day=10 * MEGABYTE)).state is State.WELL


def test_little_room_is_said_whatever_the_pace() -> None:
    assert point(room(free=LEAST - 1)).state is State.TROUBLE
    assert point(room(free=LEAST + 1)).state is State.WATCH
    assert "Measurements will soon be refused." in words(room(free=LEAST - 1))


def test_data_that_do_not_grow_and_days_that_are_too_few_are_said_to_be_so() -> None:
    assert words(room(a_day=0))[1] == "The data do not grow."
    assert words(room())[1].startswith("How long that lasts is told")
    assert words(room(a_day=1000))[1].endswith("more than five years.")


@pytest.mark.usefixtures("db")
def test_a_day_is_kept_once_and_forgotten_after_a_season() -> None:
    for one in days(*range(200)):
        sampled(one)
    sampled(Sample(day=DAY, data=7, free=8, total=9))
    last = DAY + timedelta(days=199)
    sampled(Sample(day=last, data=7, free=8, total=9))
    kept = samples(last)
    assert kept[-1] == Sample(day=last, data=7, free=8, total=9)
    assert len(kept) == 121
