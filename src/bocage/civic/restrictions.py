"""Series whose use is restricted at the request of a person (GDPR 18): what runs, and what is withheld of the log."""

from datetime import date

import msgspec

from bocage.civic.tables import RestrictionRow
from bocage.domain.person_right import RestrictionCase


class Restriction(msgspec.Struct, frozen=True, kw_only=True):
    """One series kept and not used. `request`: the number of the request; `series`, `datastream`: its slug and its
    number in the log; `told`: the day the person was told that it would be lifted; `lifted`: None while it runs."""

    territory: str
    request: int
    case: RestrictionCase
    series: str
    datastream: int
    since: date
    told: date | None = None
    lifted: date | None = None


def restrictions(territory: str) -> list[Restriction]:
    """All of a territory, those that run first, then by day and series."""
    found = [made(row) for row in RestrictionRow.objects.filter(territory=territory)]
    return sorted(found, key=lambda one: (one.lifted is not None, one.since, one.series))


def running(territory: str) -> list[Restriction]:
    """Those that are not lifted."""
    return [one for one in restrictions(territory) if one.lifted is None]


def restricts(territory: str, number: int) -> bool:
    """Whether a restriction runs under this request."""
    return RestrictionRow.objects.filter(territory=territory, request=number, lifted=None).exists()


def withheld() -> frozenset[int]:
    """The datastreams of every territory that a restriction withholds."""
    return frozenset(RestrictionRow.objects.filter(lifted=None).values_list("datastream", flat=True))


def made(row: RestrictionRow) -> Restriction:
    """The restriction of a row."""
    return Restriction(
        territory=row.territory,
        request=row.request,
        case=RestrictionCase.of(row.case),
        series=row.series,
        datastream=row.datastream,
        since=row.since,
        told=row.told,
        lifted=row.lifted,
    )
