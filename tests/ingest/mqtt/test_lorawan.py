"""Network servers of LoRaWAN whose events come by a real broker: each event on its topic, raw bytes read by a codec."""

import asyncio
import json
from pathlib import Path

from tests.broker import Mosquitto, published
from tests.ingest.given import PLACE, at
from tests.ingest.mqtt.town import SOURCE, Town

from bocage import sources
from bocage.domain.codec import Codec
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.ingest.mqtt.state import Phase

GOOD = "function decodeUplink(i) { return { data: { temperature: (i.bytes[1] << 8 | i.bytes[2]) / 10 + 1 } }; }"
BAD = "function decodeUplink(i) { throw new Error('not my sensor'); }"


def example(plugin: str, name: str) -> bytes:
    """An event as the documentation of its server shows it."""
    return (Path(sources.__file__).parent / plugin / "examples" / f"{name}.json").read_bytes()


def declare(town: Town, number: int, key: str) -> None:
    stream = {"thing": "ecole", "observed_property": "co2", "source": SOURCE, "dataset": "air"}
    town.declared.put(f"lora-{number}", Datastream(id=number, title=Text(fr=key), key=key, **stream))


def heard(town: Town, mosquitto: Mosquitto, messages: list[tuple[str, bytes]]) -> None:
    """Listen while these are published, until all are taken in."""

    async def during() -> None:
        await town.until(lambda: town.state.phase is Phase.LISTENING)
        await published(mosquitto.declared(), messages)
        await town.until(lambda: town.state.messages == len(messages))

    asyncio.run(town.listen(during))


def test_events_of_chirpstack_come_by_its_topics(db: Path, tmp_path: Path, mosquitto: Mosquitto) -> None:
    town = Town(tmp_path, mosquitto.declared("application/+/device/+/event/+"), plugin="chirpstack")
    keys = ("a81758fffe0512aa/temperature", "a81758fffe0512aa/status.battery", "70b3d57ed0000007/location.latitude")
    for number, key in zip((11, 12, 13), keys, strict=True):
        declare(town, number, key)
    top = "application/17c82e96-be03-4f38-aef3-f83d48582d97/device"
    up = example("chirpstack", "up")
    again = json.dumps({**json.loads(up), "time": "2026-11-20T07:42:14.9Z"}).encode()  # a gateway that was late
    messages = [
        *((f"{top}/a81758fffe0512aa/event/{name}", example("chirpstack", name)) for name in ("join", "up", "status")),
        (f"{top}/70b3d57ed0000007/event/location", example("chirpstack", "location")),
        (f"{top}/a81758fffe0512aa/event/up", again),
    ]
    heard(town, mosquitto, messages)
    assert [town.held(number) for number in (11, 12, 13)] == [[21.5], [75.3], [47.2173]]
    assert town.taking.store.latest([11]).start.tolist() == [at("2026-11-20T07:42:10.512Z")]
    assert town.state.unreadable == 0


def test_events_of_the_things_stack_come_by_its_topics_and_what_no_codec_reads_waits(
    db: Path, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    town = Town(tmp_path, mosquitto.declared("v3/+/devices/+/up", "v3/+/devices/+/join"), plugin="the-things-stack")
    declare(town, 11, "0004a30b001c0530/temperature")
    town.declared.put("fabricant", Codec(title=Text(fr="Fabricant"), source=SOURCE, script=BAD))
    uplink = json.loads(example("the_things_stack", "uplink"))
    uplink["received_at"] = uplink["uplink_message"]["received_at"] = "2026-11-20T07:42:10Z"
    messages = [
        ("v3/app1@tenant/devices/dev1/join", example("the_things_stack", "join")),
        ("v3/app1@tenant/devices/dev1/up", json.dumps(uplink).encode()),
        ("v3/app1@tenant/devices/dev1/up", b"{}"),
    ]
    heard(town, mosquitto, messages)
    assert town.held(11) == []
    assert town.state.unreadable == 2
    town.declared.put("fabricant", Codec(title=Text(fr="Fabricant"), source=SOURCE, script=GOOD))
    assert len(town.taking.quarantine.frames(PLACE, SOURCE)) == 2
    assert town.taking.again(PLACE, SOURCE) == 1
    assert town.held(11) == [int.from_bytes(b"\x41\xde") / 10 + 1]
    town.taking.reception.codecs.close()
