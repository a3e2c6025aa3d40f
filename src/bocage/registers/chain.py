"""The bytes a version is sealed in, and the hashes that hold the chain together; pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from bocage.domain.declaration import Declaration, Key, fields
from bocage.registers import shape

SALT = 32
Random = Callable[[int], bytes]


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """A personal value and the salt of its hash."""

    salt: bytes
    value: str

    @property
    def digest(self) -> str:
        """The salted hash that stands in the chain."""
        return sha256(self.salt + self.value.encode()).hexdigest()


class Sealed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is hashed of one version. `personal` holds the salted hash of each field that names a person.

    `salt`: random, in hexadecimal, so that nothing can be tried on a digest, which everyone may read; older ones have
    none.
    """

    territory: str
    kind: str
    slug: str
    version: int
    sequence: int
    schema: int
    author: str
    at: datetime
    withdrawn: bool
    previous: str
    body: dict[str, Any]
    personal: dict[str, str]
    salt: str = ""

    @property
    def key(self) -> Key:
        """Which declaration."""
        return Key(territory=self.territory, kind=self.kind, slug=self.slug)


def encode(sealed: Sealed) -> bytes:
    """The very bytes that are hashed and kept."""
    return msgspec.json.encode(sealed, order="sorted")


def decode(sealed: bytes) -> Sealed:
    """What the bytes say."""
    return msgspec.json.decode(sealed, type=Sealed)


def link(sealed: bytes) -> str:
    """The digest of a version; the previous one is part of the bytes."""
    return sha256(sealed).hexdigest()


def parted(body: Declaration, random: Random) -> tuple[dict[str, Any], dict[str, Secret]]:
    """The plain body without what names a person, and those values, each with a fresh salt."""
    values = shape.plain(body)
    secrets = {}
    for note in fields(type(body)):
        if note.personal and values.get(note.name):
            secrets[note.name] = Secret(salt=random(SALT), value=values.pop(note.name))
    return values, secrets


def body_of(kind: type[Declaration], sealed: Sealed, personal: Mapping[str, str]) -> tuple[Declaration, frozenset[str]]:
    """The declaration a version states, personal values put back, and the names of those that were erased."""
    held = {name: personal.get(name, "") for name in sealed.personal}
    erased = frozenset(sealed.personal) - frozenset(personal)
    return shape.from_plain(kind, {**sealed.body, **held}, sealed.schema), erased
