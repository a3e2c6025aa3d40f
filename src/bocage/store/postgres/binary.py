"""Rows and arrays as PostgreSQL's binary formats, made and read by columns and not by values."""

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from psycopg import Connection
from psycopg.adapt import Dumper
from psycopg.pq import Format

from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store import rows as shape

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
FIXED = {
    "datastream": ">i4",
    "start": ">i8",
    "span": ">i8",
    "kind": ">i2",
    "number": ">f8",
    "origin": ">i2",
    "counter": ">i4",
    "position": ">i8",
    "version": ">i4",
}
OPTIONAL = ("text", "original", "reason", "beside")
COLUMNS = (*FIXED, *OPTIONAL)
"""The columns of every row that travels, in this order; those of OPTIONAL may be null."""


def _layout(width: int, *, ends: Sequence[str] = ()) -> np.dtype[Any]:
    """A row of `width` columns: their count, then each with its length before it; of `ends` the length only."""
    fields: list[tuple[str, str]] = [("columns", ">i2")]
    for name, kind in FIXED.items():
        fields += [(f"{name} length", ">i4"), (name, kind)]
    return np.dtype([*fields, *((f"{name} length", ">i4") for name in ends)])


ROW = _layout(len(COLUMNS), ends=OPTIONAL)
HEAD = _layout(len(COLUMNS))
_SIZES = {name: np.dtype(kind).itemsize for name, kind in FIXED.items()}
_LENGTH, _LONG = struct.Struct(">i"), struct.Struct(">q")
NULL = _LENGTH.pack(-1)
PART = 16_384  # rows encoded at once


def copied(rows: Columns) -> Iterator[bytes]:
    """What COPY ... FROM STDIN (FORMAT BINARY) takes, for COLUMNS; in parts, which the server reads meanwhile."""
    yield HEADER
    for offset in range(0, len(rows), PART):
        yield from _part(columns.picked(rows, slice(offset, offset + PART)))
    yield TRAILER


def _part(rows: Columns) -> Iterator[bytes]:
    held = shape.to_fetch(rows)
    heads = np.full(len(rows), _blank())
    for name in FIXED:
        heads[name] = held[name]
    if rows.text is None and rows.original is None and rows.reason is None and rows.beside is None:
        yield heads.tobytes()
        return
    full = _full(held, len(rows))
    yield heads[~full].tobytes()
    yield from _with_optional(heads[full], held, np.flatnonzero(full).tolist())


def _blank() -> Any:
    """A row of which only the lengths are there."""
    row = np.zeros(1, ROW)
    row["columns"] = len(COLUMNS)
    for name, size in _SIZES.items():
        row[f"{name} length"] = size
    for name in OPTIONAL:
        row[f"{name} length"] = -1
    return row[0]


def _full(held: dict[str, Any], n: int) -> Any:
    """Which rows say something in a column that may be null."""
    found = np.zeros(n, np.bool_)
    for name in ("text", "reason", "beside"):
        found |= held[name] != np.array(None)
    return found | ~np.ma.getmaskarray(held["original"])


def _with_optional(heads: Any, held: dict[str, Any], places: Sequence[int]) -> Iterator[bytes]:
    fixed = heads[list(HEAD.names or ())].astype(HEAD).tobytes()
    missing = np.ma.getmaskarray(held["original"])
    for number, place in enumerate(places):
        original = NULL if missing[place] else _LENGTH.pack(8) + _LONG.pack(int(held["original"][place]))
        yield b"".join(
            (
                fixed[number * HEAD.itemsize : (number + 1) * HEAD.itemsize],
                _bytes(held["text"][place]),
                original,
                _bytes(held["reason"][place]),
                _bytes(held["beside"][place]),
            )
        )


def _bytes(text: str | None) -> bytes:
    if text is None:
        return NULL
    held = text.encode()
    return _LENGTH.pack(len(held)) + held


def read(body: bytes) -> Columns:
    """The rows COPY (SELECT COLUMNS) TO STDOUT (FORMAT BINARY) gave, without its header; a trailer may be there."""
    whole, rest = divmod(len(body), ROW.itemsize)
    if rest in (0, len(TRAILER)):
        heads = np.frombuffer(body, ROW, whole)
        if bool((heads["columns"] == len(COLUMNS)).all() and all((heads[f"{n} length"] == -1).all() for n in OPTIONAL)):
            return shape.from_fetch(_fixed(heads))
    return _mixed(body)


