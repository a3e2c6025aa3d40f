"""Judges figures by the condition of a rule, one period after the other: pure, the same live, replayed and tried."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from statistics import median

import msgspec

from bocage.domain.instant import DAY, to_datetime, to_ms
from bocage.domain.label import Labelled
from bocage.domain.measure import Measure, Period
from bocage.domain.nature import Nature
from bocage.domain.rule import Comparison, Constant, Operator, Usual
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.steer.measuring import Figure

ENOUGH = 0.9  # of the values the cadence promises: a period with fewer says nothing


class Outcome(Labelled):
    """What a period says."""

    OUT = "out", _("Out of bounds")
    WITHIN = "within", _("Within bounds")
    MISSING = "missing", _("No measurement")
    INCOMPLETE = "incomplete", _("Too few measurements")
    NO_PAST = "no-past", _("Not enough past yet")


class Judged(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One period as it was judged. start, end: UTC ms; `usual` and `bound` are None where there was none."""

    start: int
    end: int
    outcome: Outcome
    value: float | None = None
    usual: float | None = None
    bound: float | None = None
    count: int = 0
    expected: int | None = None


class Course(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one series of a rule was judged, and what runs on.

    `until`: end of the last judged period, UTC ms. `length`: periods out of bounds so far, from `first` to `last`,
    the `worst` of them furthest out. `raised`: end of the period that made it an alert, None while it is none.
    """

    until: int
    judged: Judged | None = None
    length: int = 0
    first: Judged | None = None
    last: Judged | None = None
    worst: Judged | None = None
    raised: int | None = None


class Step(Labelled):
    """What a period did to the course."""

    NOTHING = "nothing", _("Nothing")
    RAISED = "raised", _("Raised")
    EXTENDED = "extended", _("Goes on")
    ENDED = "ended", _("Ended")


def margin(streams: Iterable[Datastream]) -> int | None:
    """How long before its end (ms) a period may be judged once all its values are there: one cadence and a half, so
    that a source that delivers exactly up to 06:00 is not waited for until the next evening.

    None where a count does not tell that a period is whole: no declared cadence, states that last, meters whose next
    index is missing.
    """
    open_ended = (Nature.STATE, Nature.INDEX)
    cadences = [0 if stream.nature in open_ended else stream.cadence_seconds or 0 for stream in streams]
    least = min(cadences, default=0)
    return least * 1500 if least else None


def grace(measure: Measure) -> int:
    """How long (ms) a figure of several series waits for those that lag behind the one that came furthest."""
    return (7 if measure.period in (Period.WEEK, Period.MONTH) else 1) * DAY


def enough(figure: Figure) -> bool:
    """Whether a figure rests on enough values; without a declared cadence it is taken as it is."""
    return figure.expected is None or figure.count >= ENOUGH * figure.expected


def earlier(start: int, zone: str, weeks: int) -> list[int]:
    """Where the same period began so many weeks before, one week after the other, by the local clock."""
    local = to_datetime(start, zone).replace(fold=0)
    return [to_ms((local - timedelta(weeks=n)).replace(fold=0)) for n in range(1, weeks + 1)]


def usual_value(usual: Usual, past: Sequence[Figure | None]) -> float | None:
    """The median of the same period of the weeks before; None while too few of them are known."""
    known = [figure.value for figure in past if figure is not None and enough(figure)]
    return median(known) if len(known) >= usual.needed else None


def judge(
    condition: Comparison, period: tuple[int, int], figure: Figure | None, past: Sequence[Figure | None]
) -> Judged:
    """What one period says. `past`: the same period of the weeks before, where the bound is a usual value."""
    start, end = period
    if figure is None:
        return Judged(start=start, end=end, outcome=Outcome.MISSING)
    usual = usual_value(condition.than, past) if isinstance(condition.than, Usual) else None
    bound = _bound(condition, usual)
    return Judged(
        start=start,
        end=end,
        outcome=_outcome(condition, figure, bound),
        value=figure.value,
        usual=usual,
        bound=bound,
        count=figure.count,
        expected=figure.expected,
    )


def _outcome(condition: Comparison, figure: Figure, bound: float | None) -> Outcome:
    if not enough(figure):
        return Outcome.INCOMPLETE
    if bound is None:
        return Outcome.NO_PAST
    out = figure.value > bound if condition.operator is Operator.ABOVE else figure.value < bound
    return Outcome.OUT if out else Outcome.WITHIN


def _bound(condition: Comparison, usual: float | None) -> float | None:
    """Away from the usual value by its share; a usual value below zero moves by the same distance."""
    if isinstance(condition.than, Constant):
        return condition.than.value
    if usual is None:
        return None
    away = abs(usual) * condition.than.percent / 100
    return usual + away if condition.operator is Operator.ABOVE else usual - away


def advance(course: Course, judged: Judged, condition: Comparison) -> tuple[Course, Step]:
    """The course after one more period.

    What cannot be judged ends no alert, and begins the count again where there is none yet: so many periods in a row
    means that each of them was seen.
    """
    if judged.outcome is Outcome.OUT:
        return _further(course, judged, condition)
    if course.raised is not None and judged.outcome is not Outcome.WITHIN:
        return msgspec.structs.replace(course, until=judged.end, judged=judged), Step.NOTHING
    step = Step.NOTHING if course.raised is None else Step.ENDED
    return Course(until=judged.end, judged=judged), step


def _further(course: Course, judged: Judged, condition: Comparison) -> tuple[Course, Step]:
    worst = course.worst
    if worst is None or _excess(judged, condition) > _excess(worst, condition):
        worst = judged
    length = course.length + 1
    raising = course.raised is None and length >= condition.lasting
    step = Step.RAISED if raising else Step.NOTHING if course.raised is None else Step.EXTENDED
    return (
        Course(
            until=judged.end,
            judged=judged,
            length=length,
            first=course.first or judged,
            last=judged,
            worst=worst,
            raised=judged.end if raising else course.raised,
        ),
        step,
    )


def _excess(judged: Judged, condition: Comparison) -> float:
    """How far out of its bound a figure is."""
    if judged.value is None or judged.bound is None:
        return 0.0
    out = judged.value - judged.bound
    return out if condition.operator is Operator.ABOVE else -out
