"""One series of a rule in force (or all of them together), and when each of its periods can be judged: at which
position of the log the data had passed its end, or were all there. Only the log up to that position counts."""

import functools
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bocage.domain.instant import DAY, EARLIEST, HOUR
from bocage.domain.measure import Measure, Period
from bocage.domain.observation import Columns, Ints
from bocage.domain.rule import Comparison, Usual
from bocage.domain.sensing import Datastream
from bocage.steer.force import Form, Place
from bocage.steer.judging import Course, grace, margin
from bocage.steer.measuring import Figure
from bocage.steer.periods import Stretches, stretches
from bocage.store import columns, rollups
from bocage.store.columns import Flags

NEVER = EARLIEST - 1
_LONGEST = {Period.VALUE: 0, Period.HOUR: 2 * HOUR, Period.DAY: 3 * DAY, Period.WEEK: 9 * DAY, Period.MONTH: 33 * DAY}
_AHEAD = {**_LONGEST, Period.DAY: 4 * DAY, Period.WEEK: 16 * DAY, Period.MONTH: 64 * DAY}


@functools.lru_cache(maxsize=512)
def periods_after(measure: Measure, zone: str, since: int, until: int, reached: int) -> Stretches:
    """The stretches of the periods that end in (until, reached], none long before `since`; many series share them."""
    found = stretches(measure, zone, max(until, since) - _LONGEST[measure.period], reached)
    if not len(found):
        return found
    _begins, ends = found.bounds
    return chosen(found, np.flatnonzero((ends > until) & (ends <= reached)))


@functools.lru_cache(maxsize=512)
def next_end(measure: Measure, zone: str, since: int) -> int | None:
    """The end of the first period that ends after an instant."""
    ahead = stretches(measure, zone, since - _LONGEST[measure.period], since + _AHEAD[measure.period])
    ends = ahead.bounds[1] if len(ahead) else np.empty(0, np.int64)
    later = ends[ends > since]
    return int(later[0]) if len(later) else None


class Watch(msgspec.Struct, kw_only=True, eq=False):
    """`name`: slug of the series, empty for all together. `past`: figures a usual value may need, by start."""

    place: Place
    name: str
    form: Form
    course: Course
    past: dict[int, Figure] = {}

    @property
    def condition(self) -> Comparison:
        """What is compared with what."""
        if self.form.condition is None:
            raise ValueError("a rule that is not in force is not watched")
        return self.form.condition

    @property
    def group(self) -> dict[str, Datastream]:
        """The series its figure is made of, by slug."""
        return {self.name: self.form.streams[self.name]} if self.name else self.form.streams

    @property
    def numbers(self) -> list[int]:
        """Their numbers in the log."""
        return [stream.id for stream in self.group.values()]

    def goes_on(self, form: Form) -> bool:
        """Whether another form of the rule judges this series just so: another name, or others to tell, change nothing
        of what was seen."""
        return form.judged(self.name) == self.form.judged(self.name)

    @property
    def weeks(self) -> int:
        """How many weeks back a usual value looks; 0 where the bound is constant."""
        return self.condition.than.weeks if isinstance(self.condition.than, Usual) else 0

    @property
    def early(self) -> int:
        """How long before its end a period may be judged when all its values are there."""
        return margin(self.group.values()) or 0

    @property
    def shape(self) -> Measure:
        """Its measure without the names of its series: what it shares with others."""
        return msgspec.structs.replace(self.condition.measure, datastreams=("-",), together=False)

    def due(self, first: int) -> int:
        """From which start of an observation on something may have to be judged; `first`: the first one there is."""
        since = max(self.course.until, first)
        if self.condition.measure.period is Period.VALUE:
            return NEVER
        end = next_end(self.shape, self.form.zone, since)
        return since if end is None else end - self.early


