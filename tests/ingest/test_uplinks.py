"""Frames of LoRaWAN taken in: one frame is one reading, a codec that fails loses nothing, radio only when declared."""

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.ingest.given import NOW, PLACE, Clock, Declared, at, intake

from bocage import sources
from bocage.domain.broker import Broker
from bocage.domain.codec import Codec
from bocage.domain.errors import CodecFailure, PayloadError
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.ingest import refusals
from bocage.ingest.answer import Answer
from bocage.ingest.intake import Intake
from bocage.ingest.mqtt.taking import Taking
from bocage.ingest.mqtt.wire import Publish
from bocage.ingest.reception import Sent
from bocage.words import sentence

DEVICE = "a81758fffe0512aa"
GOOD = "function decodeUplink(i) { return { data: { temperature: (i.bytes[1] << 8 | i.bytes[2]) / 10 + 1 } }; }"
BAD = "function decodeUplink(i) { throw new Error('not my sensor'); }"


@pytest.fixture
def declared() -> Declared:
    """A source of ChirpStack, and the series of one device: temperature, and how well it is heard."""
    found = Declared()
    found.put("lora", Source(title=Text(fr="LoRaWAN"), plugin="chirpstack", purpose="mesure", hosting="mairie"))
    stream = {"thing": "ecole", "observed_property": "co2", "source": "lora", "dataset": "air"}
    for number, field in ((11, "temperature"), (12, "radio.rssi"), (13, "status.battery")):
        body = Datastream(id=number, title=Text(fr=field), key=f"{DEVICE}/{field}", **stream)
        found.put(f"lora-{number}", body)
    return found


@pytest.fixture
def taking(declared: Declared, tmp_path: Path) -> Iterator[Intake]:
    """What takes in; its codecs end with the test."""
    found = intake(tmp_path, declared=declared, clock=Clock())
    yield found
    found.reception.codecs.close()


def frame(**fields: Any) -> bytes:
    """An uplink of ChirpStack, as it came."""
    path = Path(sources.__file__).parent / "chirpstack" / "examples" / "up.json"
    return json.dumps({**json.loads(path.read_bytes()), **fields}).encode()


def receive(taking: Intake, *bodies: bytes) -> list[Answer]:
    """What a network server does."""

    async def one_by_one() -> list[Answer]:
        sent = [Sent(body=body, media_type="application/json") for body in bodies]
        return [await taking.receive(PLACE, "lora", one) for one in sent]

    return asyncio.run(one_by_one())


