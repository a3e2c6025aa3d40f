"""The changes that can be asked for: of declarations, and of sensing entities."""

from datetime import datetime

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


class PutStay(msgspec.Struct, frozen=True, kw_only=True):
    """Write down where a thing stood from an instant on. `thing`, `locations`: their slugs; `number`: of the stay that
    is to be another one, 0 for a new one; `standing`: it stands there now, as the same change says."""

    thing: str
    locations: tuple[str, ...]
    since: datetime
    number: int = 0
    standing: bool = False


class RemoveStay(msgspec.Struct, frozen=True, kw_only=True):
    """Forget that a thing stood somewhere, by the number of its stay."""

    number: int


Asked = Put | Withdraw | PutEntity | RemoveEntity | PutStay | RemoveStay
