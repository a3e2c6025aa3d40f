"""An uplink as each network server of LoRaWAN sends it, of a device and a decoder that a source has."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Final

from bocage.domain.instant import to_ms
from bocage.web.desk.lorawan.source import codecs
from bocage.web.desk.lorawan.trying import devices
from bocage.web.desk.reach import facts_of
from bocage.web.request import Request

DEVICE: Final = "70b3d57ed0001234"


def chirpstack(request: Request, source: str, at: str) -> dict[str, Any]:
    """An event `up` of ChirpStack 4 of this time."""
    device, port, body, decoded = _frame(request, source)
    return {
        "time": at,
        "deviceInfo": {"applicationName": "essai", "deviceName": "capteur", "devEui": device},
        "devAddr": "00189440",
        "fCnt": _counter(request),
        "fPort": port,
        "data": base64.b64encode(body).decode(),
        **({"object": decoded} if decoded else {}),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -57, "snr": 10.0}],
    }


def the_things_stack(request: Request, source: str, at: str) -> dict[str, Any]:
    """An uplink message of The Things Stack v3 of this time."""
    device, port, body, decoded = _frame(request, source)
    ids = {"device_id": "capteur", "application_ids": {"application_id": "essai"}, "dev_eui": device.upper()}
    uplink = {
        "f_port": port,
        "f_cnt": _counter(request),
        "frm_payload": base64.b64encode(body).decode(),
        **({"decoded_payload": decoded} if decoded else {}),
        "rx_metadata": [{"gateway_ids": {"gateway_id": "mairie"}, "rssi": -57, "snr": 10.0}],
        "received_at": at,
    }
    return {"end_device_ids": ids, "received_at": at, "uplink_message": uplink}


SENT: Final[Mapping[str, Callable[[Request, str, str], dict[str, Any]]]] = {
    "chirpstack": chirpstack,
    "the-things-stack": the_things_stack,
}
"""What each sends, by the format of sources that reads it."""


def _frame(request: Request, source: str) -> tuple[str, int, bytes, dict[str, float]]:
    """Device, port, bytes and decoded values of a frame as this source may get it."""
    facts, known = facts_of(request), devices(request, source)
    device = next(iter(known), DEVICE)
    for codec in codecs(facts, source).values():
        if codec.examples and (codec.fits(device) >= 0 or not known):
            return device, codec.examples[0].port, bytes.fromhex(codec.examples[0].payload), {}
    fields = [key.partition("/")[2] for held, key in facts.keys if held == source and key.startswith(f"{device}/")]
    measured = {name: 21.5 for name in fields if not name.startswith(("radio.", "status.", "location."))}
    return device, 2, b"\x08\xc8", measured or {"temperature": 21.5}


def _counter(request: Request) -> int:
    """A counter of frames that rises with time: each showing of the page makes another frame."""
    return to_ms(request.parts.clock()) // 1_000 % 65_536
