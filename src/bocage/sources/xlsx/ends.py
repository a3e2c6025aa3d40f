"""The first and the last lines of each sheet of a large workbook, as a workbook: enough to see how it is read.

The sheets of an XLSX are text in which one line follows the other, so that the ends are found without reading the cells
between them. The lines behind the cut move up to those before it.
"""

import io
import re
import zipfile
from typing import IO, Final

from bocage.domain.archive import UNREADABLE
from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _

EACH: Final = 256 * 1024  # bytes kept of each end of a sheet
UNPACKED: Final = 512 * 1024 * 1024  # bytes of all that is unpacked
WHOLE: Final = 64 * 1024 * 1024  # bytes of what is kept as it is: words, forms of cells
_PIECE: Final = 1024 * 1024
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml")
_BEGINS: Final = re.compile(rb"<(?:\w+:)?row[\s>]")
_ENDS: Final = re.compile(rb"</(?:\w+:)?row>|<(?:\w+:)?row\b[^<>]*/>")
_NUMBERED: Final = re.compile(rb"""(\sr=["'][A-Z]*)(\d+)(?=["'])""")
_DIMENSION: Final = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*/>")


def ends(sent: bytes) -> bytes:
    """A workbook with the ends of each large sheet; the same bytes where there is nothing to leave out, or where it is
    no XLSX. PayloadError when it takes too much room once unpacked."""
    held = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(sent)) as archive, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as small:
            left = UNPACKED
            for member in archive.infolist():
                with archive.open(member) as file:
                    body, size = _kept(file, left, whole=_SHEET.fullmatch(member.filename) is None)
                left -= size
                small.writestr(member.filename, body)
    except UNREADABLE:
        return sent  # whoever reads it says what is wrong
    return held.getvalue() if held.tell() < len(sent) else sent


def _kept(file: IO[bytes], most: int, *, whole: bool) -> tuple[bytes, int]:
    """What is kept of a member, and how many bytes it has."""
    head, tail, size = bytearray(), bytearray(), 0
    while piece := file.read(_PIECE):
        size += len(piece)
        if size > most:
            raise PayloadError(_("a spreadsheet that takes less room once unpacked"))
        if whole and size > WHOLE:
            raise ValueError("more words than are looked at here")
        if whole or len(head) <= 2 * EACH:
            head += piece
        else:
            tail += piece
            del tail[: -2 * EACH]
    return (bytes(head), size) if whole else (_joined(bytes(head + tail)), size)


def _joined(text: bytes) -> bytes:
    """A sheet without the lines between its ends; as it is where it is short. ValueError where lines are not told
    apart."""
    if len(text) <= 2 * EACH:
        return text
    found = [one.end() for one in _ENDS.finditer(text, 0, EACH)]
    first = _BEGINS.search(text, len(text) - EACH)
    if not found or first is None:
        raise ValueError("lines that are not told apart")
    before, after = _DIMENSION.sub(b"", text[: found[-1]]), text[first.start() :]
    last, begins = _number(before, last=True), _number(after)
    moved = begins - last - 1 if last and begins else 0
    if moved <= 0:
        return before + after
    return before + _NUMBERED.sub(lambda one: one[1] + b"%d" % (int(one[2]) - moved), after)


def _number(text: bytes, *, last: bool = False) -> int:
    """The number of the first line of a text, or of its last one; 0 when lines have none."""
    begins = [one.start() for one in _BEGINS.finditer(text)]
    found = _NUMBERED.search(text, begins[-1 if last else 0]) if begins else None
    return int(found[2]) if found else 0
