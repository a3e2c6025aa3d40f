"""A source of LoRaWAN at the desk: its sensors, a decoder tried before it is kept, messages read again."""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage import evidence, registers, sources
from bocage.accounts import OPERATOR
from bocage.domain.codec import Codec
from bocage.domain.declaration import Key
from bocage.domain.errors import CodecFailure
from bocage.domain.role import RoleName
from bocage.domain.sensing import Datastream, Unit
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.evidence.asked import PutEntity
from bocage.ingest.reception import Sent

from .test_first_file import text
from .world import AT, HERE, World

PAGE = f"/{HERE}/desk/connect/lorawan/lora"
DEVICE = "a81758fffe0512aa"
SCRIPT = (
    "function decodeUplink(i) {\n return { data: { temperature: (i.bytes[1] << 8 | i.bytes[2]) / 10, note: 'ok' }}\n}"
)
BYTES = "01 00 d7 02 1e 04 01 f4"


@pytest.fixture
def lora(world: World) -> Iterator[World]:
    """A source of ChirpStack with one series."""
    world.put("source", "lora", Source(title=Text(fr="LoRaWAN des écoles"), plugin="chirpstack", purpose="aerer"))
    stream = Datastream(
        title=Text(fr="Température"),
        thing="ecole",
        observed_property="co2",
        unit=Unit(symbol="°C"),
        source="lora",
        key=f"{DEVICE}/temperature",
        dataset="air",
        cadence_seconds=600,
    )
    evidence.change(HERE, OPERATOR, [PutEntity(slug="temperature-cp", entity=stream)], AT)
    yield world
    world.parts.intake.close()


def push(world: World, **fields: object) -> int:
    """An uplink that came now; how many values were kept."""
    path = Path(sources.__file__).parent / "chirpstack" / "examples" / "up.json"
    body = json.dumps({**json.loads(path.read_bytes()), "time": AT.isoformat(), **fields}).encode()
    try:
        answer = asyncio.run(world.parts.intake.receive(HERE, "lora", Sent(body=body, media_type="application/json")))
    finally:
        world.parts.intake.refusals.flush(AT)
    return int(answer.accepted)


def form(**fields: str) -> dict[str, str]:
    """What a browser sends."""
    return {"title": "Sonde d'air", "script": SCRIPT, "payload.0": BYTES, "port.0": "5", "device": DEVICE, **fields}


def test_a_decoder_is_tried_field_by_field_and_nothing_is_kept(lora: World, desk: Client) -> None:
    page = text(desk.post(f"{PAGE}/decoder", form(do="try")))
    assert "21,5" in page
    assert f"/{HERE}/desk/datastreams/temperature-cp" in page
    assert "non lue" in page  # note: words
    assert hashlib.sha256(SCRIPT.encode()).hexdigest() in page
    assert registers.current(HERE, Codec.kind) == []
    base64 = text(desk.post(f"{PAGE}/decoder", form(**{"do": "try", "payload.0": "AQDXAh4EAfQ="})))
    assert "21,5" in base64


def test_a_decoder_that_fails_is_kept_only_when_one_insists(lora: World, desk: Client) -> None:
    bad = SCRIPT.replace("return {", "throw new Error('jamais'); return {")
    answer = desk.post(f"{PAGE}/decoder", form(do="keep", script=bad))
    assert answer.status_code == 422
    assert "Error: jamais (line 2)" in text(answer)
    assert registers.current(HERE, Codec.kind) == []
    assert desk.post(f"{PAGE}/decoder", form(do="anyway", script=bad)).status_code == 302
    assert [one.key.slug for one in registers.current(HERE, Codec.kind)] == ["sonde-d-air"]


def test_a_file_given_comes_before_what_was_pasted_and_the_example_is_kept_with_it(lora: World, desk: Client) -> None:
    file = SimpleUploadedFile("codec.js", SCRIPT.replace("\n", "\r\n").encode())
    sent = {**form(do="keep", script="nothing", devices="A8-17-58"), "file": file}
    assert desk.post(f"{PAGE}/decoder", sent).status_code == 302
    held = registers.find(Key(territory=HERE, kind=Codec.kind, slug="sonde-d-air"))
    assert held is not None
    assert isinstance(held.body, Codec)
    assert (held.body.script, held.body.devices, held.body.origin) == (SCRIPT, ("a81758",), "codec.js")
    assert [(one.payload, one.port) for one in held.body.examples] == [("0100d7021e0401f4", 5)]
    again = text(desk.get(f"{PAGE}/decoder/sonde-d-air"))
    assert "21,5" in again  # its examples are tried whenever it is looked at


