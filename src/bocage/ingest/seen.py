"""What text results showed of persons: found at the gate and by a daily look back, kept until somebody mends it."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from bocage import sensing
from bocage.commitments import behaviour
from bocage.commitments.flow import Sign
from bocage.domain.instant import DAY, to_ms
from bocage.domain.nature import Nature, ResultKind
from bocage.domain.sensing import Datastream
from bocage.ingest.tables import Seen
from bocage.relational import transaction
from bocage.store.protocol import Store

LOOK_BACK_DAYS = 40


def signs(territory: str) -> dict[str, tuple[Sign, ...]]:
    """The signs of each datastream of a territory, by its slug."""
    found: dict[str, tuple[Sign, ...]] = {}
    for row in Seen.objects.filter(territory=territory).order_by("datastream", "pattern"):
        found[row.datastream] = (*found.get(row.datastream, ()), Sign(pattern=row.pattern, count=row.count))
    return found


def note(territory: str, datastream: str, shown: Sequence[Sign], at: datetime) -> None:
    """Add to what the values of a datastream showed."""
    with transaction():
        for sign in shown:
            row = Seen.objects.filter(territory=territory, datastream=datastream, pattern=sign.pattern).first()
            row = row or Seen(territory=territory, datastream=datastream, pattern=sign.pattern)
            row.count, row.last = row.count + sign.count, at
            row.save()


def look_back(store: Store, territory: str, at: datetime) -> int:
    """Look for identifiers that come back over days in the text results that are kept; how many series show it.

    Only states hold texts. A series that shows it is refused from the next reading on.
    """
    until = to_ms(at)
    known = signs(territory)
    shown = 0
    for placed in sensing.all(territory, Datastream.kind):
        if not isinstance(placed.entity, Datastream) or placed.entity.nature is not Nature.STATE:
            continue
        columns = store.window(placed.id, until - LOOK_BACK_DAYS * DAY, until + DAY)
        if columns.text is None or not (columns.kind == ResultKind.TEXT).any():
            continue
        recurrence = behaviour.recurring_identifiers(list(columns.text), np.asarray(columns.start // DAY))
        patterns = {sign.pattern for sign in known.get(placed.slug, ())}
        if recurrence.links and behaviour.LINKED not in patterns:
            note(territory, placed.slug, [Sign(pattern=behaviour.LINKED, count=recurrence.over_days)], at)
            shown += 1
    return shown
