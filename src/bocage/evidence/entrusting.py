"""Keeps the heads of others: whoever is declared, known by the key that signs them, gets a signed receipt."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from bocage import registers, relational
from bocage.domain.errors import Conflict, Invalid, Missing, Unavailable
from bocage.domain.text import message as _
from bocage.domain.witness import Witnessed
from bocage.evidence.tables import EntrustedRow
from bocage.publish.certificate import receipt, signing
from bocage.publish.certificate.receipt import Receipt
from bocage.registers import heads
from bocage.registers.heads import Head

LONGEST: Final = 8 * 1024  # bytes of a head
EACH_DAY: Final = 100  # heads of one owner: one a day and one for each certificate are far fewer
MOST: Final = 20_000  # heads of one owner
OLDEST: Final = timedelta(days=30)
"""Since a head was signed: heads are public, and a stranger who brings old ones must not take the place of new ones."""


def receive(territory: str, body: bytes, by: str, keys: Path, at: datetime) -> Receipt:
    """Keep a head for its owner. Missing when no key that is declared signed it; Conflict when another head of the same
    place is kept already, which stays: their chain was written anew; Invalid when it was signed long ago."""
    head, owner = _owned(territory, body)
    if abs(at - head.at) > OLDEST:
        raise Invalid(_("a head that was signed within a month"), head.at.isoformat())
    with relational.transaction():
        kept = EntrustedRow.objects.filter(territory=territory, owner=owner)
        before = [msgspec.json.decode(bytes(row.head), type=Head) for row in kept.filter(sequence=head.sequence)]
        if any(one.digest != head.digest for one in before):
            raise Conflict(_("the head that is kept of this place"), f"#{head.sequence}", _("it was written anew"))
        if not before:
            if kept.count() >= MOST or kept.filter(received__gt=at - timedelta(days=1)).count() >= EACH_DAY:
                raise Unavailable(_("fewer heads in a day"), owner)
            EntrustedRow.objects.create(
                territory=territory, owner=owner, sequence=head.sequence, received=at, head=msgspec.json.encode(head)
            )
    key = heads.make_key(keys / "receipts.pem")
    return receipt.give(msgspec.to_builtins(head), by, key, at.replace(microsecond=0))


def owners(territory: str) -> list[str]:
    """Those whose heads are kept here, by name."""
    names = EntrustedRow.objects.filter(territory=territory).values_list("owner", flat=True)
    return sorted(names.distinct().order_by())


def held(territory: str, owner: str = "", limit: int = 500) -> list[tuple[str, datetime, Head]]:
    """Heads kept for others, newest first: whose, received when, the head."""
    rows = EntrustedRow.objects.filter(territory=territory, **({"owner": owner} if owner else {}))
    return [
        (row.owner, row.received, msgspec.json.decode(bytes(row.head), type=Head))
        for row in rows.order_by("-id")[:limit]
    ]


def _owned(territory: str, body: bytes) -> tuple[Head, str]:
    """The head, and the declaration whose key signed it."""
    if len(body) > LONGEST:
        raise Invalid(_("a signed head"), f"{len(body)} B")
    try:
        head = msgspec.json.decode(body, type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("a signed head"), str(error)[:200]) from error
    for entry in registers.current(territory, Witnessed.kind):
        one = entry.body
        if isinstance(one, Witnessed) and one.territory == head.territory and _signed(head, one.key):
            return head, entry.key.slug
    raise Missing(_("a territory whose heads are kept here"), head.territory[:120])


def _signed(head: Head, key: str) -> bool:
    try:
        return 0 < head.sequence < 2**53 and head.at.tzinfo is not None and head.signed_by(signing.public_key(key))
    except ValueError:
        return False