def test_a_script_as_long_as_those_of_makers_is_kept_and_one_that_hides_signs_is_not(
    lora: World, desk: Client, tmp_path: Path
) -> None:
    long = "\n".join(f"function part{n}(b) {{ return b[{n}] * {n}; }} // 测量" for n in range(1500)) + "\n" + SCRIPT
    assert desk.post(f"{PAGE}/decoder", form(do="keep", script=long)).status_code == 302
    evidence.export(HERE, tmp_path / "export")
    assert "part1499" in next((tmp_path / "export").rglob("sonde-d-air.toml")).read_text("utf-8")
    hidden = SCRIPT.replace("'ok'", "'\u202eko'")
    answer = desk.post(f"{PAGE}/decoder", form(do="keep", script=hidden, title="Autre"))
    assert answer.status_code == 422
    assert "caractères invisibles" in text(answer)


def test_what_a_decoder_could_not_read_waits_and_is_read_once_it_is_mended(lora: World, desk: Client) -> None:
    with pytest.raises(CodecFailure):
        push(lora, object=None)
    page = text(desk.get(PAGE))
    assert "1 message est gardé quelques jours" in page
    assert f"Mesures du capteur {DEVICE} non lues" in page
    assert f"{PAGE}/decoder" in page
    assert "0100d7021e0401f4" in text(desk.get(f"{PAGE}/decoder"))  # the bytes that wait are the first example
    desk.post(f"{PAGE}/decoder", form(do="keep"))
    assert "Messages lus finalement : 1." in text(desk.post(f"{PAGE}/again", follow=True))
    page = text(desk.get(PAGE))
    assert "tout ce qui est venu a pu être lu" in page
    assert lora.parts.store.position() == 1


def test_once_a_decoder_is_given_what_was_not_kept_is_not_told_any_more(lora: World, desk: Client) -> None:
    lora.put("source", "lora", Source(title=Text(fr="LoRaWAN"), plugin="chirpstack"), expected=1)  # no purpose
    with pytest.raises(CodecFailure):
        push(lora, object=None)
    assert "Rien de ces messages n" in text(desk.get(PAGE))
    desk.post(f"{PAGE}/decoder", form(do="keep"))
    assert "tout ce qui est venu a pu être lu" in text(desk.get(PAGE))


def test_sensors_are_listed_with_when_they_were_heard(lora: World, desk: Client) -> None:
    assert push(lora) == 1
    page = text(desk.get(PAGE))
    assert DEVICE in page
    assert "École Jules-Verne" in page
    assert "muet depuis" not in page
    assert f"key={DEVICE}%2Fradio.rssi" in page or f"key={DEVICE}/radio.rssi" in page  # kept in one click


def test_what_to_paste_is_said_with_the_address(lora: World, desk: Client) -> None:
    page = text(desk.get(PAGE))
    assert f"/api/{HERE}/push" in page
    assert "Authorization: Bearer" in page
    assert "application/{application}/device/+/event/+" in page
    assert PAGE in text(desk.get(f"/{HERE}/desk/connect"))


def test_a_source_of_another_form_says_so(world: World, desk: Client) -> None:
    assert "son format dit autre chose" in text(desk.get(f"/{HERE}/desk/connect/lorawan/capteurs"))


def test_only_who_declares_gives_a_decoder_and_only_who_delivers_reads_again(lora: World) -> None:
    for role in (RoleName.AGENT, RoleName.DPO, RoleName.STEWARD, RoleName.ADMINISTRATOR):
        browser = lora.sign_in(role, email=f"{role}@ville.example")
        assert browser.post(f"{PAGE}/decoder", form(do="keep")).status_code == 403
        assert browser.post(f"{PAGE}/again").status_code in (403, 404)
    assert registers.current(HERE, Codec.kind) == []


def test_the_declaration_shows_the_script_as_it_is_written_and_its_hash(lora: World, desk: Client) -> None:
    desk.post(f"{PAGE}/decoder", form(do="keep"))
    page = text(desk.get(f"/{HERE}/desk/registers/codec/sonde-d-air"))
    assert "<pre" in page
    assert hashlib.sha256(SCRIPT.encode()).hexdigest() in page
    typed = desk.get(f"/{HERE}/desk/registers/codec/sonde-d-air/edit", follow=True)
    assert typed.redirect_chain == [(f"{PAGE}/decoder/sonde-d-air", 302)]
    assert "decodeUplink(i) {\n return" in text(typed)


def test_the_script_of_a_vendor_is_in_no_public_register(lora: World, desk: Client) -> None:
    client = Client()
    desk.post(f"{PAGE}/decoder", form(do="keep"))
    assert client.get(f"/{HERE}/registers/codec").status_code == 404
    assert not re.search("Sonde", text(client.get(f"/{HERE}/registers")))
