"""What a service cost in a month, by how it is known: levels of evidence stand side by side and are never added up."""

import enum
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.contract import Contract
from bocage.domain.indicator import Indicator, UnitCost
from bocage.domain.instant import to_datetime
from bocage.domain.measure import Aggregate, Measure, Period, fits
from bocage.domain.sensing import Datastream, Unit
from bocage.domain.spans import whole_months_later
from bocage.domain.text import Text
from bocage.publish.council.figures import Asked, Item, streams_of
from bocage.publish.indicators import Followed, worked_out
from bocage.publish.sight import concerns_persons
from bocage.steer.measuring import Figure
from bocage.store.protocol import Store

EUROS = frozenset({"€", "eur", "euro", "euros"})


class Level(enum.StrEnum):
    """How a cost is known."""

    MEASURED = "measured"
    COMPUTED = "computed"  # a measured total, times a declared price
    DECLARED = "declared"


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """One cost of the month in euros, None where it is not known.

    `price`: what a unit costs and where that price comes from. `figure`: the total it is made of. `contract`: its slug.
    `days`, `of`: of a contract, how many of its days lie in the month; `services`: how many it is for.
    """

    level: Level
    title: Text
    euros: float | None
    unit: str = ""
    figure: Figure | None = None
    price: UnitCost | None = None
    indicator: str = ""
    contract: str = ""
    days: int = 0
    of: int = 0
    services: int = 1


def costs(facts: TerritoryFacts, store: Store, items: Iterable[Item], asked: Asked) -> list[Cost]:
    """Measured ones first, then computed, then declared."""
    return [*_measured(facts, store, asked), *_computed(items), *_declared(facts, asked)]


def totals(found: Iterable[Cost]) -> dict[Level, float]:
    """The sum of each level that holds several costs, all of them known."""
    by_level: dict[Level, list[float | None]] = {}
    for cost in found:
        by_level.setdefault(cost.level, []).append(cost.euros)
    return {
        level: sum(one for one in euros if one is not None)
        for level, euros in by_level.items()
        if len(euros) > 1 and None not in euros
    }


def in_euros(unit: Unit) -> bool:
    """Whether a series is money."""
    return any(said.strip().casefold() in EUROS for said in (unit.symbol, unit.name, unit.ucum.strip("{}[]")))


def _measured(facts: TerritoryFacts, store: Store, asked: Asked) -> list[Cost]:
    found = []
    for slug, stream in streams_of(facts, asked.service).items():
        if not in_euros(stream.unit) or concerns_persons(facts, stream) or not fits(stream.nature, Aggregate.SUM):
            continue
        figure = _total(store, facts.slug, slug, stream, asked)
        if figure is not None:
            cost = Cost(level=Level.MEASURED, title=stream.title, euros=figure.value, unit="€", figure=figure)
            found.append(cost)
    return found


def _total(store: Store, territory: str, slug: str, stream: Datastream, asked: Asked) -> Figure | None:
    indicator = Indicator(title=stream.title, measure=Measure(datastreams=(slug,), aggregate=Aggregate.SUM))
    one = Followed(territory=territory, slug="", indicator=indicator, streams=((slug, stream),))
    found = worked_out(store, one, asked.zone, (asked.month.start, asked.month.end), Period.MONTH)[slug]
    return found[0] if found else None


def _computed(items: Iterable[Item]) -> list[Cost]:
    return [
        Cost(
            level=Level.COMPUTED,
            title=item.title,
            euros=item.figure.value * price.euros,
            unit=item.unit,
            figure=item.figure,
            price=price,
            indicator=item.indicator,
        )
        for item in items
        if (price := item.followed.indicator.unit_cost) and item.figure is not None
    ]


def _declared(facts: TerritoryFacts, asked: Asked) -> list[Cost]:
    first, last = month_days(asked)
    found = []
    for slug, contract in sorted(facts.all(Contract).items()):
        if asked.service not in contract.services:
            continue
        runs = running(contract)
        days = max(0, (min(last, runs[1]) - max(first, runs[0])).days + 1) if runs else 0
        if runs and not days:
            continue
        of = (runs[1] - runs[0]).days + 1 if runs else 0
        euros = contract.amount * days / of if contract.amount is not None and of else None
        found.append(
            Cost(
                level=Level.DECLARED,
                title=contract.title,
                euros=euros,
                contract=slug,
                days=days,
                of=of,
                services=len(contract.services),
            )
        )
    return found


def month_days(asked: Asked) -> tuple[date, date]:
    """First and last day of the month."""
    start, end = (to_datetime(at, asked.zone).date() for at in (asked.month.start, asked.month.end))
    return start, end - timedelta(days=1)


def running(contract: Contract) -> tuple[date, date] | None:
    """First and last day of a contract; from its notification where it says no start; None where it says too little."""
    starts = contract.starts or contract.notified
    if starts is None or contract.months is None:
        return None
    after = whole_months_later(datetime(starts.year, starts.month, starts.day, tzinfo=UTC), contract.months).date()
    return starts, after - timedelta(days=1)
