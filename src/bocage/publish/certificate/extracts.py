"""What a certificate says of the registers: of an open one the digest of what everyone reads, of a closed one a
commitment, which shows nothing of it and cannot be changed afterwards.
"""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from typing import Any, Final, get_args

import msgspec

from bocage.domain.canonical import canonical
from bocage.domain.certificate import Register
from bocage.domain.declaration import Notes, fields
from bocage.domain.kinds import KINDS
from bocage.publish.certificate import signing
from bocage.publish.disclosure import disclosed, public_kind
from bocage.publish.sight import PLACED
from bocage.registers.past import Held

SALT: Final = 32
Random = Callable[[int], bytes]
Extracts = Mapping[str, list[dict[str, Any]]]
"""Of each open register, what everyone reads: slug, version, digest, and those fields that never depend on what is told
of single things."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The registers of a certificate, and the salt of each commitment, which stays here."""

    registers: tuple[Register, ...]
    salts: dict[str, bytes]


def extracts(held: Iterable[Held]) -> Extracts:
    """What everyone reads of these declarations."""
    found = {kind: those for kind, those in _by_kind(held).items() if public_kind(kind) is not None}
    return {kind: _entries(kind, those) for kind, those in found.items()}


def counted(held: Iterable[Held], random: Random) -> Counted:
    """Every register that holds something; a fresh salt for each that is closed."""
    registers, salts = [], {}
    for kind, those in sorted(_by_kind(held).items()):
        if public_kind(kind) is not None:
            told_of = signing.digest(_entries(kind, those))
            registers.append(Register(kind=kind, count=len(those), digest=told_of))
        else:
            salts[kind] = random(SALT)
            registers.append(Register(kind=kind, count=len(those), commitment=commitment(salts[kind], those)))
    return Counted(registers=tuple(registers), salts=salts)


def commitment(salt: bytes, held: Iterable[Held]) -> str:
    """SHA-256 of the salt and of slug, version and digest of each declaration: whoever is given both can check it."""
    return hashlib.sha256(salt + canonical(told(held))).hexdigest()


def told(held: Iterable[Held]) -> list[list[Any]]:
    """Slug, version and digest of each declaration."""
    return [[one.sealed.slug, one.sealed.version, one.digest] for one in held]


def _by_kind(held: Iterable[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for one in held:
        found.setdefault(one.sealed.kind, []).append(one)
    return found


def _entries(kind: str, those: Iterable[Held]) -> list[dict[str, Any]]:
    names = {note.name for note in disclosed(KINDS[kind]) if not _places(note)}
    return [_extract(one, names) for one in those]


def _extract(one: Held, names: Container[str]) -> dict[str, Any]:
    body = {name: value for name, value in one.sealed.body.items() if name in names}
    return {"slug": one.sealed.slug, "version": one.sealed.version, "digest": one.digest, "body": body}


def _places(note: Notes) -> bool:
    """Whether a field names, somewhere inside, a thing, series or place: who is told of it changes with time."""
    inner = (held for struct in _structs(note.type) for held in fields(struct))
    return note.reference in PLACED or any(map(_places, inner))


def _structs(annotation: Any) -> Iterator[type[msgspec.Struct]]:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        yield annotation
    for one in (getattr(annotation, "__origin__", None), *get_args(annotation)):
        if one is not None and one is not annotation:
            yield from _structs(one)
