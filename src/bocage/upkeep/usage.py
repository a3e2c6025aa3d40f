"""What the instance took of the machine, day by day: kept a little more than a year."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import msgspec
from django.db.models import F, Max, Min, Sum

from bocage import relational
from bocage.upkeep.meter import METER, Meter
from bocage.upkeep.tables import UsageDay

KEPT = timedelta(days=400)


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """What was counted from a day on: `since` is the first day known, None when nothing was counted.

    `seconds`: of processor, by the whole instance. Bytes by territory.
    """

    since: date | None
    seconds: float
    received: Mapping[str, int]
    sent: Mapping[str, int]


def flush(at: datetime, meter: Meter = METER) -> None:
    """Add what was counted until now to the table."""
    taken = meter.take()
    places = {"", *taken.received, *taken.sent}
    try:
        with relational.transaction():
            for territory in places:
                _add(at.date(), territory[:200], taken.seconds if not territory else 0.0, (taken.received, taken.sent))
            UsageDay.objects.filter(day__lt=at.date() - KEPT).delete()
    except Exception:  # put back what could not be written, then let the caller know
        meter.put_back(taken)
        raise


def _add(day: date, territory: str, seconds: float, counted: tuple[Mapping[str, int], Mapping[str, int]]) -> None:
    received, sent = (count.get(territory, 0) for count in counted)
    UsageDay.objects.get_or_create(day=day, territory=territory)
    UsageDay.objects.filter(day=day, territory=territory).update(
        seconds=F("seconds") + seconds, received=F("received") + received, sent=F("sent") + sent
    )


def used(since: date) -> Used:
    """What was counted from that day on."""
    rows = UsageDay.objects.filter(day__gte=since)
    first = rows.aggregate(first=Min("day"), last=Max("day"))["first"]
    totals = {
        row["territory"]: row
        for row in rows.values("territory").annotate(seconds=Sum("seconds"), received=Sum("received"), sent=Sum("sent"))
    }
    return Used(
        since=first,
        seconds=totals[""]["seconds"] if "" in totals else 0.0,
        received={territory: row["received"] for territory, row in totals.items()},
        sent={territory: row["sent"] for territory, row in totals.items()},
    )
