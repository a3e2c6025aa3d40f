"""Carries the whole chain of a territory from one instance to another, as lines of JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from bocage import relational
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.text import message as _
from bocage.registers import beside, chain
from bocage.registers.holding import rebuild
from bocage.registers.recording import row_of
from bocage.registers.tables import BESIDE, Chain, Personal, Version
from bocage.registers.verification import verify


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One version: its sealed text as it was hashed, its personal values unless they were erased; where it is of what
    stands beside declarations, what that says (`beside`)."""

    digest: str
    sealed: str
    personal: dict[str, tuple[bytes, str]] = {}
    beside: dict[str, Any] = {}


def carried(territory: str) -> Iterator[bytes]:
    """The chain of a territory, one line per version, first to last."""
    rows = Version.objects.filter(territory=territory).order_by("sequence").prefetch_related("personal")
    for row in rows.iterator(chunk_size=500):
        personal = {one.field: (bytes(one.salt), one.value) for one in row.personal.all()}
        line = Line(
            digest=row.digest,
            sealed=bytes(row.sealed).decode(),
            personal=dict(sorted(personal.items())),
            beside=beside.carried(row),
        )
        yield msgspec.json.encode(line) + b"\n"


def restore(territory: str, lines: Iterable[bytes]) -> int:
    """Take over a chain where the territory has none; how many versions it has. Invalid when it does not verify."""
    with relational.transaction():
        if Version.objects.filter(territory=territory).exists():
            raise Conflict(_("a territory without history"), territory, _("restore into an empty instance"))
        head = Chain.objects.get_or_create(territory=territory)[0]
        for text in lines:
            row = _restored(text, territory)
            head.sequence, head.digest = row.sequence, row.digest
        head.save()
        rebuild()
        faults = verify(territory)
        if faults:
            raise Invalid(_("an unbroken chain"), f"{faults[0].code} at {faults[0].sequence}", territory=territory)
    return head.sequence


def _restored(text: bytes, territory: str) -> Version:
    try:
        line = msgspec.json.decode(text, type=Line)
        sealed = chain.decode(line.sealed.encode())
    except msgspec.MsgspecError as error:
        raise Invalid(_("a line of a carried chain"), str(error)) from error
    if sealed.territory != territory:
        raise Invalid(f"the chain of {territory}", f"a version of {sealed.territory}")
    row = row_of(line.sealed.encode(), sealed)
    row.digest = line.digest
    row.save(force_insert=True)
    if line.beside and row.kind in BESIDE:
        beside.put_back(row.kind, territory, line.beside)
    Personal.objects.bulk_create(
        Personal(version=row, field=field, salt=salt, value=value) for field, (salt, value) in line.personal.items()
    )
    return row
