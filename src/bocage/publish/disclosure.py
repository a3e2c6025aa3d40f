"""What everyone may read of the registers: which kinds, and which fields of them."""

from bocage.domain.declaration import Declaration, Notes, fields
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES

WITHHELD = frozenset(
    {("source", "address"), ("source", "mapping"), ("rule", "condition"), ("rule", "called"), ("actuator", "address")}
)
"""Fields of use to agents only: an address may carry a key or lead to equipment, a mapping is technique, a condition
names series that may be the meter of a dwelling, and so may its words for them. What a rule does, everyone reads in its
entry of the list of algorithms."""
UNTOLD = frozenset({("datastream", "key"), *((entity.kind, "properties") for entity in ENTITIES)})
"""Fields of entities that agents write for themselves: numbers of meters, whatever an inventory held."""


def public_kind(name: str) -> type[Declaration] | None:
    """The kind of that name, when everyone may read its register."""
    kind = KINDS.get(name)
    return kind if kind is not None and kind.public else None


def hidden(kind: str, field: str) -> bool:
    """Whether a field (dotted inside a group) is kept from the public for what it is."""
    return (kind, field.partition(".")[0]) in WITHHELD


def disclosed(kind: type[Declaration]) -> tuple[Notes, ...]:
    """The fields everyone may read: none that names a person."""
    return tuple(
        note
        for note in fields(kind)
        if not (note.personal or hidden(kind.kind, note.name) or (kind.kind, note.name) in UNTOLD)
    )
