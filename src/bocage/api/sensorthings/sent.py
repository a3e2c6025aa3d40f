"""Reads observations as they are sent, one or in arrays, into columns; what cannot be read is told place by place."""

from collections.abc import Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.api.problem import Stopped
from bocage.api.sensorthings.saying import FEATURE_ID, Starts, besides, said, usual
from bocage.api.sensorthings.targets import Target
from bocage.domain.nature import ResultKind
from bocage.domain.reading import KINDS, Ints, Objects, ReadingBatch, results
from bocage.domain.saying import SAID, span
from bocage.domain.text import message as _
from bocage.domain.times import read_instants, read_time, read_times

Flags = npt.NDArray[np.bool_]
KEPT: Final = ("phenomenonTime", "result", FEATURE_ID, *SAID)
DROPPED: Final = ("id", "@iot.id")  # understood and not kept: ids are given here


class Reference(msgspec.Struct, frozen=True, gc=False):
    """An entity by its id, whatever stands beside it."""

    id: int = msgspec.field(name="@iot.id")


class Single(msgspec.Struct, frozen=True, gc=False):
    """An observation whose series is there already."""

    result: float | bool | str | None
    stream: Reference | None = msgspec.field(name="Datastream", default=None)
    time: str | None = msgspec.field(name="phenomenonTime", default=None)
    feature: Reference | None = msgspec.field(name="FeatureOfInterest", default=None)
    resultTime: Any = None  # noqa: N815 - the names of the standard
    validTime: Any = None  # noqa: N815
    parameters: Any = None
    resultQuality: Any = None  # noqa: N815

    @property
    def plain(self) -> bool:
        """Whether it is nothing but a time and a result."""
        return (self.resultTime, self.validTime, self.parameters, self.resultQuality, self.feature) == (None,) * 5


