"""Live values: only what the reader may see, resumed by position."""

import asyncio
from typing import Any

import msgspec
import numpy as np
from tests.api.running import AT, BESIDE, MAIN, Instance

from bocage.accounts import ANYONE, OPERATOR
from bocage.accounts.rights import Actor
from bocage.api.live import Bell, Hearing, Listener, heard, readings
from bocage.domain.instant import to_ms
from bocage.domain.observation import ObservationBatch
from bocage.relational import in_thread


def _numbers(instance: Instance, territory: str, dataset: str) -> list[int]:
    from bocage import sensing

    return [placed.id for placed in sensing.datastreams(territory, dataset=dataset)]


def _keep(instance: Instance, number: int, result: float, minutes: int = 0) -> None:
    at = np.array([to_ms(AT) - minutes * 60_000 + int(result)])
    batch = ObservationBatch(
        datastream=np.array([number], np.int32),
        start=at,
        end=at,
        kind=np.zeros(1, np.uint8),
        number=np.array([result]),
        origin=np.ones(1, np.uint8),
        original=at - 1000,
    )
    instance.store.append(batch).result()


def _hear(
    instance: Instance, territory: str, actor: Actor, position: int, events: int, *, every: bool = False
) -> list[dict[str, Any]]:
    """The first events with values after a position."""

    async def listen() -> list[dict[str, Any]]:
        hearing = await in_thread(heard, instance.parts, territory, actor)
        listener = Listener(instance.parts, Bell(instance.parts), (territory, actor, hearing))
        listener.every = every
        stream = listener.events(position)
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(5):
            async for part in stream:
                for line in part.decode().splitlines():
                    if line.startswith("data: "):
                        found.append(msgspec.json.decode(line[6:]))
                if len(found) >= events:
                    break
        return found

    return asyncio.run(listen())


def test_a_new_value_of_open_data_is_heard_by_anyone(instance: Instance) -> None:
    [number, *_] = _numbers(instance, MAIN, "meteo")
    before = instance.store.position()
    _keep(instance, number, 12.0)
    [event] = _hear(instance, MAIN, ANYONE, before, 1)
    assert event["position"] == before + 1
    [value] = event["values"]
    assert (value["number"], value["result"], value["origin"]) == (number, 12.0, "replayed")
    assert value["original"] < value["time"]
    assert value["licence"] == "Licence Ouverte"


def test_a_program_that_was_away_hears_every_value_in_order(instance: Instance) -> None:
    [number, *_] = _numbers(instance, MAIN, "meteo")
    before = instance.store.position()
    for value in (1.0, 3.0, 2.0):
        _keep(instance, number, value, minutes=90)
    [event] = _hear(instance, MAIN, ANYONE, before, 1, every=True)
    assert [value["result"] for value in event["values"]] == [1.0, 3.0, 2.0]
    assert event["position"] == instance.store.position()


def test_a_meter_of_a_dwelling_is_heard_by_nobody_outside_and_by_those_who_may(instance: Instance) -> None:
    everyone = heard(instance.parts, MAIN, ANYONE)
    operator = heard(instance.parts, MAIN, OPERATOR)
    meters = set(operator.series) - set(everyone.series)
    assert {operator.series[number][0] for number in meters} >= {"logement-1-electricite", "logement-1-gaz"}


def test_a_territory_never_hears_its_neighbour(instance: Instance) -> None:
    ours, theirs = heard(instance.parts, MAIN, OPERATOR), heard(instance.parts, BESIDE, OPERATOR)
    assert ours.series
    assert theirs.series
    assert not set(ours.series) & set(theirs.series)


def test_a_reader_goes_on_where_it_stopped(instance: Instance) -> None:
    [first, second, *_] = _numbers(instance, MAIN, "meteo")
    before = instance.store.position()
    _keep(instance, first, 13.0)
    _keep(instance, second, 14.0)
    [event] = _hear(instance, MAIN, ANYONE, before, 1)
    assert [value["result"] for value in event["values"]] == [13.0, 14.0]
    [rest] = _hear(instance, MAIN, ANYONE, before + 1, 1)
    assert [value["result"] for value in rest["values"]] == [14.0]


def test_many_values_of_one_series_are_told_as_the_newest(instance: Instance) -> None:
    [number, *_] = _numbers(instance, MAIN, "meteo")
    before = instance.store.position()
    for result in (31.0, 33.0, 32.0):
        _keep(instance, number, result)
    columns = instance.store.after(before)
    assert [value.result for value in readings(columns, {number: ("a", "b", "")})] == [33.0]
    assert readings(columns, {}) == ()


def test_a_history_that_is_loaded_does_not_pass_for_the_latest_value(instance: Instance) -> None:
    [number, *_] = _numbers(instance, MAIN, "meteo")
    _keep(instance, number, 34.0)
    before = instance.store.position()
    _keep(instance, number, 12.0, minutes=400 * 24 * 60)
    other = _numbers(instance, MAIN, "meteo")[1]
    _keep(instance, other, 15.0)
    events = _hear(instance, MAIN, ANYONE, before, 1)
    assert [value["result"] for event in events for value in event["values"]] == [15.0]


def test_what_is_closed_meanwhile_is_heard_no_more(instance: Instance) -> None:
    """A reader who could hear a meter under declarations that changed since."""
    operator = heard(instance.parts, MAIN, OPERATOR)
    [meter] = [number for number, (slug, *_) in operator.series.items() if slug == "logement-1-gaz"]
    before = instance.store.position()
    _keep(instance, meter, 1.0)

    async def listen() -> bytes:
        stale = Hearing(series=operator.series, revision=(0, 0, AT.date()))
        listener = Listener(instance.parts, Bell(instance.parts), (MAIN, ANYONE, stale))
        listener.silence = 0.5
        stream = listener.events(before)
        return await anext(stream) + await anext(stream)

    assert b"data:" not in asyncio.run(listen())
