"""Completeness, promptness and silence of a dataset's series."""

from bocage.domain.instant import DAY
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.publish.quality import DAYS, weighed
from bocage.steer import Activity
from bocage.store.protocol import Extent

NOW = 20_000 * DAY + 5_000


def stream(number: int, cadence: int | None = 3600) -> tuple[str, Datastream]:
    return f"s{number}", Datastream(
        id=number, title=Text(fr="x"), thing="t", observed_property="p", cadence_seconds=cadence
    )


def active(number: int, per_day: int, delay: float = 60.0) -> list[Activity]:
    days = range(20_000 - DAYS, 20_000)
    return [Activity(datastream=number, day=d, count=per_day, mean_delay=delay, last=d * DAY) for d in days]


def extent(number: int, first: int = 0, last: int = NOW) -> Extent:
    return Extent(datastream=number, count=1, first=first, last=last)


def test_half_of_what_the_cadence_promises_is_half() -> None:
    found = weighed((stream(1),), active(1, 12), {1: extent(1)}, NOW)
    assert (found.expected, found.received, found.share) == (720, 360, 50.0)
    assert found.mean_delay == 60.0


def test_a_series_that_began_later_is_expected_from_its_first_day_on() -> None:
    found = weighed((stream(1),), active(1, 24)[-3:], {1: extent(1, first=(20_000 - 3) * DAY + 5)}, NOW)
    assert (found.expected, found.share) == (72, 100.0)


def test_without_a_declared_cadence_nothing_is_expected_and_nobody_is_silent() -> None:
    found = weighed((stream(1, None),), active(1, 5), {1: extent(1, last=0)}, NOW)
    assert (found.expected, found.share, found.silent) == (0, None, ())


def test_a_series_is_silent_after_three_of_its_cadences() -> None:
    extents = {1: extent(1, last=NOW - 4 * 3_600_000), 2: extent(2, last=NOW - 2 * 3_600_000)}
    assert weighed((stream(1), stream(2)), [], extents, NOW).silent == ("s1",)
