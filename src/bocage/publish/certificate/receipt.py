"""A receipt: another instance says that it keeps a head of ours, and since when."""

from datetime import datetime
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bocage.domain.certificate import Certified, Signer
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.publish.certificate import signing
from bocage.publish.certificate.paper import document

FORM: Final = "bocage receipt 1"


class Receipt(Certified, frozen=True, kw_only=True, omit_defaults=False):
    """What is signed: `FORM`, a line feed, the canonical bytes of all of it without `signature`.

    `head`: the signed head, as it was received. `by`: the address of the witness.
    """

    form: str
    head: dict[str, Any]
    received: datetime
    by: str
    key: Signer
    signature: str = ""

    @property
    def place(self) -> tuple[str, int, str]:
        """Territory, sequence and digest of the head."""
        return str(self.head.get("territory")), int(self.head.get("sequence", 0)), str(self.head.get("digest"))


def give(head: dict[str, Any], by: str, key: Ed25519PrivateKey, at: datetime) -> Receipt:
    """A signed receipt."""
    unsigned = Receipt(form=FORM, head=head, received=at, by=by, key=signing.signer(key.public_key()))
    signature = key.sign(signing.signed_bytes(msgspec.to_builtins(unsigned), FORM))
    return msgspec.structs.replace(unsigned, signature=signing.text(signature))


def read(body: bytes) -> Receipt:
    """The receipt of these bytes; Invalid for anything else, and when its key did not sign it."""
    plain = document(body)
    try:
        found = msgspec.convert(plain, Receipt)
        sound = signing.signer(signing.public_key(found.key.x)).id == found.key.id
        sound = sound and found.form == FORM and signing.signed_by(found.key.x, plain, FORM)
        _territory, sequence, _digest = found.place
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        raise Invalid(_("a signed receipt"), str(error)[:200]) from error
    if not sound or sequence < 1:
        raise Invalid(_("a signed receipt"), found.by[:80])
    return found
