"""Reads one message of The Things Stack (v3): an uplink, a location; what else it tells holds no measurement."""

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


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a message; none of a join, of a downlink, or of what a later version adds."""
    document = read_document(sent)
    ids = document.get("end_device_ids")
    names = _names(ids)
    if not names["devEui"]:
        raise PayloadError(_("a message of The Things Stack (JSON, v3)"), found=", ".join(list(document)[:8])[:80])
    uplink, solved = document.get("uplink_message"), document.get("location_solved")
    received = named(document.get("received_at"))
    if isinstance(uplink, dict):
        return read_event(_uplink(uplink, names, received, arrival), mapping, arrival)
    if isinstance(solved, dict):
        heard = Heard(at=received, fields=placed(part(solved, "location") or solved))
        return read_event(Event(names=names, heard=(heard,)), mapping, arrival)
    return read_event(Event(names=names), mapping, arrival)


def _names(ids: Any) -> dict[str, str]:
    """What names the device; a simulated one may have no number of its own."""
    device = named(part(ids, "device_id"))
    return {
        "devEui": plain(named(part(ids, "dev_eui"))) or device,
        "deviceId": device,
        "deviceName": device,
        "applicationId": named(part(ids, "application_ids", "application_id")),
    }


def _uplink(uplink: Plain[str, Any], names: Plain[str, str], received: str, arrival: Arrival) -> Event:
    at = named(uplink.get("received_at")) or received
    port, body = uplink.get("f_port"), read_bytes(uplink.get("frm_payload"))
    raw = Raw(
        device=names["devEui"],
        port=port if isinstance(port, int) else 0,
        body=body,
        at=read_instant(at or arrival.at, arrival.zone),
    )
    measured = values(raw, uplink.get("decoded_payload"), arrival)
    heard = [Heard(at=at, fields={**measured, **_radio(uplink)}), *_battery(uplink)]
    return Event(
        names=names, heard=heard, frame=frame_of(raw, named(uplink.get("session_key_id")), uplink.get("f_cnt"))
    )


def _radio(uplink: Plain[str, Any]) -> dict[str, Value]:
    """The best gateway, the spreading factor, and the counter of frames, which shows those that were lost."""
    spreading = part(uplink, "settings", "data_rate", "lora", "spreading_factor")
    told = numbers({"radio.spreading_factor": spreading, "radio.counter": uplink.get("f_cnt", 0)})
    return {**best(uplink.get("rx_metadata")), **told}


def _battery(uplink: Plain[str, Any]) -> list[Heard]:
    """The last battery the device told, at the time it told it: repeated in each uplink, it is kept once."""
    last = uplink.get("last_battery_percentage")
    told = numbers({"status.battery": part(last, "value")})
    return [Heard(at=named(part(last, "received_at")), fields=told)] if told else []
