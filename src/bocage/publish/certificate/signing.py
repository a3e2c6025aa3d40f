"""What is signed of a certificate, by which key, and whether it was: Ed25519 over canonical bytes."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bocage.domain.canonical import canonical
from bocage.domain.certificate import FORM, Certificate, Signer


def signed_bytes(plain: Mapping[str, Any], form: str = FORM) -> bytes:
    """The form, a line feed, then the canonical bytes of everything but the signature."""
    return form.encode() + b"\n" + canonical({name: held for name, held in plain.items() if name != "signature"})


def signer(public: Ed25519PublicKey) -> Signer:
    """How a public key is named: as a JSON Web Key (RFC 8037) with its thumbprint (RFC 7638)."""
    x = text(public.public_bytes(Encoding.Raw, PublicFormat.Raw))
    named = canonical({"crv": "Ed25519", "kty": "OKP", "x": x})
    return Signer(id=text(hashlib.sha256(named).digest()), x=x)


def public_key(x: str) -> Ed25519PublicKey:
    """The key of a JSON Web Key; ValueError when it is none."""
    return Ed25519PublicKey.from_public_bytes(raw(x))


def sign(certificate: Certificate, key: Ed25519PrivateKey) -> Certificate:
    """The same with its signature."""
    return msgspec.structs.replace(
        certificate, signature=text(key.sign(signed_bytes(msgspec.to_builtins(certificate))))
    )


def signed_by(x: str, plain: Mapping[str, Any], form: str = FORM) -> bool:
    """Whether this key signed exactly this."""
    try:
        public_key(x).verify(raw(str(plain.get("signature", ""))), signed_bytes(plain, form))
    except (InvalidSignature, ValueError):
        return False
    return True


def digest(entries: Sequence[Any]) -> str:
    """SHA-256 of the canonical bytes of the entries of one open register."""
    return hashlib.sha256(canonical(entries)).hexdigest()


def text(held: bytes) -> str:
    """Bytes as base64url without its filling, as JSON Web Keys write them."""
    return base64.urlsafe_b64encode(held).decode().rstrip("=")


def raw(said: str) -> bytes:
    """The bytes back; ValueError when it is not base64url."""
    return base64.b64decode(said + "=" * (-len(said) % 4), altchars=b"-_", validate=True)
