"""Reads a certificate that comes from anybody: whatever the bytes are, a certificate or Invalid."""

import hashlib
import json
from typing import Any, Final

import msgspec

from bocage.domain.canonical import EXACT
from bocage.domain.certificate import CANONICAL, FORM, Certificate
from bocage.domain.declaration import is_slug
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.publish.certificate import signing

LARGEST: Final = 1024 * 1024  # bytes; a hundred promises and registers make some fifty thousand


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """A certificate as it was handed over: what it says, its very words, and the digest it is known by."""

    certificate: Certificate
    plain: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of what is signed and the signature: another for the least change, the same however it is spaced."""
        return hashlib.sha256(signing.signed_bytes(self.plain) + self.certificate.signature.encode()).hexdigest()

    @property
    def sound(self) -> bool:
        """Whether the key it names signed exactly this."""
        key = self.certificate.key
        return _named(key.x) == key.id and signing.signed_by(key.x, self.plain)


def _named(x: str) -> str:
    try:
        return signing.signer(signing.public_key(x)).id
    except ValueError:
        return ""


def read(body: bytes) -> Paper:
    """The certificate of these bytes; Invalid for anything else."""
    plain = document(body)
    try:
        certificate = msgspec.convert(plain, Certificate)
    except msgspec.ValidationError as error:
        raise Invalid(_("a certificate of Bocage"), str(error)[:200]) from error
    if (certificate.form, certificate.canonical) != (FORM, CANONICAL) or certificate.issued.tzinfo is None:
        raise Invalid(_("a certificate of Bocage"), certificate.form[:80])
    if not is_slug(certificate.territory):  # it is a part of the addresses that are asked
        raise Invalid(_("a certificate of Bocage"), certificate.territory[:80])
    return Paper(certificate=certificate, plain=plain)


def document(body: bytes) -> dict[str, Any]:
    """The JSON object of these bytes, when every reader reads it alike: no name twice, no number with a point."""
    if len(body) > LARGEST:
        raise Invalid(_("a file of a megabyte at most"), f"{len(body)} B")
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_once,
            parse_int=_exact,
            parse_float=_refused,
            parse_constant=_refused,
        )
        json.dumps(found, ensure_ascii=False).encode("utf-8")  # half of a pair of surrogates is no text
    except (ValueError, RecursionError) as error:
        raise Invalid(_("a certificate of Bocage"), str(error)[:200]) from error
    if not isinstance(found, dict):
        raise Invalid(_("a certificate of Bocage"), type(found).__name__)
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _exact(said: str) -> int:
    if len(said) > 17 or abs(int(said)) > EXACT:
        raise ValueError("a number that is too large")
    return int(said)


def _refused(said: str) -> Any:
    raise ValueError(f"{said[:20]} is no whole number")
