"""A delivery leaves only with its change, is tried until it arrives, and is visible all along."""

from datetime import UTC, datetime, timedelta

import pytest

from bocage import outbox, relational
from bocage.domain.errors import Missing
from bocage.outbox import Deliverer, Parcel, State
from bocage.outbox.schedule import FIRST, LONGEST, back_off, given_up

pytestmark = pytest.mark.usefixtures("db")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.at = AT

    def __call__(self) -> datetime:
        return self.at


class Witness:
    """Receives parcels, fails as often as told first."""

    def __init__(self, failures: int = 0) -> None:
        self.failures = failures
        self.seen: list[str] = []

    def __call__(self, parcel: Parcel) -> None:
        self.seen.append(parcel.key)
        if len(self.seen) <= self.failures:
            raise ConnectionError("the witness does not answer")


def only() -> Parcel:
    (one,) = outbox.parcels()
    return one


def test_a_parcel_of_a_change_that_was_undone_never_existed() -> None:
    def undone() -> None:
        with relational.transaction():
            outbox.put("head", {"digest": "abc"}, AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert outbox.parcels() == []


def test_a_parcel_is_delivered_once_and_said_so() -> None:
    put, witness, clock = outbox.put("head", {"digest": "abc"}, AT), Witness(), Clock()
    deliverer = Deliverer({"head": witness}, clock)
    assert put.payload == b'{"digest":"abc"}'
    assert (deliverer.run(AT), deliverer.run(AT)) == ("1/1", "0/0")
    assert witness.seen == [put.key]
    assert (only().state, only().tries, only().delivered_at, only().next_try) == (State.DELIVERED, 1, AT, None)


def test_a_failure_is_visible_and_tried_again_with_the_same_key() -> None:
    put, witness, clock = outbox.put("head", b"abc", AT), Witness(failures=2), Clock()
    deliverer = Deliverer({"head": witness}, clock)
    assert deliverer.run(clock.at) == "0/1"
    assert (only().state, only().next_try) == (State.FAILED, AT + FIRST)
    assert only().error == "ConnectionError: the witness does not answer"
    assert deliverer.run(clock.at) == "0/0"
    for _ in range(2):
        clock.at += timedelta(minutes=2)
        deliverer.run(clock.at)
    assert witness.seen == [put.key] * 3
    assert (only().state, only().error) == (State.DELIVERED, "")


def test_a_failure_does_not_hold_up_the_next_parcel() -> None:
    outbox.put("peer", b"", AT)
    outbox.put("head", b"", AT)
    assert Deliverer({"head": Witness(), "peer": Witness(failures=9)}, Clock()).run(AT) == "1/2"
    assert outbox.counted() == {State.WAITING: 0, State.FAILED: 1, State.GIVEN_UP: 0, State.DELIVERED: 1}


def test_what_nobody_delivers_is_shown_as_failed() -> None:
    outbox.put("pigeon", b"", AT)
    Deliverer({}, Clock()).run(AT)
    assert (only().state, only().error) == (State.FAILED, "LookupError: nobody delivers pigeon")


def test_a_delivery_is_given_up_after_a_week_and_sent_again_by_hand() -> None:
    put, witness, clock = outbox.put("head", b"", AT), Witness(failures=1), Clock()
    deliverer = Deliverer({"head": witness}, clock)
    clock.at += timedelta(days=7)
    deliverer.run(clock.at)
    assert (only().state, only().next_try) == (State.GIVEN_UP, None)
    clock.at += timedelta(days=30)
    assert deliverer.run(clock.at) == "0/0"
    assert outbox.retry(put.id, clock.at).state == State.WAITING
    assert deliverer.run(clock.at) == "1/1"
    assert (only().key, only().made_at) == (put.key, AT)
    with pytest.raises(Missing):
        outbox.retry(put.id, clock.at)


def test_a_stop_in_the_middle_of_a_try_is_tried_again_after_its_wait() -> None:
    outbox.put("head", b"", AT)

    def stopped(parcel: Parcel) -> None:
        raise KeyboardInterrupt

    clock = Clock()
    with pytest.raises(KeyboardInterrupt):
        Deliverer({"head": stopped}, clock).run(AT)
    assert (only().state, only().tries, only().next_try) == (State.WAITING, 1, AT + FIRST)
    clock.at += FIRST
    assert Deliverer({"head": Witness()}, clock).run(clock.at) == "1/1"


def test_the_same_key_is_put_once_and_keys_of_their_own_all_differ() -> None:
    first = outbox.put("head", b"1", AT, "head-2026-11-23")
    assert outbox.put("head", b"2", AT, "head-2026-11-23") == first
    assert len({outbox.put("head", b"1", AT).key for _ in range(5)}) == 5


def test_what_was_delivered_is_forgotten_and_what_failed_is_not() -> None:
    outbox.put("head", b"", AT)
    outbox.put("pigeon", b"", AT)
    Deliverer({"head": Witness()}, Clock()).run(AT)
    assert outbox.forget(AT + timedelta(days=1)) == 1
    assert [parcel.kind for parcel in outbox.parcels()] == ["pigeon"]
    assert outbox.parcels(state=State.DELIVERED) == []


def test_waits_double_up_to_six_hours() -> None:
    waits = [back_off(tries) for tries in range(1, 40)]
    assert waits[:3] == [FIRST, FIRST * 2, FIRST * 4]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST
    assert not given_up(AT, AT + timedelta(days=6))
