"""What was accepted and is not in columns yet: one durable record per group commit, in files that are used in turn."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Columns
from bocage.domain.text import message as _
from bocage.store.embedded.entries import decoded, encoded
from bocage.store.embedded.manifest import settle
from bocage.store.embedded.segment import Record, Segment, room_for

SEGMENT: Final = 4 << 20  # bytes of a file, where no record is longer
NAME: Final = "journal-"


class Journal:
    """Written by one thread at a time. A write that returns is on the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        try:
            found = [Segment(path) for path in folder.glob(f"{NAME}*")]
        except OSError as error:
            raise Unavailable(_("a journal that can be opened"), found=str(error)) from error
        self._segments = sorted(found, key=lambda one: one.generation)
        self._generation = max((max(one.generation, _number(one.path)) for one in found), default=0)
        self._current: Segment | None = None

    def write(self, position: int, rows: Columns, drained: int) -> None:
        """Keep a group commit, all or nothing. What is in columns, up to `drained`, may be written over."""
        record = encoded(rows)
        with self._lock:
            try:
                self._room(len(record), drained).write(position, record)
            except OSError as error:
                raise Unavailable(
                    _("room and leave to write the journal"),
                    found=str(error),
                    remedy=_("free some space; nothing of this batch was kept"),
                ) from error

    def _room(self, length: int, drained: int) -> Segment:
        """Where the next record goes: on in the same file, else in one that is needed no more, else in a new one."""
        if self._current is not None and self._current.fits(length):
            return self._current
        room = room_for(length)
        free = (one for one in self._segments if one.last <= drained and one.size >= room)
        self._generation += 1
        chosen = next(free, None) or Segment.made(self._folder / f"{NAME}{self._generation}", max(SEGMENT, room))
        chosen.begin(self._generation)
        self._segments = [*(one for one in self._segments if one is not chosen), chosen]
        self._current = chosen
        return chosen

    def replay(self, drained: int) -> Iterator[Columns]:
        """The group commits that are not in columns, in their order."""
        for segment, record in _kept(self._segments, drained):
            yield decoded(segment.read(record))

    def purge(self, drained: int) -> None:
        """Forget what is in columns so that its bytes are gone too: what is not is written anew, the files removed."""
        with self._lock:
            former, self._segments, self._current = self._segments, [], None
            try:
                for segment, record in _kept(former, drained):
                    self._room(record.size, drained).write(record.position, segment.read(record))
                for segment in former:
                    segment.remove()
                settle(self._folder)
            except OSError as error:
                self._segments = [*(one for one in former if one.path.exists()), *self._segments]
                raise Unavailable(_("room to write the journal anew"), found=str(error)) from error

    def size(self) -> int:
        """Bytes its files take."""
        return sum(one.size for one in self._segments)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            for segment in self._segments:
                segment.close()


def _number(path: Path) -> int:
    number = path.name.removeprefix(NAME)
    return int(number) if number.isdigit() else 0


def _kept(segments: Sequence[Segment], drained: int) -> list[tuple[Segment, Record]]:
    """What is not in columns; of two commits of one position, of which the first failed, the last one."""
    found = {
        record.position: (segment, record)
        for segment in segments
        for record in segment.records()
        if record.position > drained
    }
    return [found[position] for position in sorted(found)]
