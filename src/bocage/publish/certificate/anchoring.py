"""Heads that somebody kept, in any form: a receipt, a certificate, what `/heads` answered, lines."""

from datetime import datetime
from typing import Any

import msgspec

from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.publish.certificate import paper, receipt
from bocage.publish.certificate.checking import Anchor
from bocage.publish.certificate.paper import LARGEST, Paper


class Kept(msgspec.Struct, frozen=True):
    """One head, as far as it is looked at: who keeps it vouches for it."""

    territory: str
    sequence: int
    digest: str


class _Heads(msgspec.Struct, frozen=True):
    heads: list[Kept]


def anchors(body: bytes, of: Paper, name: str) -> tuple[Anchor, ...]:
    """The heads in a file of the territory of a certificate; Invalid when there is none. `name`: of the file."""
    territory = of.certificate.territory
    found = [one for one in kept(body) if one.territory == territory]
    if not found:
        raise Invalid(_("heads, a receipt or a certificate of this territory"), name)
    return tuple(Anchor(sequence=one.sequence, digest=one.digest, by=name) for one in found)


def kept(body: bytes) -> list[Kept]:
    """Every head in these bytes; Invalid when they are of no form that holds one."""
    if len(body) > LARGEST * 16:
        raise Invalid(_("a file of a megabyte at most"), f"{len(body)} B")
    form = _form(body)
    if form == receipt.FORM:
        territory, sequence, digest = receipt.read(body).place
        return [Kept(territory, sequence, digest)]
    if form:
        found = paper.read(body)
        if not found.sound:
            raise Invalid(_("a certificate whose signature is right"), form[:80])
        return [Kept(found.certificate.territory, found.certificate.head.sequence, found.certificate.head.digest)]
    return _heads(body)


def sealed(body: bytes) -> tuple[Kept, datetime] | None:
    """The head of a receipt or of a certificate, signed by the key it names, and of when; None for anything else."""
    if _form(body) == receipt.FORM:
        read = receipt.read(body)
        return Kept(*read.place), read.received
    if not _form(body):
        return None
    (found,) = kept(body)
    return found, paper.read(body).certificate.issued


def _form(body: bytes) -> str:
    try:
        found: Any = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    return str(found.get("form", "")) if isinstance(found, dict) else ""


def _heads(body: bytes) -> list[Kept]:
    try:
        try:
            return msgspec.json.decode(body, type=_Heads).heads
        except msgspec.MsgspecError:
            return [msgspec.json.decode(line, type=Kept) for line in body.splitlines()]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(_("a signed head on each line"), str(error)[:200]) from error
