"""A source that listens to a real broker: what it passes on is kept once, acknowledged once durable, or refused."""

import asyncio
import os
from pathlib import Path

import pytest
from tests.broker import Mosquitto, published
from tests.ingest.given import PLACE, FullStore
from tests.ingest.mqtt.town import Town, changed

from bocage.domain.broker import Payload, Version
from bocage.domain.source import Mapping, Series
from bocage.ingest.mqtt.state import Phase
from bocage.ingest.mqtt.trouble import Trouble

FLAPS = int(os.environ.get("BOCAGE_KILLS", "3"))  # `make endurance`: 50


def reading(minute: int, value: float, key: str = "hall-co2") -> bytes:
    return b'{"datastream": "%s", "time": "2026-11-23T07:%02d:00Z", "result": %d}' % (key.encode(), minute, value)


@pytest.mark.parametrize("version", list(Version))
def test_messages_are_kept_in_the_format_of_the_source(
    db: Path, tmp_path: Path, mosquitto: Mosquitto, version: Version
) -> None:
    topic = f"town-{version.name.lower()}"
    town = Town(tmp_path, mosquitto.declared(f"{topic}/#", version=version))

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [(f"{topic}/a", reading(minute, 400 + minute)) for minute in range(50)])
        await town.until(lambda: town.state.messages == 50)

    asyncio.run(town.listen(during))
    assert town.held() == [400 + minute for minute in range(50)]
    assert town.state.trouble is None
    assert town.state.came[0].topic == f"{topic}/a"


def test_plain_values_are_named_by_the_levels_of_their_topic(db: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    broker = mosquitto.declared("plain/+/+", parts="plain/{device}/{property}", payload=Payload.VALUE)
    town = Town(tmp_path, broker, mapping=Mapping(key="{device}-{property}", decimal=","))

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("plain/hall/co2", b"612,5\n"), ("plain/hall/co2", b"613")])
        await town.until(lambda: town.state.messages == 2)

    asyncio.run(town.listen(during))
    assert town.held() == [612.5, 613]


def test_json_without_a_time_has_the_time_it_came(db: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    broker = mosquitto.declared("rows/#", parts="rows/{device}")
    mapping = Mapping(key="{device}-co2", time="", series=(Series(column="co2"),))
    town = Town(tmp_path, broker, plugin="json-rows", mapping=mapping)

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("rows/hall", b'{"co2": 612, "device": "other"}')])
        await town.until(lambda: town.state.messages == 1)

    asyncio.run(town.listen(during))
    assert town.held() == [612]


def test_what_cannot_be_read_or_is_refused_is_told_and_never_comes_again(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    town = Town(tmp_path, mosquitto.declared("bad/#"))
    bodies = [b"\xff\x00", b"", reading(1, 401), b"[" * 5000, reading(2, 402, "nobody"), reading(3, 403)]

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("bad/a", body) for body in bodies])
        await town.until(lambda: town.state.messages == len(bodies))

    async def again() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("bad/a", reading(4, 404))])
        await town.until(lambda: town.state.messages > len(bodies))

    asyncio.run(town.listen(during))
    assert town.held() == [401, 403]
    told = town.taking.reception.refusals
    assert told.flush(town.clock()) == 2
    assert town.state.refused is not None
    asyncio.run(town.listen(again))
    assert town.state.messages == len(bodies) + 1
    assert town.held() == [401, 403, 404]


def test_a_full_disk_leaves_messages_with_the_broker_until_there_is_room(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    store = FullStore()
    town = Town(tmp_path, mosquitto.declared("full/#"), store)

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("full/a", reading(minute, minute)) for minute in range(5)])
        await town.until(lambda: town.state.trouble is Trouble.STORE)
        assert town.held() == []
        store.full = False
        await town.until(lambda: len(town.held()) == 5)

    asyncio.run(town.listen(during))
    assert town.held() == [0, 1, 2, 3, 4]


def test_a_broker_that_restarts_gives_what_it_kept_meanwhile(db: Path, tmp_path: Path) -> None:
    own = Mosquitto(tmp_path / "own").start()
    town = Town(tmp_path, own.declared("kept/#"))

    async def listening() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)

    async def during() -> None:
        await listening()
        own.stop()
        await town.until(lambda: town.state.phase is not Phase.LISTENING)
        own.start()
        await listening()
        await town.until(lambda: len(town.held()) == 3)

    try:
        asyncio.run(town.listen(listening))
        asyncio.run(published(own.declared(), [("kept/a", reading(minute, minute)) for minute in range(3)]))
        asyncio.run(town.listen(during))
    finally:
        own.stop()
    assert town.held() == [0, 1, 2]
    assert town.state.trouble in {Trouble.LEFT, Trouble.CLOSED}


