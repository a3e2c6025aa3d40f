"""Which change of `evidence` a page asks for: declarations and entities go through the same door."""

from bocage import registers
from bocage.domain.declaration import Declaration, Key
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import Entity
from bocage.evidence.asked import Asked, PutEntity, RemoveEntity


def placing(key: Key, body: Declaration, expected: int) -> Asked:
    """Declare it, or declare it anew over version `expected` (0: there was none)."""
    if isinstance(body, Entity):
        return PutEntity(slug=key.slug, entity=body, expected=expected)
    return registers.Put(key=key, body=body, expected=expected or None)


def removing(key: Key, expected: int) -> Asked:
    """It no longer holds."""
    if key.kind in KINDS:
        return registers.Withdraw(key=key, expected=expected)
    return RemoveEntity(kind=key.kind, slug=key.slug, expected=expected)
