"""The packets a client writes, in the bytes of MQTT 3.1.1 and 5."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from bocage.domain.broker import Version

PING: Final = b"\xc0\x00"
KEPT: Final = 30 * 24 * 3600  # seconds a broker keeps our session while we are away (MQTT 5)
AT_ONCE: Final = 65_535  # messages a broker may have on their way to us, as far as it wants (MQTT 5)
_LEVELS: Final = {Version.FIVE: 5, Version.THREE: 4}
_NEW_ONLY: Final = 0x10  # retained messages are sent for a new subscription only (MQTT 5)
_AT_LEAST_ONCE: Final = 1


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What a client says of itself. `clean`: begin anew, and let the broker forget us when we leave."""

    client: str
    version: Version = Version.FIVE
    user: str = ""
    password: str = ""
    clean: bool = False
    keep_alive: int = 30


def connect(opening: Opening) -> bytes:
    """The first packet of a connection."""
    flags = 2 * opening.clean + 0x80 * bool(opening.user) + 0x40 * bool(opening.password)
    body = _text("MQTT") + bytes([_LEVELS[opening.version], flags]) + opening.keep_alive.to_bytes(2)
    if opening.version is Version.FIVE:
        kept = 0 if opening.clean else KEPT
        body += _counted(b"\x11" + kept.to_bytes(4) + b"\x21" + AT_ONCE.to_bytes(2))
    body += _text(opening.client)
    body += _text(opening.user) if opening.user else b""
    body += _text(opening.password) if opening.password else b""
    return _packet(0x10, body)


def subscribe(version: Version, mid: int, filters: Sequence[str]) -> bytes:
    """Ask for these topics, each message at least once."""
    five = version is Version.FIVE
    body = mid.to_bytes(2) + (b"\x00" if five else b"")
    for one in filters:
        shared = one.startswith("$share/")  # the standard allows no such wish there
        body += _text(one) + bytes([_AT_LEAST_ONCE | (_NEW_ONLY if five and not shared else 0)])
    return _packet(0x82, body)


def unsubscribe(version: Version, mid: int, filters: Sequence[str]) -> bytes:
    """Want these topics no longer."""
    body = mid.to_bytes(2) + (b"\x00" if version is Version.FIVE else b"")
    return _packet(0xA2, body + b"".join(map(_text, filters)))


def acknowledged(mids: Iterable[int]) -> bytes:
    """These messages are ours to keep now: the broker may forget them."""
    return b"".join([b"\x40\x02" + mid.to_bytes(2) for mid in mids if mid])


def publish(version: Version, topic: str, body: bytes, *, mid: int = 0, retained: bool = False) -> bytes:
    """A message; with a number it is to be acknowledged (QoS 1)."""
    head = 0x30 | (2 if mid else 0) | retained
    number = mid.to_bytes(2) if mid else b""
    return _packet(head, _text(topic) + number + (b"\x00" if version is Version.FIVE else b"") + body)


def disconnect(version: Version) -> bytes:
    """Leave; the broker keeps what it promised to keep."""
    return b"\xe0\x02\x00\x00" if version is Version.FIVE else b"\xe0\x00"


def _text(words: str) -> bytes:
    written = words.encode()
    return len(written).to_bytes(2) + written


def _counted(body: bytes) -> bytes:
    return _number(len(body)) + body


def _packet(head: int, body: bytes) -> bytes:
    return bytes([head]) + _counted(body)


def _number(value: int) -> bytes:
    out = bytearray()
    while True:
        value, low = divmod(value, 128)
        out.append(low | (0x80 if value else 0))
        if not value:
            return bytes(out)
