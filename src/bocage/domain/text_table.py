"""Reads a text table as cells: encoding and separator are found when nobody names them."""

import codecs
import csv
import io

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _

_SEPARATORS = (";", ",", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_cells(sent: bytes, encoding: str = "", delimiter: str = "") -> list[list[str]]:
    """All rows, the heading first; empty rows before it are left out. PayloadError when there is no heading."""
    lines = text_lines(sent, encoding, delimiter)
    while lines and not any(lines[0]):
        del lines[0]
    if not lines:
        raise PayloadError(_("a table with a heading"))
    return lines


def text_lines(sent: bytes, encoding: str = "", delimiter: str = "") -> list[list[str]]:
    """All rows as they stand, empty ones too, so that they keep their numbers."""
    text = _text(sent, encoding)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = delimiter or max(_SEPARATORS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except (csv.Error, TypeError, ValueError) as error:
        raise PayloadError(_("a text table"), found=str(error)) from error


def _text(sent: bytes, encoding: str) -> str:
    """UTF-8, or what its mark or its sender says it is, otherwise Windows-1252."""
    found = encoding or next((name for bom, name in _BOMS if sent.startswith(bom)), "")
    try:
        if found:
            return sent.decode(found)
        try:
            return sent.decode("utf-8")
        except UnicodeDecodeError:
            return sent.decode("cp1252", errors="replace")
    except (UnicodeError, LookupError) as error:
        raise PayloadError(_("text in the encoding that the mapping names"), found=str(error)[:80]) from error
