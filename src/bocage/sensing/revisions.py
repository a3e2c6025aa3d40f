"""How far the entities of a territory have changed."""

from bocage.relational.revisions import Revisions
from bocage.sensing.tables import Revision


def grow(territory: str) -> None:
    """Count one more change, told once the present transaction is durable."""
    row, made = Revision.objects.get_or_create(territory=territory, defaults={"number": 1})
    if not made:
        row.number += 1
        row.save()
    REVISIONS.follow(territory)


def _kept(territory: str) -> int:
    return Revision.objects.filter(territory=territory).values_list("number", flat=True).first() or 0


REVISIONS = Revisions("sensing", _kept)
