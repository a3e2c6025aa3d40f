"""What a network server of LoRaWAN tells of a device, whichever server it is, and the readings it gives."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfoNotFoundError

import msgspec
import numpy as np

from bocage.domain import cells
from bocage.domain.codec import Raw
from bocage.domain.errors import CodecFailure, PayloadError
from bocage.domain.nature import ResultKind
from bocage.domain.network_message import Value, flat
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.domain.row_errors import RowErrors
from bocage.domain.source import Mapping as Declared
from bocage.domain.source import Series
from bocage.domain.text import message as _
from bocage.domain.times import read_time

PAYLOAD: Final = "payload"
BESIDE: Final = ("radio.", "status.", "location.")
"""Beginnings of the fields that say how a device does, beside what it measures."""
_MEASURED: Final = (Series(column=f"{PAYLOAD}.*"),)


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What a device said at one instant (ISO 8601; that of arrival when empty), by field; nothing is nested."""

    at: str
    fields: Mapping[str, Value]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a network server. `names`: what may name a series, `devEui` first of all. `frame`: see Decoded."""

    names: Mapping[str, str]
    heard: Sequence[Heard] = ()
    frame: str = ""


def beside(key: str) -> bool:
    """Whether a series says how the device does: kept when declared, nothing to refuse when not."""
    return key.rpartition("/")[2].startswith(BESIDE)


def values(raw: Raw, decoded: Any, arrival: Arrival) -> dict[str, Value]:
    """The measured fields of an uplink: what the codec declared here makes of its bytes, else what the network server
    made of them. CodecFailure when there are bytes and nobody reads them."""
    found = arrival.translate(raw) if raw.body and arrival.translate is not None else None
    if found is None and isinstance(decoded, dict):
        found = decoded
    if found is None and raw.body and raw.port:  # port 0 speaks with the network, not with us
        expected = _("a decoder for the bytes of this device")
        raise CodecFailure(expected, found=raw.device, device=raw.device, codec="", said="")
    return flat(PAYLOAD, found or {})


def frame_of(raw: Raw, session: str, counter: Any) -> str:
    """What makes an uplink one: device, session, counter, port and bytes."""
    body = hashlib.sha256(raw.body).hexdigest()[:16]
    return f"{raw.device}:{session}:{counter if isinstance(counter, int) else 0}:{raw.port}:{body}"


def read_event(event: Event, mapping: Declared, arrival: Arrival) -> Decoded:
    """The readings of a message.

    The key of a series is the number of the device, a slash and the field, unless the mapping says otherwise; measured
    columns are `payload.*` unless it names some (`payload.temperature`). Times are those of the network server.
    """
    device, errors = _key(event, mapping, arrival), RowErrors()
    wanted = _Wanted(mapping)
    keys: list[str] = []
    found: list[tuple[int, Value]] = []
    for row, one in enumerate(event.heard):
        start = _start(one, row, arrival, errors)
        for field, value in one.fields.items() if start is not None else ():
            for key, read in wanted.read(field, value, row, errors):
                keys.append(device + key)
                found.append((start or 0, read))
    return Decoded(readings=_batch(keys, found), errors=errors.told(), frame=event.frame)


def _key(event: Event, mapping: Declared, arrival: Arrival) -> str:
    """What the keys of all its series begin with."""
    known = {**event.names, "file": arrival.file, **arrival.parts}
    key = mapping.key or "{devEui}/"
    for name in [name for name in known if "{" in key and known[name]]:
        key = key.replace(f"{{{name}}}", known[name])
    if "{" in key and "}" in key:
        raise PayloadError(_("a message that says what names its series"), found=key[:80])
    return key


def _start(heard: Heard, row: int, arrival: Arrival, errors: RowErrors) -> int | None:
    try:
        return int(read_time(heard.at or arrival.at, arrival.zone))
    except (ZoneInfoNotFoundError, ValueError, OverflowError, OSError):
        errors.one(row, column="time", found=heard.at, code="time")
        return None


class _Wanted:
    """Which fields are read, and as what."""

    def __init__(self, mapping: Declared) -> None:
        series = mapping.series or _MEASURED
        self._missing = frozenset(mapping.missing)
        self._exact = {one.column: one for one in series if not one.column.endswith("*")}
        self._whole = [(one.column[:-1], one) for one in series if one.column.endswith("*")]
        self._whole += [(start, Series(column=f"{start}*", key=start)) for start in BESIDE]

    def read(self, field: str, value: Value, row: int, errors: RowErrors) -> Iterator[tuple[str, Value]]:
        """The end of the key and the value; nothing when it is not wanted, or is no value."""
        named = self._exact.get(field)
        series, key = (named, named.key or field) if named else self._starred(field)
        if series is None or (isinstance(value, str) and value in self._missing):
            return
        read = value if series.text and isinstance(value, str) else _number(value, series)
        if read is not None:
            yield key, read
        elif named:
            errors.one(row, column=field, found=str(value), code="number")

    def _starred(self, field: str) -> tuple[Series | None, str]:
        for start, series in self._whole:
            if field.startswith(start):
                return series, series.key + field.removeprefix(start)
        return None, ""


def _number(value: Value, series: Series) -> float | bool | None:
    if isinstance(value, bool):
        return value
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    if series.factor != 1.0 or series.offset != 0.0:
        number = float(cells.converted(cells.read_numbers([repr(number)], ".", ()), series).number[0])
    return number if np.isfinite(number) else None


def _batch(keys: list[str], found: list[tuple[int, Value]]) -> ReadingBatch:
    places: dict[str, int] = {}
    key = [places.setdefault(one, len(places)) for one in keys]
    start = np.array([at for at, _value in found], dtype=np.int64)
    text = np.array([value if isinstance(value, str) else None for _at, value in found], dtype=np.object_)
    return ReadingBatch(
        keys=tuple(places),
        key=np.array(key, dtype=np.int32),
        start=start,
        end=start,
        kind=np.array([_kind(value) for _at, value in found], dtype=np.uint8),
        number=np.array([np.nan if isinstance(value, str) else float(value) for _at, value in found], np.float64),
        text=text if any(isinstance(value, str) for _at, value in found) else None,
        row=np.zeros(len(found), dtype=np.int64),
    )


def _kind(value: Value) -> int:
    if isinstance(value, bool):
        return int(ResultKind.BOOLEAN)
    return int(ResultKind.TEXT if isinstance(value, str) else ResultKind.NUMBER)
