"""Reads one sheet of a workbook with a heading; dates are taken as dates, whatever way they are shown."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
from python_calamine import CalamineError, CalamineWorkbook

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors
from bocage.domain.rows import Table, read_rows
from bocage.domain.source import Mapping
from bocage.domain.text import message as _

LARGEST = 512 * 1024 * 1024  # bytes once unpacked: a small file may unpack to fill the memory


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The readings of one sheet: the one the mapping names, or the first."""
    lines = _lines(sent, mapping.sheet)
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


def _lines(sent: bytes, sheet: str) -> Sequence[Sequence[Any]]:
    _measured(sent)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(sent))
        names = book.sheet_names
        if not names or (sheet and sheet not in names):
            raise PayloadError(_("the sheet that the mapping names"), found=", ".join(names))
        return book.get_sheet_by_name(sheet or names[0]).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError) as error:
        raise PayloadError(_("a spreadsheet"), found=str(error)[:80]) from error


def _measured(sent: bytes) -> None:
    """Refuse an archive that would unpack to more than the memory should hold."""
    if not sent.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise PayloadError(_("a spreadsheet"), found=str(error)[:80]) from error
    if size > LARGEST:
        raise PayloadError(_("a spreadsheet that takes less room once unpacked"), found=f"{size} B")


def _written(cell: Any, form: str) -> str:
    """A cell as the text a mapping reads; a date takes the form the mapping expects of times."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date):
        return cell.strftime(form) if form else cell.isoformat()
    return str(cell).strip()