def test_a_broker_that_comes_and_goes_loses_nothing_and_doubles_nothing(db: Path, tmp_path: Path) -> None:
    own = Mosquitto(tmp_path / "own").start()
    town = Town(tmp_path, own.declared("flaps/#"))

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        for minute in range(FLAPS):
            some = [("flaps/a", reading(one, one)) for one in (max(minute - 1, 0), minute)]
            await published(own.declared(), some)
            own.stop()
            own.start()
        await town.until(lambda: len(town.held()) == FLAPS)

    try:
        asyncio.run(town.listen(during))
    finally:
        own.stop()
    assert town.held() == list(range(FLAPS))


def test_processes_of_one_group_share_the_messages(db: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    one, other = (Town(tmp_path / name, mosquitto.declared("shared/#", group="g")) for name in ("one", "other"))

    async def during() -> None:
        await one.until(lambda: one.state.phase is other.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), [("shared/a", reading(minute, minute)) for minute in range(40)])
        await one.until(lambda: one.state.messages + other.state.messages == 40)

    asyncio.run(one.listen(lambda: other.listen(during)))
    assert sorted(one.held() + other.held()) == list(range(40))
    assert one.held()
    assert other.held()


def test_what_processes_share_is_listened_to_apart_from_what_one_of_them_does(db: Path, tmp_path: Path) -> None:
    from tests.ingest.given import NOW

    from bocage import registers
    from bocage.domain.broker import Broker
    from bocage.domain.declaration import Key
    from bocage.ingest.mqtt.listening import declared

    alone = Town(tmp_path, Broker(host="mqtt.example", topics=("a",)))
    shared = changed(alone.source.broker or Broker(host=""), group="g")
    bodies = {PLACE: alone.declared.bodies["territory", PLACE], "capteurs": alone.source}
    bodies["partages"] = changed(alone.source, broker=shared)
    puts = [
        registers.Put(key=Key(territory=PLACE, kind=body.kind, slug=slug), body=body) for slug, body in bodies.items()
    ]
    registers.record(puts, "operator", NOW, PLACE)
    assert {source for _place, source in declared()} == {"capteurs", "partages"}
    assert {source for _place, source in declared(True)} == {"partages"}
    assert {source for _place, source in declared(False)} == {"capteurs"}


def test_a_topic_that_is_declared_no_longer_is_not_heard_even_after_a_restart(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    broker = mosquitto.declared("old/#", "both/#")
    town = Town(tmp_path, broker)

    async def listening() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)

    async def during() -> None:
        await listening()
        some = [("old/a", reading(1, 1)), ("both/a", reading(2, 2)), ("new/a", reading(3, 3))]
        await published(mosquitto.declared(), some)
        await town.until(lambda: town.held() == [2, 3])

    asyncio.run(town.listen(listening))
    town.declared.change("source", "capteurs", broker=changed(broker, topics=("both/#", "new/#")))
    town.taking.brokers.forget((PLACE, "capteurs"))
    asyncio.run(town.listen(during))
    assert town.held() == [2, 3]


def test_an_old_value_without_a_time_says_nothing_of_now(db: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    asyncio.run(published(mosquitto.declared(), [("retained/hall", b"600")], retained=True))
    broker = mosquitto.declared("retained/+", parts="retained/{room}", payload=Payload.VALUE)
    town = Town(tmp_path, broker, mapping=Mapping(key="{room}-co2"))

    async def during() -> None:
        await town.until(lambda: town.state.messages == 1)
        await published(mosquitto.declared(), [("retained/hall", b"601")])
        await town.until(lambda: town.state.messages == 2)

    asyncio.run(town.listen(during))
    assert town.held() == [601]
    assert town.state.left == 1


def test_observations_of_sensorthings_are_called_by_the_number_of_their_series(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    town = Town(tmp_path, mosquitto.declared("v1.1/+/Observations", "v1.1/Observations"), plugin="sensorthings")
    bodies = [
        ("v1.1/Datastreams(1)/Observations", b'{"result": 612, "phenomenonTime": "2026-11-23T07:00:00Z"}'),
        ("v1.1/Observations", b'{"result": 613, "resultTime": "2026-11-23T07:01:00Z", "Datastream": {"@iot.id": 1}}'),
        ("v1.1/Datastreams(99)/Observations", b'{"result": 1}'),
    ]

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), bodies)
        await town.until(lambda: town.state.messages == 3)

    asyncio.run(town.listen(during))
    assert town.held() == [612, 613]
    assert town.state.refused is not None
    assert town.state.refused.answer.refused == 1