class Walk(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """How far the data of a watch had come after each of some commits, in their order.

    position: int64[n]; low, high: int64[n], newest start of the series furthest behind and furthest on.
    """

    position: Ints
    low: Ints
    high: Ints

    @property
    def end(self) -> int:
        """The last position."""
        return int(self.position[-1])


def standing(position: int, newest: Sequence[int]) -> Walk:
    """A walk that only stands at one position."""
    low, high = (np.array([pick(newest)], np.int64) for pick in (min, max))
    return Walk(position=np.array([position], np.int64), low=low, high=high)


def walked(rows: Columns, numbers: Sequence[int], before: Mapping[int, int]) -> Walk:
    """Of rows in order of position; `before`: the newest start of each series before them."""
    held = np.empty((len(numbers), len(rows)), np.int64)
    for place, number in enumerate(numbers):
        starts = np.where(rows.datastream == number, rows.start, NEVER)
        held[place] = np.maximum.accumulate(np.maximum(starts, before.get(number, NEVER)))
    return Walk(position=rows.position, low=held.min(axis=0), high=held.max(axis=0))


def candidates(watch: Watch, walk: Walk, first: int) -> Stretches:
    """The stretches of the periods that may be judged somewhere on the walk; none before the first measurement."""
    reached = max(int(walk.low[-1]) + watch.early, int(walk.high[-1]) - grace(watch.condition.measure))
    return periods_after(watch.shape, watch.form.zone, first, watch.course.until, reached)


def chosen(parts: Stretches, periods: Ints) -> Stretches:
    """The stretches of these periods (rising indexes), numbered anew."""
    mask = np.zeros(int(parts.period[-1]) + 1, np.bool_)
    mask[periods] = True
    kept = mask[parts.period]
    renumbered = (np.cumsum(mask) - 1)[parts.period[kept]]
    return Stretches(begin=parts.begin[kept], end=parts.end[kept], period=renumbered)


def positions(watch: Watch, walk: Walk, parts: Stretches, versions: Columns) -> Ints:
    """At which position each period was to be judged; a position after the walk where it is not yet.

    versions: every version of the observations of the watch within the periods, or of those that matter; those
    committed after the walk are not looked at.
    """
    never = walk.end + 1
    _begins, ends = parts.bounds
    passed = np.minimum(
        _reached(walk, walk.low, ends), _reached(walk, walk.high, ends + grace(watch.condition.measure))
    )
    if not watch.early:
        return passed
    nearly = _reached(walk, walk.low, ends - watch.early)
    nearly[ends - watch.early <= walk.low[0]] = 0  # so it was, before the walk or at its first step
    open_still = np.flatnonzero(nearly < passed)
    if not len(open_still):
        return passed
    whole = np.full(len(ends), never, np.int64)
    whole[open_still] = _complete(watch, chosen(parts, open_still), versions, never)
    first = int(walk.position[0])
    return np.minimum(passed, np.where(whole < never, np.maximum(np.maximum(whole, nearly), first), never))


def _reached(walk: Walk, come: Ints, ends: Ints) -> Ints:
    """The position at which the data had come to each end."""
    at = np.searchsorted(come, ends, "left")
    return np.append(walk.position, walk.end + 1)[at]


def _complete(watch: Watch, parts: Stretches, versions: Columns, never: int) -> Ints:
    """The position at which as many values were there as the cadences promise."""
    expected = np.zeros(len(parts.bounds[0]), np.int64)
    for stream in watch.group.values():
        promised = np.rint(parts.lengths / ((stream.cadence_seconds or 1) * 1000))
        expected += np.maximum(promised, 1).astype(np.int64)
    found = np.full(len(parts.bounds[0]), never, np.int64)
    place, period = parts.of(versions)
    valid = ~np.isnan(rollups.numbers_of(versions)[place])
    place, period = place[valid], period[valid]
    at = versions.position[place]
    if int(versions.version.max(initial=1)) > 1:
        again = _seen_before(columns.picked(versions, place))
        at, period = at[~again], period[~again]
    counted = np.bincount(period, minlength=len(found))
    for one in np.flatnonzero(counted >= expected).tolist():
        found[one] = min(int(np.partition(at[period == one], expected[one] - 1)[expected[one] - 1]), never)
    return found


def _seen_before(rows: Columns) -> Flags:
    """Whether an earlier commit held the same observation."""
    order = np.lexsort((rows.position, rows.end, rows.start, rows.datastream))
    ordered = columns.picked(rows, order)
    same = np.zeros(len(rows), np.bool_)
    same[1:] = (
        (ordered.datastream[1:] == ordered.datastream[:-1])
        & (ordered.start[1:] == ordered.start[:-1])
        & (ordered.end[1:] == ordered.end[:-1])
    )
    found = np.zeros(len(rows), np.bool_)
    found[order] = same
    return found
