"""Signed heads of the chains, kept in files outside the database: what `verify` holds the registers to."""

import base64
import os
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from bocage.domain.errors import Invalid, Missing
from bocage.domain.text import message as _
from bocage.registers.tables import Chain, Current

# What is signed begins with this, so that a signature made for something else can never pass for a head.
PREFIX = b"bocage head 1\n"


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """Where a territory's chain stood: the digest of its last version, and how many declarations held."""

    territory: str
    sequence: int
    digest: str
    count: int
    at: datetime
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        unsigned = msgspec.structs.replace(self, signature="")
        return PREFIX + msgspec.json.encode(unsigned, order="sorted")

    def signed_by(self, public: Ed25519PublicKey) -> bool:
        """Whether this instance's key signed exactly this."""
        try:
            public.verify(base64.b64decode(self.signature, validate=True), self.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True


class Answered(msgspec.Struct, frozen=True):
    """What of the answer at `/heads` can be kept elsewhere as an anchor."""

    heads: list[Head]
    public_key: str = ""


def make_key(path: Path) -> Ed25519PrivateKey:
    """The signing key in this file, made when there is none; only its owner may read it. Two that make it at once end
    with the same one."""
    if not path.exists():
        beside = path.with_suffix(f".{secrets.token_hex(8)}")
        _write_key(beside, Ed25519PrivateKey.generate())
        try:
            path.hardlink_to(beside)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            beside.replace(path)
        beside.unlink(missing_ok=True)
    return read_key(path)


def replace_key(path: Path, key: Ed25519PrivateKey) -> None:
    """Put another key in the place of the one in this file, which is gone."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    _write_key(beside, key)
    beside.replace(path)


def _write_key(path: Path, key: Ed25519PrivateKey) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())


def read_key(path: Path) -> Ed25519PrivateKey:
    """The signing key in this file; Missing without it, Invalid when others may read it."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.exists():
        raise Missing(_("the key that signs heads"), str(path))
    if path.stat().st_mode & 0o077:
        raise Invalid(_("a key only its owner may read"), f"{path} is open to others", f"chmod 600 {path}")
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid(_("an Ed25519 key"), str(path))
    return key


def read_public(path: Path) -> Ed25519PublicKey:
    """A public key kept elsewhere, so that who replaced the one of this machine is found too."""
    return _public(path.read_bytes(), path)


def _public(text: bytes, path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(text)
    except ValueError as error:
        raise Invalid(_("a public key in PEM"), f"{path}: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise Invalid(_("an Ed25519 public key"), str(path))
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key, for whoever checks heads elsewhere."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign(territory: str, at: datetime, key: Ed25519PrivateKey) -> Head:
    """The head of a territory's chain as it stands, signed; Missing when nothing was ever declared."""
    chain = Chain.objects.filter(territory=territory).first()
    if chain is None or not chain.sequence:
        raise Missing(_("a territory with declarations"), territory)
    head = Head(
        territory=territory,
        sequence=chain.sequence,
        digest=chain.digest,
        count=Current.objects.filter(territory=territory).count(),
        at=at.astimezone(UTC),
    )
    return msgspec.structs.replace(head, signature=base64.b64encode(key.sign(head.signed_bytes())).decode())


def publish(folder: Path, at: datetime, key: Ed25519PrivateKey) -> list[Head]:
    """Sign the head of every territory and add it to that territory's file; what was added."""
    heads = [sign(chain.territory, at, key) for chain in Chain.objects.filter(sequence__gt=0).order_by("territory")]
    for head in heads:
        append(folder, head)
    return heads


def append(folder: Path, head: Head) -> None:
    """Add a head at the end of its territory's file, durably."""
    folder.mkdir(parents=True, exist_ok=True)
    with _file(folder, head.territory).open("ab") as file:
        file.write(msgspec.json.encode(head) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def published(folder: Path, territory: str) -> list[Head]:
    """All heads of a territory, first to last; Invalid when a line is not one."""
    return list(_published(folder, territory))


def anchor(folder: Path, territory: str, public: Ed25519PublicKey) -> Head | None:
    """The last head this key signed, for `verify`; Invalid when a line of the file was not signed by it."""
    heads = published(folder, territory)
    if any(head.territory != territory for head in heads):
        raise Invalid(f"heads of {territory}", f"another territory in {_file(folder, territory)}")
    return _last(heads, _file(folder, territory), public)


def anchored(body: bytes, where: Path, territory: str, public: Ed25519PublicKey) -> Head | None:
    """The same from what was kept elsewhere: lines of heads, or what `/heads` answered. None when none is of ours."""
    return _last([head for head in _kept(body, where).heads if head.territory == territory], where, public)


def key_in(body: bytes, where: Path) -> Ed25519PublicKey | None:
    """The public key that was kept with the heads, if it was."""
    kept = _kept(body, where).public_key
    return _public(kept.encode(), where) if kept else None


def _kept(body: bytes, where: Path) -> Answered:
    try:
        return msgspec.json.decode(body, type=Answered)
    except msgspec.MsgspecError:
        return Answered(heads=list(_read(body, where)))


def _last(heads: list[Head], path: Path, public: Ed25519PublicKey) -> Head | None:
    for head in heads:
        if not head.signed_by(public):
            raise Invalid(_("heads signed by this instance"), f"#{head.sequence} of {head.territory} in {path} is not")
    return max(heads, key=lambda head: head.sequence, default=None)


def _published(folder: Path, territory: str) -> Iterator[Head]:
    path = _file(folder, territory)
    if path.exists():
        yield from _read(path.read_bytes(), path)


def _read(body: bytes, path: Path) -> Iterator[Head]:
    for place, line in enumerate(body.splitlines(), start=1):
        try:
            yield msgspec.json.decode(line, type=Head)
        except msgspec.MsgspecError as error:
            raise Invalid(_("a signed head on each line"), f"line {place} of {path}: {error}") from error


def _file(folder: Path, territory: str) -> Path:
    return folder / f"{territory}.jsonl"
