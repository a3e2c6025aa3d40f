"""JSON line by line (NDJSON): a list without its brackets, read by whatever reads the list."""

from typing import Final

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival, Decode, Plugin
from bocage.domain.reading import Decoded
from bocage.domain.source import Mapping

JSON: Final = "application/json"
MEDIA_TYPES: Final = frozenset(("application/x-ndjson", "application/ndjson", "application/jsonl"))
SUFFIXES: Final = frozenset((".ndjson", ".jsonl"))


def by_line(plugin: Plugin) -> Plugin:
    """The plug-in for a document a line, each of them an element of the list it reads; rows count from 1."""
    return msgspec.structs.replace(plugin, decode=_line_by_line(plugin.decode), heading=0, quoting=False)


def _line_by_line(inner: Decode) -> Decode:
    def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
        lines = sent.rstrip().split(b"\n") if sent.strip() else []
        try:
            found = inner(_list(lines), mapping, arrival)
        except PayloadError:
            read = [line if _readable(line) else b"null" for line in lines]
            if all(line == b"null" for line in read):
                raise
            found = inner(_list(read), mapping, arrival)
        return _counted(found)

    return decode


def _list(lines: list[bytes]) -> bytes:
    return b"[" + b",".join(lines) + b"]"


def _readable(line: bytes) -> bool:
    try:
        msgspec.json.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _counted(found: Decoded) -> Decoded:
    """The same, the first line being number 1."""
    row = found.readings.row
    readings = msgspec.structs.replace(found.readings, row=None if row is None else row + 1)
    errors = tuple(msgspec.structs.replace(error, row=error.row + 1) for error in found.errors)
    return Decoded(readings=readings, errors=errors)
