"""Counts what was refused, by source, series and reason: in memory at once, in the table every now and then."""

import threading
from datetime import datetime
from typing import Final

import msgspec

from bocage.domain.decision import Refusal, WayOut
from bocage.ingest import monthly
from bocage.ingest.tables import Refused
from bocage.relational import transaction

# A sender with ever new names must fill neither the memory nor the table: further names are counted together.
MOST_KEYS: Final = 2_000
OTHERS: Final = "…"
LONGEST_KEY: Final = 200


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of one series refused for one reason. `kept`: only flagged, and kept all the same.

    `shape`: types and sizes of what was refused, never values.
    """

    territory: str
    source: str
    key: str
    count: int
    first: datetime
    last: datetime
    refusal: Refusal
    shape: str = ""
    kept: bool = False

    @property
    def promise(self) -> str:
        """The promise that refused."""
        return self.refusal.promise

    @property
    def code(self) -> str:
        """The reason within it."""
        return self.refusal.code

    @property
    def way_out(self) -> WayOut:
        """Where to mend it."""
        return self.refusal.way_out


Place = tuple[str, str, str, str, str]  # territory, source, key, promise, code


class Refusals:
    """The counters of this process; `flush` adds them to the table."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[Place, Counted] = {}
        self._keys: dict[tuple[str, str], set[str]] = {}

    def add(self, new: Counted) -> None:
        """Count some readings."""
        with self._lock:
            key = self._bounded(new.territory, new.source, new.key[:LONGEST_KEY])
            place = (new.territory, new.source, key, new.promise, new.code)
            old = self._counts.get(place)
            count, first = (old.count + new.count, old.first) if old else (new.count, new.first)
            self._counts[place] = msgspec.structs.replace(new, key=key, count=count, first=first)

    def _bounded(self, territory: str, source: str, key: str) -> str:
        keys = self._keys.setdefault((territory, source), set())
        if key in keys or len(keys) < MOST_KEYS:
            keys.add(key)
            return key
        return OTHERS

    def flush(self, at: datetime) -> int:
        """Add what was counted until now to the table, every second or so; how many lines were touched."""
        with self._lock:
            counts, self._counts = self._counts, {}
        if not counts:
            return 0
        try:
            with transaction():
                for place, new in counts.items():
                    _add_to_table(place, new)
                monthly.add((new.territory, new.refusal, new.count, new.last, new.kept) for new in counts.values())
        except Exception:  # put back what could not be written, then let the caller know
            for new in counts.values():
                self.add(new)
            raise
        return len(counts)


def _add_to_table(place: Place, new: Counted) -> None:
    names = dict(zip(("territory", "source", "key", "promise", "code"), place, strict=True))
    row = Refused.objects.filter(**names).first() or Refused(**names, first=new.first)
    row.count, row.last, row.shape, row.kept = row.count + new.count, new.last, new.shape[:200], new.kept
    row.refusal = msgspec.json.encode(new.refusal)
    row.save()


def counted(territory: str, since: datetime | None = None, *, source: str = "") -> list[Counted]:
    """What the table holds, newest first: refused since then, of all sources or of one."""
    rows = Refused.objects.filter(territory=territory).order_by("-last", "source", "key", "promise", "code")
    if since is not None:
        rows = rows.filter(last__gte=since)
    return [_counted(row) for row in (rows.filter(source=source) if source else rows)]


def by_promise(territory: str) -> dict[str, int]:
    """How many readings each promise refused."""
    counts: dict[str, int] = {}
    rows = Refused.objects.filter(territory=territory, kept=False)
    for promise, count in rows.values_list("promise", "count"):
        counts[promise] = counts.get(promise, 0) + count
    return counts


def early(since: datetime) -> int:
    """How many sources sent times that lie too far ahead, since then: their clocks are wrong, or ours is."""
    rows = Refused.objects.filter(code="future", last__gte=since)
    return rows.values_list("territory", "source").distinct().count()


def forget(territory: str, source: str, key: str) -> int:
    """Take the lines of a series off the list, once they are mended."""
    return Refused.objects.filter(territory=territory, source=source, key=key).delete()[0]


def _counted(row: Refused) -> Counted:
    return Counted(
        territory=row.territory,
        source=row.source,
        key=row.key,
        count=row.count,
        first=row.first,
        last=row.last,
        refusal=msgspec.json.decode(bytes(row.refusal), type=Refusal),
        shape=row.shape,
        kept=row.kept,
    )
