"""Rows as DuckDB tables keep them: what can be derived is not stored."""

from typing import Any

import numpy as np

from bocage.domain.nature import Origin
from bocage.domain.observation import COUNTER_BITS, Columns, Objects
from bocage.store import columns

COUNTER_MASK = (1 << COUNTER_BITS) - 1
POWERS = np.power(10.0, np.arange(10))

TABLE = """(datastream INTEGER, "start" BIGINT, span BIGINT, kind UTINYINT, number DOUBLE, origin UTINYINT,
  counter INTEGER, position BIGINT, version INTEGER, text VARCHAR, original BIGINT, reason VARCHAR)"""
NAMES = 'datastream, "start", span, kind, number, origin, counter, position, version, text, original, reason'


def to_fetch(rows: Columns) -> dict[str, Any]:
    """Columns as DuckDB inserts them: the length instead of the end, the counter instead of the id."""
    n = len(rows)
    missing: Any = np.ma.array(np.zeros(n, np.int64), mask=True)
    original = missing if rows.original is None else np.ma.array(rows.original, mask=rows.origin != Origin.REPLAYED)
    nothing = np.full(n, None, object)
    return {
        "datastream": rows.datastream.astype(np.int32, copy=False), "start": rows.start, "span": rows.end - rows.start,
        "kind": rows.kind, "number": rows.number, "origin": rows.origin,
        "counter": (rows.id & COUNTER_MASK).astype(np.int32), "position": rows.position, "version": rows.version,
        "text": nothing if rows.text is None else rows.text, "original": original,
        "reason": nothing if rows.reason is None else _unless_empty(rows.reason),
    }


def _unless_empty(column: Objects) -> Objects:
    held = column.copy()
    held[column == ""] = None
    return held


def from_fetch(found: dict[str, Any]) -> Columns:
    """Columns of what DuckDB fetched from a table or from a sealed month."""
    datastream = _plain(found["datastream"], np.int32, 0)
    start = _plain(found["start"], np.int64, 0)
    original = found["original"]
    rows = Columns(
        datastream=datastream, start=start, end=start + _plain(found["span"], np.int64, 0),
        kind=_plain(found["kind"], np.uint8, 0), number=_number(found), origin=_plain(found["origin"], np.uint8, 0),
        id=(datastream.astype(np.int64) << COUNTER_BITS) | _plain(found["counter"], np.int64, 0),
        position=_plain(found["position"], np.int64, 0), version=_plain(found["version"], np.int32, 1),
        text=_objects(found["text"], None), reason=_objects(found["reason"], ""),
        original=np.where(np.ma.getmaskarray(original), start, np.ma.getdata(original)).astype(np.int64))
    return columns.trimmed(rows)


def _plain(column: Any, dtype: Any, missing: int) -> Any:
    if isinstance(column, np.ma.MaskedArray):
        column = column.filled(missing)
    return np.asarray(column).astype(dtype, copy=False)


def _objects(column: Any, missing: str | None) -> Any:
    held = np.ma.getdata(column).astype(object)
    held[np.ma.getmaskarray(column)] = missing
    return held


def _number(found: dict[str, Any]) -> Any:
    """The number itself, or the whole number a sealed month keeps with the power of ten it was multiplied by."""
    number = found["number"]
    plain = number.filled(np.nan) if isinstance(number, np.ma.MaskedArray) else number
    if "scaled" not in found:
        return plain
    scaled = found["scaled"]
    kept = ~np.ma.getmaskarray(scaled)
    scale = np.ma.getdata(found["scale"])
    return np.where(kept, np.ma.getdata(scaled) / POWERS[np.where(kept, scale, 0)], plain)
