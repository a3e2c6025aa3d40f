"""A LoRaWAN sensor in the first hour: what to paste, the first frame as it comes, what it measures."""

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from bocage import registers, sensing, sources
from bocage.domain.errors import CodecFailure
from bocage.domain.role import RoleName
from bocage.domain.source import Source
from bocage.ingest.reception import Sent

from .empty import Empty
from .sent import sent
from .test_first import GUIDE, roles, secretary
from .test_first_file import ready, text
from .world import AT, HERE, World

__all__ = ("ready", "roles", "secretary")
FRAMES = Path(sources.__file__).parent
TTS, CHIRPSTACK = "capteurs-lorawan-the-things-stack", "capteurs-lorawan-chirpstack"


def frame(name: str, minutes: int = 0) -> bytes:
    """A real frame, as if it came so many minutes after the hour."""
    server, _space, event = name.partition(" ")
    document = json.loads((FRAMES / server / "examples" / f"{event}.json").read_bytes())
    at = (AT + timedelta(minutes=minutes) - timedelta(hours=1)).isoformat()
    uplink = document.get("uplink_message", document)
    uplink["f_cnt" if uplink is not document else "fCnt"] = minutes
    if uplink is not document:
        uplink["received_at"] = at
    for field in ("received_at", "time"):
        if field in document:
            document[field] = at
    return json.dumps(document).encode()


def push(empty: Empty, source: str, body: bytes) -> int:
    """What a network server does; how many values were kept."""
    empty.parts.intake.gate.forget("vay")
    answer = asyncio.run(empty.parts.intake.receive("vay", source, Sent(body=body, media_type="application/json")))
    empty.parts.intake.refusals.flush(AT)
    return int(answer.accepted)


def begun(browser: Client, network: str = "tts") -> str:
    """Ask what to paste; the page."""
    return text(browser.post(f"{GUIDE}/sensors", {"network": network}))


@pytest.mark.parametrize(("network", "slug"), [("tts", TTS), ("chirpstack", CHIRPSTACK)])
def test_the_address_and_the_header_to_paste_are_shown_and_the_token_once(
    ready: Client, empty: Empty, network: str, slug: str
) -> None:
    page = begun(ready, network)
    assert "/api/vay/push" in page
    found = re.search(r"Authorization: Bearer (bocage_[\w-]+)", page)
    assert found
    machine = empty.parts.tokens.machine(found[1], AT)
    assert machine is not None
    assert (machine.territory, machine.source) == ("vay", slug)
    assert found[1] not in text(ready.get(f"{GUIDE}/sensors/{slug}"))
    assert "Seule cette machine atteint cette adresse" in page  # localhost: no network server comes here


def test_asked_twice_one_source_stands_and_the_former_token_opens_nothing(ready: Client, empty: Empty) -> None:
    former, newer = (re.findall(r"bocage_[\w-]+", begun(ready))[0] for _time in range(2))
    assert [entry.key.slug for entry in registers.current("vay", Source.kind)] == [TTS]
    assert empty.parts.tokens.machine(former, AT) is None
    assert empty.parts.tokens.machine(newer, AT) is not None


def test_before_anything_comes_the_page_waits(ready: Client) -> None:
    begun(ready)
    page = text(ready.get(f"{GUIDE}/sensors/{TTS}"))
    assert "data-wait" in page
    assert "Rien n’est encore arrivé" in page
    assert "Voir s’il a parlé" in text(ready.get(GUIDE))


def test_a_message_without_numbers_asks_for_the_decoder(ready: Client, empty: Empty) -> None:
    token = re.findall(r"bocage_[\w-]+", begun(ready, "chirpstack"))[0]
    empty.parts.tokens.machine(token, AT)
    empty.parts.tokens.flush(AT)
    assert push(empty, CHIRPSTACK, frame("chirpstack join")) == 0
    assert "payload formatter" in text(ready.get(f"{GUIDE}/sensors/{CHIRPSTACK}"))


