"""Reads any table a person may hand over, text or workbook, as rows of cells."""

from importlib import import_module
from pathlib import Path
from typing import Any, Final

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.domain.text_table import text_cells

WORKBOOKS: Final = (".xlsx", ".xls", ".ods")


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


def workbook(content: bytes) -> list[tuple[str, list[list[str]]]]:
    """Every sheet of a workbook as rows of cells, lines and columns where they stand; PayloadError when it is none."""
    found = import_module("bocage.sources.xlsx.workbook").sheets(content)
    return [(name, [[_written(cell) for cell in line] for line in lines]) for name, lines in found]


def ends(content: bytes) -> bytes:
    """The first and the last lines of each sheet of a large XLSX, as a workbook; another one as it is."""
    found: bytes = import_module("bocage.sources.xlsx.ends").ends(content)
    return found


def _sheet(content: bytes) -> list[list[Any]]:
    """The plug-in that reads workbooks does so apart, where no file can end this process."""
    found: list[list[Any]] = import_module("bocage.sources.xlsx.workbook").lines(content)
    return found


def _written(cell: Any) -> str:
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    return str(cell).strip()
