"""Where things stood: kept while what took a thing away can be taken back, so that it comes back with its past."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bocage.domain.sensing import Thing
from bocage.sensing import tables
from bocage.sensing.reading import numbers_of


class Stood(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where the thing of a number stood from an instant on; nowhere where there are no degrees (WGS84).
    `location`: the number of the location that said so."""

    thing: int
    since: datetime
    longitude: float | None = None
    latitude: float | None = None
    location: int | None = None


def stood(territory: str, kind: str, slug: str) -> tuple[Stood, ...]:
    """All that is known of a thing, under each of its numbers, oldest first; nothing of anything else."""
    row = tables.Thing.objects.filter(territory=territory, slug=slug).first() if kind == Thing.kind else None
    rows = tables.HistoricalLocation.objects.filter(thing__in=numbers_of(row)) if row else ()
    return tuple(
        Stood(thing=one.thing, since=one.since, longitude=one.longitude, latitude=one.latitude, location=one.location)
        for one in sorted(rows, key=lambda one: (one.since, one.id))
    )


def stand_again(former: Sequence[Stood]) -> None:
    """Write down again where a thing stood, before it is placed again; in the transaction that places it."""
    tables.HistoricalLocation.objects.bulk_create(
        tables.HistoricalLocation(**msgspec.structs.asdict(one)) for one in former
    )
