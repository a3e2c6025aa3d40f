"""Knows a frame of a radio again when it is told twice with two times: a gateway that was late, a webhook sent again.

A frame is its device, session, counter, port and bytes. Told again within ten minutes, it is read at the time it was
first told, and the log knows it already. A counter that begins again, in a new session or with other bytes, is another
frame; so are the same bytes under the same counter later than that. What was told stands in memory and in a file of
each source, so that a restart forgets nothing of it; what is older than ten minutes is left.
"""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from bocage.domain.reading import ReadingBatch

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

    def add(self, frame: str, at: int) -> None:
        """Note one."""
        self.first.pop(frame, None)
        self.first[frame] = at
        self._lines += 1
        if self._lines > _WRITTEN + len(self.first) // 2:
            self._shorten(at)
        else:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{frame} {at}\n")

    def _shorten(self, at: int) -> None:
        kept = [(one, when) for one, when in self.first.items() if abs(at - when) <= SPAN][-_MOST:]
        half = self._path.with_name(f"{self._path.name}.part")
        half.write_text("".join(f"{one} {when}\n" for one, when in kept), encoding="utf-8")
        half.replace(self._path)
        self.first, self._lines = dict(kept), len(kept)


class Repeats:
    """The frames that were told lately, by source."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._sources: dict[tuple[str, str], _Told] = {}

    def told(self, territory: str, source: str, frame: str, readings: ReadingBatch) -> ReadingBatch:
        """The readings of a frame, of which the first is at its time, at the time it was first told."""
        at = int(readings.start[0])
        frame = "".join(frame.split())
        with self._lock:
            told = self._sources.get((territory, source))
            if told is None:
                told = self._sources[territory, source] = _Told(self._folder / territory / source)
            first = told.first.get(frame)
            if first is None or abs(at - first) > SPAN:
                told.add(frame, at)
                return readings
        if first == at:
            return readings
        start = np.where(readings.start == at, first, readings.start)
        return msgspec.structs.replace(readings, start=start, end=start)

    def erase(self, at: datetime) -> None:
        """Leave the frames of sources that have told nothing for a day."""
        before = (at - timedelta(days=1)).timestamp()
        with self._lock:
            for path in [one for one in self._folder.glob("*/*") if one.stat().st_mtime < before]:
                path.unlink()
                self._sources.pop((path.parent.name, path.name), None)
