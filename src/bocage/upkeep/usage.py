"""What the instance took of the machine, day by day: kept a little more than a year."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

import msgspec

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


def flush(at: datetime, known: Collection[str], meter: Meter = METER) -> None:
    """Add what was counted until now to the table; `known`: the territories there are."""
    taken = meter.take().of(known)
    places = {"", *taken.received, *taken.sent}
    try:
        with relational.transaction():
            for territory in places:
                counted = taken.received.get(territory, 0), taken.sent.get(territory, 0)
                UsageDay.add(at.date(), territory[:200], 0.0 if territory else taken.seconds, counted)
            UsageDay.objects.filter(day__lt=at.date() - KEPT).delete()
    except Exception:  # put back what could not be written, then let the caller know
        meter.put_back(taken)
        raise


def used(since: date) -> Used:
    """What was counted from that day on."""
    totals = UsageDay.totals(since)
    return Used(
        since=min((row["first"] for row in totals.values()), default=None),
        seconds=totals[""]["seconds"] if "" in totals else 0.0,
        received={territory: row["received"] for territory, row in totals.items()},
        sent={territory: row["sent"] for territory, row in totals.items()},
    )
