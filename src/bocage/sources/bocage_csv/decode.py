"""Reads a text table with a heading: encoding and separator are found when the mapping does not name them."""

import codecs
import csv
import io
from collections.abc import Sequence

import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping

_SEPARATORS = (";", ",", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FIRST = 2  # the number a spreadsheet shows for the row after the heading


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of a text table."""
    text = _text(sent, mapping.encoding)
    heading, lines = _cells(text, mapping.delimiter)
    errors = RowErrors()
    table = _table(heading, lines, errors)
    return read_rows(table, mapping, arrival, errors)


def _text(sent: bytes, encoding: str) -> str:
    found = encoding or next((name for bom, name in _BOMS if sent.startswith(bom)), "")
    try:
        if found:
            return sent.decode(found)
        try:
            return sent.decode("utf-8")
        except UnicodeDecodeError:
            return sent.decode("cp1252", errors="replace")
    except (UnicodeError, LookupError) as error:
        raise PayloadError(f"text in {found}", found=str(error)[:80]) from error


def _cells(text: str, delimiter: str) -> tuple[list[str], list[list[str]]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = delimiter or max(_SEPARATORS, key=first.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except (csv.Error, TypeError, ValueError) as error:
        raise PayloadError("a text table", found=str(error)) from error
    while lines and not any(lines[0]):
        del lines[0]
    if not lines:
        raise PayloadError("a table with a heading", found="nothing")
    return [name.strip() for name in lines[0]], lines[1:]


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
    columns = list(zip(*lines, strict=True)) if lines else [()] * width
    return Table(columns=dict(zip(reversed(heading), reversed(columns), strict=True)), row=row)
