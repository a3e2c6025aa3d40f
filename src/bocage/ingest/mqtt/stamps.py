"""When messages without a time of their own came, remembered until they are acknowledged.

A broker sends what we did not acknowledge again, under the same number within its session, and says so (MQTT 5, 3.3.1.1
and 4.4). Such a message is of when it first came, so that the log knows it. What was given stands in a file of each
source, which a process that is killed leaves to the next one. Brokers count their numbers up to 65,535 before they give
one again: what was noted longer ago than that is another message.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bocage.ingest.mqtt.wire import Publish

MOST: Final = 20_000  # messages that are remembered
LONGEST: Final = 3 * 24 * 3_600_000  # milliseconds for which they are, so that nothing of what was sent stays
_SLACK: Final = 100  # lines of the file that may be too many


class Stamps:
    """Those of one source: by the number of the message, what it was and when it came (UTC ms)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = 0
        self._given: dict[int, tuple[str, int]] = {}
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else ():
            mid, digest, at = (*line.split(" "), "", "", "")[:3]
            if mid.isdecimal() and at.isdecimal():
                self._keep(int(mid), (digest, int(at)))
                self._lines += 1

    def first(self, message: Publish) -> int | None:
        """When a message that comes again first came; None when nobody knows, or it is another one."""
        given = self._given.get(message.mid) if message.again and message.mid else None
        return given[1] if given and given[0] == _digest(message) else None

    def note(self, given: Sequence[tuple[Publish, int]]) -> None:
        """Remember when these came, before anything is made of them."""
        new = []
        for one, at in given:
            if one.mid and self.first(one) is None:
                noted = (_digest(one), at)
                self._keep(one.mid, noted)
                new.append(_line(one.mid, *noted))
        self._lines += len(new)
        while self._given and next(iter(self._given.values()))[1] < given[-1][1] - LONGEST:
            del self._given[next(iter(self._given))]
        if self._lines > 2 * len(self._given) + _SLACK:
            self._lines = len(self._given)
            half = self._path.with_name(f"{self._path.name}.part")
            half.write_text("".join(_line(mid, *one) for mid, one in self._given.items()), encoding="utf-8")
            half.replace(self._path)
        elif new:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with self._path.open("a", encoding="utf-8") as file:
                file.write("".join(new))

    def _keep(self, mid: int, given: tuple[str, int]) -> None:
        self._given.pop(mid, None)
        self._given[mid] = given
        if len(self._given) > MOST:
            del self._given[next(iter(self._given))]


def erase(folder: Path, before: float) -> None:
    """Leave what sources noted that have been silent since (seconds of the epoch)."""
    for path in [one for one in folder.glob("*/*") if one.stat().st_mtime < before]:
        path.unlink(missing_ok=True)


def _line(mid: int, digest: str, at: int) -> str:
    return f"{mid} {digest} {at}\n"


def _digest(message: Publish) -> str:
    return hashlib.sha256(message.topic.encode() + b"\0" + (message.body or b"")).hexdigest()[:20]