def test_raw_bytes_ask_for_the_decoder_of_the_vendor(ready: Client, empty: Empty) -> None:
    begun(ready, "chirpstack")
    raw = json.loads(frame("chirpstack up"))
    del raw["object"]
    with pytest.raises(CodecFailure):
        push(empty, CHIRPSTACK, json.dumps(raw).encode())
    empty.parts.intake.refusals.flush(AT)
    page = text(ready.get(f"{GUIDE}/sensors/{CHIRPSTACK}"))
    assert "1 capteur a parlé, en octets que personne ne lit ici" in page
    assert f"/vay/desk/connect/lorawan/{CHIRPSTACK}/decoder?device=a81758fffe0512aa" in page
    assert "Où se trouve" not in page  # a device is no series


def test_the_first_frame_is_shown_by_its_names_asked_about_and_the_next_one_kept(ready: Client, empty: Empty) -> None:
    begun(ready)
    assert push(empty, TTS, frame("the_things_stack uplink")) == 0
    path = f"{GUIDE}/sensors/{TTS}"
    page = text(ready.get(path))
    assert "2 séries sont arrivées" in page
    assert "0004a30b001c0530/temperature" in page
    form = sent(page, f'<form method="post" action="{path}" novalidate')
    assert form["column.0"] == ""  # luminosity: nobody said that it is needed
    assert form["column.1"] == "temperature"
    answer = ready.post(path, {**form, "place.0": "École Jean-Moulin"})
    assert (answer.status_code, answer["Location"]) == (302, path), text(answer)
    assert push(empty, TTS, frame("the_things_stack uplink", minutes=30)) == 1
    page = text(ready.get(path))
    assert "1 °C" in page
    assert "luminosity" not in page  # what is not needed is not even read
    assert [one.slug for one in sensing.all("vay", "datastream")] == ["temperature-ecole-jean-moulin"]


def test_a_second_device_is_asked_about_on_the_same_page(ready: Client, empty: Empty) -> None:
    begun(ready, "chirpstack")
    path = f"{GUIDE}/sensors/{CHIRPSTACK}"
    push(empty, CHIRPSTACK, frame("chirpstack up"))
    form = sent(text(ready.get(path)), f'<form method="post" action="{path}" novalidate')
    assert ready.post(path, {**form, "place.0": "Classe de CP"}).status_code == 302
    assert push(empty, CHIRPSTACK, frame("chirpstack up", minutes=30)) == 3  # temperature, humidity, carbon dioxide
    push(empty, CHIRPSTACK, frame("chirpstack up", minutes=31).replace(b"a81758fffe0512aa", b"a81758fffe0512bb"))
    form = sent(text(ready.get(path)), f'<form method="post" action="{path}" novalidate')
    assert form["section"] == "dataset"  # the purpose stands already, and the dataset is chosen among those that do
    assert form["dataset.choice"] != ""
    assert ready.post(path, {**form, "place.0": "Cantine"}).status_code == 302
    other = frame("chirpstack up", minutes=50).replace(b"a81758fffe0512aa", b"a81758fffe0512bb")
    assert push(empty, CHIRPSTACK, other) == 3
    assert push(empty, CHIRPSTACK, frame("chirpstack join")) == 0


def test_where_a_device_is_must_be_said(ready: Client, empty: Empty) -> None:
    begun(ready, "chirpstack")
    push(empty, CHIRPSTACK, frame("chirpstack up"))
    path = f"{GUIDE}/sensors/{CHIRPSTACK}"
    form = sent(text(ready.get(path)), f'<form method="post" action="{path}" novalidate')
    assert form["place.0"] == ""  # a number of the network names no place
    answer = ready.post(path, form)
    assert answer.status_code == 422
    assert 'id="f-place-0-wrong"' in text(answer)
    assert sensing.all("vay", "datastream") == []


def test_who_issues_no_tokens_gets_nothing_to_paste(world: World) -> None:
    for role in (RoleName.AGENT, RoleName.STEWARD, RoleName.SECURITY_OFFICER, RoleName.ADMINISTRATOR):
        browser = world.sign_in(role, email=f"{role}@ville.example")
        assert browser.post(f"/{HERE}/desk/first/sensors", {"network": "tts"}).status_code == 403
    assert world.parts.tokens.listed(HERE) == []
    assert (
        world.sign_in(email="donnees@ville.example").get(f"/{HERE}/desk/first/sensors/capteurs").status_code == 404
    )  # no network server
