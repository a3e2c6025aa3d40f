"""The changes that can be asked for: of declarations, and of sensing entities."""

import msgspec

from bocage.domain.sensing import Entity
from bocage.registers import Put, Withdraw


class PutEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Place a sensing entity or change it. `expected`: the version that was read (0: none yet; None: any)."""

    slug: str
    entity: Entity
    expected: int | None = None


class RemoveEntity(msgspec.Struct, frozen=True, kw_only=True):
    """Take a sensing entity away. `expected`: the version that was read, None for any. `merged`: it is a thing that
    turned out to be another, which bears its name now."""

    kind: str
    slug: str
    expected: int | None = None
    merged: bool = False


Asked = Put | Withdraw | PutEntity | RemoveEntity