def starts(taking: Intake, number: int) -> list[int]:
    """When the values of a series are, in the log."""
    return taking.store.window(number, at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")).start.tolist()


def test_what_is_measured_is_kept_and_radio_where_it_is_declared(taking: Intake) -> None:
    [answer] = receive(taking, frame())
    assert answer.accepted == 2  # temperature, radio.rssi
    assert answer.done
    assert {one.key.partition("/")[2] for one in answer.reasons} == {"humidity", "co2", "door"}  # no word of radio
    assert taking.store.latest([11, 12]).number.tolist() == [21.5, -57.0]


def test_a_frame_told_twice_with_two_times_is_one_reading(taking: Intake) -> None:
    later = frame(time="2026-11-20T07:42:14.9Z", deduplicationId="other", rxInfo=[{"gatewayId": "b", "rssi": -57}])
    first, same, late = receive(taking, frame(), frame(), later)
    assert (first.accepted, same.known, late.known, late.accepted) == (2, 2, 2, 0)
    assert starts(taking, 11) == [at("2026-11-20T07:42:10.512Z")]


def test_a_restart_forgets_no_frame(taking: Intake, declared: Declared, tmp_path: Path) -> None:
    receive(taking, frame())
    anew = intake(tmp_path, store=taking.store, declared=declared, clock=Clock())  # type: ignore[arg-type]
    [late] = receive(anew, frame(time="2026-11-20T07:42:14.9Z"))
    assert (late.known, late.accepted) == (2, 0)


def test_what_a_source_told_long_ago_is_left(taking: Intake) -> None:
    receive(taking, frame())
    [path] = taking.quarantine.beside("frames").glob("*/*")
    taking.reception.repeats.erase(datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(hours=1))
    assert path.exists()
    taking.reception.repeats.erase(datetime.fromtimestamp(path.stat().st_mtime, UTC) + timedelta(days=2))
    assert not path.exists()
    assert receive(taking, frame(time="2026-11-20T07:42:14.9Z"))[0].accepted == 2


@pytest.mark.parametrize(
    "fields",
    [{"devAddr": "00ffffff"}, {"data": "AQDXAh4EAfU="}, {"fCnt": 413}, {"time": "2026-11-20T08:42:14.9Z"}],
    ids=["session", "bytes", "counter", "later"],
)
def test_a_counter_that_begins_again_is_another_frame(taking: Intake, fields: dict[str, str]) -> None:
    again = {"time": "2026-11-20T07:43:14.9Z", **fields}
    assert [one.accepted for one in receive(taking, frame(), frame(**again))] == [2, 2]
    assert len(starts(taking, 11)) == 2


def test_battery_comes_with_the_status_and_a_join_is_no_fault(taking: Intake) -> None:
    folder = Path(sources.__file__).parent / "chirpstack" / "examples"
    status, join = receive(taking, (folder / "status.json").read_bytes(), (folder / "join.json").read_bytes())
    assert (status.accepted, status.refused) == (1, 0)  # status.margin is declared by nobody, and nothing to tell
    assert join == Answer()
    assert taking.store.latest([13]).number.tolist() == [75.3]


def give(declared: Declared, script: str, *devices: str) -> None:
    """Declare a codec."""
    declared.put("vendeur", Codec(title=Text(fr="Vendeur"), source="lora", script=script, devices=devices))


def test_the_codec_declared_here_comes_before_what_the_network_server_made(taking: Intake, declared: Declared) -> None:
    give(declared, GOOD)
    receive(taking, frame())
    assert taking.store.latest([11]).number.tolist() == [22.5]


def test_a_codec_for_other_devices_leaves_this_one_to_the_network_server(taking: Intake, declared: Declared) -> None:
    give(declared, BAD, "70b3")
    receive(taking, frame())
    assert taking.store.latest([11]).number.tolist() == [21.5]


def test_a_codec_that_fails_keeps_the_frame_and_once_mended_it_is_read(
    taking: Intake, declared: Declared, db: Path
) -> None:
    give(declared, BAD)
    with pytest.raises(CodecFailure):
        receive(taking, frame(object=None))
    assert starts(taking, 11) == []
    taking.refusals.flush(NOW)
    [line] = refusals.counted(PLACE)
    assert (line.key, line.code, line.count) == (DEVICE, "codec-fails", 1)
    assert "Error: not my sensor (line 1)" in sentence(line.refusal, "fr").why
    assert taking.again(PLACE, "lora") == 0  # it still fails, and is kept
    give(declared, GOOD)
    assert taking.again(PLACE, "lora") == 1
    assert starts(taking, 11) == [at("2026-11-20T07:42:10.512Z")]
    assert taking.quarantine.frames(PLACE, "lora") == []


def test_bytes_that_nobody_reads_are_kept_for_a_codec_to_come(taking: Intake, declared: Declared, db: Path) -> None:
    with pytest.raises(CodecFailure):
        receive(taking, frame(object=None))
    taking.refusals.flush(NOW)
    assert [one.code for one in refusals.counted(PLACE)] == ["codec-lacks"]
    give(declared, GOOD)
    assert taking.again(PLACE) == 1


def test_of_a_source_without_purpose_no_frame_is_kept(taking: Intake, declared: Declared) -> None:
    declared.change("source", "lora", purpose="")
    with pytest.raises(CodecFailure):
        receive(taking, frame(object=None))
    assert taking.quarantine.frames(PLACE, "lora") == []
    receive(taking, frame())
    assert not list((taking.quarantine.beside("frames")).glob("*/*"))


def test_a_broker_passes_the_same_messages_with_their_codecs_and_repeats(taking: Intake, declared: Declared) -> None:
    broker = Broker(host="mqtt.example", topics=("application/+/device/+/event/+",))
    declared.change("source", "lora", transport=Transport.MQTT, broker=broker)
    give(declared, GOOD)
    topic = f"application/17c82e96/device/{DEVICE}/event/up"
    bodies = [frame(), frame(time="2026-11-20T07:42:14.9Z"), frame(time="2026-11-20T07:52:10Z", fCnt=413), b"garbage"]
    took = Taking(taking.reception, PLACE, "lora").take(
        [Publish(topic, body, number, False, len(body)) for number, body in enumerate(bodies, 1)]
    )
    assert (took.answer.accepted, took.answer.known, took.answer.unreadable) == (4, 2, 1)
    assert taking.store.latest([11]).number.tolist() == [22.5]


@pytest.mark.parametrize("body", [b"{}", b'{"deviceInfo": 3}', b"\x0a\x12protobuf", frame(data="not base64!")])
def test_what_no_network_server_says_is_unreadable(taking: Intake, body: bytes) -> None:
    with pytest.raises(PayloadError):
        receive(taking, body)
