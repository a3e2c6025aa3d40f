"""The parts that messages of network servers have in common: names, bytes in base64, gateways, places."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfoNotFoundError

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.domain.times import read_time

Value = float | bool | str
_MOST_FIELDS: Final = 500
_DEEPEST: Final = 8
_LONGEST_NAME: Final = 150


def read_document(sent: bytes) -> dict[str, Any]:
    """The message as a JSON object."""
    try:
        document = msgspec.json.decode(sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error
    if not isinstance(document, dict):
        raise PayloadError(_("a message of the network server"), found=type(document).__name__)
    return document


def part(document: Any, *names: str) -> Any:
    """What stands at a path of objects; None when it is not there."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def named(value: Any) -> str:
    """What names something: a text as it is, a number as text, nothing for anything else."""
    return value[:200] if isinstance(value, str) else str(value) if type(value) is int else ""


def number(value: Any) -> float | None:
    """A number; None for anything else."""
    return value if type(value) in (int, float) else None


def numbers(said: Mapping[str, Any]) -> dict[str, Value]:
    """Those of some fields that hold numbers."""
    return {field: value for field, value in said.items() if type(value) in (int, float)}


def flat(before: str, held: Mapping[str, Any]) -> dict[str, Value]:
    """The fields of a document, inner ones named with dots, elements of lists by their place; what is null is left."""
    found: dict[str, Value] = {}
    for field, value in _leaves(before, held, 0):
        if len(found) >= _MOST_FIELDS:
            raise PayloadError(_("fewer fields in one message"), found=f"> {_MOST_FIELDS}")
        if value is not None and len(field) <= _LONGEST_NAME:
            found[field] = value
    return found


def _leaves(name: str, value: Any, depth: int) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict | list):
        yield name, value
    elif depth < _DEEPEST:
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for inside, one in inner:
            yield from _leaves(f"{name}.{inside}", one, depth + 1)


def read_bytes(text: Any) -> bytes:
    """Bytes written in base64; none when there are none. PayloadError when they are not base64."""
    if text is None:
        return b""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise PayloadError(_("bytes in base64"), found=str(text)[:40]) from error


def read_instant(text: str, zone: str) -> int:
    """A time in UTC milliseconds; 0 when it cannot be read."""
    try:
        return int(read_time(text, zone))
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
        return 0


def best(received: Any) -> dict[str, Value]:
    """How well the best of the gateways heard it (dBm, dB), and how many did."""
    gateways = [one for one in received if isinstance(one, dict)] if isinstance(received, list) else []
    told = [(one["rssi"], one.get("snr")) for one in gateways if number(one.get("rssi")) is not None]
    if not told:
        return {}
    rssi, snr = max(told, key=lambda pair: float(pair[0]))
    return numbers({"radio.rssi": rssi, "radio.snr": snr, "radio.gateways": len(gateways)})


def placed(location: Any) -> dict[str, Value]:
    """Where a device was found to be (degrees, metres)."""
    fields = ("latitude", "longitude", "altitude", "accuracy")
    return numbers({f"location.{field}": part(location, field) for field in fields})
