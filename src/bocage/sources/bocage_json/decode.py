"""Reads {"datastream", "time", "result"}, a list of them, or the same with a list in each field."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Note
from bocage.domain.reading import Decoded, ReadingBatch, Result, results
from bocage.domain.row_errors import RowErrors
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.domain.times import Times, read_time, read_times


class Row(msgspec.Struct, frozen=True, gc=False):
    """One reading as it is sent; `end` only for an interval, `time` empty for the time of arrival."""

    datastream: str
    result: Result
    time: str = ""
    end: str | None = None


class Columns(msgspec.Struct, frozen=True, gc=False):
    """Many readings, field by field; one datastream may stand for all."""

    datastream: str | list[str]
    time: list[str]
    result: list[Result]
    end: list[str | None] | None = None


_ROW = msgspec.json.Decoder(Row)
_ROWS = msgspec.json.Decoder(list[Row])
_COLUMNS = msgspec.json.Decoder(Columns)
_FIELDS = {"datastream", "time", "result", "end"}


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of one native message."""
    plain = _plain(sent, mapping.zone or arrival.zone, arrival.at)
    if plain is not None:
        return Decoded(readings=plain)
    zone = _zone(mapping, arrival)
    errors = RowErrors()
    columns, rows = _columns(sent, errors)
    return _readings(_timed(columns, arrival.at), rows, zone, errors)


def _plain(sent: bytes, zone: str, arrived: str) -> ReadingBatch | None:
    """One reading of a number at an instant, which is what most messages are; None for anything else."""
    if sent[:1] != b"{":
        return None
    try:
        row = _ROW.decode(sent)
        if row.end is not None or type(row.result) is not float:
            return None
        start = np.array([read_time(row.time or arrived, zone)])
    except (msgspec.MsgspecError, ValueError, OverflowError, OSError, RecursionError):
        return None  # read again, more slowly, to say what is wrong
    return ReadingBatch(
        keys=(row.datastream,),
        key=np.zeros(1, dtype=np.int32),
        start=start,
        end=start,
        kind=np.zeros(1, dtype=np.uint8),
        number=np.array([row.result]),
        row=np.zeros(1, dtype=np.int64),
    )