class Row(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    """One row of an array. A struct that is not looked at by the collector of garbage: lists would be, by thousands."""

    a: Any = msgspec.UNSET
    b: Any = msgspec.UNSET
    c: Any = msgspec.UNSET
    d: Any = msgspec.UNSET
    e: Any = msgspec.UNSET
    f: Any = msgspec.UNSET
    g: Any = msgspec.UNSET
    h: Any = msgspec.UNSET
    i: Any = msgspec.UNSET


FEW: Final = 300  # different times that are read faster one by one
CELLS: Final = "abcdefghi"


class Block(msgspec.Struct, frozen=True, gc=False):
    """Observations of one series."""

    stream: Reference = msgspec.field(name="Datastream")
    components: tuple[str, ...]
    rows: list[Row] = msgspec.field(name="dataArray")


BESIDE: Final = frozenset((*SAID, FEATURE_ID))
_SINGLE: Final = msgspec.json.Decoder(Single)
_BLOCKS: Final = msgspec.json.Decoder(list[Block])


class Arrived(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What was sent: `total` observations, of which those at `rows` could be read. `strange`: whether some name
    features that their series has not had so far."""

    total: int
    rows: npt.NDArray[np.intp]
    readings: ReadingBatch
    strange: bool = False


def single(body: bytes) -> Single | None:
    """One observation; None when it must be read otherwise: it makes entities, or something is wrong with it."""
    try:
        return _SINGLE.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def alone(sent: Single, key: str, now: int, starts: Starts = ()) -> ReadingBatch:
    """The batch of one observation; 400 when its time is none. `starts`: what those of its series are about."""
    try:
        start, end = (now, now) if sent.time is None else _edges(sent.time)
    except (ValueError, OverflowError) as error:
        raise Stopped(400, _("phenomenonTime is a time or an interval of ISO 8601.")) from error
    kind = KINDS[type(sent.result)]
    text = kind is ResultKind.TEXT
    words = np.full(1, sent.result, dtype=np.object_) if text else None
    number = np.nan if text or sent.result is None else float(sent.result)
    at = np.array([start])
    beside = None if sent.plain else _beside(sent, start, end, starts)
    return ReadingBatch(
        keys=(key,),
        key=np.zeros(1, dtype=np.int32),
        start=at,
        end=at if end == start else np.array([end]),
        kind=np.array([kind], dtype=np.uint8),
        number=np.array([number]),
        text=words,
        row=np.zeros(1, dtype=np.int64),
        beside=None if beside is None else np.array([beside], dtype=np.object_),
    )


def _beside(sent: Single, start: int, end: int, starts: Starts) -> str | None:
    named = sent.feature.id if sent.feature is not None else 0
    feature = 0 if named == usual(starts, start) else named
    return said({name: getattr(sent, name) for name in SAID}, start, end, feature)


def _edges(text: str) -> tuple[int, int]:
    if "/" in text:
        return span(text)
    at = read_time(text, "UTC")
    return at, at


def blocks(body: bytes) -> list[Block] | None:
    """The arrays of a CreateObservations; None when they are others than those of series that are there."""
    try:
        found = _BLOCKS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    sound({block.components for block in found})
    return found


def sound(forms: Iterable[tuple[str, ...]]) -> None:
    """400 for components that observations have not."""
    for components in forms:
        strange = [one for one in components if one not in KEPT and one not in DROPPED]
        if strange or "result" not in components or len(components) >= len(CELLS):
            raise Stopped(400, _("Observations have no component {name}."), name=", ".join(strange) or "result ∉")


def arrived(sent: Sequence[Block], target: Target, now: int) -> Arrived:
    """All rows of all arrays, in their order; those of series that are not the sender's are not among the readings."""
    counts = [len(block.rows) for block in sent]
    total = sum(counts)
    known = target.sound.get
    keys = [known(block.stream.id) for block in sent]
    key = np.repeat(np.arange(len(sent), dtype=np.int32), counts)
    good: Flags = np.ones(total, dtype=np.bool_)
    strange = _addressed(sent, keys, target, good)
    times, values = _picked(sent, good)
    start, end = _spans(times, good, now)
    beside = _besides(sent, ((start, end), times), target, good)
    rows = np.flatnonzero(good)
    if len(rows) < total:
        values = [values[at] for at in rows.tolist()]
        key, start, end = key[rows], start[rows], end[rows]
        beside = None if beside is None else beside[rows]
    kind, number, text = results(values)
    readings = ReadingBatch(
        keys=tuple(one or "" for one in keys),
        key=key,
        start=start,
        end=end,
        kind=kind,
        number=number,
        text=text,
        row=rows,
        beside=beside,
    )
    return Arrived(total=total, rows=rows, readings=readings, strange=strange)


def _besides(
    sent: Sequence[Block], at: tuple[tuple[Ints, Ints], list[Any] | None], target: Target, good: Flags
) -> Objects | None:
    """What is said beside each; None when nothing is. `at`: when each starts and ends, and what it says of that."""
    forms = {block.components for block in sent}
    cells = {
        form: {name: attrgetter(CELLS[place]) for place, name in enumerate(form) if name in BESIDE} for form in forms
    }
    if not any(cells.values()):
        return None
    parts = ((cells[block.components], block.rows, target.since.get(block.stream.id, ())) for block in sent)
    spans, times = at
    return besides(parts, spans, good, times)


def _picked(sent: Sequence[Block], good: Flags) -> tuple[list[Any] | None, list[Any]]:
    """The times (None when none is given) and the results of every row."""
    components = sent[0].components if sent else KEPT
    if len({block.components for block in sent}) < 2:
        lines = list(chain.from_iterable(block.rows for block in sent))
        times, values = _cells(lines, components, good)
    else:
        times, values, at = [], [], 0
        for block in sent:
            mine, found = _cells(block.rows, block.components, good[at : at + len(block.rows)])
            times += mine if mine is not None else [None] * len(found)
            values += found
            at += len(block.rows)
    if not set(map(type, values)) <= set(KINDS):
        good &= np.fromiter((type(value) in KINDS for value in values), np.bool_, len(values))
    return times, values


def _cells(lines: Sequence[Row], components: tuple[str, ...], good: Flags) -> tuple[list[Any] | None, list[Any]]:
    """Times and results of rows of one form; rows that are too short or too long are marked."""
    last, beyond = CELLS[len(components) - 1], attrgetter(CELLS[len(components)])
    named = {name: CELLS[components.index(name)] for name in ("result", "phenomenonTime") if name in components}
    held = {cell: list(map(attrgetter(cell), lines)) for cell in {last, *named.values()}}
    if set(map(beyond, lines)) != {msgspec.UNSET} or msgspec.UNSET in held[last]:
        for place, line in enumerate(lines):
            good[place] &= held[last][place] is not msgspec.UNSET and beyond(line) is msgspec.UNSET
    return held[named["phenomenonTime"]] if "phenomenonTime" in named else None, held[named["result"]]


def _spans(times: list[Any] | None, good: Flags, now: int) -> tuple[Any, Any]:
    """Starts and ends; what has no time has that of its arrival."""
    if times is None or not times:
        at = np.full(len(good), now, dtype=np.int64)
        return at, at
    if set(map(type, times)) != {str}:
        for place, one in enumerate(times):
            good[place] &= one is None or isinstance(one, str)
        arrival = np.datetime_as_string(np.datetime64(now, "ms"), timezone="UTC")
        times = [one if isinstance(one, str) else str(arrival) for one in times]
    start, bad = read_together(times)
    end = start
    if bad.any():
        start, end = start.copy(), start.copy()
        for place in np.flatnonzero(bad).tolist():
            _interval(times[place], place, (start, end, good))
    return start, end


def read_together(times: list[str]) -> tuple[Any, Flags]:
    """Instants of texts, and which are none; what several series measured at once is read once."""
    places = {text: place for place, text in enumerate(dict.fromkeys(times))}
    if 2 * len(places) > len(times):
        return _read(times)
    ms, bad = _read(list(places))
    at = np.fromiter(map(places.__getitem__, times), np.intp, len(times))
    return ms[at], bad[at]


def _read(texts: list[str]) -> tuple[Any, Flags]:
    ms = read_instants(texts) if len(texts) <= FEW else None
    if ms is not None:
        return ms, np.zeros(len(texts), dtype=np.bool_)
    found = read_times(texts, "UTC")
    return found.ms, found.bad


def _interval(text: str, place: int, columns: tuple[Any, Any, Flags]) -> None:
    start, end, good = columns
    try:
        start[place], end[place] = span(text) if "/" in text else _edges(text)
    except (ValueError, OverflowError):
        good[place] = False


def _addressed(sent: Sequence[Block], keys: Sequence[str | None], target: Target, good: Flags) -> bool:
    """Only series of the sender; only observations that are about something. Whether any names a strange feature."""
    strange = False
    if None not in keys and not any(FEATURE_ID in one for one in {block.components for block in sent}):
        return strange
    at = 0
    for block, key in zip(sent, keys, strict=True):
        allowed = target.features.get(block.stream.id, frozenset())
        if key is None:
            good[at : at + len(block.rows)] = False
        elif FEATURE_ID in block.components:
            cell = attrgetter(CELLS[block.components.index(FEATURE_ID)])
            for offset, row in enumerate(block.rows):
                named = cell(row)
                if named is not None and not (isinstance(named, int) and named in allowed):
                    good[at + offset] = False
                    strange |= isinstance(named, int)
        at += len(block.rows)
    return strange
