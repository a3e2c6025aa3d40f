"""Group commits as bytes, as the journal keeps them."""

from typing import Any, Final

import msgspec
import numpy as np

from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.store import columns
from bocage.store.latest import COUNTER_MASK

FEW: Final = 64  # rows that are written as they are: a page holds them, and packing would take longer


class _Packed(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A column as its distance from its least value, in the narrowest type; no bytes when all are the same."""

    type: str
    least: int = 0
    raw: bytes = b""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    rows: int
    number: bytes
    columns: dict[str, _Packed]
    text: list[str | None] | None = None
    reason: list[str] | None = None
    beside: list[str | None] | None = None


_WHOLE = ("datastream", "start", "kind", "origin", "position", "version")


_NOTHING: Final = _Packed(type="")


def encoded(rows: Columns) -> bytes:
    """A group commit as bytes."""
    held = {name: _packed(getattr(rows, name)) for name in _WHOLE}
    held["span"] = _NOTHING if rows.end is rows.start else _packed(rows.end - rows.start)
    held["counter"] = _packed(rows.id & COUNTER_MASK)
    if rows.original is not None:
        held["original"] = _packed(rows.original)
    return msgspec.msgpack.encode(
        _Entry(
            rows=len(rows),
            number=np.ascontiguousarray(rows.number).tobytes(),
            columns=held,
            text=None if rows.text is None else rows.text.tolist(),
            reason=None if rows.reason is None else rows.reason.tolist(),
            beside=None if rows.beside is None else rows.beside.tolist(),
        )
    )


def _packed(column: Any) -> _Packed:
    if len(column) <= FEW:
        return _Packed(type="i8", raw=column.astype(np.int64).tobytes())
    if _constant(column):
        return _Packed(type="", least=int(column[0]))
    least, most = int(column.min()), int(column.max())
    kind = next(kind for kind, size in (("u1", 8), ("u2", 16), ("u4", 32), ("i8", 64)) if (most - least) >> size == 0)
    return _Packed(type=kind, least=least, raw=(column - least).astype(kind).tobytes())


def _constant(column: Any) -> bool:
    """Whether all are the same, by their bytes: it costs a fifth of looking for the least and the most."""
    if column[0] != column[-1]:
        return False
    raw = column.tobytes()
    return bool(raw == raw[: column.itemsize] * len(column))


def _unpacked(packed: _Packed, rows: int) -> Any:
    if not packed.type:
        return np.full(rows, packed.least, np.int64)
    return np.frombuffer(packed.raw, packed.type).astype(np.int64) + packed.least


def decoded(blob: bytes) -> Columns:
    """The group commit that was encoded."""
    entry = msgspec.msgpack.decode(blob, type=_Entry)
    held = {name: _unpacked(packed, entry.rows) for name, packed in entry.columns.items()}
    plain: dict[str, Any] = {name: held[name].astype(columns.TYPES[name]) for name in _WHOLE}
    return Columns(
        **plain,
        end=held["start"] + held["span"],
        id=(held["datastream"] << COUNTER_BITS) | held["counter"],
        number=np.frombuffer(entry.number, np.float64),
        original=held.get("original"),
        text=_objects(entry.text),
        reason=_objects(entry.reason),
        beside=_objects(entry.beside),
    )


def _objects(values: list[Any] | None) -> Any:
    if values is None:
        return None
    column = np.empty(len(values), object)
    column[:] = values
    return column
