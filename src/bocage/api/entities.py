"""Things, datastreams and other SensorThings entities as entries of the registers: what each reader is told of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from bocage import sensing
from bocage.domain.declaration import Declaration, Key
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES, Entity, Thing
from bocage.publish.knowledge import Known
from bocage.publish.sight import told
from bocage.registers.entry import Entry

READABLE: Mapping[str, type[Declaration]] = {**KINDS, **{entity.kind: entity for entity in ENTITIES}}
"""Every kind a program may read: declarations, then entities."""
NO_CHAIN = ("digest", "withdrawn", "erased")


def is_entity(kind: type[Declaration]) -> bool:
    """Whether `sensing` keeps this kind: no chain, no history."""
    return issubclass(kind, Entity)


def listed(known: Known, kind: str, trusted: bool) -> list[Entry]:
    """All of a kind that this reader is told of: whoever may read registers, all; anyone, what the portal tells."""
    return list(_listed(known, kind, trusted))


def counted(known: Known, trusted: bool) -> dict[str, int]:
    """How many of each kind this reader is told of."""
    return {entity.kind: sum(1 for _ in _listed(known, entity.kind, trusted)) for entity in ENTITIES}


def _listed(known: Known, kind: str, trusted: bool) -> Iterator[Entry]:
    for placed in sensing.all(known.facts.slug, kind):
        if trusted or told(known.facts, known.sight, kind, placed.slug):
            yield _entry(placed)


def found(known: Known, kind: str, slug: str, trusted: bool) -> Entry | None:
    """One of them, when this reader is told of it."""
    if not (trusted or told(known.facts, known.sight, kind, slug)):
        return None
    placed = sensing.find(known.facts.slug, kind, slug)
    return _entry(placed) if placed else None


def bearer(known: Known, kind: str, slug: str, trusted: bool) -> str:
    """The thing that bears this name of a thing merged into it, when this reader is told of it; empty otherwise."""
    kept = known.facts.borne.get(slug, "") if kind == Thing.kind else ""
    return kept if kept and found(known, kind, kept, trusted) else ""


def unchained(document: dict[str, Any]) -> dict[str, Any]:
    """An entity has no chain: what speaks of it would say nothing."""
    return {name: value for name, value in document.items() if name not in NO_CHAIN}


def _entry(placed: sensing.Placed) -> Entry:
    key = Key(territory=placed.territory, kind=placed.kind, slug=placed.slug)
    return Entry(key=key, version=placed.version, body=placed.entity, author="", at=placed.at, digest="")
