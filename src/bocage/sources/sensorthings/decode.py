"""Reads one observation a message; its series is a number: of the topic it came by, else of what it says itself."""

import re
from collections.abc import Mapping as Plain
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Note
from bocage.domain.reading import Decoded, Ints, Objects, ReadingBatch, Result, results
from bocage.domain.row_errors import RowErrors
from bocage.domain.saying import SAID, Unsaid, said
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.domain.times import read_times

_STREAM = re.compile(r"(?:^|/)(Datastreams\(\d{1,9}\))/Observations$")


Flags = npt.NDArray[np.bool_]


class Reference(msgspec.Struct, frozen=True, gc=False):
    """A series by its number."""

    id: int = msgspec.field(name="@iot.id")


class Observation(msgspec.Struct, frozen=True, gc=False):
    """What is kept of one: its result, its time, its series, and what it says beside. Without a time it is of when it
    came."""

    result: Result
    time: str | None = msgspec.field(name="phenomenonTime", default=None)
    measured: str | None = msgspec.field(name="resultTime", default=None)
    valid: Any = msgspec.field(name="validTime", default=None)
    parameters: Any = None
    quality: Any = msgspec.field(name="resultQuality", default=None)
    stream: Reference | None = msgspec.field(name="Datastream", default=None)

    @property
    def beside(self) -> dict[str, Any]:
        """What it says beside its time and its result."""
        held = (self.measured or None, self.valid, self.parameters, self.quality)
        return {name: value for name, value in zip(SAID, held, strict=True) if value is not None}


_OBSERVATION = msgspec.json.Decoder(Observation)


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The reading of one observation."""
    return _decoded([(_read(sent), arrival.at, arrival.parts)], mapping.zone or arrival.zone)


def notes(sent: Sequence[Note], mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of many; PayloadError when one of them is none."""
    found = []
    for one in sent:
        read = _read(one.body)
        found.append((read, "" if read.time or read.measured else one.came, one.parts))
    return _decoded(found, mapping.zone or arrival.zone)


def _read(sent: bytes) -> Observation:
    try:
        return _OBSERVATION.decode(sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("an observation of SensorThings"), found=str(error)[:80]) from error


def _decoded(found: Sequence[tuple[Observation, str, Plain[str, str]]], zone: str) -> Decoded:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PayloadError(_("a time zone such as Europe/Paris"), found=zone) from error
    places: dict[str, int] = {}
    key = [places.setdefault(_named(one, parts), len(places)) for one, _at, parts in found]
    times = [(one.time or one.measured or at).partition("/") for one, at, _parts in found]
    starts, ends = read_times([one[0] for one in times], zone), read_times([one[2] or one[0] for one in times], zone)
    rows, errors = np.arange(len(found)), RowErrors()
    wrong = starts.bad | starts.gap
    late = ~wrong & (ends.bad | ends.gap | (ends.ms < starts.ms))
    errors.add(rows, wrong, column="phenomenonTime", cells=[one[0] for one in times], code="time")
    errors.add(rows, late, column="phenomenonTime", cells=None, code="end")
    good = ~(wrong | late)
    beside = _besides([one for one, _at, _parts in found], (starts.ms, ends.ms, good), zone, errors)
    kind, number, text = results([one.result for one, _at, _parts in found])
    batch = ReadingBatch(
        keys=tuple(places),
        key=np.array(key, dtype=np.int32),
        start=starts.ms,
        end=ends.ms,
        kind=kind,
        number=number,
        text=text,
        row=rows,
        beside=beside,
    )
    return Decoded(readings=batch if good.all() else batch.at(np.flatnonzero(good)), errors=errors.told())


def _besides(
    found: Sequence[Observation], at: tuple[Ints, Ints, Flags], zone: str, errors: RowErrors
) -> Objects | None:
    """What each says beside; None when none says anything. `at`: their starts, ends, and which are good: what cannot
    be read is not any more."""
    starts, ends, good = at
    besides = np.full(len(found), None, np.object_)
    for row in np.flatnonzero(good).tolist():
        document = found[row].beside
        try:
            besides[row] = said(document, int(starts[row]), int(ends[row]), zone=zone) if document else None
        except Unsaid as unsaid:
            good[row] = False
            code = "time" if unsaid.name.endswith("Time") else "object"
            errors.one(row, column=unsaid.name, found=str(document[unsaid.name]), code=code)
    return besides if bool((besides != np.array(None)).any()) else None


def _named(one: Observation, parts: Plain[str, str]) -> str:
    by_topic = _STREAM.search(parts.get("topic", ""))
    if by_topic:
        return by_topic[1]
    if one.stream is None:
        raise PayloadError(_("a topic or a Datastream that says the number of the series"))
    return f"Datastreams({one.stream.id})"
