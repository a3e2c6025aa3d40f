"""What was measured for a service in a month, beside the month before and the same month a year before."""

from collections.abc import Collection, Mapping
from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.indicator import Indicator
from bocage.domain.instant import day_bounds, to_datetime
from bocage.domain.measure import Measure, Period, usual_aggregate
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.text import Text
from bocage.publish.indicators import Followed, all_followed, unit_of, worked_out
from bocage.publish.periods import Period as Month
from bocage.publish.sight import concerns_persons
from bocage.steer.measuring import Figure
from bocage.store.protocol import Store


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which service, which month of the territory's clocks, as it stands `now` (UTC ms).

    `opened`: numbers of the series everyone may see.
    """

    service: str
    month: Month
    zone: str
    now: int
    opened: Collection[int] = ()

    @property
    def over(self) -> bool:
        """Whether the month has ended."""
        return self.month.end <= self.now


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of the month with what it is compared with; None where nothing was measured.

    `indicator`: its slug, empty for series summed up by what they measure. `series`: how many. `closed`: it rests on
    series that are not open. `met`, `of`: periods of an indicator with a target that met it, of those that are whole.
    """

    title: Text
    followed: Followed
    line: str
    unit: str
    indicator: str = ""
    series: int = 1
    closed: bool = False
    figure: Figure | None = None
    before: Figure | None = None
    year: Figure | None = None
    met: int = 0
    of: int = 0

    @property
    def nature(self) -> Nature:
        """The nature of the series behind it."""
        return self.followed.of(self.line)[0][1].nature


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a month, and how many series or indicators are left out because they concern persons."""

    items: tuple[Item, ...] = ()
    withheld: int = 0


def streams_of(facts: TerritoryFacts, service: str) -> Mapping[str, Datastream]:
    """The series of a service, through their datasets."""
    datasets = {slug for slug, body in facts.all(Dataset).items() if body.service == service}
    return {slug: body for slug, body in sorted(facts.all(Datastream).items()) if body.dataset in datasets}


def measured_in(facts: TerritoryFacts, store: Store, asked: Asked) -> Measured:
    """The indicators of the service; where none is declared, its series by what they measure."""
    declared = all_followed(facts, asked.service)
    told = declared or _by_property(facts, asked.service)
    shown = [one for one in told if one.streams and not _of_persons(facts, one)]
    items = [item for one in shown for item in _items(facts, store, one, asked)]
    left = len(told) - len(shown) if declared else _persons(facts, asked.service)
    return Measured(items=tuple(items), withheld=left)


def _of_persons(facts: TerritoryFacts, one: Followed) -> bool:
    return any(concerns_persons(facts, stream) for _slug, stream in one.streams)


def _persons(facts: TerritoryFacts, service: str) -> int:
    return sum(concerns_persons(facts, stream) for stream in streams_of(facts, service).values())


def _by_property(facts: TerritoryFacts, service: str) -> list[Followed]:
    """One figure for all series of a service that measure the same, in the same unit; directions have none."""
    groups: dict[tuple[str, str, Nature], list[str]] = {}
    for slug, stream in streams_of(facts, service).items():
        if stream.nature is not Nature.DIRECTION and not concerns_persons(facts, stream):
            unit = stream.unit.ucum or stream.unit.symbol or stream.unit.name
            groups.setdefault((stream.observed_property, unit, stream.nature), []).append(slug)
    return [_gathered(facts, observed, nature, slugs) for (observed, _unit, nature), slugs in groups.items()]


def _gathered(facts: TerritoryFacts, observed: str, nature: Nature, slugs: list[str]) -> Followed:
    body = facts.one(ObservedProperty, observed)
    measure = Measure(datastreams=tuple(slugs), aggregate=usual_aggregate(nature), together=len(slugs) > 1)
    streams = tuple((slug, stream) for slug in slugs if (stream := facts.one(Datastream, slug)))
    indicator = Indicator(title=body.title if body else Text(fr=observed), measure=measure)
    return Followed(territory=facts.slug, slug="", indicator=indicator, streams=streams)


def _items(facts: TerritoryFacts, store: Store, one: Followed, asked: Asked) -> list[Item]:
    months = {name: _worked(store, one, asked, back) for name, back in (("figure", 0), ("before", 1), ("year", 12))}
    found = []
    for line in one.lines:
        stream = one.of(line)[0][1]
        title = one.indicator.title if len(one.lines) == 1 else stream.title
        met, of = _met(store, one, line, asked)
        found.append(
            Item(
                title=title,
                followed=one,
                line=line,
                unit=unit_of(one, line, Period.MONTH),
                indicator=one.slug,
                series=len(one.of(line)),
                closed=not one.open(asked.opened),
                met=met,
                of=of,
                **{name: figures.get(line) for name, figures in months.items()},
            )
        )
    return found


def _worked(store: Store, one: Followed, asked: Asked, back: int) -> dict[str, Figure]:
    """The figure of each line for the month that lies so many months before."""
    start, end = earlier(asked, back)
    found = worked_out(store, one, asked.zone, (start, end), Period.MONTH)
    return {line: figures[0] for line, figures in found.items() if figures}


def earlier(asked: Asked, back: int) -> tuple[int, int]:
    """First and last instant of the month that lies so many months before (UTC ms)."""
    first = to_datetime(asked.month.start, asked.zone)
    place = first.year * 12 + first.month - 1 - back
    begins, after = (date(n // 12, n % 12 + 1, 1) for n in (place, place + 1))
    return day_bounds(begins, asked.zone)[0], day_bounds(after, asked.zone)[0]


def _met(store: Store, one: Followed, line: str, asked: Asked) -> tuple[int, int]:
    """How many whole periods of the month met the target, and of how many."""
    target = one.indicator.target
    if target is None or one.measure.period in (Period.MONTH, Period.VALUE):
        return 0, 0
    found = worked_out(store, one, asked.zone, (asked.month.start, asked.month.end))
    whole = [figure for figure in found.get(line, ()) if figure.complete and figure.end <= asked.now]
    return sum(target.met(figure.value) for figure in whole), len(whole)
