"""Indicators: the series each is made of, who may see its figures, and its figures over time."""

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping

import msgspec

from bocage import registers, sensing
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import Missing
from bocage.domain.indicator import Indicator
from bocage.domain.instant import DAY
from bocage.domain.measure import Aggregate, Measure, Period
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream
from bocage.publish.publication import Publication, Streams
from bocage.steer.measuring import Figure, measured
from bocage.store.protocol import Store

BACK = {
    Period.VALUE: 30 * DAY,
    Period.HOUR: 54 * 7 * DAY,
    Period.DAY: 54 * 7 * DAY,
    Period.WEEK: 54 * 7 * DAY,
    Period.MONTH: 26 * 31 * DAY,
}
"""How far back a story looks: a year and what is compared with it."""
KEPT = 200  # indicators whose figures are kept in memory

Found = Mapping[str, tuple[Figure, ...]]
"""Figures by series, or by "" when all of them are one figure."""


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator with the series it is made of, in its order."""

    territory: str
    slug: str
    indicator: Indicator
    streams: Streams

    @property
    def measure(self) -> Measure:
        """How its figure is worked out."""
        return self.indicator.measure

    @property
    def lines(self) -> tuple[str, ...]:
        """What it gives a figure for: each series, or "" for all of them together."""
        return ("",) if self.measure.together else tuple(slug for slug, _stream in self.streams)

    @property
    def numbers(self) -> frozenset[int]:
        """Numbers of its series in the log."""
        return frozenset(stream.id for _slug, stream in self.streams)

    def of(self, line: str) -> Streams:
        """The series behind one of its figures."""
        return tuple(pair for pair in self.streams if line in ("", pair[0]))

    def open(self, opened: Collection[int]) -> bool:
        """Whether whoever may see these series may see the figures: a total would tell of the one that is closed."""
        return bool(self.streams) and all(number in opened for number in self.numbers)


def followed(facts: TerritoryFacts, slug: str) -> Followed:
    """One indicator; Missing when nothing of that name is declared."""
    indicator = facts.one(Indicator, slug)
    if indicator is None:
        raise Missing("a declared indicator", slug)
    streams = tuple((name, s) for name in indicator.measure.datastreams if (s := facts.one(Datastream, name)))
    return Followed(territory=facts.slug, slug=slug, indicator=indicator, streams=streams)


def all_followed(facts: TerritoryFacts, service: str | None = None) -> list[Followed]:
    """Every indicator, or those of a service, by title."""
    chosen = [slug for slug, body in facts.all(Indicator).items() if service is None or body.service == service]
    found = [followed(facts, slug) for slug in chosen]
    return sorted(found, key=lambda one: one.indicator.title.fr.casefold())


def closing(publications: Mapping[str, Publication], one: Followed, opened: Collection[int]) -> list[Publication]:
    """The datasets that keep its figures from everyone."""
    slugs = dict.fromkeys(stream.dataset for _slug, stream in one.streams if stream.id not in opened)
    return [publications[slug] for slug in slugs if slug in publications]


class Figures:
    """The last figures of each indicator; made once and shared by all who answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[object, ...], tuple[tuple[int, int, int], Found]] = OrderedDict()

    def of(self, store: Store, one: Followed, zone: str, now: int) -> Found:
        """Figures of the past that its story looks at, in the unit that is shown.

        `now`: UTC ms. The same until the log, a declaration or an entity moves. The present period is the last figure.
        """
        start, end = span(store, one, now)
        stand = (store.position(), registers.revision(one.territory), sensing.revision(one.territory))
        place = (one.territory, one.slug, zone, start // DAY, end // DAY, end if end < now else 0)
        with self._lock:
            kept = self._kept.get(place)
        if kept is not None and kept[0] == stand:
            return kept[1]
        found = worked_out(store, one, zone, (start, end))
        with self._lock:
            self._kept[place] = (stand, found)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found


def span(store: Store, one: Followed, now: int) -> tuple[int, int]:
    """The past its story looks at, up to the last measurement where none is recent (UTC ms)."""
    last = max((extent.last for extent in store.extent(sorted(one.numbers)) if extent.count), default=now)
    end = min(now, last + 1)
    return end - BACK[one.measure.period], end


def worked_out(store: Store, one: Followed, zone: str, within: tuple[int, int], period: Period | None = None) -> Found:
    """Its figures for the periods that begin in [start, end) of `within`, its own periods or others."""
    measure = msgspec.structs.replace(one.measure, period=period) if period else one.measure
    found = measured(store, dict(one.streams), measure, zone, *within)
    return {line: tuple(_shown(figure, one, line, period) for figure in figures) for line, figures in found.items()}


def _share(one: Followed, line: str, period: Period | None) -> bool:
    """Whether the figure is a share of the time, which people read in percent."""
    states = all(stream.nature is Nature.STATE for _slug, stream in one.of(line))
    return states and one.measure.aggregate is Aggregate.MEAN and (period or one.measure.period) is not Period.VALUE


def _shown(figure: Figure, one: Followed, line: str, period: Period | None) -> Figure:
    return msgspec.structs.replace(figure, value=figure.value * 100) if _share(one, line, period) else figure


def unit_of(one: Followed, line: str, period: Period | None = None) -> str:
    """The sign of the unit of its figures, for its own periods or others."""
    if _share(one, line, period):
        return "%"
    unit = next((stream.unit for _slug, stream in one.of(line)), None)
    return (unit.symbol or unit.name) if unit else ""
