"""A file of the journal, as long from the beginning as it will ever be, and written from its beginning to its end.

Bytes written into room that a file has already are one thing to do for the disk; a file that grows has its length to
be kept too, which takes twice as long.
"""

import contextlib
import errno
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from bocage.store.embedded.manifest import settle

_HEAD: Final = struct.Struct("<IIqq")  # bytes of the record, their sum, generation of the segment, position


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Where a group commit stands in a segment."""

    position: int
    at: int
    size: int


class Segment:
    """Records of one generation, each durable when `write` returns. What former generations left behind them is no
    part of it: their sums are of another generation. `last`: position of the last record, -1 where there is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_DSYNC)
        self.size = os.fstat(self._file).st_size
        self.generation, self.last, self._at = 0, -1, 0
        head = os.pread(self._file, _HEAD.size, 0)
        if len(head) == _HEAD.size:
            self.generation = _HEAD.unpack(head)[2]
        for record in self.records():
            self.last, self._at = record.position, record.at + record.size

    @classmethod
    def made(cls, path: Path, room: int) -> "Segment":
        """A new one with room for records of so many bytes, their heads included; OSError when there is none."""
        try:
            path.write_bytes(bytes(room))
            settle(path)
            settle(path.parent)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return cls(path)

    def begin(self, generation: int) -> None:
        """Write from the beginning again: what it holds is needed no more."""
        self.generation, self.last, self._at = generation, -1, 0

    def fits(self, length: int) -> bool:
        """Whether there is room for one more record of so many bytes."""
        return self._at + _HEAD.size + length <= self.size

    def write(self, position: int, record: bytes) -> None:
        """Add a record, durably; OSError when that failed, and nothing more is written here then."""
        said = _HEAD.pack(len(record), _sum(self.generation, position, record), self.generation, position)
        try:
            if os.pwritev(self._file, (said, record), self._at) < len(said) + len(record):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        except OSError:
            self._spoil()
            raise
        self._at += len(said) + len(record)
        self.last = position

    def _spoil(self) -> None:
        with contextlib.suppress(OSError):  # whoever is told that it failed is not to find it after a crash
            os.pwrite(self._file, bytes(_HEAD.size), self._at)
        self._at = self.size

    def records(self) -> Iterator[Record]:
        """Its records in their order, up to the first that is not whole."""
        at = 0
        while True:
            head = os.pread(self._file, _HEAD.size, at)
            if len(head) < _HEAD.size:
                return
            size, wanted, generation, position = _HEAD.unpack(head)
            at += _HEAD.size
            if not size or generation != self.generation or at + size > self.size:
                return
            if _sum(generation, position, os.pread(self._file, size, at)) != wanted:
                return
            yield Record(position=position, at=at, size=size)
            at += size

    def read(self, record: Record) -> bytes:
        """What was written."""
        return os.pread(self._file, record.size, record.at)

    def remove(self) -> None:
        """Give its room back."""
        self.path.unlink(missing_ok=True)
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)


def room_for(length: int) -> int:
    """The bytes a record of so many takes with its head."""
    return _HEAD.size + length


def _sum(generation: int, position: int, record: bytes) -> int:
    return zlib.crc32(record, zlib.crc32(struct.pack("<qq", generation, position)))
