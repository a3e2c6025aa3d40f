"""Proposes the condition of a rule for one series: what one asks first of such values, its bound from its past."""

import math
from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import DAY, HOUR
from bocage.domain.measure import Aggregate, Measure, Period, Window, usual_aggregate
from bocage.domain.nature import Nature
from bocage.domain.rule import Bound, Comparison, Constant, Rule, Usual
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.steer.rules import Trial, tried
from bocage.store.protocol import Store

NIGHT: Final = Window(start="22:00", end="06:00")
POWERS: Final = ("W", "kW")  # by UCUM: a mean power is spent as well
SPENT: Final = frozenset({"kWh", "Wh", "MWh", "m³", "m3", "L", "l"})
"""Units of what is consumed: a night tells more than a day of work."""
PERCENTS: Final = (30.0, 50.0, 80.0, 100.0, 150.0, 200.0, 300.0)
QUANTILES: Final = (0.95, 0.98, 0.99, 0.995, 1.0)
BACK: Final = {Period.VALUE: 31, Period.HOUR: 92, Period.DAY: 366, Period.WEEK: 366, Period.MONTH: 5 * 366}
"""Days of the past that a rule is tried on, by period."""
BEARABLE: Final = 1.0  # alerts a month: more often, nobody looks any more
MONTH: Final = 30 * DAY


def proposed(store: Store, facts: TerritoryFacts, slug: str) -> Comparison:
    """A condition on one series that would have told people now and then, not every day; the first of its bounds
    that would, the widest when none does. Without a past, or with directions, the bound is left for a person."""
    stream = facts.all(Datastream)[slug]
    measure = _measure(store, slug, stream)
    start, end = span(store, (stream,), measure.period)
    first = Comparison(measure=measure, than=Constant(value=0.0), lasting=_lasting(measure.period, stream))
    if stream.nature is Nature.DIRECTION or start >= end:
        return first
    found = first
    for bound in _bounds(tried(store, facts, as_rule(first), start, end), stream.nature, measure):
        found = msgspec.structs.replace(first, than=bound)
        if len(tried(store, facts, as_rule(found), start, end).hits) * MONTH <= BEARABLE * (end - start):
            return found
    return found


def as_rule(condition: Comparison) -> Rule:
    """A condition as a rule that nobody has named yet, to try it."""
    return Rule(title=Text(fr="?"), service="?", condition=condition)


def span(store: Store, streams: tuple[Datastream, ...], period: Period, days: int = 0) -> tuple[int, int]:
    """The past to try on, [start, end) in UTC ms: so many days (by default what suits the period) before the newest
    value, not before the first one; an empty span where nothing is kept."""
    found = store.extent([stream.id for stream in streams])
    if not found:
        return 0, 0
    end = max(one.last for one in found) + 1
    return max(min(one.first for one in found), end - (days or BACK[period]) * DAY), end


def _measure(store: Store, slug: str, stream: Datastream) -> Measure:
    pace = _pace(store, stream)
    aggregate = usual_aggregate(stream.nature)
    power = stream.nature is Nature.GAUGE and stream.unit.ucum in POWERS
    if pace > 8 * DAY:
        period = Period.MONTH
    elif pace > DAY:
        period = Period.WEEK
    elif aggregate is Aggregate.MEAN and stream.nature is Nature.GAUGE and pace <= HOUR / 2 and not power:
        period = Period.HOUR
    else:
        period = Period.DAY
    nightly = period is Period.DAY and pace <= HOUR and (power or stream.unit.symbol in SPENT)
    return Measure(
        datastreams=(slug,), aggregate=aggregate, period=period, window=NIGHT if nightly else None, together=False
    )


def _pace(store: Store, stream: Datastream) -> float:
    """Milliseconds between two values: declared, else as they came."""
    if stream.cadence_seconds:
        return stream.cadence_seconds * 1000
    found = store.extent([stream.id])
    if not found or found[0].count < 2:
        return HOUR
    return (found[0].last - found[0].first) / (found[0].count - 1)


def _lasting(period: Period, stream: Datastream) -> int:
    """Two nights, two hours: once may be chance."""
    return 2 if period in (Period.HOUR, Period.DAY) and stream.nature is not Nature.STATE else 1


def _bounds(trial: Trial, nature: Nature, measure: Measure) -> Iterator[Bound]:
    """Bounds to try, the narrowest first; a month has no usual value."""
    values = [one.value for judged in trial.judged.values() for one in judged if one.value is not None]
    weeks = Usual().needed + 1
    used = nature in (Nature.AMOUNT, Nature.INDEX) or measure.window is not None
    if used and measure.period is not Period.MONTH and len(values) > 7 * weeks:
        yield from (Usual(percent=percent) for percent in PERCENTS)
    elif values:
        for quantile in QUANTILES:
            yield Constant(value=rounded_up(float(np.quantile(values, quantile))))


def rounded_up(value: float) -> float:
    """The next value of two figures: 1 234 gives 1 300."""
    if value == 0 or not math.isfinite(value):
        return 0.0
    power = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return round(math.ceil(value / power - 1e-9) * power, 12)
