"""The bytes of MQTT 3.1.1 and 5: what a broker sends, as packets (OASIS MQTT 5.0, MQTT 3.1.1).

Reading is one loop without a call by packet, because a broker passes on ten thousand messages and more a second.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from bocage.domain.broker import Version

LARGEST: Final = 16 * 1024 * 1024  # bytes of a message that is kept; the rest of a longer one is passed over
_LONGEST_LENGTH: Final = 4  # bytes that tell how long a packet is

CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PONG, DISCONNECT = 2, 3, 4, 9, 11, 13, 14
_MAY_COME: Final = sum(1 << kind for kind in (CONNACK, PUBLISH, PUBACK, SUBACK, UNSUBACK, PONG, DISCONNECT))

# How the value of each property is written (MQTT 5, 2.2.2.2).
_BYTE = {0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A}
_TWO = {0x13, 0x21, 0x22, 0x23}
_FOUR = {0x02, 0x11, 0x18, 0x27}
_TEXT = {0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1A, 0x1C, 0x1F}
_PAIR = 0x26
_NUMBER = 0x0B
_FIXED: Final = {**dict.fromkeys(_BYTE, 1), **dict.fromkeys(_TWO, 2), **dict.fromkeys(_FOUR, 4)}
REASON, SHARES, WILDCARDS, KEEP_ALIVE = 0x1F, 0x2A, 0x28, 0x13


class Malformed(Exception):
    """What came is not MQTT, or not what a broker may send."""


class Publish(msgspec.Struct, frozen=True, gc=False):
    """A message. `mid`: 0 when it needs no acknowledgement. `body`: None when it was too long to be kept. `again`: the
    broker sent it before, under the same number, and was not told that it is kept."""

    topic: str
    body: bytes | None
    mid: int
    retained: bool
    length: int
    again: bool = False


class Packet(msgspec.Struct, frozen=True):
    """Anything else: which kind, to which request, and the codes it answers with."""

    kind: int
    mid: int = 0
    codes: tuple[int, ...] = ()
    present: bool = False
    properties: Mapping[int, Any] = {}


Arrived = Publish | Packet


class Reader:
    """Turns the bytes of one connection into packets, however they were cut on the way."""

    def __init__(self, version: Version, largest: int = LARGEST) -> None:
        self._five = version is Version.FIVE
        self._largest = largest
        self._held = b""
        self._passing: tuple[Publish, int] | None = None  # a message too long, and the bytes still to pass over

    def feed(self, data: bytes) -> list[Arrived]:
        """The packets these bytes complete; Malformed when they cannot be any."""
        out: list[Arrived] = []
        data = self._passed(data, out)
        held = self._held + data if self._held else data
        place, size = 0, len(held)
        while size - place >= 2:
            head, length, body = held[place], held[place + 1], place + 2
            if length > 127:
                found = _length(held, place + 1)
                if found is None:
                    break
                length, body = found
            if not (_MAY_COME >> (head >> 4)) & 1:
                raise Malformed(f"packet {head:#04x}")
            if body + length > size:
                if head >> 4 == PUBLISH and length > self._largest and self._pass(head, held[body:], length):
                    place = size
                break
            place = body + length
            out.append(
                self._publish(head, held, body, place) if head >> 4 == PUBLISH else self._other(head, held[body:place])
            )
        self._held = held[place:]
        return out

    def _passed(self, data: bytes, out: list[Arrived]) -> bytes:
        """What follows a message that is too long, once all of it went by."""
        if self._passing is None:
            return data
        message, left = self._passing
        if len(data) < left:
            self._passing = (message, left - len(data))
            return b""
        self._passing = None
        out.append(message)
        return data[left:]

    def _pass(self, head: int, held: bytes, length: int) -> bool:
        """Begin to pass over a message that is too long; False while its topic is not there yet."""
        after = 2 + int.from_bytes(held[:2])
        if len(held) < after + 2:
            return False
        message = Publish(_topic(held[2:after]), None, _mid(head, held, after), bool(head & 1), length, bool(head & 8))
        self._passing = (message, length - len(held))
        return True

    def _publish(self, head: int, held: bytes, body: int, end: int) -> Publish:
        after = topic_end = body + 2 + int.from_bytes(held[body : body + 2])
        mid = 0
        if head & 6:
            mid = _mid(head, held, after)
            after += 2
        if self._five:
            found = _length(held, after)
            after = found[0] + found[1] if found else end + 1
        if after > end:
            raise Malformed("a message cut short")
        content = held[after:end] if end - after <= self._largest else None
        return Publish(_topic(held[body + 2 : topic_end]), content, mid, bool(head & 1), end - after, bool(head & 8))

    def _other(self, head: int, body: bytes) -> Packet:
        kind = head >> 4
        try:
            if kind == CONNACK:
                properties = dict(_properties(body[2:])) if self._five else {}
                return Packet(kind, codes=(body[1],), present=bool(body[0] & 1), properties=properties)
            if kind in (PONG, DISCONNECT):
                return Packet(kind, codes=tuple(body[:1]))
            mid = int.from_bytes(body[:2])
            if kind == PUBACK:
                return Packet(kind, mid=mid, codes=tuple(body[2:3]))
            skipped = 2
            if self._five:
                length, skipped = _length(body, 2) or (len(body), 0)
                skipped += length
            return Packet(kind, mid=mid, codes=tuple(body[skipped:]))
        except (IndexError, ValueError) as error:
            raise Malformed(f"packet {head:#04x} cut short") from error


def _mid(head: int, held: bytes, place: int) -> int:
    mid = int.from_bytes(held[place : place + 2])
    if head & 4 or (head & 2 and not mid):
        raise Malformed("a message of QoS 2, or without number")
    return mid if head & 2 else 0


def _topic(written: bytes) -> str:
    return written.decode("utf-8", "replace")


def _length(held: bytes, place: int) -> tuple[int, int] | None:
    """A length of one to four bytes, and the place after it; None when not all of it is there."""
    value = 0
    for at in range(_LONGEST_LENGTH):
        if place + at >= len(held):
            return None
        byte = held[place + at]
        value |= (byte & 127) << (7 * at)
        if byte < 128:
            return value, place + at + 1
    raise Malformed("a length of more than four bytes")


def _properties(held: bytes) -> Iterator[tuple[int, Any]]:
    """Properties as numbers and bytes; IndexError or ValueError when they are cut short."""
    found = _length(held, 0)
    if found is None:
        return
    end, place = found[0] + found[1], found[1]
    while place < end:
        name, place = held[place], place + 1
        if name in _FIXED:
            yield name, int.from_bytes(held[place : place + _FIXED[name]])
            place += _FIXED[name]
        elif name in _TEXT or name == _PAIR:
            for _part in range(2 if name == _PAIR else 1):
                size = held[place] << 8 | held[place + 1]
                yield name, held[place + 2 : place + 2 + size]
                place += 2 + size
        elif name == _NUMBER:
            found = _length(held, place)
            if found is None:
                raise ValueError("a number cut short")
            yield name, found[0]
            place = found[1]
        else:
            raise ValueError(f"property {name:#04x}")
