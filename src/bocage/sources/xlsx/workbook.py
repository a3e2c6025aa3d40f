"""The cells of one sheet of a workbook, read in a process of its own so that no file can end ours."""

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
    lines: list[list[str | float | bool | list[str]]] = []
    failure: str = ""
    found: str = ""


def lines(sent: bytes, sheet: str = "") -> list[list[Cell]]:
    """All lines of the sheet of that name, or of the first; PayloadError when there is none to read."""
    if not sent.startswith(_BEGINNINGS):
        raise PayloadError(_("a spreadsheet"))
    command = [sys.executable, "-I", str(APART), sheet.replace("\x00", "")]
    try:
        ran = subprocess.run(command, input=sent, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise PayloadError(_("a spreadsheet that is read in a minute")) from error
    if ran.returncode:  # it asked for more than it may have
        raise PayloadError(_("a spreadsheet that takes less room once unpacked"))
    told = msgspec.msgpack.decode(ran.stdout, type=_Told)
    if told.failure:
        raise PayloadError(_FAILURES[told.failure], found=told.found)
    return [[_cell(cell) for cell in line] for line in told.lines]


_FAILURES = {
    "large": _("a spreadsheet that takes less room once unpacked"),
    "sheet": _("the sheet that the mapping names"),
    "unreadable": _("a spreadsheet"),
}


def _cell(cell: str | float | bool | list[str]) -> Cell:
    if isinstance(cell, list):
        return datetime.fromisoformat(cell[0]) if "T" in cell[0] else date.fromisoformat(cell[0])
    return cell
