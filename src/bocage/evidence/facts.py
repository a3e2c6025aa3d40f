"""Gathers what a territory declares, as it stands and as it would stand after changes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration
from bocage.evidence.asked import Asked, PutEntity, PutStay, RemoveEntity, RemoveStay
from bocage.evidence.log import zone
from bocage.ingest.facts import present as gathered
from bocage.registers import Put


def today(territory: str, at: datetime) -> date:
    """The civil day of a territory."""
    return at.astimezone(ZoneInfo(zone(territory))).date()


def present(territory: str, at: datetime) -> TerritoryFacts:
    """All that the territory declares now."""
    return gathered(territory, at)


def after(facts: TerritoryFacts, changes: Sequence[Asked]) -> TerritoryFacts:
    """The territory as it would stand once all changes are written."""
    return facts.moved({place(change): stated(change) for change in changes})


def place(change: Asked) -> tuple[str, str]:
    """(kind, slug) of what a change is about."""
    if isinstance(change, PutEntity):
        return change.entity.kind, change.slug
    if isinstance(change, RemoveEntity):
        return change.kind, change.slug
    if isinstance(change, PutStay | RemoveStay):
        return "", ""
    return change.key.kind, change.key.slug


def stated(change: Asked) -> Declaration | None:
    """What a change states; None when it takes away."""
    if isinstance(change, PutEntity):
        return change.entity
    return change.body if isinstance(change, Put) else None


def held(facts: TerritoryFacts, kind: str, slug: str) -> Declaration | None:
    """What holds of that kind and name."""
    bodies: Mapping[str, Declaration] = facts.declared.get(kind, {})
    return bodies.get(slug)
