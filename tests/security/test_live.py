"""Live values: rights that end while one listens, and room for everybody."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from bocage.accounts import ANYONE, OPERATOR
from bocage.api.live import Bell, Listener, heard
from bocage.api.problem import Stopped
from bocage.api.seats import Seats, place
from bocage.domain.instant import to_ms
from bocage.domain.observation import ObservationBatch
from bocage.relational import in_thread


@pytest.fixture(scope="module")
def instance(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The demonstration behind the routes for programs."""
    from tests.api.running import running

    yield from running(tmp_path_factory.mktemp("data"))


def test_who_lost_their_role_while_listening_hears_no_closed_value_any_more(instance: Any) -> None:
    from tests.api.running import AT, MAIN

    from bocage import sensing

    open_ones = heard(instance.parts, MAIN, ANYONE).series
    before = heard(instance.parts, MAIN, OPERATOR)
    closed = next(number for number in before.series if number not in open_ones)
    old = msgspec.structs.replace(before, revision=(-1, -1, date(2026, 1, 1)))  # something was declared since
    assert sensing.revision(MAIN) >= 0

    async def listen() -> list[bytes]:
        await in_thread(heard, instance.parts, MAIN, ANYONE)
        listener = Listener(instance.parts, Bell(instance.parts), (MAIN, OPERATOR, old), lambda: ANYONE)
        stream = listener.events(instance.store.position())
        found = [await anext(stream)]
        at = np.array([to_ms(AT), to_ms(AT) + 1])
        numbers = np.array([closed, next(iter(open_ones))], np.int32)
        batch = ObservationBatch(
            datastream=numbers,
            start=at,
            end=at,
            kind=np.zeros(2, np.uint8),
            number=np.array([1.0, 2.0]),
            origin=np.ones(2, np.uint8),
            original=at,
        )
        instance.store.append(batch).result()
        async with asyncio.timeout(5):
            found.append(await anext(stream))
        return found

    told = asyncio.run(listen())[-1].decode()
    values = msgspec.json.decode(told.split("data: ")[1])["values"]
    assert [value["number"] for value in values] == [next(iter(open_ones))]


def test_one_place_does_not_take_every_seat() -> None:
    seats = Seats(most=3, most_of_one=2)
    for _ in range(2):
        seats.ask("a")
        seats.take("a")
    with pytest.raises(Stopped) as refused:
        seats.ask("a")
    assert refused.value.status == 503
    seats.ask("b")


def test_a_seat_that_is_left_may_be_taken_again() -> None:
    seats = Seats(most=1)
    seats.take("a")
    with pytest.raises(Stopped):
        seats.ask("b")
    seats.leave("a")
    seats.ask("b")


def test_a_household_is_one_place_whatever_address_it_takes() -> None:
    assert place("2001:db8:1:2::1") == place("2001:db8:1:2:ffff::9")
    assert place("2001:db8:1:3::1") != place("2001:db8:1:2::1")
    assert place("192.0.2.1") == "192.0.2.1"
    assert place("") == ""
