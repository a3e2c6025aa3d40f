"""How each promise stood over time: turns are kept for good, so that one that is kept again tells when it was not."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bocage.evidence import tables
from bocage.evidence.tables import Turn

MOST = 500


class Turned(msgspec.Struct, frozen=True, kw_only=True):
    """A promise stands so (kept, mend, not-concerned, cannot-be-checked-yet) from that moment on.

    `number` is the one of its row, for feeds.
    """

    number: int
    promise: str
    outcome: str
    at: datetime


def keep(territory: str, turned: Mapping[str, tuple[str, datetime]]) -> None:
    """Write what turned, by promise: how it stands now, and since when."""
    Turn.objects.bulk_create(
        Turn(territory=territory, promise=promise, outcome=outcome, at=at)
        for promise, (outcome, at) in sorted(turned.items())
    )


def turns(territory: str, promise: str = "", limit: int = MOST) -> list[Turned]:
    """The turns of a territory, or of one promise, newest first."""
    rows = Turn.objects.filter(territory=territory)
    if promise:
        rows = rows.filter(promise=promise)
    return [_turned(row) for row in rows.order_by("-at", "-id")[:limit]]


def lately(territory: str, each: int) -> dict[str, list[Turned]]:
    """The last turns of every promise, so many of each, newest first."""
    found: dict[str, list[Turned]] = {}
    for row in tables.lately(territory, each):
        found.setdefault(row.promise, []).append(_turned(row))
    return found


def first(territory: str) -> datetime | None:
    """When a promise of the territory was first looked at."""
    return Turn.objects.filter(territory=territory).order_by("at").values_list("at", flat=True).first()


def _turned(row: Turn) -> Turned:
    return Turned(number=row.pk, promise=row.promise, outcome=row.outcome, at=row.at)
