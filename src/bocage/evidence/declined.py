"""Declarations that a promise refused, counted by month and reason: in memory at once, then in the table.

A refused change writes nothing, and takes whatever was written with it back; its count is therefore kept apart.
"""

import threading
from collections.abc import Iterable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bocage import relational
from bocage.domain.decision import Refusal
from bocage.evidence.log import zone
from bocage.evidence.tables import RefusedChange

MOST: Final = 500  # names of one territory and month; further ones are counted together
Place = tuple[str, str]
"""Kind and slug."""


class Declined(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration refused for one reason in one month (YYYY-MM); `slug` is empty where many are counted as one."""

    territory: str
    month: str
    kind: str
    slug: str
    count: int
    last: datetime
    refusal: Refusal


class Counting:
    """The counts of this process that are not in the table yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._new: list[tuple[str, Place, Refusal, datetime]] = []

    def add(self, territory: str, refused: Iterable[tuple[Place, Refusal]], at: datetime) -> None:
        """Count these, each once."""
        with self._lock:
            self._new += [(territory, place, refusal, at) for place, refusal in refused]

    def flush(self, at: datetime) -> int:
        """Put the counts into the table; how many there were. What cannot be written waits for the next time."""
        with self._lock:
            new, self._new = self._new, []
        if not new:
            return 0
        try:
            with relational.transaction():
                for territory, place, refusal, when in new:
                    _write(territory, place, refusal, when)
        except Exception:  # put back what could not be written, then let the caller know
            with self._lock:
                self._new = new + self._new
            raise
        return len(new)


def _write(territory: str, place: Place, refusal: Refusal, at: datetime) -> None:
    month = at.astimezone(ZoneInfo(zone(territory))).strftime("%Y-%m")
    rows = RefusedChange.objects.filter(territory=territory, month=month)
    names = {"kind": place[0], "slug": place[1], "promise": refusal.promise, "code": refusal.code}
    row = rows.filter(**names).first()
    if row is None and rows.count() >= MOST:
        names["slug"] = ""
        row = rows.filter(**names).first()
    row = row or RefusedChange(territory=territory, month=month, **names, first=at)
    row.count, row.last, row.refusal = row.count + 1, at, msgspec.json.encode(refusal)
    row.save()


def declined(territory: str, at: datetime, *, month: str = "", place: Place | None = None) -> list[Declined]:
    """What was refused in a month or ever, of one declaration or of all; the newest first."""
    COUNTING.flush(at)
    rows = RefusedChange.objects.filter(territory=territory).order_by("-last", "kind", "slug", "promise", "code")
    rows = rows.filter(kind=place[0], slug=place[1]) if place else rows
    return [
        Declined(
            territory=territory,
            month=row.month,
            kind=row.kind,
            slug=row.slug,
            count=row.count,
            last=row.last,
            refusal=msgspec.json.decode(bytes(row.refusal), type=Refusal),
        )
        for row in (rows.filter(month=month) if month else rows)
    ]


def by_promise(territory: str, at: datetime) -> dict[str, int]:
    """How many changes each promise refused, ever."""
    COUNTING.flush(at)
    counts: dict[str, int] = {}
    for promise, count in RefusedChange.objects.filter(territory=territory).values_list("promise", "count"):
        counts[promise] = counts.get(promise, 0) + count
    return counts


# One process, one count: whoever changes a declaration adds to it.
COUNTING = Counting()
