"""Reads the list of rows of a JSON document; fields of inner objects are columns named with dots."""

import re
from collections.abc import Mapping as Plain
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Note
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _

_NATIVE = {"datastream", "end", "result", "value"}  # read without being declared, where a document has them
_HOLES = re.compile(r"\{([^{}]*)\}")
_DEEPEST = 4  # levels of inner objects that become columns


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a document's list of rows; the document's own fields stand for every row."""
    try:
        document = msgspec.json.decode(sent)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error
    errors = RowErrors()
    rows, places = _rows(document, mapping.rows, errors)
    names = list(dict.fromkeys(name for row in rows for name in row)) or _declared(mapping)
    # What a document does not write it does not say: only its time and what names its series must be there.
    named = [series.column for series in mapping.series if not series.column.endswith("*")]
    columns = {name: [row.get(name, "") for row in rows] for name in dict.fromkeys([*names, *named])}
    constants = _flat(document, "", 1) if isinstance(document, dict) and mapping.rows else {}
    table = Table(columns=columns, row=np.array(places, dtype=np.int64), constants=constants)
    return read_rows(table, mapping, arrival, errors)


def notes(sent: Sequence[Note], mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of many messages, an object each, whose fields say as much as they would one by one; PayloadError
    when one of them must be read by itself."""
    if mapping.rows or any(series.column.endswith("*") for series in mapping.series):
        raise PayloadError(_("documents that are one row each"))
    rows = [_row(one) for one in sent]
    asked = set(_HOLES.findall(f"{mapping.key}{mapping.time}")) | {mapping.time, mapping.end}
    needed = {name for name in asked if name and "{" not in name and name != "file"}
    natives = {frozenset(_NATIVE & row.keys()) for row in rows}
    if not all(needed <= row.keys() for row in rows) or len(natives) > 1:
        raise PayloadError(_("every column that the mapping names"))
    named = [*dict.fromkeys(name for row in rows for name in row), *(series.column for series in mapping.series)]
    columns = {name: [row.get(name, "") for row in rows] for name in dict.fromkeys(named)}
    table = Table(columns=columns, row=np.arange(len(rows)), arrived=[] if mapping.time else [one.came for one in sent])
    return read_rows(table, mapping, arrival, RowErrors())


def _row(one: Note) -> dict[str, str]:
    try:
        item = msgspec.json.decode(one.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error
    if not isinstance(item, dict):
        raise PayloadError(_("documents that are one row each"))
    return {**_flat(item, "", _DEEPEST), **one.parts}


def _declared(mapping: Mapping) -> list[str]:
    """Columns of an empty list: those the mapping names, so that nothing sent is no error."""
    named = [mapping.time, mapping.end, *(series.column for series in mapping.series)]
    return [name for name in named if name]


def _rows(document: Any, path: str, errors: RowErrors) -> tuple[list[dict[str, str]], list[int]]:
    found = document
    for name in path.split(".") if path else ():
        found = found.get(name) if isinstance(found, dict) else None
    if isinstance(found, dict) and not path:
        found = [found]
    if not isinstance(found, list):
        raise PayloadError(_("a list of rows, where the mapping says"), found=f"{path}: {type(found).__name__}")
    rows, places = [], []
    for place, item in enumerate(found):
        if isinstance(item, dict):
            rows.append(_flat(item, "", _DEEPEST))
            places.append(place)
        else:
            errors.one(place, column="", found=str(item), code="element")
    return rows, places


def _flat(item: Plain[Any, Any], before: str, levels: int) -> dict[str, str]:
    out: dict[str, str] = {}
    for name, value in item.items():
        if isinstance(value, dict) and levels > 1:
            out |= _flat(value, f"{before}{name}.", levels - 1)
        elif not isinstance(value, dict | list):
            out[f"{before}{name}"] = _written(value)
    return out


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)
