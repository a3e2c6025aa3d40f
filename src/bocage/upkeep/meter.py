"""Counts what this process takes of the machine: time of its processors, bytes that came and went, by territory."""

import resource
import threading
import time
from collections.abc import Callable, Collection
from typing import Final

import msgspec

MOST: Final = 2_000
"""Names counted between two times: whoever asks for addresses at random does not fill the memory."""


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted since the last time: seconds of processor, and bytes by territory ("" for none) in and out."""

    seconds: float
    received: dict[str, int]
    sent: dict[str, int]

    def of(self, known: Collection[str]) -> "Taken":
        """The same, where what was asked for names that are no territories counts for none."""
        return Taken(seconds=self.seconds, received=_of(self.received, known), sent=_of(self.sent, known))


def _of(counts: dict[str, int], known: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, size in counts.items():
        place = name if name in known else ""
        found[place] = found.get(place, 0) + size
    return found


def processor() -> float:
    """Seconds of processor this process and those it started and saw the end of took, since they began."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


class Meter:
    """The counters of this process; whoever takes from them keeps what they held."""

    def __init__(self, seconds: Callable[[], float] = processor) -> None:
        self._seconds, self._told = seconds, 0.0
        self._lock = threading.Lock()
        self._received: dict[str, int] = {}
        self._sent: dict[str, int] = {}

    def came(self, territory: str, size: int) -> None:
        """So many bytes came for a territory."""
        self._add(self._received, territory, size)

    def went(self, territory: str, size: int) -> None:
        """So many bytes went out from a territory."""
        self._add(self._sent, territory, size)

    def _add(self, counts: dict[str, int], territory: str, size: int) -> None:
        with self._lock:
            if territory not in counts and len(counts) >= MOST:
                territory = ""
            counts[territory] = counts.get(territory, 0) + size

    def take(self) -> Taken:
        """What was counted; the counters begin again."""
        with self._lock:
            now = self._seconds()
            taken = Taken(seconds=max(0.0, now - self._told), received=self._received, sent=self._sent)
            self._told, self._received, self._sent = now, {}, {}
        return taken

    def put_back(self, taken: Taken) -> None:
        """Count again what could not be kept."""
        for territory, size in taken.received.items():
            self.came(territory, size)
        for territory, size in taken.sent.items():
            self.went(territory, size)
        with self._lock:
            self._told -= taken.seconds


def territory_of(path: str) -> str:
    """The territory an address is of; empty for those of the instance."""
    parts = path.split("/", 3)
    first = parts[1] if len(parts) > 1 else ""
    if first == "api":
        return parts[2] if len(parts) > 3 and parts[2] not in ("schemas", "sta") else ""
    return "" if first in ("static", "sta", "heads", "healthz", "metrics") or len(parts) < 3 else first


# One process, one machine: whatever comes and goes is counted in the same place.
METER = Meter()
