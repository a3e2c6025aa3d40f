"""Cuts what comes line by line into pieces that a plug-in can read by themselves."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Plugin
from bocage.domain.text import message as _

PIECE: Final = 4 * 1024 * 1024  # bytes of a piece
LONGEST: Final = 16 * 1024 * 1024  # bytes within which a row ends
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # marks of UTF-16, whose lines cannot be told by their bytes


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes a plug-in can read by themselves, where they end in the whole, the rows they are and those before them."""

    body: bytes
    end: int
    rows_before: int = 0
    rows: int = 0


class Cutting:
    """Pieces end with a row, a line end that stands in no quotation, and stand each under the heading."""

    def __init__(self, plugin: Plugin, size: int = PIECE) -> None:
        self._lines = plugin.heading or 0
        self._quoting, self._size = plugin.quoting, size
        self._heading: bytes | None = None if self._lines else b""
        self._held = bytearray()
        self._end = self._rows = 0

    def add(self, part: bytes) -> Iterator[Piece]:
        """The pieces that are whole with these further bytes; PayloadError when a row is too long."""
        self._held += part
        if self._heading is None and not self._headed():
            return
        while len(self._held) >= self._size and (at := self._cut()):
            yield self._piece(at)
        if len(self._held) > max(LONGEST, self._size):
            raise PayloadError(_("rows of less than 16 MiB"))

    def rest(self) -> Iterator[Piece]:
        """What is left once everything came."""
        if self._heading is None:
            self._heading = b""
        if self._held or not self._end:
            yield self._piece(len(self._held))

    def _headed(self) -> bool:
        """Take the heading off, once all of it is there."""
        if self._held.count(b"\n") < self._lines:
            return False
        at = 0
        for _line in range(self._lines):
            at = self._held.index(b"\n", at) + 1
        self._heading = bytes(self._held[:at])
        del self._held[:at]
        self._end = at
        return True

    def _cut(self) -> int:
        """Where the last whole row ends, 0 when none does; in a long quotation without end, behind any line."""
        at = last = self._held.rfind(b"\n") + 1
        if not self._quoting or not at:
            return at
        odd = self._held.count(b'"', 0, at) % 2
        while odd and at:
            before = self._held.rfind(b"\n", 0, at - 1) + 1
            odd ^= self._held.count(b'"', before, at) % 2
            at = before
        return at or (last if len(self._held) > 4 * self._size else 0)

    def _piece(self, at: int) -> Piece:
        body = bytes(self._held[:at])
        del self._held[:at]
        self._end += at
        before, rows = self._rows, body.count(b"\n") + (not body.endswith(b"\n") and bool(body))
        self._rows += rows
        return Piece(body=(self._heading or b"") + body, end=self._end, rows_before=before, rows=rows)


def pieces(parts: Iterable[bytes], plugin: Plugin, size: int = PIECE) -> Iterator[Piece]:
    """All of them."""
    cutting = Cutting(plugin, size)
    for part in parts:
        yield from cutting.add(part)
    yield from cutting.rest()
