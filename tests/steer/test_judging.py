"""A figure is judged by its bound, and periods in a row make an alert."""

from collections.abc import Sequence

import pytest

from bocage.domain.instant import DAY, HOUR
from bocage.domain.rule import Comparison
from bocage.steer.judging import Course, Judged, Outcome, Step, advance, earlier, judge, margin
from bocage.steer.measuring import Figure

from .watched import PARIS, Constant, Nature, Operator, Usual, paris, rule, stream


def figure(value: float, count: int = 24, expected: int | None = 24) -> Figure:
    return Figure(start=0, end=DAY, value=value, count=count, expected=expected)


def condition(than: Constant | Usual, **more: object) -> Comparison:
    return rule(than, **more).condition  # type: ignore[arg-type]


def outcome(asked: Comparison, value: float, past: Sequence[float] = (), **more: int) -> Outcome:
    return judge(asked, (0, DAY), figure(value, **more), [figure(one) for one in past]).outcome


def test_a_constant_bound_is_passed_strictly() -> None:
    above, below = condition(Constant(value=10)), condition(Constant(value=10), operator=Operator.BELOW)
    assert [outcome(above, value) for value in (9, 10, 11)] == [Outcome.WITHIN, Outcome.WITHIN, Outcome.OUT]
    assert [outcome(below, value) for value in (9, 10, 11)] == [Outcome.OUT, Outcome.WITHIN, Outcome.WITHIN]


def test_a_usual_value_is_the_median_of_the_weeks_before() -> None:
    found = judge(condition(Usual(percent=30)), (0, DAY), figure(40), [figure(one) for one in (20, 30, 32, 500)])
    assert found.usual == 31
    assert found.bound == pytest.approx(40.3)
    assert found.outcome is Outcome.WITHIN
    assert outcome(condition(Usual(percent=30)), 41, (20, 30, 32, 500)) is Outcome.OUT
    assert outcome(condition(Usual(percent=30), operator=Operator.BELOW), 20, (20, 30, 32, 500)) is Outcome.OUT


def test_too_little_past_says_nothing_and_incomplete_past_is_no_past() -> None:
    asked = condition(Usual(percent=30, weeks=4))
    assert outcome(asked, 1000, (10, 10)) is Outcome.NO_PAST
    assert outcome(asked, 1000, (10, 10, 10)) is Outcome.OUT
    past = [figure(10), figure(10), figure(10, count=12), None]
    assert judge(asked, (0, DAY), figure(1000), past).outcome is Outcome.NO_PAST
    assert outcome(condition(Usual(percent=30, weeks=9)), 1000, (10,) * 4) is Outcome.NO_PAST


def test_a_usual_value_below_zero_moves_away_from_itself() -> None:
    assert outcome(condition(Usual(percent=50)), -7, (-10,) * 3) is Outcome.WITHIN
    assert outcome(condition(Usual(percent=50)), -4, (-10,) * 3) is Outcome.OUT
    assert outcome(condition(Usual(percent=50)), 1, (0,) * 3) is Outcome.OUT


def test_a_period_with_too_few_values_says_nothing() -> None:
    assert outcome(condition(Constant(value=10)), 1000, count=21) is Outcome.INCOMPLETE
    assert outcome(condition(Constant(value=10)), 1000, count=22) is Outcome.OUT
    assert judge(condition(Constant(value=10)), (0, DAY), None, []).outcome is Outcome.MISSING


def test_the_same_period_of_the_weeks_before_follows_the_local_clock() -> None:
    night = paris(2026, 11, 3, 22)
    assert earlier(night, PARIS, 3) == [
        paris(2026, 10, 27, 22),
        paris(2026, 10, 20, 22),
        paris(2026, 10, 13, 22),
    ]
    assert night - earlier(night, PARIS, 3)[1] == 14 * DAY + HOUR, "clocks went back in between"


def walked(outcomes: str, lasting: int) -> list[str]:
    """o: out, w: within, anything else: not to be judged. The steps, in short."""
    kinds = {"o": Outcome.OUT, "w": Outcome.WITHIN, "m": Outcome.MISSING, "n": Outcome.NO_PAST}
    course, asked, said = Course(until=0), condition(Constant(value=10), lasting=lasting), []
    for day, sign in enumerate(outcomes):
        one = Judged(start=day * DAY, end=(day + 1) * DAY, outcome=kinds[sign], value=20.0 + day, bound=10.0)
        course, step = advance(course, one, asked)
        assert course.until == one.end
        said.append({Step.NOTHING: ".", Step.RAISED: "R", Step.EXTENDED: "+", Step.ENDED: "E"}[step])
    return said


@pytest.mark.parametrize(
    ("outcomes", "lasting", "steps"),
    [
        ("wowo", 1, ".RER"),
        ("wooow", 2, "..R+E"),
        ("owoow", 2, "...RE"),
        ("omoo", 2, "...R"),
        ("oomow", 2, ".R.+E"),
        ("oonw", 2, ".R.E"),
        ("ooow", 3, "..RE"),
    ],
)
def test_periods_in_a_row_raise_one_alert_that_goes_on_until_all_is_normal_again(
    outcomes: str, lasting: int, steps: str
) -> None:
    assert "".join(walked(outcomes, lasting)) == steps


def test_an_alert_knows_its_first_its_last_and_its_worst_period() -> None:
    course, asked = Course(until=0), condition(Constant(value=10), lasting=2)
    for day, value in enumerate((12.0, 30.0, 15.0)):
        one = Judged(start=day * DAY, end=(day + 1) * DAY, outcome=Outcome.OUT, value=value, bound=10.0)
        course, _step = advance(course, one, asked)
    assert course.first is not None
    assert course.last is not None
    assert course.worst is not None
    assert (course.first.start, course.last.start, course.worst.value) == (0, 2 * DAY, 30.0)
    assert (course.length, course.raised) == (3, 2 * DAY)


def test_a_count_tells_that_a_period_is_whole_only_where_a_cadence_is_declared() -> None:
    assert margin([stream(1, cadence=1800)]) == 45 * 60_000
    assert margin([stream(1, cadence=None)]) is None
    assert margin([stream(1, Nature.STATE)]) is None
    assert margin([stream(1), stream(2, cadence=None)]) is None
