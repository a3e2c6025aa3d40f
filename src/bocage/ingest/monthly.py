"""Refusals month by month and reason by reason, without who sent what: the public account of what did not come in."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bocage import registers
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Key
from bocage.domain.territory import Territory
from bocage.ingest.tables import RefusedMonth

BLANK = "…"


class Monthly(msgspec.Struct, frozen=True, kw_only=True):
    """Readings of a territory refused in one month (YYYY-MM, at its clocks) for one reason.

    `kept`: only flagged, and kept all the same. `refusal` names nobody and nothing: its words are blank, its figures
    and days are those of the last one.
    """

    month: str
    count: int
    first: datetime
    last: datetime
    refusal: Refusal
    kept: bool = False


Entry = tuple[str, Refusal, int, datetime, bool]
"""A territory, why, how many readings, the last time, and whether they were kept."""


def add(entries: Iterable[Entry]) -> None:
    """Count readings refused of late, within the transaction of the caller; one row for each reason and month."""
    zones: dict[str, ZoneInfo] = {}
    groups: dict[tuple[str, str, str, str, bool], list[Entry]] = {}
    for entry in entries:
        territory, refusal, _count, last, kept = entry
        if territory not in zones:
            zones[territory] = ZoneInfo(_zone(territory))
        month = last.astimezone(zones[territory]).strftime("%Y-%m")
        groups.setdefault((territory, month, refusal.promise, refusal.code, kept), []).append(entry)
    for place, some in groups.items():
        _add(dict(zip(("territory", "month", "promise", "code", "kept"), place, strict=True)), some)


def _add(place: dict[str, str | bool], some: list[Entry]) -> None:
    newest = max(some, key=lambda entry: entry[3])
    row = RefusedMonth.objects.filter(**place).first() or RefusedMonth(**place, first=newest[3])
    row.count, row.last = row.count + sum(entry[2] for entry in some), newest[3]
    row.refusal = msgspec.json.encode(nameless(newest[1]))
    row.save()


def monthly(territory: str, month: str = "") -> list[Monthly]:
    """What was refused in a month, or in all, newest month first, then the most frequent reasons."""
    rows = RefusedMonth.objects.filter(territory=territory).order_by("-month", "-count", "promise", "code")
    return [
        Monthly(
            month=row.month,
            count=row.count,
            first=row.first,
            last=row.last,
            refusal=msgspec.json.decode(bytes(row.refusal), type=Refusal),
            kept=row.kept,
        )
        for row in (rows.filter(month=month) if month else rows)
    ]


def totals(found: Iterable[Monthly]) -> dict[str, tuple[int, int]]:
    """Refused and only flagged readings of each month, in the order given."""
    counts: dict[str, tuple[int, int]] = {}
    for one in found:
        refused, kept = counts.get(one.month, (0, 0))
        counts[one.month] = (refused, kept + one.count) if one.kept else (refused + one.count, kept)
    return counts


def nameless(refusal: Refusal) -> Refusal:
    """The refusal without what its sender called things."""
    blank = {
        name: BLANK if isinstance(value, str) and not name.endswith("_day") else value
        for name, value in refusal.values.items()
    }
    way_out = msgspec.structs.replace(refusal.way_out, slug="")
    return msgspec.structs.replace(refusal, values=blank, way_out=way_out)


def _zone(territory: str) -> str:
    entry = registers.find(Key(territory=territory, kind=Territory.kind, slug=territory))
    return entry.body.time_zone if entry and isinstance(entry.body, Territory) else "UTC"
