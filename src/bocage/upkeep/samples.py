"""How large the data were, day by day."""

from collections.abc import Sequence
from datetime import date, timedelta

from bocage.upkeep.room import LOOKED_AT, Sample
from bocage.upkeep.tables import RoomSample


def sampled(sample: Sample) -> None:
    """Keep how it is today, and forget what is too old to tell a pace."""
    RoomSample.objects.update_or_create(
        day=sample.day, defaults={"data": sample.data, "free": sample.free, "total": sample.total}
    )
    RoomSample.objects.filter(day__lt=sample.day - timedelta(days=2 * LOOKED_AT)).delete()


def samples(until: date) -> Sequence[Sample]:
    """The days that are known, oldest first."""
    rows = RoomSample.objects.filter(day__lte=until).order_by("day")
    return [Sample(day=row.day, data=row.data, free=row.free, total=row.total) for row in rows]
