"""Tries a rule on past data before it is written: what it would have said, and when."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY
from bocage.domain.measure import Measure, Period
from bocage.domain.rule import Comparison, Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.steer.judging import Course, Judged, Outcome, Step, advance, earlier, grace, judge, margin
from bocage.steer.measuring import Figure, measured
from bocage.steer.periods import stretches
from bocage.store.protocol import Store


class Hit(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as it would have been: on which series ("" when together), from its first period to its last.

    `periods`: how many were out of bounds. `worst`: the one furthest out. `ended`: end of the period that was back to
    normal, UTC ms; None when it would still go on.
    """

    datastream: str
    first: Judged
    last: Judged
    worst: Judged
    periods: int
    raised: int
    ended: int | None = None


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What trying a rule showed: alerts by first period, how many periods said what, and each as it was judged.

    `judged`: by slug of datastream ("" when together), in order of time.
    """

    hits: tuple[Hit, ...]
    outcomes: Mapping[Outcome, int]
    judged: Mapping[str, tuple[Judged, ...]]


def tried(store: Store, facts: TerritoryFacts, rule: Rule, start: int, end: int) -> Trial:
    """What a rule would have said of the periods that begin in [start, end) (UTC ms), by what the log holds now.

    Only series of the territory of `facts` are read. A period the data have not passed yet is not judged.
    """
    zone = facts.territory.time_zone if facts.territory else "UTC"
    streams = {slug: one for slug in rule.condition.measure.datastreams if (one := facts.one(Datastream, slug))}
    judged = judged_now(store, streams, rule.condition, zone, (start, end))
    hits = [hit for name, periods in judged.items() for hit in hits_of(name, periods, rule.condition)]
    outcomes = Counter(one.outcome for each in judged.values() for one in each)
    return Trial(hits=tuple(sorted(hits, key=lambda hit: hit.first.start)), outcomes=outcomes, judged=judged)


def judged_now(
    store: Store, streams: Mapping[str, Datastream], condition: Comparison, zone: str, within: "Span"
) -> dict[str, tuple[Judged, ...]]:
    """The periods that begin within a span, judged by what the log holds now; by slug ("" when together), in order."""
    (start, end), measure = within, condition.measure
    weeks = condition.than.weeks if isinstance(condition.than, Usual) else 0
    figures = measured(store, streams, measure, zone, start - (weeks * 7 + 1) * DAY if weeks else start, end)
    reached = _reached(store, streams, measure)
    clock = _Clock(zone, weeks)
    judged = {}
    for name, found in figures.items():
        known = {figure.start: figure for figure in found}
        closed = _closed(condition, known, (reached.get(name, start), margin(_of(streams, name))))
        spans = [span for span in _spans(condition, zone, (start, end), found) if closed(span)]
        judged[name] = tuple(
            judge(condition, span, known.get(span[0]), [known.get(one) for one in clock.before(span[0])])
            for span in spans
        )
    return judged


class _Clock:
    """Where the same period began in the weeks before, worked out once for all series."""

    def __init__(self, zone: str, weeks: int) -> None:
        self._zone, self._weeks = zone, weeks
        self._known: dict[int, list[int]] = {}

    def before(self, start: int) -> list[int]:
        if start not in self._known:
            self._known[start] = earlier(start, self._zone, self._weeks) if self._weeks else []
        return self._known[start]


def _reached(store: Store, streams: Mapping[str, Datastream], measure: Measure) -> dict[str, int]:
    """Up to where the data of each series have come: the start of its newest observation; of all together, that of
    the one furthest behind, unless it lags too far."""
    names = {stream.id: slug for slug, stream in streams.items()}
    newest = {names[one.datastream]: one.last for one in store.extent(list(names))}
    if not measure.together:
        return newest
    return {"": max(min(newest.values()), max(newest.values()) - grace(measure))} if newest else {}


def _of(streams: Mapping[str, Datastream], name: str) -> tuple[Datastream, ...]:
    """The series one figure is made of."""
    return (streams[name],) if name else tuple(streams.values())


Span = tuple[int, int]
"""Start and end of a period, UTC ms."""


def _spans(condition: Comparison, zone: str, within: Span, figures: Sequence[Figure]) -> list[Span]:
    """The periods to judge, none before the first measurement."""
    if not figures or condition.measure.period is Period.VALUE:
        return [(figure.start, figure.end) for figure in figures if figure.start >= within[0]]
    begins, ends = stretches(condition.measure, zone, *within).bounds
    spans = zip(begins.tolist(), ends.tolist(), strict=True)
    return [span for span in spans if span[0] >= figures[0].start]


def _closed(
    condition: Comparison, known: Mapping[int, Figure], reach: tuple[int, int | None]
) -> Callable[[Span], bool]:
    """Whether a period is over, or whole already; `reach`: how far the data have come, and the margin of counts."""
    reached, early = reach

    def closed(span: Span) -> bool:
        if condition.measure.period is Period.VALUE or span[1] <= reached:
            return True
        figure = known.get(span[0])
        return early is not None and figure is not None and figure.complete and span[1] <= reached + early

    return closed


def hits_of(name: str, judged: Sequence[Judged], condition: Comparison) -> Iterator[Hit]:
    """The alerts that periods make, in order of time."""
    course = Course(until=0)
    for one in judged:
        after, step = advance(course, one, condition)
        if step is Step.ENDED:
            yield _hit(name, course, one.end)
        course = after
    if course.raised is not None:
        yield _hit(name, course, None)


def _hit(name: str, course: Course, ended: int | None) -> Hit:
    first, last, worst = (one for one in (course.first, course.last, course.worst) if one is not None)
    return Hit(
        datastream=name,
        first=first,
        last=last,
        worst=worst,
        periods=course.length,
        raised=course.raised or last.end,
        ended=ended,
    )
