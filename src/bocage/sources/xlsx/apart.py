"""Run as a process of its own with little memory: a workbook of a few bytes may ask for all that a machine has.

Reads the bytes of a workbook; writes the cells of one sheet, or of all, or says what is wrong with it.
"""

import gc
import io
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from python_calamine import CalamineError, CalamineWorkbook

MEMORY = 1024 * 1024 * 1024  # bytes of this process, cells and all
SECONDS = 60  # of computing
UNPACKED = 512 * 1024 * 1024
CELLS = 5_000_000
TEXT = 128 * 1024 * 1024  # characters of all cells together: one long word may stand in every cell


def answer(sent: bytes, sheet: str, *, every: bool = False) -> dict[str, Any]:
    """`sheets`, each a name and its lines of cells: the one named, the first, or all; else `failure` and `found`."""
    try:
        if sent.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(sent)) as archive:
                if sum(member.file_size for member in archive.infolist()) > UNPACKED:
                    return {"failure": "large"}
        book = CalamineWorkbook.from_filelike(io.BytesIO(sent))
        names = book.sheet_names
        if not names or (sheet and sheet not in names):
            return {"failure": "sheet", "found": ", ".join(names)[:200]}
        wanted = names if every else [sheet or names[0]]
        return _told([(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in wanted])
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        return {"failure": "unreadable", "found": str(error)[:80]}


def _told(sheets: list[tuple[str, list[list[Any]]]]) -> dict[str, Any]:
    if sum(len(line) for _name, lines in sheets for line in lines) > CELLS:
        return {"failure": "large"}
    if sum(len(cell) for cell in _cells(sheets) if isinstance(cell, str)) > TEXT:
        return {"failure": "large"}
    return {"sheets": [[name, [[_plain(cell) for cell in line] for line in lines]] for name, lines in sheets]}


def _cells(sheets: list[tuple[str, list[list[Any]]]]) -> Iterator[Any]:
    return (cell for _name, lines in sheets for line in lines for cell in line)


def _plain(cell: Any) -> Any:
    """Numbers, words and yes or no as they are; a date as a list of one text, so that it is told from words."""
    if isinstance(cell, datetime | date):
        return [cell.isoformat()]
    return cell if isinstance(cell, bool | float | int | str) else str(cell)


if __name__ == "__main__":
    gc.disable()  # cells make no circles, and looking for them takes longer than reading
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(
        msgspec.msgpack.encode(answer(sys.stdin.buffer.read(), sys.argv[1], every="all" in sys.argv[2:]))
    )
