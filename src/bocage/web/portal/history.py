"""What changed in a dataset, told to everyone: its declaration, values that were corrected, values that were erased."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.instant import to_datetime
from bocage.domain.text import message as _
from bocage.evidence import retention
from bocage.publish.publication import Publication
from bocage.registers.comparing import diff
from bocage.steer import Corrected, corrections
from bocage.web.portal.written import changed
from bocage.web.request import Request

TOLD = 12
"""Events told on the page of a dataset; its entry in the register and its files have the others."""
REASONS = {
    "source": _("Its source sent another value for the same moment."),
    "restored": _("They were read back from a copy."),
}


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `kind`: declared (with its `version` and the labels of what changed), corrected, erased, taken-back.

    Corrected: `count` values measured from `first` to `last` (UTC ms), in words `reason`. Erased: `count` values of a
    whole `purpose` that were measured before `last`. Taken back: `count` values, whose import was undone.
    """

    kind: str
    at: datetime
    count: int = 0
    first: int = 0
    last: int = 0
    reason: str = ""
    purpose: str = ""
    version: int = 0
    fields: tuple[str, ...] = ()


def history(request: Request, found: Publication, zone: str) -> list[Event]:
    """The last changes, newest first; of what is not open, nothing is told of single values."""
    events = [*_declared(request.slug, found.slug), *_erased(request.slug, found)]
    events += _corrected(found, zone) if found.open else ()
    return sorted(events, key=lambda event: event.at, reverse=True)[:TOLD]


def _declared(territory: str, slug: str) -> Iterator[Event]:
    versions = registers.history(Key(territory=territory, kind="dataset", slug=slug))
    for entry, before in zip(versions, [*versions[1:], None], strict=True):
        changes = changed("dataset", diff(before.body, entry.body)) if before else []
        fields = tuple(dict.fromkeys(change.label for change in changes))
        yield Event(kind="declared", at=entry.at, version=entry.version, fields=fields)


def _corrected(found: Publication, zone: str) -> Iterator[Event]:
    """Corrections of one day and one reason together."""
    days: dict[tuple[date, str], list[Corrected]] = {}
    for one in corrections(found.numbers):
        days.setdefault((to_datetime(one.at, zone).date(), one.reason), []).append(one)
    for (day, reason), held in days.items():
        yield Event(
            kind="corrected",
            at=datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC),
            count=sum(one.count for one in held),
            first=min(one.first for one in held),
            last=max(one.last for one in held),
            reason=REASONS.get(reason, reason),
        )


def _erased(territory: str, found: Publication) -> Iterator[Event]:
    numbers = set(found.numbers)
    for proof in retention.proofs(territory):
        if numbers & set(proof.datastreams):
            kind = "erased" if proof.purpose else "taken-back"
            yield Event(kind=kind, at=proof.at, count=proof.count, last=proof.before, purpose=proof.purpose)
