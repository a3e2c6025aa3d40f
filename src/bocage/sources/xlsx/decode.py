"""Reads one sheet of a workbook with a heading; dates are taken as dates, whatever way they are shown."""

from datetime import date, datetime
from typing import Any

import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.sources.xlsx import workbook


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of one sheet: the one the mapping names, or the first."""
    lines = workbook.lines(sent, mapping.sheet)
    first = next((place for place, cells in enumerate(lines) if any(cell != "" for cell in cells)), None)
    if first is None:
        raise PayloadError(_("a table with a heading"))
    heading = [_written(cell, "") for cell in lines[first]]
    rows = [place for place in range(first + 1, len(lines)) if any(cell != "" for cell in lines[place])]
    columns: dict[str, list[str]] = {}
    for at, name in enumerate(heading):
        columns.setdefault(name, [_written(lines[place][at], mapping.time_format) for place in rows])
    table = Table(columns=columns, row=np.array(rows, dtype=np.int64) + 1)
    return read_rows(table, mapping, arrival, RowErrors())


def _written(cell: Any, form: str) -> str:
    """A cell as the text a mapping reads; a date takes the form the mapping expects of times."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime(form) if form else cell.isoformat()
    return str(cell).strip()
