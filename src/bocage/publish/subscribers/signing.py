"""Signs what is sent, as Standard Webhooks asks (signature v1a: Ed25519 over number, time and body)."""

from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.registers import heads

ALGORITHM: Final = "v1a (Ed25519 over webhook-id, webhook-timestamp and the body, joined with dots)"


class Signer:
    """The key of the instance, made when it is first needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._key: Ed25519PrivateKey | None = None

    def headers(self, number: str, seconds: int, body: bytes) -> Mapping[str, str]:
        """What goes with a body. `seconds`: since 1970."""
        signature = self._private().sign(f"{number}.{seconds}.".encode() + body)
        return {
            "webhook-id": number,
            "webhook-timestamp": str(seconds),
            "webhook-signature": f"v1a,{b64encode(signature).decode()}",
        }

    def public(self) -> str:
        """The key to check it with (PEM)."""
        return heads.public_text(self._private())

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            self._key = heads.make_key(self._path)
        return self._key
