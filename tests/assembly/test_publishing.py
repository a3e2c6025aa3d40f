"""What everyone may read stands at the broker the instance names; what nobody may read never comes there."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.broker import Mosquitto

from bocage.domain.broker import Version
from bocage.domain.instance_settings import InstanceSettings, Publication
from bocage.domain.instant import to_ms
from bocage.domain.observation import ObservationBatch
from bocage.ingest.mqtt.connection import Connection
from bocage.ingest.mqtt.listener import Around
from bocage.ingest.mqtt.packets import Opening
from bocage.ingest.mqtt.state import States


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto")).start()
    yield broker
    broker.stop()


async def heard(mosquitto: Mosquitto, topics: str, enough: Callable[[dict[str, bytes]], bool]) -> dict[str, bytes]:
    """The last message of each topic, once there are enough."""
    opening = Opening(client="reader", version=Version.FIVE, clean=True)
    connection, _kept = await Connection.opened(mosquitto.declared(), opening, None)
    await connection.subscribe([topics])
    found: dict[str, bytes] = {}
    async with asyncio.timeout(20):
        while not enough(found):
            messages = await connection.heap()
            found |= {one.topic: one.body or b"" for one in messages}
            connection.acknowledge(messages)
    await connection.close()
    return found


def test_open_values_and_entities_stand_at_the_broker_and_closed_ones_never_do(
    relational_folder: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    from tests.api.running import AT, MAIN, running

    from bocage import sensing
    from bocage.assembly.publishing import Publishing

    made = running(tmp_path)
    instance = next(made)
    wanted = Publication(host="127.0.0.1", port=mosquitto.port, tls=False, prefix="essai/", select=("result",))
    instance.parts.chosen.choose(InstanceSettings(public_url="https://data.example", publication=wanted))
    states = States()
    around = Around(states=states, clock=lambda: AT, secret=lambda name: "", name=lambda *place: "bocage-tests")
    [open_one, *_rest] = [one.id for one in sensing.datastreams(MAIN, dataset="meteo")]
    closed = [one.id for one in sensing.datastreams(MAIN, dataset="energie-des-logements")]

    def keep(number: int, value: float) -> None:
        at = np.array([to_ms(AT) + int(value)])
        one = np.ones(1, np.uint8)
        batch = ObservationBatch(
            datastream=np.array([number], np.int32), start=at, end=at, kind=0 * one, number=np.array([value]),
            origin=one, original=at,
        )  # fmt: skip
        instance.store.append(batch).result()

    async def during(listen: Callable[[], Awaitable[None]]) -> None:
        task = asyncio.create_task(Publishing(instance.parts, around).run())
        try:
            await listen()
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def listen() -> None:
        topic = f"essai/v1.1/Datastreams({open_one})/Observations"
        await heard(mosquitto, "essai/#", lambda found: f"essai/v1.1/Datastreams({open_one})" in found)
        for number in closed:
            keep(number, 1)
        keep(open_one, 12)
        found = await heard(mosquitto, "essai/#", lambda found: f"{topic}?$select=result" in found)
        observation = json.loads(found[topic])
        assert observation["result"] == 12
        assert observation["Datastream@iot.navigationLink"].startswith("https://data.example/sta/v1.1/Observations(")
        entity = json.loads(found[f"essai/v1.1/Datastreams({open_one})"])
        assert entity["@iot.id"] == open_one
        assert json.loads(found[f"essai/v1.1/Datastreams({open_one})/name"]) == {"name": entity["name"]}
        assert json.loads(found[f"{topic}?$select=result"]) == {"result": 12}
        assert not [name for name in found for number in closed if f"Datastreams({number})/Observations" in name]

    asyncio.run(during(listen))
    retained = asyncio.run(
        heard(mosquitto, "essai/+/+/Observations", bool)  # still there, though nobody publishes
    )
    assert json.loads(next(iter(retained.values())))["result"] == 12
    instance.parts.chosen.choose(msgspec.structs.replace(instance.parts.chosen.now, publication=None))
    next(made, None)


def test_processes_of_one_machine_have_seats_of_their_own_and_the_same_ones_again(tmp_path: Path) -> None:
    from bocage.assembly.brokers import seat

    with seat(tmp_path) as first, seat(tmp_path) as second:
        assert first != second
    with seat(tmp_path) as again:
        assert again == first