def _fixed(heads: Any) -> dict[str, Any]:
    return {name: heads[name].astype(np.dtype(kind).newbyteorder("=")) for name, kind in FIXED.items()}


def _mixed(body: bytes) -> Columns:
    """The same where some rows hold text, an original time or a reason: found one after the other."""
    parts: list[bytes] = []
    found: dict[str, list[Any]] = {name: [] for name in OPTIONAL}
    at, end = 0, len(body)
    while at + HEAD.itemsize <= end:
        parts.append(body[at : at + HEAD.itemsize])
        at += HEAD.itemsize
        for name in OPTIONAL:
            value, at = _value(body, at)
            found[name].append(value)
    originals = [None if value is None else _LONG.unpack(value)[0] for value in found["original"]]
    said = _said(found["text"], originals, found["reason"], found["beside"])
    return shape.from_fetch({**_fixed(np.frombuffer(b"".join(parts), HEAD)), **said})


def fetched(found: Sequence[tuple[Any, ...]]) -> Columns:
    """Rows that a SELECT of COLUMNS gave as values."""
    if not found:
        return columns.empty()
    held = dict(zip(COLUMNS, zip(*found, strict=True), strict=True))
    plain = {name: np.array(held[name], np.dtype(kind).newbyteorder("=")) for name, kind in FIXED.items()}
    return shape.from_fetch({**plain, **_said(*(held[name] for name in OPTIONAL))})


def _said(text: Sequence[Any], original: Sequence[Any], reason: Sequence[Any], beside: Sequence[Any]) -> dict[str, Any]:
    """The columns that may be null, texts from their bytes."""
    return {
        "text": _masked([None if value is None else value.decode() for value in text], object, ""),
        "original": _masked(original, np.int64, 0),
        "reason": _masked([None if value is None else value.decode() for value in reason], object, ""),
        "beside": _masked([None if value is None else value.decode() for value in beside], object, ""),
    }


def _value(body: bytes, at: int) -> tuple[bytes | None, int]:
    (length,) = _LENGTH.unpack_from(body, at)
    at += 4
    return (None, at) if length < 0 else (body[at : at + length], at + length)


def _masked(values: Sequence[Any], dtype: Any, filler: Any) -> Any:
    held = np.empty(len(values), dtype)
    held[:] = [filler if value is None else value for value in values]
    return np.ma.array(held, mask=[value is None for value in values])


class Int4s:
    """Whole numbers of 32 bits as one parameter, `integer[]`."""

    kind, oid, array, named = ">i4", 23, 1007, "integer"

    def __init__(self, values: Any) -> None:
        self.values = np.asarray(values)


class Int8s(Int4s):
    """Whole numbers of 64 bits as one parameter, `bigint[]`."""

    kind, oid, array, named = ">i8", 20, 1016, "bigint"


class Floats(Int4s):
    """Numbers as one parameter, `double precision[]`."""

    kind, oid, array, named = ">f8", 701, 1022, "double precision"


class _Array(Dumper):
    format = Format.BINARY

    def dump(self, obj: Any) -> bytes:
        """One dimension, nothing null."""
        n = len(obj.values)
        if not n:
            return struct.pack(">iiI", 0, 0, obj.oid)
        items = np.empty(n, np.dtype([("length", ">i4"), ("value", obj.kind)]))
        items["length"], items["value"] = np.dtype(obj.kind).itemsize, obj.values
        return struct.pack(">iiIii", 1, 0, obj.oid, n, 1) + items.tobytes()


class _Text(Dumper):
    """The same where PostgreSQL takes no parameters, as in COPY."""

    format = Format.TEXT

    def dump(self, obj: Any) -> bytes:
        """One dimension, nothing null."""
        return f"{{{','.join(map(str, obj.values.tolist()))}}}".encode()

    def quote(self, obj: Any) -> bytes:
        """With its type beside it."""
        return f"'{self.dump(obj).decode()}'::{obj.named}[]".encode()


def registered(con: Connection[Any]) -> None:
    """Let a connection take arrays as parameters."""
    for kind in (Int4s, Int8s, Floats):
        for way in (_Text, _Array):  # the last one is taken where both can be
            con.adapters.register_dumper(kind, type(f"{kind.__name__}Dumper", (way,), {"oid": kind.array}))
