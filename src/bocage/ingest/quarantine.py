"""Keeps the unreadable messages of permitted sources for a few days, so that they can be read once it is mended."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bocage.domain.instant import to_ms

MOST_BYTES: Final = 64 * 1024 * 1024  # of one source: beyond, messages are counted only
MOST_FRAMES: Final = 1_000  # likewise
_END: Final = ".frame"


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One unreadable message: when it came, what it said it was, the topic it came by if any, and its bytes."""

    at: int
    media_type: str
    name: str
    body: bytes
    topic: str = ""


class Quarantine:
    """A folder with one folder per territory and source, closed to others; erased by a job."""

    def __init__(self, folder: Path, days: int) -> None:
        self._folder = folder
        self._days = days
        self._held: dict[Path, tuple[int, int]] = {}  # messages and bytes of each source, once looked at

    def beside(self, name: str) -> Path:
        """A folder beside it."""
        return self._folder.with_name(name)

    def keep(self, territory: str, source: str, frame: Frame) -> bool:
        """Keep a message; False when the source has too many already, or none are kept here."""
        folder = self._folder / territory / source
        count, size = self._held.get(folder) or self._measured(folder)
        if not self._days or count >= MOST_FRAMES or size + len(frame.body) > MOST_BYTES:
            return False
        self._held[folder] = (count + 1, size + len(frame.body))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest = hashlib.sha256(frame.body).hexdigest()[:16]
        (folder / f"{frame.at}-{digest}{_END}").write_bytes(msgspec.msgpack.encode(frame))
        return True

    def look_anew(self, territory: str, source: str) -> None:
        """Some of them were taken away: their room is free again."""
        self._held.pop(self._folder / territory / source, None)

    def frames(self, territory: str, source: str) -> list[tuple[Path, Frame]]:
        """The messages kept of a source, oldest first."""
        paths = _frames(self._folder / territory / source)
        return [(path, msgspec.msgpack.decode(path.read_bytes(), type=Frame)) for path in paths]

    def sources(self, territory: str) -> list[str]:
        """The sources of which messages are kept."""
        return sorted({path.parent.name for path in (self._folder / territory).glob(f"*/*{_END}")})

    def erase(self, at: datetime) -> int:
        """Erase what was kept long enough; how many."""
        before = to_ms(at - timedelta(days=self._days))
        old = [path for path in self._folder.glob(f"*/*/*{_END}") if int(path.name.split("-", 1)[0]) < before]
        for path in old:
            path.unlink(missing_ok=True)
        self._held.clear()
        return len(old)

    def _measured(self, folder: Path) -> tuple[int, int]:
        found = _frames(folder)
        return len(found), sum(path.stat().st_size for path in found)


def _frames(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{_END}"), key=lambda path: int(path.name.split("-", 1)[0]))
