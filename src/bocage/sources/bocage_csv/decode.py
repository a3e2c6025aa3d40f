"""Reads a text table with a heading: encoding and separator are found when the mapping does not name them."""

from collections.abc import Sequence

import numpy as np

from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text_table import text_cells, text_columns

_FIRST = 2  # the number a spreadsheet shows for the row after the heading


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a text table."""
    found = text_columns(sent, mapping.encoding, mapping.delimiter)
    if found is not None:
        table = _whole([name.strip() for name in found[0]], found[1])
        return read_rows(table, mapping, arrival, RowErrors())
    lines = text_cells(sent, mapping.encoding, mapping.delimiter)
    errors = RowErrors()
    table = _table([name.strip() for name in lines[0]], lines[1:], errors)
    return read_rows(table, mapping, arrival, errors)


def _whole(heading: Sequence[str], found: Sequence[Sequence[str]]) -> Table:
    columns: dict[str, Sequence[str]] = {}
    for name, column in zip(heading, found, strict=True):
        columns.setdefault(name, column)
    return Table(columns=columns, row=np.arange(_FIRST, _FIRST + len(found[0]), dtype=np.int64))


def _table(heading: Sequence[str], lines: list[list[str]], errors: RowErrors) -> Table:
    """Columns of the rows that have as many cells as the heading; empty rows are passed over in silence."""
    width = len(heading)
    row = np.arange(_FIRST, _FIRST + len(lines), dtype=np.int64)
    if any(len(cells) != width for cells in lines):
        kept = []
        for place, cells in enumerate(lines):
            if any(cells[width:]) or (any(cells) and len(cells) < width):
                errors.one(int(row[place]), column="", found=str(len(cells)), code="cells")
            elif any(cells):
                kept.append(place)
        lines = [lines[place][:width] for place in kept]
        row = row[kept]
    columns: dict[str, Sequence[str]] = {}
    for name, column in zip(heading, zip(*lines, strict=True) if lines else [()] * width, strict=True):
        columns.setdefault(name, column)
    return Table(columns=columns, row=row)
