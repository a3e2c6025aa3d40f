"""The invented LoRaWAN sensor of the demonstration: its frames, sent as ChirpStack would send them.

No such device exists. Its temperature and carbon dioxide are made of the hour of the day, so that one recognises them;
they take the whole way of a real one: bytes of a frame, event of a network server, codec, gate, log.
"""

import base64
import json
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import cos, pi
from typing import Any, Final

from bocage.assembly.instance import Instance

DEVICE: Final = "02b0ca9e00000001"  # an address of nobody's range: locally administered (IEEE 802)
SOURCE: Final = "capteurs-lorawan"
EVERY: Final = timedelta(minutes=20)
PAST: Final = timedelta(days=2)
LIVE: Final = 60.0  # seconds between two frames while the demonstration runs


def payload(at: datetime) -> bytes:
    """The bytes of a frame: tenths of a degree and ppm, highest in the afternoon of a school day."""
    height = (1 - cos(2 * pi * (at.hour + at.minute / 60 - 3) / 24)) / 2
    busy = 400 if at.weekday() < 5 and 7 <= at.hour < 16 else 40
    return struct.pack(">hH", round(165 + 60 * height), round(430 + busy * height + at.minute))


def uplink(at: datetime) -> dict[str, Any]:
    """The event of ChirpStack 4 for a frame of this instant."""
    return {
        "time": at.isoformat(),
        "deviceInfo": {"applicationName": "demonstration", "deviceName": "capteur-invente", "devEui": DEVICE},
        "devAddr": "00000001",
        "fCnt": int(at.timestamp()) // 60 % 65_536,
        "fPort": 2,
        "data": base64.b64encode(payload(at)).decode(),
        "rxInfo": [{"gatewayId": "02b0ca9effff0001", "rssi": -97 + at.minute // 6, "snr": 7.5}],
    }


def status(at: datetime) -> dict[str, Any]:
    """The event of ChirpStack 4 that tells of its battery."""
    info = {"applicationName": "demonstration", "deviceName": "capteur-invente", "devEui": DEVICE}
    return {"time": at.isoformat(), "deviceInfo": info, "margin": 12, "batteryLevel": 87.0}


def history(instance: Instance, territory: str) -> None:
    """What it said during the last two days."""
    from bocage.ingest.reception import Sent  # tables: only once the instance is open

    reception, now = instance.intake.reception, instance.clock()
    by = reception.gate.compiled(territory, SOURCE)
    events = [status(now - PAST), *map(uplink, _times(now)), status(now)]
    sent = [Sent(body=json.dumps(event).encode(), media_type="application/json") for event in events]
    assert by.source is not None
    for decoded in reception.read_many(by, by.source, sent):
        if not isinstance(decoded, Exception):
            reception.hand(by, decoded).result()


def _times(now: datetime) -> Iterator[datetime]:
    at = (now - PAST).replace(minute=0, second=0, microsecond=0)
    while at < now:
        yield at
        at += EVERY


@contextmanager
def sending(address: str, token: str) -> Iterator[None]:
    """Send a frame every minute meanwhile; nothing without a token."""
    stopped = threading.Event()

    def send() -> None:
        while not stopped.wait(LIVE):
            _post(address, token, json.dumps(uplink(datetime.now().astimezone())).encode())

    thread = threading.Thread(target=send, name="invented-sensor", daemon=True)
    if token:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        if token:
            thread.join()


def _post(address: str, token: str, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    asked = urllib.request.Request(f"{address}?event=up", body, headers)  # noqa: S310 - our own address
    try:
        urllib.request.urlopen(asked, timeout=10).close()  # noqa: S310
    except (urllib.error.URLError, TimeoutError):  # stopping, or full: like any sensor, it speaks again in a minute
        return
