"""Public keys of certificates as an instance tells them at its well-known address: a JSON Web Key Set (RFC 7517)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.publish.certificate import signing

WELL_KNOWN: Final = "/.well-known/bocage-certificates.json"
TURN: Final = "bocage key 1"
"""The first words of what an old key signs of the one that follows it."""


class Published(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One public key. `until`: when another took its place; what it signed before stays signed.

    `after`: the key before, which signed this one (`signature`), so that who knew that one may follow.
    """

    id: str
    x: str
    since: datetime
    until: datetime | None = None
    after: str = ""
    signature: str = ""


class Known(msgspec.Struct, frozen=True):
    """A key that is trusted; `until`: when another took its place, if that is known."""

    x: str
    until: datetime | None = None


class _Key(msgspec.Struct, frozen=True):
    kty: str
    kid: str
    x: str
    crv: str = ""
    since: str = ""
    until: datetime | None = None
    after: str = ""
    signature: str = ""


class _Set(msgspec.Struct, frozen=True):
    keys: list[_Key]


def told(keys: Iterable[Published]) -> dict[str, Any]:
    """The set as it is published."""
    return {
        "keys": [
            {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": one.id, "x": one.x,
             "since": one.since, "until": one.until, "after": one.after, "signature": one.signature}
            for one in keys
        ]
    }  # fmt: skip


def known(body: bytes) -> dict[str, Known]:
    """The keys of a set, by id; Invalid when the bytes hold none, or one that is not named as it should be."""
    try:
        found = {one.kid: Known(one.x, one.until) for one in _held(body)}
        sound = all(signing.signer(signing.public_key(one.x)).id == name for name, one in found.items())
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Invalid(_("public keys of certificates"), str(error)[:200]) from error
    if not sound:
        raise Invalid(_("keys that bear their own thumbprint"), ", ".join(found)[:200])
    return found


def followed(trusted: Mapping[str, Known], body: bytes) -> dict[str, Known]:
    """The keys one trusts, and those of a set that follow from them: each signed by the one before."""
    found, published = dict(trusted), known(body)
    for one in _held(body):
        plain = {"id": one.kid, "x": one.x, "since": one.since, "signature": one.signature}
        follows = one.after in found and signing.signed_by(found[one.after].x, plain, TURN)
        if follows or (one.kid in found and found[one.kid].until is None):
            found[one.kid] = published[one.kid]  # of one that is trusted, its end, which may have come since
    return found


def _held(body: bytes) -> list[_Key]:
    return [one for one in msgspec.json.decode(body, type=_Set).keys if one.kty == "OKP" and one.crv == "Ed25519"]
