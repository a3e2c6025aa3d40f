"""What is said of the copies: made or not, sound or not, out of reach of a fire or not."""

from datetime import UTC, datetime, timedelta

from bocage.domain.said import Said
from bocage.upkeep.copies import Copy, Tried
from bocage.upkeep.nights import Nights, points
from bocage.upkeep.point import Point, State, to_mend, worst

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
BROKEN = (Said(message="It cannot be restored: %(failure)s.", values={"failure": "data/log/columns"}),)


def copy(hours: int, sound: bool | None = True) -> Copy:
    at = NOW - hours * HOUR
    tried = None if sound is None else Tried(at=at, sound=sound, said=() if sound else BROKEN, seconds=3)
    return Copy(name=f"{at:%Y-%m-%d}", at=at, bytes=5_000_000, version="0.1.0", rotates=True, tried=tried)


def said(nights: Nights) -> list[tuple[State, str]]:
    return [(point.state, point.said[0].message) for point in points(nights, NOW)]


def test_a_copy_of_last_night_that_was_restored_and_taken_elsewhere_is_all_well() -> None:
    found = points(Nights(copies=(copy(7),), elsewhere="médiathèque"), NOW)
    assert worst(found) is State.WELL
    assert not to_mend(found)


def test_a_copy_that_failed_last_night_is_to_be_mended_whatever_older_ones_there_are() -> None:
    full = (Said(message="No copy was begun."),)
    first = points(Nights(copies=(copy(31),), failure=full), NOW)[0]
    assert first.state is State.TROUBLE
    assert [one.message for one in first.said] == ["No copy was begun.", "The last copy is of %(when)s."]
    assert points(Nights(copies=(), failure=full), NOW)[0].said == full


def test_a_young_instance_is_told_when_its_first_copy_comes() -> None:
    assert said(Nights(copies=(), following=NOW + HOUR))[0][0] is State.UNKNOWN
    assert said(Nights(copies=()))[0] == (State.TROUBLE, "No copy was ever made.")


def test_a_copy_too_old_is_to_be_watched() -> None:
    assert said(Nights(copies=(copy(50),)))[0] == (State.WATCH, "The last copy is %(age)s old.")


def test_a_copy_that_cannot_be_restored_names_the_newest_one_that_could() -> None:
    found = points(Nights(copies=(copy(7, False), copy(31, True))), NOW)[1]
    assert found.state is State.TROUBLE
    assert found.said[:1] == BROKEN
    assert found.said[1].message.startswith("The newest copy that could be restored")
    assert points(Nights(copies=(copy(7, False),)), NOW)[1].said[1].message == "No copy here could be restored."


def test_a_copy_nobody_could_try_says_why() -> None:
    assert said(Nights(copies=(copy(7, None),)))[1][0] is State.UNKNOWN
    lacking = (Said(message="no room to try it"),)
    assert said(Nights(copies=(copy(7, None),), untried=lacking))[1] == (State.TROUBLE, "no room to try it")


def test_copies_on_the_disk_of_the_data_are_a_point_to_mend_until_somebody_says_where_others_are() -> None:
    beside = said(Nights(copies=(copy(7),), beside=True))[2]
    assert beside == (State.WATCH, "The copies lie on the disk of the data: they would be lost with it.")
    assert said(Nights(copies=(copy(7),), beside=False))[2][0] is State.WATCH
    assert said(Nights(copies=(copy(7),), beside=True, elsewhere="médiathèque"))[2][0] is State.WELL


def test_what_presses_most_comes_first_in_the_list_of_points_to_mend() -> None:
    found = points(Nights(copies=(copy(50, False),), beside=True), NOW)
    assert [point.state for point in to_mend(found)] == [State.TROUBLE, State.WATCH, State.WATCH]
    assert isinstance(found[0], Point)
