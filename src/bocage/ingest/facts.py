"""Gathers all that a territory declares, for the gates."""

from datetime import date

import msgspec

from bocage import registers, sensing
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration
from bocage.domain.sensing import ENTITIES
from bocage.ingest import seen


def gather(territory: str, today: date) -> TerritoryFacts:
    """Current declarations and sensing entities of a territory, and what its values showed of persons."""
    declared: dict[str, dict[str, Declaration]] = {}
    for entry in registers.everything(territory):
        declared.setdefault(entry.key.kind, {})[entry.key.slug] = entry.body
    for kind in ENTITIES:
        declared[kind.kind] = {placed.slug: _numbered(placed) for placed in sensing.all(territory, kind.kind)}
    return TerritoryFacts(
        slug=territory,
        today=today,
        declared=declared,
        signs=seen.signs(territory),
    )


def _numbered(placed: sensing.Placed) -> Declaration:
    return msgspec.structs.replace(placed.entity, id=placed.id)
