"""The keys that sign certificates: one signs at a time, all that ever did can still be read by everyone.

The private key stays in `data/keys` (mode 0600). What is public stands beside it, so that it outlives its key.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.publish.certificate import signing
from bocage.publish.certificate.keys import TURN, Published
from bocage.registers import heads

PRIVATE: Final = "certificates.pem"
PUBLIC: Final = "certificates.json"


class Ring:
    """Those of the instance, in its folder of keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, at: datetime) -> Ed25519PrivateKey:
        """The one that signs, made when there is none yet."""
        key = heads.make_key(self._folder / PRIVATE)
        if not any(one.id == signing.signer(key.public_key()).id for one in self.published()):
            self._keep((*self.published(), _published(key, at)))
        return key

    def published(self) -> tuple[Published, ...]:
        """The public keys, oldest first; none before the first certificate."""
        path = self._folder / PUBLIC
        return msgspec.json.decode(path.read_bytes(), type=tuple[Published, ...]) if path.exists() else ()

    def turn(self, at: datetime) -> Published:
        """Make another key that signs from now on; the one before says that this one follows it, and is erased."""
        before, after = self.key(at), Ed25519PrivateKey.generate()
        following = _published(after, at)
        plain = {"id": following.id, "x": following.x, "since": msgspec.to_builtins(at)}
        following = msgspec.structs.replace(
            following,
            after=signing.signer(before.public_key()).id,
            signature=signing.text(before.sign(signing.signed_bytes(plain, TURN))),
        )
        kept = self.published()
        self._keep((*kept, following))  # first what says that it follows: without it nobody could trust the new one
        heads.replace_key(self._folder / PRIVATE, after)
        self._keep((*(msgspec.structs.replace(one, until=one.until or at) for one in kept), following))
        return following

    def _keep(self, keys: tuple[Published, ...]) -> None:
        path = self._folder / PUBLIC
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(keys)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)


def _published(key: Ed25519PrivateKey, at: datetime) -> Published:
    named: Any = signing.signer(key.public_key())
    return Published(id=named.id, x=named.x, since=at)
