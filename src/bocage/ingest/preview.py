"""Shows what some bytes would give under a declaration, before anything is kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.nature import ResultKind
from bocage.domain.plugin import Arrival
from bocage.domain.reading import ReadingBatch, RowError
from bocage.domain.source import Source
from bocage.ingest import plugins
from bocage.ingest.loading import plain_name
from bocage.ingest.reception import Sent
from bocage.ingest.unpacking import SUFFIXES, unpacked

MOST_KEYS: Final = 200
LARGEST: Final = 64 * 1024 * 1024  # bytes once unpacked


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One reading as it would be: its row, series, UTC milliseconds of start and end, and result."""

    row: int
    key: str
    start: int
    end: int
    result: float | bool | str | None


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The first readings, the rows that could not be read, and how many readings each series would have.

    `first`, `last`: UTC milliseconds of the earliest start and the latest end of all of them.
    `failure`, `found`: what was expected (an English message) and found when nothing could be read at all.
    """

    rows: tuple[Row, ...] = ()
    errors: tuple[RowError, ...] = ()
    keys: Mapping[str, int] = {}
    total: int = 0
    first: int = 0
    last: int = 0
    failure: str = ""
    found: str = ""


def preview(zone: str, source: Source, sent: Sent, rows: int) -> Preview:
    """What these bytes would give."""
    name = plain_name(Path(sent.file))
    suffix = Path(name).suffix if not sent.media_type else ""
    plugin = plugins.choose(plugins.found(), source.plugin, sent.media_type, suffix)
    try:
        body = sent.body if name == sent.file else unpacked(sent.body, SUFFIXES[Path(sent.file).suffix], LARGEST)
        decoded = plugin.decode(body, source.mapping, Arrival(zone=zone, file=Path(name).stem))
    except PayloadError as error:
        return Preview(failure=error.expected, found=error.found)
    readings = decoded.readings
    counts = np.bincount(readings.key, minlength=len(readings.keys)).tolist()
    keys: dict[str, int] = {}
    for key, number in zip(readings.keys, counts, strict=True):
        if key in keys or len(keys) < MOST_KEYS:
            keys[key] = keys.get(key, 0) + number
    first = np.argsort(_places(readings), kind="stable")[:rows].tolist()
    held = len(readings) > 0
    return Preview(
        rows=tuple(_row(readings, place) for place in first),
        errors=decoded.errors,
        keys=keys,
        total=len(readings),
        first=int(readings.start.min()) if held else 0,
        last=int(readings.end.max()) if held else 0,
    )


def _places(readings: ReadingBatch) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.arange(len(readings)) if readings.row is None else readings.row


def _row(readings: ReadingBatch, place: int) -> Row:
    return Row(
        row=int(_places(readings)[place]),
        key=readings.keys[readings.key[place]],
        start=int(readings.start[place]),
        end=int(readings.end[place]),
        result=_result(readings, place),
    )


def _result(readings: ReadingBatch, place: int) -> float | bool | str | None:
    kind, number = ResultKind(int(readings.kind[place])), float(readings.number[place])
    if kind is ResultKind.TEXT and readings.text is not None:
        return str(readings.text[place])
    if kind is ResultKind.BOOLEAN:
        return number == 1.0
    return number if kind is ResultKind.NUMBER else None
