"""The cells of a workbook, of one sheet or of all, read in a process of its own so that no file can end ours."""

import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _

Cell = str | float | bool | datetime | date

APART = Path(__file__).with_name("apart.py")
PATIENCE = 90.0  # seconds
_BEGINNINGS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # a zip archive; a compound file, as XLS is


class _Told(msgspec.Struct, frozen=True):
    sheets: list[tuple[str, list[list[str | float | bool | list[str]]]]] = []
    failure: str = ""
    found: str = ""


def lines(sent: bytes, sheet: str = "") -> list[list[Cell]]:
    """All lines of the sheet of that name, or of the first; PayloadError when there is none to read."""
    return _told(sent, sheet.replace("\x00", ""))[0][1]


def sheets(sent: bytes) -> list[tuple[str, list[list[Cell]]]]:
    """Every sheet, with its name, in the order of the workbook; PayloadError when there is none to read."""
    return _told(sent, "", "all")


def _told(sent: bytes, *asked: str) -> list[tuple[str, list[list[Cell]]]]:
    if not sent.startswith(_BEGINNINGS):
        raise PayloadError(_("a spreadsheet"))
    command = [sys.executable, "-I", str(APART), *asked]
    try:
        ran = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise PayloadError(_("a spreadsheet that is read in a minute")) from error
    if ran.returncode:  # it asked for more than it may have
        raise PayloadError(_("a spreadsheet that takes less room once unpacked"))
    told = msgspec.msgpack.decode(ran.stdout, type=_Told)
    if told.failure:
        raise PayloadError(_FAILURES[told.failure], found=told.found)
    return [(name, [[_cell(cell) for cell in line] for line in lines]) for name, lines in told.sheets]


_FAILURES = {
    "large": _("a spreadsheet that takes less room once unpacked"),
    "sheet": _("the sheet that the mapping names"),
    "unreadable": _("a spreadsheet"),
}


def _cell(cell: str | float | bool | list[str]) -> Cell:
    if isinstance(cell, list):
        return datetime.fromisoformat(cell[0]) if "T" in cell[0] else date.fromisoformat(cell[0])
    return cell
