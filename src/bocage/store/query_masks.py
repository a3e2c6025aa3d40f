"""Conditions on times and numbers over whole columns at once, for rows that are in memory already."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns
from bocage.store.columns import Flags
from bocage.store.query import Among, Call, Constant, Expression, Field

_SIGNS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
LONGEST: Final = 1 << 62  # of times; beyond, a bound says nothing
_TIMES: Final = ("start", "end", "id", "datastream", "version", "kind", "origin")
"""Fields that are never null, so that what does not fulfil a condition fulfils its contrary."""


def about_times(expression: Expression) -> bool:
    """Whether it looks at nothing but times and numbers of rows: `mask` answers it."""
    if isinstance(expression, Call):
        known = expression.name in _SIGNS or expression.name in ("and", "or", "not", "missing")
        return known and all(about_times(one) for one in expression.of)
    return (isinstance(expression, Field) and expression.name in _TIMES) or isinstance(expression, Constant | Among)


def mask(rows: Columns, expression: Expression) -> Flags:
    """Which rows fulfil a condition that is `about_times`."""
    return np.broadcast_to(np.asarray(_mask(rows, expression), np.bool_), len(rows))


def _mask(rows: Columns, expression: Expression) -> Any:
    if isinstance(expression, Field):
        return getattr(rows, expression.name)
    if isinstance(expression, Constant):
        return expression.value
    if isinstance(expression, Among):
        return np.isin(rows.datastream, expression.datastreams)
    assert isinstance(expression, Call)  # `about_times` lets nothing else through
    of = [_mask(rows, one) for one in expression.of]
    if expression.name == "missing":
        return False
    if expression.name == "not":
        return np.logical_not(of[0])
    if expression.name in _SIGNS:
        return _SIGNS[expression.name](of[0], of[1])
    return (np.logical_and if expression.name == "and" else np.logical_or)(of[0], of[1])


def bounds(expression: Expression | None) -> tuple[int, int]:
    """A range [start, end) outside of which no observation fulfils it; the whole of time when it says nothing."""
    if not isinstance(expression, Call):
        return EARLIEST, LATEST
    if expression.name in ("and", "or"):
        (a, b), (c, d) = bounds(expression.of[0]), bounds(expression.of[1])
        return (max(a, c), min(b, d)) if expression.name == "and" else (min(a, c), max(b, d))
    if expression.name in _SIGNS:
        return _compared(expression.name, expression.of[0], expression.of[1])
    return EARLIEST, LATEST


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < LONGEST


_TURNED: Final = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def _compared(name: str, one: Expression, other: Expression) -> tuple[int, int]:
    if isinstance(one, Constant) and isinstance(other, Field):
        return _compared(_TURNED[name], other, one)
    if not (isinstance(one, Field) and isinstance(other, Constant) and _finite(other.value)):
        return EARLIEST, LATEST
    at = int(other.value or 0)
    low = at if one.name == "start" and name in ("gt", "ge", "eq") else EARLIEST
    high = at + 1 if one.name in ("start", "end") and name in ("lt", "le", "eq") else LATEST
    return low, high


def datastreams(expression: Expression | None, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Those of these series whose observations may fulfil it."""
    if isinstance(expression, Among):
        return tuple(sorted(set(numbers) & set(expression.datastreams)))
    if not isinstance(expression, Call):
        return numbers
    if expression.name == "and":
        return datastreams(expression.of[1], datastreams(expression.of[0], numbers))
    if expression.name == "or":
        first, second = (set(datastreams(one, numbers)) for one in expression.of)
        return tuple(sorted(first | second))
    one, other = expression.of[0], expression.of[-1]
    if expression.name == "eq" and one == Field("datastream") and isinstance(other, Constant):
        return tuple(number for number in numbers if number == other.value)
    return numbers
