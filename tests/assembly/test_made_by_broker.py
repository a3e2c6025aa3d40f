"""Entities of SensorThings that a message of a broker creates: once, with the rights of the source, or not at all."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.api.sensorthings.bodies import place, series, thing
from tests.broker import Mosquitto, published

from bocage.ingest.mqtt.state import Phase, State

THING = thing()
SERIES = series("Bruit de la cour", Thing=thing("Préau", Locations=[place("Préau")]))


@pytest.fixture(scope="module")
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path_factory.mktemp("mosquitto")).start()
    yield broker
    broker.stop()


@pytest.fixture
def instance(relational_folder: Path, tmp_path: Path) -> Iterator[Any]:
    from tests.api.running import running

    made = running(tmp_path)
    yield next(made)
    next(made, None)


def listening(instance: Any, mosquitto: Mosquitto, *, creates: bool = True) -> Any:
    """The source of air sensors listens to the broker from now on; its listener."""
    import msgspec
    from tests.api.running import AT, MAIN

    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.api.sensorthings.receiving import Making
    from bocage.domain.declaration import Key
    from bocage.domain.source import Source, Transport
    from bocage.ingest.mqtt.listener import Around, Listener
    from bocage.ingest.mqtt.taking import Taking

    key = Key(territory=MAIN, kind=Source.kind, slug="air-ecoles")
    held = registers.find(key)
    assert held is not None
    broker = mosquitto.declared("ecoles/#", creates=creates)
    body = msgspec.structs.replace(held.body, plugin="sensorthings", transport=Transport.MQTT, broker=broker)  # type: ignore[call-arg]
    evidence.change(MAIN, OPERATOR, [evidence.Put(key=key, body=body, expected=held.version)], AT)
    make = Making(instance.parts)
    around = Around(
        states=instance.parts.intake.brokers,
        clock=lambda: AT,
        secret=lambda name: "",
        name=lambda *place: "bocage-made",
        make=make,
    )
    taking = Taking(instance.parts.intake.reception, MAIN, "air-ecoles", make)
    return Listener((MAIN, "air-ecoles"), broker, taking, around)


def test_entities_are_made_by_messages_with_the_rights_of_the_source_or_refused_and_counted(
    instance: Any, mosquitto: Mosquitto
) -> None:
    from tests.api.running import MAIN

    from bocage import sensing
    from bocage.api import brokers
    from bocage.ingest import refusals
    from bocage.relational import in_thread

    def stream() -> Any:
        return next(one for one in sensing.datastreams(MAIN) if one.entity.title.fr == SERIES["name"])

    async def until(wanted: Callable[[State], bool]) -> None:
        while not wanted(states.of(MAIN, "air-ecoles") or State()):  # noqa: ASYNC110 - threads make it true
            await asyncio.sleep(0.01)

    listener = listening(instance, mosquitto)
    states = instance.parts.intake.brokers

    async def during() -> None:
        async with asyncio.timeout(20):
            task = asyncio.create_task(listener.run())
            sent = [
                ("ecoles/v1.1/Things", THING),
                ("ecoles/v1.1/Datastreams", SERIES),
                ("ecoles/v1.1/Datastreams", {"name": "rien"}),
                ("ecoles/v1.1/Things", {**THING, "@iot.selfLink": "https://elsewhere.example/Things(1)"}),
            ]
            messages = [(topic, json.dumps(body).encode()) for topic, body in sent]
            await until(lambda state: state.phase is Phase.LISTENING)
            await published(mosquitto.declared(), messages)
            await until(lambda state: state.messages == len(sent))
            made = await in_thread(stream)
            reading = {"result": 61, "phenomenonTime": "2026-11-23T08:59:00Z"}
            topic = f"ecoles/v1.1/Datastreams({made.id})/Observations"
            await published(mosquitto.declared(), [(topic, json.dumps(reading).encode())])
            await until(lambda state: state.kept == 1)
            task.cancel()
            await asyncio.wait({task})

    asyncio.run(during())
    state = states.of(MAIN, "air-ecoles")
    assert (state.made, state.declined, state.kept) == (2, 1, 1)
    assert state.left == 1
    assert stream().entity.source == "air-ecoles"
    instance.parts.intake.reception.flush(instance.parts.clock())
    [counted] = [one for one in refusals.counted(MAIN, source="air-ecoles") if one.code == "entity-refused"]
    assert (counted.key, counted.count) == ("Datastreams", 1)
    collected = CollectorRegistry()
    brokers.figures(states, collected)
    told = generate_latest(collected).decode()
    assert 'bocage_mqtt_made{source="air-ecoles",territory="val-de-loire"} 2.0' in told
    assert 'bocage_mqtt_refused{source="air-ecoles",territory="val-de-loire"} 1.0' in told


def test_an_entity_whose_message_comes_again_is_made_once(instance: Any, mosquitto: Mosquitto) -> None:
    from tests.api.running import MAIN

    from bocage import sensing
    from bocage.ingest.mqtt.wire import Publish

    listener = listening(instance, mosquitto)
    body = json.dumps({**THING, "name": "Une seule fois"}).encode()
    first = Publish("ecoles/v1.1/Things", body, 7, False, len(body))
    again = Publish("ecoles/v1.1/Things", body, 7, False, len(body), True)
    assert listener._taking.take([first]).made == 1
    took = listener._taking.take([again])
    assert (took.made, took.answer.known) == (0, 1)
    things = [one for one in sensing.all(MAIN, "thing") if one.entity.title.fr == "Une seule fois"]
    assert len(things) == 1


def test_messages_create_nothing_where_the_source_does_not_say_that_they_may(
    instance: Any, mosquitto: Mosquitto
) -> None:
    from tests.api.running import MAIN

    from bocage import sensing
    from bocage.ingest.mqtt.wire import Publish

    listener = listening(instance, mosquitto, creates=False)
    before = len(sensing.all(MAIN, "thing"))
    body = json.dumps(THING).encode()
    message = Publish(topic="ecoles/v1.1/Things", body=body, mid=1, retained=False, length=len(body))
    took = listener._taking.take([message])
    assert (took.made, took.answer.refused) == (0, 1)
    assert took.answer.reasons[0].refusal.code == "entity-refused"
    assert len(sensing.all(MAIN, "thing")) == before


def test_an_observation_of_several_series_is_kept_whole_with_what_it_says_beside_or_not_at_all(
    instance: Any, mosquitto: Mosquitto
) -> None:
    from tests.api.running import MAIN
    from tests.api.sensorthings.test_together import parts, wind

    from bocage import sensing
    from bocage.ingest.mqtt.wire import Publish

    def take(listener: Any, place: str, body: dict[str, Any], mid: int = 0, *, again: bool = False) -> Any:
        sent = json.dumps(body).encode()
        return listener._taking.take([Publish(f"ecoles/v1.1/{place}", sent, mid, False, len(sent), again)]).answer

    listener = listening(instance, mosquitto)
    mast = thing("Mât", Locations=[place("Mât")], MultiDatastreams=[wind()])
    assert take(listener, "Things", mast).refused == 0
    [number] = [one.id for one in sensing.all(MAIN, "multi-datastream")]
    path, held = f"MultiDatastreams({number})/Observations", parts(number)
    listener = listening(instance, mosquitto, creates=False)
    said = {"phenomenonTime": "2026-11-23T08:00:00Z", "resultQuality": "good", "result": [4, 270, "calme"]}
    assert take(listener, path, said).accepted == 1
    named = {"MultiDatastream": {"@iot.id": number}, "resultTime": "2026-11-23T08:01:00Z", "result": [5, 280, "vif"]}
    assert take(listener, "Observations", named).accepted == 1
    timeless = {"result": [6, 290, "vif"], "resultTime": None}
    assert take(listener, path, timeless, 7).accepted == 1
    assert take(listener, path, timeless, 7, again=True).refused == 0
    for wrong in ({"result": [1, 2]}, {"result": 1}, {"FeatureOfInterest": {"@iot.id": 1}, "result": [1, 2, "x"]}):
        answer = take(listener, path, {"phenomenonTime": "2026-11-23T08:30:00Z", **wrong})
        assert (answer.accepted, answer.refused) == (0, 1)
    assert take(listener, "MultiDatastreams(99)/Observations", said).refused == 1
    rows = [instance.store.window(one, 0, 2**53) for one in held]
    assert [one.number.tolist() for one in rows[:2]] == [[4, 5, 6], [270, 280, 290]]
    assert rows[2].text.tolist() == ["calme", "vif", "vif"]
    assert rows[0].beside.tolist() == ['{"q":"good"}', '{"r":0}', None]
    assert len({tuple(one.start.tolist()) for one in rows}) == 1


def test_an_observation_of_one_series_says_what_it_is_about_and_is_one_however_often_it_comes(
    instance: Any, mosquitto: Mosquitto
) -> None:
    from tests.api.running import MAIN
    from tests.api.sensorthings.test_saying import RIVER

    from bocage import sensing
    from bocage.domain.beside import read
    from bocage.ingest.mqtt.wire import Publish

    def take(listener: Any, topic: str, body: dict[str, Any], mid: int = 0, *, again: bool = False) -> Any:
        sent = json.dumps(body).encode()
        return listener._taking.take([Publish(f"ecoles/v1.1/{topic}", sent, mid, False, len(sent), again)]).answer

    listener = listening(instance, mosquitto)
    assert take(listener, "Datastreams", SERIES).refused == 0
    number = next(one.id for one in sensing.datastreams(MAIN) if one.entity.title.fr == SERIES["name"])
    topic = f"Datastreams({number})/Observations"
    assert take(listener, topic, {"result": 60, **hour(0)}).accepted == 1
    assert take(listener, topic, {"result": 61, "FeatureOfInterest": RIVER, **hour(1)}).accepted == 1
    [river] = [one.id for one in sensing.all(MAIN, "feature-of-interest") if one.entity.title.fr == RIVER["name"]]
    listener = listening(instance, mosquitto, creates=False)
    assert take(listener, topic, {"result": 62, "FeatureOfInterest": {"@iot.id": river}, **hour(2)}).accepted == 1
    below = {"result": 63, "Datastream": {"@iot.id": number}, **hour(3)}
    assert take(listener, f"FeaturesOfInterest({river})/Observations", below).accepted == 1
    usual = next(iter(sights(instance).features(number)))[1].id
    assert river != usual
    assert take(listener, topic, {"result": 60, "FeatureOfInterest": {"@iot.id": usual}, **hour(0)}).known == 1
    stranger = {"result": 64, "FeatureOfInterest": {**RIVER, "name": "Étang"}, **hour(4)}
    assert take(listener, topic, stranger).refused == 1  # this source makes nothing
    rows = instance.store.window(number, 0, 2**53)
    assert [read(one).feature for one in rows.beside.tolist()] == [0, river, river, river]
    timeless = {"result": 65, "resultTime": None, "phenomenonTime": None}
    for again in (False, True):
        assert take(listener, topic, timeless, 9, again=again).refused == 0
    assert instance.store.window(number, 0, 2**53).number.tolist() == [60, 61, 62, 63, 65]


def sights(instance: Any) -> Any:
    from tests.api.running import MAIN

    from bocage.api.sensorthings.sight import Sights

    return Sights(instance.parts).town(MAIN)


def hour(number: int) -> dict[str, str]:
    return {"phenomenonTime": f"2026-11-23T0{number}:00:00Z"}
