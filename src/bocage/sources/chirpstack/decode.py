"""Reads one event of ChirpStack (v4, JSON): up, status, location; the others hold no measurement."""

from collections.abc import Mapping as Plain
from typing import Any

from bocage.domain.codec import Raw, plain
from bocage.domain.errors import PayloadError
from bocage.domain.network_message import (
    Value,
    best,
    named,
    numbers,
    part,
    placed,
    read_bytes,
    read_document,
    read_instant,
)
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.domain.uplink import Event, Heard, frame_of, read_event, values

_STATUS = ("margin", "batteryLevel", "externalPowerSource", "batteryLevelUnavailable")


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of an event; none of a join, of what went down, of a log line.

    Which event it is shows in its fields: the name in the address (`?event=up`) is not within the bytes. A field that
    is not written is zero, as Protocol Buffers have it.
    """
    document = read_document(sent)
    names = _names(document.get("deviceInfo"))
    if not names["devEui"]:
        raise PayloadError(_("an event of ChirpStack (JSON, version 4)"), found=", ".join(list(document)[:8])[:80])
    at = named(document.get("time"))
    if any(field in document for field in ("data", "object", "rxInfo")):
        return read_event(_up(document, names, at, arrival), mapping, arrival)
    told = {**_status(document), **placed(document.get("location"))}
    heard = (Heard(at=at, fields=told),) if told else ()
    return read_event(Event(names=names, heard=heard), mapping, arrival)


def _names(info: Any) -> dict[str, str]:
    known = ("deviceName", "applicationId", "applicationName", "deviceProfileName", "tenantName")
    device = plain(named(part(info, "devEui")))
    return {"devEui": device, "deviceId": device, **{field: named(part(info, field)) for field in known}}


def _up(document: Plain[str, Any], names: Plain[str, str], at: str, arrival: Arrival) -> Event:
    port, variables = document.get("fPort"), part(document, "deviceInfo", "tags")
    raw = Raw(
        device=names["devEui"],
        port=port if isinstance(port, int) else 0,
        body=read_bytes(document.get("data")),
        at=read_instant(at or arrival.at, arrival.zone),
        variables={word: named(value) for word, value in variables.items()} if isinstance(variables, dict) else {},
    )
    heard = Heard(at=at, fields={**values(raw, document.get("object"), arrival), **_radio(document)})
    frame = frame_of(raw, named(document.get("devAddr")), document.get("fCnt"))
    return Event(names=names, heard=(heard,), frame=frame)


def _radio(document: Plain[str, Any]) -> dict[str, Value]:
    """The best gateway, the spreading factor, and the counter of frames, which shows those that were lost."""
    spreading = part(document, "txInfo", "modulation", "lora", "spreadingFactor")
    told = numbers({"radio.spreading_factor": spreading, "radio.counter": document.get("fCnt", 0)})
    return {**best(document.get("rxInfo")), **told}


def _status(document: Plain[str, Any]) -> dict[str, Value]:
    """Battery in percent, where the device runs on one and knows; the margin of the radio in dB."""
    if not any(field in document for field in _STATUS):
        return {}
    told = {"status.margin": document.get("margin", 0)}
    if not (document.get("externalPowerSource") or document.get("batteryLevelUnavailable")):
        told["status.battery"] = document.get("batteryLevel", 0.0)
    return numbers(told)
