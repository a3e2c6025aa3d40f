"""How far each subscriber has come, for whoever wants to know."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bocage import outbox
from bocage.outbox import Parcel
from bocage.publish.tables import Sent


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which position, how many observations in all, when the last; the delivery on its way, if any."""

    position: int
    count: int
    last: datetime | None
    waiting: Parcel | None = None


def reaches(territory: str) -> Mapping[str, Reach]:
    """Those of a territory, by subscription; one that was never looked at has none."""
    rows = list(Sent.objects.filter(territory=territory))
    parcels = outbox.numbered([row.parcel for row in rows if row.bound])
    return {
        row.subscription: Reach(
            position=row.position,
            count=row.count,
            last=row.last,
            waiting=parcels.get(row.parcel) if row.bound else None,
        )
        for row in rows
    }


def reach_of(territory: str, subscription: str) -> Reach | None:
    """That of one."""
    return reaches(territory).get(subscription)
