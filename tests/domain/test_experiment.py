"""What an experiment says when its results are held against its protocol."""

import pytest

from bocage.domain.experiment import Compared, Criterion, Experiment, Outcome, Protocol, Result
from bocage.domain.indicator import Direction
from bocage.domain.text import Text

WATER = Criterion(title=Text(fr="Eau"), threshold=20.0)
FAULTS = Criterion(title=Text(fr="Pannes"), threshold=2.0, direction=Direction.AT_MOST)


@pytest.mark.parametrize(
    ("criterion", "value", "reached"),
    [
        (WATER, 20.0, True),
        (WATER, 19.9, False),
        (FAULTS, 2.0, True),
        (FAULTS, 2.1, False),
        (WATER, None, None),
        (Criterion(title=Text(fr="Avis")), 3.0, None),
        (None, 3.0, None),
    ],
)
def test_a_threshold_is_reached_on_its_own_side(
    criterion: Criterion | None, value: float | None, reached: bool | None
) -> None:
    assert Compared(criterion=criterion, result=Result(value=value)).reached is reached


def test_each_threshold_stands_beside_its_results_and_what_nobody_asked_for_stands_last() -> None:
    second, stray = Result(criterion=2, value=5.0), Result(criterion=7, value=1.0)
    body = Experiment(
        title=Text(fr="Arroser"), protocol=Protocol(criteria=(WATER, FAULTS)), outcome=Outcome(results=(stray, second))
    )
    assert [(one.criterion, one.result) for one in body.compared()] == [(WATER, None), (FAULTS, second), (None, stray)]
