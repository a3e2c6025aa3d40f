"""Reads the list of rows of a JSON document; fields of inner objects are columns named with dots."""

from collections.abc import Mapping as Plain
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _

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
