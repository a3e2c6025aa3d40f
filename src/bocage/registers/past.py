"""What held at a place of the chain, read from the very bytes that were sealed, whatever the tables beside them say."""

import msgspec

from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.registers import chain
from bocage.registers.chain import Sealed
from bocage.registers.tables import BESIDE, Version


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration as it was sealed, with the digest that its bytes have now."""

    sealed: Sealed
    digest: str


def as_of(territory: str, sequence: int) -> tuple[Held, ...]:
    """What held once this many versions were written, by kind and slug; Invalid when bytes cannot be read any more."""
    last: dict[tuple[str, str], Held] = {}
    rows = Version.objects.filter(territory=territory, sequence__lte=sequence).exclude(kind__in=BESIDE)
    rows = rows.order_by("sequence")
    for place, sealed in rows.values_list("sequence", "sealed").iterator(chunk_size=500):
        found = _held(territory, place, bytes(sealed))
        last[found.sealed.kind, found.sealed.slug] = found
    return tuple(held for _place, held in sorted(last.items()) if not held.sealed.withdrawn)


def digest_at(territory: str, sequence: int) -> str:
    """The digest of the bytes that stand at this place of the chain now; empty when nothing does."""
    row = Version.objects.filter(territory=territory, sequence=sequence).values_list("sealed", flat=True).first()
    return chain.link(bytes(row)) if row is not None else ""


def _held(territory: str, sequence: int, sealed: bytes) -> Held:
    try:
        return Held(sealed=chain.decode(sealed), digest=chain.link(sealed))
    except msgspec.MsgspecError as error:
        place = f"{territory} (#{sequence})"
        raise Invalid(_("a version as it was recorded"), place, _("it was altered: run bocage verify")) from error
