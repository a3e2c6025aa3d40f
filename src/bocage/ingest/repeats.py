"""Knows a frame of a radio again when it is told twice with two times: a gateway that was late, a webhook sent again.

A frame is its device, session, counter, port and bytes. Told again within ten minutes, it is read at the time it was
first told, and the log knows it already. A counter that begins again, in a new session or with other bytes, is another
frame; so are the same bytes under the same counter later than that. What was told stands in memory and in a file of
each source, so that a restart forgets nothing of it; what is older than ten minutes is left. Where several processes
write into one log, it stands beside the log, so that each of them knows what another one was told.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bocage.domain.instant import to_ms
from bocage.domain.reading import ReadingBatch
from bocage.store.protocol import Frames

SPAN: Final = 600_000  # milliseconds within which a frame may be told again
_MOST: Final = 20_000  # frames of one source that are looked through again
_WRITTEN: Final = 2_000  # lines of the file after which what is too old is left


class _Told:
    """What one source told: when each frame was first told (UTC ms), in the order they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = 0
        self.first: dict[str, int] = {}
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
            frame, _space, at = line.rpartition(" ")
            if frame and at.lstrip("-").isdecimal():
                self.first[frame] = int(at)
                self._lines += 1

    def first_of(self, frames: Sequence[str], at: Sequence[int]) -> list[int]:
        """When each was first told; those that are new are noted."""
        found, new = [], []
        for frame, told in zip(frames, at, strict=True):
            first = self.first.get(frame)
            if first is None or abs(told - first) > SPAN:
                self.first.pop(frame, None)
                self.first[frame] = first = told
                new.append(f"{frame} {told}\n")
            found.append(first)
        if new:
            self._write(new, at[-1])
        return found

    def _write(self, lines: Sequence[str], at: int) -> None:
        self._lines += len(lines)
        if self._lines > _WRITTEN + len(self.first) // 2:
            self._shorten(at)
            return
        if not self._lines - len(lines):
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.open("a", encoding="utf-8") as file:
            file.write("".join(lines))

    def _shorten(self, at: int) -> None:
        kept = [(one, when) for one, when in self.first.items() if abs(at - when) <= SPAN][-_MOST:]
        half = self._path.with_name(f"{self._path.name}.part")
        half.write_text("".join(f"{one} {when}\n" for one, when in kept), encoding="utf-8")
        half.replace(self._path)
        self.first, self._lines = dict(kept), len(kept)


class Repeats:
    """The frames that were told lately, by source. `shared`: where processes remember them together."""

    def __init__(self, folder: Path, shared: Frames | None = None) -> None:
        self._folder = folder
        self._shared = shared
        self._lock = threading.Lock()
        self._sources: dict[tuple[str, str], _Told] = {}

    def told(self, territory: str, source: str, frames: Sequence[tuple[str, ReadingBatch]]) -> list[ReadingBatch]:
        """The readings of frames, of each of which the first is at its time, at the time it was first told."""
        names = ["".join(frame.split()) for frame, _readings in frames]
        at = [int(readings.start[0]) for _frame, readings in frames]
        first = self._first(territory, source, names, at)
        return [
            readings if told == now else _moved(readings, now, told)
            for (_frame, readings), now, told in zip(frames, at, first, strict=True)
        ]

    def _first(self, territory: str, source: str, names: Sequence[str], at: Sequence[int]) -> list[int]:
        if self._shared is not None:
            return self._shared.first(f"{territory}/{source}", names, at, SPAN)
        with self._lock:
            told = self._sources.get((territory, source))
            if told is None:
                told = self._sources[territory, source] = _Told(self._folder / territory / source)
            return told.first_of(names, at)

    def erase(self, at: datetime) -> None:
        """Leave the frames of sources that have told nothing for a day."""
        if self._shared is not None:
            self._shared.erase(to_ms(at - timedelta(days=1)))
        before = (at - timedelta(days=1)).timestamp()
        with self._lock:
            for path in [one for one in self._folder.glob("*/*") if one.stat().st_mtime < before]:
                path.unlink()
                self._sources.pop((path.parent.name, path.name), None)


def _moved(readings: ReadingBatch, now: int, told: int) -> ReadingBatch:
    """The same, what is of now at the time it was first told."""
    start = np.where(readings.start == now, told, readings.start)
    return msgspec.structs.replace(readings, start=start, end=start)
