"""Checks a CSV file against a Table Schema: what Frictionless calls type, format and constraint errors, no more."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any


def faults(schema: dict[str, Any], text: str) -> list[tuple[int, str, str]]:
    """Line (from 2), field and what is wrong, of every cell; line 1 for the header."""
    rows = csv.DictReader(io.StringIO(text))
    fields = {field["name"]: field for field in schema["fields"]}
    if list(rows.fieldnames or ()) != list(fields):
        return [(1, "", "header")]
    found: list[tuple[int, str, str]] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        found += [(line, name, fault) for name, field in fields.items() for fault in _of(field, row[name])]
        key = row[schema["primaryKey"]]
        found += [(line, schema["primaryKey"], "unique")] if key in seen else []
        seen.add(key)
    return found


def _of(field: dict[str, Any], cell: str) -> Iterator[str]:
    limits = field["constraints"]
    if cell == "":
        if limits["required"]:
            yield "required"
        return
    value = _value(field, cell)
    if value is None:
        yield field["type"]
        return
    if "enum" in limits and value not in limits["enum"]:
        yield "enum"
    if "pattern" in limits and not re.fullmatch(limits["pattern"].strip("^$"), cell):
        yield "pattern"
    if "minimum" in limits and value < limits["minimum"]:
        yield "minimum"
    if "maximum" in limits and value > limits["maximum"]:
        yield "maximum"


def _value(field: dict[str, Any], cell: str) -> Any:
    """The value of a cell, None when it is not of its type."""
    kind = field["type"]
    try:
        if kind == "date":
            return datetime.strptime(cell, field["format"])  # noqa: DTZ007 - a civil day
        if kind in ("integer", "number"):
            return int(cell) if kind == "integer" else float(cell)
    except ValueError:
        return None
    if kind == "boolean":
        return {"true": True, "false": False}.get(cell)
    if field.get("format") == "uri":
        return cell if re.match(r"https?://", cell) else None
    return cell
