"""What a certificate says of the registers: of an open one the digest of what everyone reads, of a closed one a
commitment, which shows nothing of it and cannot be changed afterwards.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    found: dict[str, list[dict[str, Any]]] = {}
    for one in held:
        if public_kind(one.sealed.kind) is not None:
            found.setdefault(one.sealed.kind, []).append(_extract(one))
    return found


def counted(held: Iterable[Held], random: Random) -> Counted:
    """Every register that holds something; a fresh salt for each that is closed."""
    of_kind: dict[str, list[Held]] = {}
    for one in held:
        of_kind.setdefault(one.sealed.kind, []).append(one)
    registers, salts = [], {}
    for kind, those in sorted(of_kind.items()):
        if public_kind(kind) is not None:
            entries = [_extract(one) for one in those]
            registers.append(Register(kind=kind, count=len(those), digest=signing.digest(entries)))
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


def _extract(one: Held) -> dict[str, Any]:
    names = {note.name for note in disclosed(KINDS[one.sealed.kind]) if not _places(note)}
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
