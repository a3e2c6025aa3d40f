"""Answers a question over rows held in memory, row by row: for the log of tests, and as what others are compared to."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import numpy as np

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns
from bocage.store import columns, letters
from bocage.store.query import Among, Call, Constant, Expression, Field, Inner, ObservationQuery, Other

Row = Mapping[str, Any]
DAY: Final = 86_400_000


def selected(rows: Columns, query: ObservationQuery, beside: Columns | None = None) -> Columns:
    """The rows for which the condition is true, in the order asked for. `beside`: those of other datastreams that the
    question looks at."""
    others = _others(beside)
    fulfilled = matching(rows, query.where, others)
    read = [({**_row(rows, place), "others": others}, place) for place in fulfilled]
    read.sort(key=lambda one: int(rows.id[one[1]]))
    for key in reversed(query.order):  # a stable sort by the last key first
        ask = _asked(key.by)
        read.sort(key=lambda one: _rank(ask(one[0])), reverse=key.descending)
    last = query.skip + query.limit if query.limit else None
    index = np.array([place for _, place in read[query.skip : last]], np.intp)
    return columns.trimmed(columns.picked(rows, index))


def value(expression: Expression, rows: Columns, at: int, beside: Columns | None = None) -> Any:
    """What an expression is worth for one row."""
    return _asked(expression)({**_row(rows, at), "others": _others(beside)})


def _others(rows: Columns | None) -> Mapping[tuple[int, int, int], Row]:
    if rows is None:
        return {}
    places = zip(rows.datastream.tolist(), rows.start.tolist(), rows.end.tolist(), strict=True)
    return {place: _row(rows, at) for at, place in enumerate(places)}


def tallied(rows: Columns, query: ObservationQuery, beside: Columns | None = None) -> dict[int, int]:
    """How many there are of each datastream."""
    found = rows.datastream[np.array(matching(rows, query.where, _others(beside)), np.intp)]
    numbers, counts = np.unique(found, return_counts=True)
    return dict(zip(numbers.tolist(), counts.tolist(), strict=True))


def matching(
    rows: Columns, where: Expression | None, others: Mapping[tuple[int, int, int], Row] | None = None
) -> list[int]:
    """The places of the rows for which the condition is true."""
    if where is None:
        return list(range(len(rows)))
    ask = _asked(where)
    return [place for place in range(len(rows)) if ask({**_row(rows, place), "others": others or {}}) is True]


def _row(rows: Columns, at: int) -> Row:
    kind, number = int(rows.kind[at]), float(rows.number[at])
    replayed = int(rows.origin[at]) == Origin.REPLAYED and rows.original is not None
    texts: dict[int, Callable[[], str | None]] = {
        ResultKind.TEXT: lambda: None if rows.text is None else str(rows.text[at]),
        ResultKind.NUMBER: lambda: decimal(number),
    }
    return {
        "number": number if kind == ResultKind.NUMBER else None,
        "truth": bool(number) if kind == ResultKind.BOOLEAN else None,
        "text": texts[kind]() if kind in texts else None,
        "words": texts[kind]() if kind == ResultKind.TEXT else None,
        "kind": kind,
        "beside": rows.beside[at] if rows.beside is not None else None,
        "original": int(rows.original[at]) if replayed and rows.original is not None else None,
        **{name: int(getattr(rows, name)[at]) for name in ("start", "end", "id", "datastream", "origin", "version")},
    }


def decimal(value: float) -> str:
    """The shortest decimal that reads back as the same number; whole numbers without a point."""
    return repr(value).removesuffix(".0")


def _rank(value: Any) -> tuple[bool, Any]:
    return (value is not None, 0 if value is None else value)


def _asked(expression: Expression) -> Callable[[Row], Any]:
    if isinstance(expression, Field):
        name = expression.name
        return lambda row: row[name]
    if isinstance(expression, Constant):
        value = expression.value
        return lambda row: value
    if isinstance(expression, Among):
        numbers = frozenset(expression.datastreams)
        return lambda row: row["datastream"] in numbers
    if isinstance(expression, Inner):
        return lambda row: _inner(row["beside"], expression)
    if isinstance(expression, Other):
        return lambda row: _of_other(row, expression)
    return _called(expression)


def _of_other(row: Row, other: Other) -> Any:
    found = row["others"].get((other.datastream, row["start"], row["end"]))
    return None if found is None else found[other.name]


def _inner(beside: str | None, inner: Inner) -> Any:
    held: Any = msgspec.json.decode(beside) if beside else None
    for name in inner.path:
        if isinstance(held, dict):
            held = held.get(name)
        else:
            held = held[int(name)] if isinstance(held, list) and name.isdigit() and int(name) < len(held) else None
    if isinstance(held, bool):
        return held if inner.sort == "truth" else None
    if isinstance(held, int | float):
        return {"number": float(held), "text": decimal(float(held))}.get(inner.sort)
    return held if inner.sort == "text" and isinstance(held, str) else None


def _called(call: Call) -> Callable[[Row], Any]:
    of = [_asked(one) for one in call.of]
    if call.name in ("and", "or"):
        return _joined(of[0], of[1], call.name == "or")
    if call.name == "missing":
        return lambda row: of[0](row) is None
    if call.name == "if":
        return lambda row: of[1](row) if of[0](row) is True else of[2](row)
    worked = WORKED[call.name]

    def answer(row: Row) -> Any:
        values = [one(row) for one in of]
        return None if any(value is None for value in values) else worked(*values)

    return answer


def _joined(one: Callable[[Row], Any], other: Callable[[Row], Any], settles: bool) -> Callable[[Row], Any]:
    def answer(row: Row) -> bool | None:
        first, second = one(row), other(row)
        if settles in (first, second):
            return settles
        return None if first is None or second is None else not settles

    return answer


def _moment(ms: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)


def _rounded(value: float) -> float:
    return -math.floor(0.5 - value) if value < 0 else math.floor(value + 0.5)


def _finite(work: Callable[[float], float]) -> Callable[[float], float]:
    """The same, which leaves what is beyond all numbers as it is."""
    return lambda value: work(value) if math.isfinite(value) else value


def _left(one: float, other: float) -> float | None:
    """What is left of a division; null where there is none."""
    return one - other * math.trunc(one / other) if other and math.isfinite(one / other) else None


WORKED: Final[Mapping[str, Callable[..., Any]]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "not": lambda a: not a,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b else None,
    "mod": _left,
    "neg": lambda a: -a,
    "round": _finite(_rounded),
    "floor": _finite(math.floor),
    "ceiling": _finite(math.ceil),
    "length": len,
    "lower": letters.lower,
    "upper": letters.upper,
    "trim": lambda a: a.strip(" "),
    "concat": lambda a, b: a + b,
    "indexof": lambda a, b: a.find(b),
    "contains": lambda a, b: b in a,
    "startswith": lambda a, b: a.startswith(b),
    "endswith": lambda a, b: a.endswith(b),
    "substring": lambda a, at: a[int(at) :],
    "part": lambda a, at, count: a[int(at) : int(at) + int(count)],
    "year": lambda a: _moment(a).year,
    "month": lambda a: _moment(a).month,
    "day": lambda a: _moment(a).day,
    "hour": lambda a: _moment(a).hour,
    "minute": lambda a: _moment(a).minute,
    "second": lambda a: _moment(a).second,
    "fraction": lambda a: (a % 1000) / 1000,
    "date": lambda a: a - a % DAY,
    "time": lambda a: a % DAY,
}
"""What each function makes of values that are there."""
