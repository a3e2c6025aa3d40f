"""What a story is told of: one figure of one indicator over time, and what is known around it."""

from datetime import timedelta
from functools import cached_property

import msgspec

from bocage.domain.dataset import Licence
from bocage.domain.indicator import Target
from bocage.domain.instant import to_datetime, to_ms
from bocage.domain.measure import Measure, Period
from bocage.domain.nature import Nature
from bocage.domain.spans import whole_months_later
from bocage.domain.text import Text
from bocage.publish.provenance import Provenance
from bocage.publish.usual import Usual, usual
from bocage.steer.measuring import Figure
from bocage.words import periods


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence, and the code of what it is about: what, value, before, year, target, extremes, usual, complete,
    origin, who."""

    code: str
    text: str


class Subject(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """`figures`: of some thirteen months or more where there are, in order of time, in the unit that is shown.

    `now`: UTC ms. `observed`, `places`: what is measured and where, as far as the reader is told; `series`: how many.
    `purposes`, `provenance`, `licences`, `stewards`, `rules`: titles as declared. Without figures (series that are not
    open), only what needs none is told.
    """

    measure: Measure
    nature: Nature
    unit: str
    zone: str
    now: int
    figures: tuple[Figure, ...] = ()
    observed: tuple[Text, ...] = ()
    places: tuple[Text, ...] = ()
    series: int = 1
    purposes: tuple[Text, ...] = ()
    target: Target | None = None
    provenance: tuple[Provenance, ...] = ()
    licences: tuple[Licence, ...] = ()
    stewards: tuple[Text, ...] = ()
    rules: tuple[Text, ...] = ()

    @property
    def period(self) -> Period:
        """What one figure is of."""
        return self.measure.period

    @cached_property
    def kind(self) -> str:
        """What people call it (`words.periods`)."""
        return periods.kind_of(self.measure)

    @cached_property
    def ended(self) -> tuple[Figure, ...]:
        """The figures of periods that are over."""
        return tuple(one for one in self.figures if one.end <= self.now)

    @cached_property
    def complete(self) -> tuple[Figure, ...]:
        """Those of which nothing is missing."""
        return tuple(one for one in self.ended if one.complete)

    @property
    def last(self) -> Figure | None:
        """The one that is told: the last complete one, or the last one that is over when none is complete."""
        told = self.complete or self.ended
        return told[-1] if told else None

    @property
    def before(self) -> Figure | None:
        """The one of the period just before it."""
        last = self.last
        if last is None:
            return None
        if self.period is Period.VALUE:
            place = self.ended.index(last)
            return self.ended[place - 1] if place else None
        return self._at(self._earlier(last, last_year=False))

    @property
    def year_before(self) -> Figure | None:
        """The one of a year before: the same month, otherwise the same day of the week 52 weeks before."""
        if self.last is None or self.period is Period.VALUE:
            return None
        return self._at(self._earlier(self.last, last_year=True))

    @property
    def usual(self) -> Usual | None:
        """What was usual before it."""
        if self.last is None or self.nature is Nature.DIRECTION:
            return None
        return usual(self.figures, self.period, self.zone)[self.figures.index(self.last)]

    @cached_property
    def _starts(self) -> dict[int, Figure]:
        return {one.start: one for one in self.ended}

    def _at(self, start: int) -> Figure | None:
        return self._starts.get(start)

    def _earlier(self, figure: Figure, *, last_year: bool) -> int:
        """When the period before, or of a year before, begins: at the same local hour."""
        start = to_datetime(figure.start, self.zone)
        if self.period is Period.MONTH:
            return to_ms(whole_months_later(start, -12 if last_year else -1))
        if last_year:
            return to_ms(start - timedelta(weeks=52))
        back = {Period.HOUR: 1, Period.DAY: 24, Period.WEEK: 24 * 7}[self.period]
        return figure.start - 3_600_000 if back == 1 else to_ms(start - timedelta(hours=back))
