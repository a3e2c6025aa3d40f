"""The clock is said to be right or wrong as surely as it is known, and nothing is asked of the network."""

from datetime import UTC, datetime, timedelta

import pytest

from bocage.upkeep import kernel
from bocage.upkeep.clock import Clock, Hearing, Jump, points
from bocage.upkeep.point import State

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


def clock(kept: bool | None = None, early: int = 0, **servers: float) -> Clock:
    return Clock(kept=kept, servers=servers, jumps=(), early=early)


@pytest.mark.parametrize(
    ("known", "state", "begins"),
    [
        (clock(kept=True), State.WELL, "A time server keeps"),
        (clock(kept=True, a=0.4, b=-0.2), State.WELL, "A time server keeps this clock right; the machine says so, and"),
        (clock(kept=False), State.WATCH, "No time server"),
        (clock(kept=None), State.UNKNOWN, "Nobody here"),
        (clock(kept=None, a=1.0), State.WELL, "Servers read here"),
        (clock(kept=None, a=12.0), State.UNKNOWN, "Nobody here"),
        (clock(kept=None, a=300.0), State.WATCH, "%(host)s says"),
        (clock(kept=True, a=300.0), State.WELL, "A time server keeps"),
        (clock(kept=True, a=300.0, b=302.0), State.TROUBLE, "This clock is late"),
        (clock(kept=False, a=-300.0, b=-299.0), State.TROUBLE, "This clock is ahead"),
    ],
)
def test_what_is_said_follows_from_who_says_it(known: Clock, state: State, begins: str) -> None:
    (found,) = points(known)
    assert found.state is state
    assert found.said[0].message.startswith(begins)
    assert bool(found.todo) == (state is not State.WELL)


def test_several_sources_far_ahead_cast_doubt_on_the_clock_and_one_alone_does_not() -> None:
    assert len(points(clock(kept=True, early=1))) == 1
    assert points(clock(kept=True, early=2))[1].state is State.WATCH


def test_a_clock_set_back_is_noticed_and_remembered_for_a_week() -> None:
    hearing = Hearing()
    hearing.turn(AT, 100.0)
    hearing.turn(AT + timedelta(seconds=1), 101.0)
    hearing.turn(AT - timedelta(seconds=599), 102.0)
    _servers, (jump,) = hearing.heard(AT)
    assert jump == Jump(at=AT - timedelta(seconds=599), seconds=601.0)
    assert points(Clock(kept=True, servers={}, jumps=(jump,)))[1].state is State.WATCH
    assert hearing.heard(AT + timedelta(days=8)) == ({}, ())


def test_a_machine_that_slept_is_not_one_whose_clock_was_set_back() -> None:
    hearing = Hearing()
    hearing.turn(AT, 100.0)
    hearing.turn(AT + timedelta(hours=8), 101.0)
    assert hearing.heard(AT) == ({}, ())


def test_what_a_server_said_is_believed_for_a_day() -> None:
    hearing = Hearing()
    hearing.answered("data.example", {"Date": "Mon, 23 Nov 2026 09:05:00 GMT"}, AT, AT + timedelta(seconds=1))
    servers, _jumps = hearing.heard(AT)
    assert servers == {"data.example": 300.0}
    assert hearing.heard(AT + timedelta(hours=25)) == ({}, ())


def test_an_answer_without_a_date_or_kept_by_somebody_on_the_way_says_nothing() -> None:
    hearing = Hearing()
    later = AT + timedelta(seconds=1)
    hearing.answered("none.example", {}, AT, later)
    hearing.answered("odd.example", {"Date": "yesterday"}, AT, later)
    hearing.answered("kept.example", {"Date": "Mon, 23 Nov 2026 08:00:00 GMT", "Age": "3600"}, AT, later)
    hearing.answered("slow.example", {"Date": "Mon, 23 Nov 2026 08:00:00 GMT"}, AT, AT + timedelta(seconds=40))
    assert hearing.heard(AT) == ({}, ())


def test_the_machine_is_asked_in_two_ways_and_may_not_know() -> None:
    assert kernel.synchronised(lambda: None, lambda: True) is True
    assert kernel.synchronised(lambda: False, lambda: True) is False
    assert kernel.synchronised(lambda: None, lambda: None) is None
    assert kernel.synchronised() in (True, False, None)
