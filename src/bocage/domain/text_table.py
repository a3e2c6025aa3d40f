"""Reads a text table as cells: encoding and separator are found when nobody names them."""

import codecs
import csv
import io

import numpy as np

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


def text_columns(sent: bytes, encoding: str = "", delimiter: str = "") -> tuple[list[str], list[list[str]]] | None:
    """The heading and the columns of a table whose rows all have as many cells; None of any other, to be read by row.

    Quotation marks are those of whole cells that mean the same without them. PayloadError when it is no text.
    """
    text = _text(sent, encoding)
    if text[:1] in ("\r", "\n"):
        return None
    text = text.replace("\r\n", "\n").rstrip("\n")
    separator = delimiter or _separator(text.partition("\n")[0])
    if "\r" in text or len(separator) != 1 or not separator.isascii():
        return None
    if '"' in text:
        if not _idle(text, separator):
            return None
        text = text.replace('"', "")
    heading, _newline, rows = text.partition("\n")
    names = heading.split(separator)
    if len(names) < 2 or not rows or not _even(rows, separator, len(names)):
        return None
    cells = rows.replace("\n", separator).split(separator)
    return names, [cells[place :: len(names)] for place in range(len(names))]


def _idle(text: str, separator: str) -> bool:
    """Whether each quotation is a whole cell, and holds no separator, no end of a line and no quotation mark."""
    signs = np.frombuffer(f"\n{text}\n".encode("utf-8", "surrogatepass"), dtype=np.uint8)
    marks, ends = signs == ord('"'), (signs == ord(separator)) | (signs == ord("\n"))
    within = np.cumsum(marks, dtype=np.int64)[ends] & 1  # behind an odd number of marks
    places = np.flatnonzero(marks)
    if separator == '"' or len(places) & 1 or within.any():
        return False
    return bool(ends[places[::2] - 1].all()) and bool(ends[places[1::2] + 1].all())


def _even(rows: str, separator: str, width: int) -> bool:
    """Whether every row has so many cells."""
    signs = np.frombuffer(f"{rows}\n".encode("utf-8", "surrogatepass"), dtype=np.uint8)
    ends = signs[(signs == ord(separator)) | (signs == ord("\n"))]
    if len(ends) % width:
        return False
    turned = ends.reshape(-1, width) == ord("\n")
    return bool(turned[:, -1].all()) and not bool(turned[:, :-1].any())


def _separator(first: str) -> str:
    return max(_SEPARATORS, key=first.count)


def text_lines(sent: bytes, encoding: str = "", delimiter: str = "") -> list[list[str]]:
    """All rows as they stand, empty ones too, so that they keep their numbers."""
    text = _text(sent, encoding)
    first = text.lstrip("\r\n").split("\n", 1)[0]
    separator = delimiter or _separator(first)
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
