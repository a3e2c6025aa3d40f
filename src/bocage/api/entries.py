"""The entries of a register as each reader is told of them: declarations and SensorThings entities."""

import msgspec

from bocage import registers
from bocage.api import entities
from bocage.domain.declaration import Declaration, Key
from bocage.domain.kinds import KINDS
from bocage.publish.knowledge import Known
from bocage.publish.sight import named_openly
from bocage.registers.entry import Entry


def listed(known: Known, kind: type[Declaration], trusted: bool) -> list[Entry]:
    """All of a kind. Who may not read registers is not told of the things and series that the portal withholds."""
    if entities.is_entity(kind):
        return entities.listed(known, kind.kind, trusted)
    return [_told(known, entry, trusted) for entry in registers.current(known.facts.slug, kind.kind)]


def found(known: Known, key: Key, trusted: bool) -> Entry | None:
    """One of them, when it holds and this reader is told of it."""
    if key.kind not in KINDS:
        return entities.found(known, key.kind, key.slug, trusted)
    entry = registers.find(key)
    return _told(known, entry, trusted) if entry else None


def _told(known: Known, entry: Entry, trusted: bool) -> Entry:
    if trusted:
        return entry
    return msgspec.structs.replace(entry, body=named_openly(known.facts, known.sight, entry.body))
