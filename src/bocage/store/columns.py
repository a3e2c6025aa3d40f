"""Joining, picking and ordering rows of the log, kept as numpy columns."""

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns, Ints

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]

RADIX = 65_536  # numpy sorts 16 bits by radix
NAMES = ("datastream", "start", "end", "kind", "number", "origin", "id", "position", "version")
TYPES: dict[str, Any] = {
    "datastream": np.int32,
    "start": np.int64,
    "end": np.int64,
    "kind": np.uint8,
    "number": np.float64,
    "origin": np.uint8,
    "id": np.int64,
    "position": np.int64,
    "version": np.int32,
}


def empty() -> Columns:
    """No row at all."""
    return Columns(**{name: np.empty(0, dtype) for name, dtype in TYPES.items()})


def texts(rows: Columns) -> npt.NDArray[np.object_]:
    """The text of each row, None where the result is no text."""
    return np.full(len(rows), None, object) if rows.text is None else rows.text


def originals(rows: Columns) -> Ints:
    """The original time of each row: its own start where it was not replayed."""
    return rows.start if rows.original is None else rows.original


def reasons(rows: Columns) -> npt.NDArray[np.object_]:
    """Why each row was corrected, empty where it was not."""
    return np.full(len(rows), "", object) if rows.reason is None else rows.reason


def besides(rows: Columns) -> npt.NDArray[np.object_]:
    """What was said beside each row, None where nothing was."""
    return np.full(len(rows), None, object) if rows.beside is None else rows.beside


def joined(parts: Sequence[Columns]) -> Columns:
    """All rows of the parts, one after the other; instants have one column for both of their ends, as in the parts."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return filled[0] if filled else empty()
    instants = all(part.end is part.start for part in filled)
    named = (name for name in NAMES if name != "end" or not instants)
    found: dict[str, Any] = {name: np.concatenate([getattr(p, name) for p in filled]) for name in named}
    found.setdefault("end", found["start"])
    if any(part.text is not None for part in filled):
        found["text"] = np.concatenate([texts(part) for part in filled])
    if any(part.original is not None for part in filled):
        found["original"] = np.concatenate([originals(part) for part in filled])
    if any(part.reason is not None for part in filled):
        found["reason"] = np.concatenate([reasons(part) for part in filled])
    if any(part.beside is not None for part in filled):
        found["beside"] = np.concatenate([besides(part) for part in filled])
    return Columns(**found)


def picked(rows: Columns, index: Index | Flags | slice) -> Columns:
    """The rows an index, a mask or a slice points to."""
    held: dict[str, Any] = {name: getattr(rows, name)[index] for name in NAMES if name != "end"}
    held["end"] = held["start"] if rows.end is rows.start else rows.end[index]
    for name in ("text", "original", "reason", "beside"):
        column = getattr(rows, name)
        held[name] = None if column is None else column[index]
    return Columns(**held)


def trimmed(rows: Columns) -> Columns:
    """The same rows without the optional columns that say nothing, so that every home answers alike."""
    if rows.text is None and rows.original is None and rows.reason is None and rows.beside is None:
        return rows
    text = rows.text if rows.text is not None and bool((rows.kind == ResultKind.TEXT).any()) else None
    replayed = rows.original is not None and bool((rows.origin == Origin.REPLAYED).any())
    corrected = rows.reason is not None and bool((rows.version > 1).any())
    said = rows.beside is not None and bool((rows.beside != np.array(None)).any())
    return msgspec.structs.replace(
        rows,
        text=text,
        original=rows.original if replayed else None,
        reason=rows.reason if corrected else None,
        beside=rows.beside if said else None,
    )


def rising(*keys: npt.NDArray[Any]) -> Flags:
    """For each row but the first: whether it comes after the row before, the first key counting most."""
    n = len(keys[0])
    after, tied = np.zeros(max(n - 1, 0), np.bool_), np.ones(max(n - 1, 0), np.bool_)
    for key in keys:
        after |= tied & (key[1:] > key[:-1])
        tied &= key[1:] == key[:-1]
    return after


def order_of(*keys: npt.NDArray[Any]) -> Index | None:
    """The stable order by these keys, the first counting most; None when they are already so, without repeats."""
    if len(keys[0]) < 2 or bool(rising(*keys).all()):
        return None
    # Rows come in order of time nearly always: a radix sort of the first key is then enough, and ten times faster.
    first = keys[0]
    small = int(first.min()) >= 0 and int(first.max()) < RADIX
    order = np.argsort(first.astype(np.uint16) if small else first, kind="stable")
    if bool(rising(*(key[order] for key in keys)).all()):
        return order
    return np.lexsort(keys[::-1])


def each_once(values: npt.NDArray[Any]) -> bool:
    """Whether no value stands twice."""
    if len(values) > 1 and values[0] == values[1]:
        return False
    in_order = np.sort(values)
    return bool((in_order[1:] != in_order[:-1]).all())


def ordered(rows: Columns) -> Columns:
    """By (datastream, start, end, version)."""
    order = order_of(rows.datastream, rows.start, rows.end, rows.version)
    return rows if order is None else picked(rows, order)


def newest(rows: Columns) -> Columns:
    """Of ordered rows, the last version of each identity."""
    if not len(rows) or int(rows.version.max()) == 1:
        return rows
    last = np.ones(len(rows), np.bool_)
    last[:-1] = (
        (rows.datastream[1:] != rows.datastream[:-1])
        | (rows.start[1:] != rows.start[:-1])
        | (rows.end[1:] != rows.end[:-1])
    )
    return picked(rows, last)


def alike(rows: Columns, other: Columns) -> Flags:
    """Whether results are the same, row by row: kind first; two NaN are the same, and so are two nulls."""
    number = (rows.number == other.number) | (np.isnan(rows.number) & np.isnan(other.number))
    same = (rows.kind == other.kind) & (number | (rows.kind == ResultKind.TEXT) | (rows.kind == ResultKind.NULL))
    text = same & (rows.kind == ResultKind.TEXT)
    if text.any():
        at = np.flatnonzero(text)
        same[at] = texts(rows)[at] == texts(other)[at]
    return np.asarray(same, np.bool_)


def between(rows: Columns, datastreams: Ints | None, start: int, end: int) -> Columns:
    """The rows of these datastreams (sorted numbers; None for all) that start in [start, end)."""
    mask = (rows.start >= start) & (rows.start < end)
    if datastreams is not None:
        mask &= among(rows.datastream, datastreams)
    return picked(rows, np.flatnonzero(mask))


def among(values: npt.NDArray[Any], wanted: Ints) -> Flags:
    """Whether each value is one of `wanted`, which is sorted."""
    if len(wanted) == 1:
        return np.asarray(values == wanted[0], np.bool_)
    if not len(wanted):
        return np.zeros(len(values), np.bool_)
    at = np.searchsorted(wanted, values)
    at[at == len(wanted)] = 0
    return np.asarray(wanted[at] == values, np.bool_)


def distinct(datastreams: Sequence[int] | npt.NDArray[Any]) -> Ints:
    """The numbers sorted, each once."""
    given = np.asarray(datastreams, np.int64)
    return given if bool((given[1:] > given[:-1]).all()) else np.unique(given)
