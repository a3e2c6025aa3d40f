"""Rows as DuckDB tables keep them: what can be derived is not stored."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import COUNTER_BITS, Columns, Objects
from bocage.store import columns
from bocage.store.columns import Flags

COUNTER_MASK = (1 << COUNTER_BITS) - 1
POWERS = np.power(10.0, np.arange(9))

TABLE = """(datastream INTEGER, "start" BIGINT, span BIGINT, kind UTINYINT, number DOUBLE, origin UTINYINT,
  counter INTEGER, position BIGINT, version INTEGER, text VARCHAR, original BIGINT, reason VARCHAR,
  beside VARCHAR)"""
NAMES = 'datastream, "start", span, kind, number, origin, counter, position, version, text, original, reason, beside'

# Most rows are numbers measured at an instant, said once, with nothing beside: five columns tell them, and writing a
# column costs the same whether it says something or not.
PLAIN_TABLE = '(datastream INTEGER, "start" BIGINT, number DOUBLE, counter INTEGER, position BIGINT)'
PLAIN_NAMES = 'datastream, "start", number, counter, position'
_PLAINLY = frozenset(PLAIN_NAMES.split(", "))
IS_PLAIN = (
    f"span = 0 AND kind = {ResultKind.NUMBER:d} AND origin = {Origin.MEASURED:d} AND version = 1 AND beside IS NULL"
)


PLAIN = ("plain", *(f"plain_{slot}" for slot in range(5)))
"""The tables of plain rows: of what came, and of whole weeks of much, by turns."""

_KEYS = ('"start"', "span", "version")


def _told(table: str, names: str) -> str:
    """A SELECT of these columns of a table of open months."""
    if table.rsplit(".", maxsplit=1)[-1] not in PLAIN or names == PLAIN_NAMES:
        return f"SELECT {names} FROM {table}"
    return f"""SELECT datastream, "start", 0::BIGINT AS span, {ResultKind.NUMBER:d}::UTINYINT AS kind, number,
      {Origin.MEASURED:d}::UTINYINT AS origin, counter, position, 1::INTEGER AS version, NULL::VARCHAR AS text,
      NULL::BIGINT AS original, NULL::VARCHAR AS reason, NULL::VARCHAR AS beside FROM {table}"""


def together(tables: Sequence[str], names: str = NAMES) -> str:
    """What to select these columns from, of some tables of open months. Plain ones alone are read as they are where
    they have all that is asked: planning the columns they lack costs as much as reading."""
    few = set(PLAIN).issuperset(tables) and _PLAINLY.issuperset(names.split(", "))
    if len(tables) == 1 and (few or tables[0] == "observation"):
        return tables[0]
    return f"({' UNION ALL '.join(_told(table, PLAIN_NAMES if few else NAMES) for table in tables)})"


def opened(schema: str = "") -> str:
    """All tables of open months as one."""
    return together([f"{schema}{table}" for table in ("observation", *PLAIN)])


OPEN = opened()


def keys(names: str) -> tuple[str, ...]:
    """What tells the rows of one datastream apart among these columns, in order; those of one value are not read."""
    return tuple(key for key in _KEYS if key in names.split(", "))


def to_fetch(rows: Columns) -> dict[str, Any]:
    """Columns as DuckDB inserts them: the length instead of the end, the counter instead of the id."""
    n = len(rows)
    nothing = np.full(n, None, object)
    missing: Any = np.ma.array(np.zeros(n, np.int64), mask=True)
    silent = {"text": nothing, "original": missing, "reason": nothing, "beside": nothing}
    return {**_plainly(rows), **silent, **_said(rows)}


def plain(rows: Columns) -> Flags:
    """Which rows the five columns of `PLAIN_TABLE` tell whole."""
    found = (rows.end == rows.start) & (rows.kind == ResultKind.NUMBER)
    found &= (rows.origin == Origin.MEASURED) & (rows.version == 1)
    if rows.beside is not None:
        found &= rows.beside == np.array(None)
    return np.asarray(found, np.bool_)


def to_plain(rows: Columns) -> dict[str, Any]:
    """Plain rows as DuckDB inserts them."""
    held = _plainly(rows)
    return {name.strip('"'): held[name.strip('"')] for name in PLAIN_NAMES.split(", ")}


def to_insert(rows: Columns) -> tuple[dict[str, Any], str]:
    """The same without columns that say nothing, and what to select for all of them: an object for each row that says
    nothing would cost more than the row."""
    held = {**_plainly(rows), **_said(rows)}
    names = (name if name.strip('"') in held else f"NULL AS {name}" for name in NAMES.split(", "))
    return held, ", ".join(names)


def _plainly(rows: Columns) -> dict[str, Any]:
    return {
        "datastream": rows.datastream.astype(np.int32, copy=False),
        "start": rows.start,
        "span": rows.end - rows.start,
        "kind": rows.kind,
        "number": rows.number,
        "origin": rows.origin,
        "counter": (rows.id & COUNTER_MASK).astype(np.int32),
        "position": rows.position,
        "version": rows.version,
    }


def _said(rows: Columns) -> dict[str, Any]:
    """The columns that most rows do not have, where these do."""
    found: dict[str, Any] = {}
    if rows.text is not None:
        found["text"] = rows.text
    if rows.original is not None:
        found["original"] = np.ma.array(rows.original, mask=rows.origin != Origin.REPLAYED)
    if rows.reason is not None:
        found["reason"] = _unless_empty(rows.reason)
    if rows.beside is not None:
        found["beside"] = rows.beside
    return found


def _unless_empty(column: Objects) -> Objects:
    held = column.copy()
    held[column == ""] = None
    return held


def from_fetch(found: dict[str, Any]) -> Columns:
    """Columns of what DuckDB fetched from a table or from a sealed month."""
    datastream, start = np.asarray(found["datastream"], np.int32), np.asarray(found["start"], np.int64)
    original = found.get("original")
    rows = Columns(
        datastream=datastream,
        start=start,
        end=start + _plain(found, "span", np.int64),
        kind=_plain(found, "kind", np.uint8),
        number=_number(found),
        origin=_plain(found, "origin", np.uint8),
        id=(datastream.astype(np.int64) << COUNTER_BITS) | _plain(found, "counter", np.int64),
        position=_plain(found, "position", np.int64),
        version=_plain(found, "version", np.int32),
        text=_objects(found.get("text"), None),
        reason=_objects(found.get("reason"), ""),
        beside=_objects(found.get("beside"), None),
        original=None
        if original is None
        else np.where(np.ma.getmaskarray(original), start, np.ma.getdata(original)).astype(np.int64),
    )
    return columns.trimmed(rows)


def _plain(found: dict[str, Any], name: str, dtype: Any) -> Any:
    """A column; what was not asked for is zero, and a single value stands for all rows."""
    column = found.get(name, 0)
    if isinstance(column, int):
        return np.full(len(found["start"]), column, dtype)
    return np.asarray(np.ma.getdata(column)).astype(dtype, copy=False)


def _objects(column: Any, missing: str | None) -> Any:
    if column is None:
        return None
    held = np.ma.getdata(column).astype(object)
    held[np.ma.getmaskarray(column)] = missing
    return held


def _number(found: dict[str, Any]) -> Any:
    """The number itself, or what a sealed month made of it (see `months`)."""
    number = found.get("number", np.nan)
    plain = number.filled(np.nan) if isinstance(number, np.ma.MaskedArray) else number
    if "scaled" not in found:
        return np.broadcast_to(plain, len(found["start"])).copy() if isinstance(plain, float) else plain
    scaled, scale = found["scaled"], found["scale"]
    rest = 0.0 if isinstance(plain, float) else np.nan_to_num(plain, posinf=0.0, neginf=0.0)
    if not isinstance(scaled, np.ma.MaskedArray) and not isinstance(scale, np.ma.MaskedArray):
        return scaled / POWERS[scale] + rest
    kept = ~np.ma.getmaskarray(scaled)
    if not isinstance(scale, int):
        scale = np.where(kept, np.ma.getdata(scale), 0)
    return np.where(kept, np.ma.getdata(scaled) / POWERS[scale] + rest, plain)