def lone(sent: bytes) -> tuple[str, str, float] | None:
    """Series, time and number of a message of one number at an instant; None when it is anything else."""
    try:
        row = _ROW.decode(sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return None if row.end is not None or type(row.result) is not float else (row.datastream, row.time, row.result)


def notes(sent: Sequence[Note], mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of many messages of one reading each; PayloadError when one of them is anything else."""
    try:
        rows = [_ROW.decode(one.body) for one in sent]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("an object with datastream, time and result was expected")) from error
    columns, places = _turned([row if row.time else _at(row, one.came) for row, one in zip(rows, sent, strict=True)])
    return _readings(columns, places, _zone(mapping, arrival), RowErrors())


def _at(row: Row, arrived: str) -> Row:
    return msgspec.structs.replace(row, time=arrived)


def _zone(mapping: Mapping, arrival: Arrival) -> str:
    zone = mapping.zone or arrival.zone
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(_("a time zone such as Europe/Paris"), found=zone) from error
    return zone


def _columns(sent: bytes, errors: RowErrors) -> tuple[Columns, Sequence[int]]:
    """The message by columns, and the place of each element that could be read."""
    try:
        try:
            return _turned(_ROWS.decode(sent)) if sent[:1] == b"[" else _single(sent)
        except msgspec.ValidationError:
            return _loosely(sent, errors)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error


def _timed(columns: Columns, arrived: str) -> Columns:
    """The readings without a time at the time they arrived."""
    if not arrived or all(columns.time):
        return columns
    return msgspec.structs.replace(columns, time=[time or arrived for time in columns.time])


def _turned(rows: list[Row]) -> tuple[Columns, Sequence[int]]:
    columns = Columns(
        datastream=[row.datastream for row in rows],
        time=[row.time for row in rows],
        result=[row.result for row in rows],
        end=[row.end for row in rows] if any(row.end for row in rows) else None,
    )
    return columns, range(len(rows))


def _single(sent: bytes) -> tuple[Columns, Sequence[int]]:
    try:
        return _turned([_ROW.decode(sent)])
    except msgspec.ValidationError:
        columns = _COLUMNS.decode(sent)
    count = len(columns.time)
    several = columns.datastream if isinstance(columns.datastream, list) else columns.time
    if not len(columns.result) == len(several) == count == len(columns.end or columns.time):
        raise PayloadError(_("lists of one length"), found=f"{len(several)}, {count}, {len(columns.result)}")
    return columns, range(count)


def _loosely(sent: bytes, errors: RowErrors) -> tuple[Columns, Sequence[int]]:
    """Element by element, when something in the message is not of the expected type."""
    document: Any = msgspec.json.decode(sent)
    items = document if isinstance(document, list) else [document]
    rows, places = [], []
    for place, item in enumerate(items):
        try:
            rows.append(msgspec.convert(item, Row))
            places.append(place)
        except msgspec.ValidationError as error:
            column, found = _at_fault(item, str(error))
            errors.one(place, column=column, found=found, code="time" if column == "time" else "element")
    if not rows and not isinstance(document, list):
        raise PayloadError(_("an object with datastream, time and result was expected"), found=_shape(document))
    return _turned(rows)[0], places


def _at_fault(item: Any, message: str) -> tuple[str, str]:
    if not isinstance(item, dict):
        return "", type(item).__name__
    name = next((field for field in _FIELDS if f"$.{field}`" in message or f"`{field}`" in message), "")
    return name, type(item.get(name)).__name__ if name in item else "nothing"


def _shape(document: Any) -> str:
    """Names and types, never values."""
    if not isinstance(document, dict):
        return type(document).__name__
    return ", ".join(f"{name}: {type(value).__name__}" for name, value in list(document.items())[:12])[:200]


def _readings(columns: Columns, rows: Sequence[int], zone: str, errors: RowErrors) -> Decoded:
    count = len(columns.time)
    at = np.asarray(rows, dtype=np.int64)
    starts, ends = _span(columns, zone)
    errors.add(at, starts.bad, column="time", cells=columns.time, code="time")
    errors.add(at, starts.gap, column="time", cells=columns.time, code="skipped-time")
    bad = starts.bad | starts.gap
    wrong_end = ~bad & (ends.bad | ends.gap | (ends.ms < starts.ms))
    errors.add(at, wrong_end, column="end", cells=None, code="end")
    keys, key = _keys(columns.datastream, count)
    kind, number, text = results(columns.result)
    batch = ReadingBatch(keys=keys, key=key, start=starts.ms, end=ends.ms, kind=kind, number=number, text=text, row=at)
    bad |= wrong_end
    return Decoded(readings=batch.at(np.flatnonzero(~bad)) if bad.any() else batch, errors=errors.told())


def _span(columns: Columns, zone: str) -> tuple[Times, Times]:
    """Starts and ends; a time written start/end (ISO 8601) is an interval too."""
    texts, ends = columns.time, columns.end
    if any("/" in text for text in texts):
        pairs = [text.partition("/") for text in texts]
        given = ends or [None] * len(texts)
        texts = [pair[0] for pair in pairs]
        ends = [pair[2] or end for pair, end in zip(pairs, given, strict=True)]
    starts = read_times(texts, zone)
    if ends is None:
        return starts, starts
    return starts, read_times([end or start for start, end in zip(texts, ends, strict=True)], zone)


def _keys(datastream: str | list[str], count: int) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    if isinstance(datastream, str):
        return (datastream,), np.zeros(count, dtype=np.int32)
    places: dict[str, int] = {}
    key = [places.setdefault(name, len(places)) for name in datastream]
    return tuple(places), np.array(key, dtype=np.int32)
