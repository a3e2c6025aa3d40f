"""Reads any table a person may hand over, text or workbook, as rows of cells."""

import io
import zipfile
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineWorkbook

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.domain.text_table import text_cells

WORKBOOKS: Final = (".xlsx", ".xls", ".ods")
LARGEST: Final = 128 * 1024 * 1024  # bytes once unpacked


def cells(name: str, content: bytes) -> list[list[str]]:
    """All rows of the table, or of the first sheet, the heading first."""
    if Path(name).suffix.lower() not in WORKBOOKS:
        return text_cells(content)
    lines = [[_written(cell) for cell in line] for line in _sheet(content)]
    while lines and not any(lines[0]):
        del lines[0]
    if not lines:
        raise PayloadError(_("a table with a heading"))
    return lines


def _sheet(content: bytes) -> list[list[Any]]:
    try:
        if content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                size = sum(member.file_size for member in archive.infolist())
            if size > LARGEST:
                raise PayloadError(_("a spreadsheet that takes less room once unpacked"), found=f"{size} B")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return list(book.get_sheet_by_index(0).to_python(skip_empty_area=False))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise PayloadError(_("a spreadsheet"), found=str(error)[:80]) from error


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    return str(cell).strip()
