"""How far the registers of a territory have changed."""

from bocage.registers.tables import Chain
from bocage.relational.revisions import Revisions


def _kept(territory: str) -> int:
    return Chain.objects.filter(territory=territory).values_list("revision", flat=True).first() or 0


REVISIONS = Revisions("registers", _kept)
