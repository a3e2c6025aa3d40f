"""Questions to the log that no window answers: what observations must fulfil, in which order, how many of them.

A condition is a tree that knows nothing of any database. It has the logic of SQL: what is not there (a number where
the result is a text) makes a comparison unknown, and only what is true is given.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from bocage.domain.instant import EARLIEST, LATEST

Value = float | int | str | bool | None

FIELDS: Final = (
    *("number", "text", "words", "truth", "kind", "start", "end", "id", "datastream", "origin", "original", "version"),
)
"""What a condition may look at. number: of results that are numbers; truth: of those that are true or false; text: of
texts as they are, and of numbers as their shortest decimal; words: of texts alone; null for other kinds. start, end,
original: UTC milliseconds, original null unless replayed. kind, origin: as numbered in `domain.nature`."""

FUNCTIONS: Final[Mapping[str, int]] = {
    **dict.fromkeys(("and", "or", "eq", "ne", "lt", "le", "gt", "ge"), 2),
    **dict.fromkeys(("not", "missing"), 1),
    **dict.fromkeys(("add", "sub", "mul", "div", "mod"), 2),
    **dict.fromkeys(("neg", "round", "floor", "ceiling"), 1),
    **dict.fromkeys(("length", "lower", "upper", "trim"), 1),
    **dict.fromkeys(("concat", "indexof", "contains", "startswith", "endswith", "substring"), 2),
    **dict.fromkeys(("year", "month", "day", "hour", "minute", "second", "fraction", "date", "time"), 1),
    "if": 3,
    "part": 3,
}
"""How many values each takes. `missing` is true of null, and never unknown. Numbers are doubles: division by nothing
is null, `round` goes away from zero at a half, `mod` has the sign of what is divided. Texts compare by code point;
`indexof` and `substring(text, from)` count from 0, `part(text, from, count)` likewise. Parts of a time are those of
UTC; `fraction` is that of a second; `date` its midnight and `time` the milliseconds since, both in milliseconds."""


class Field(msgspec.Struct, frozen=True, tag="field"):
    """A column of `FIELDS`."""

    name: str


class Constant(msgspec.Struct, frozen=True, tag="constant"):
    """A value; times are UTC milliseconds."""

    value: Value


class Among(msgspec.Struct, frozen=True, tag="among"):
    """Whether the observation is of one of these datastreams."""

    datastreams: tuple[int, ...]


class Call(msgspec.Struct, frozen=True, tag="call"):
    """One of `FUNCTIONS` of these."""

    name: str
    of: tuple["Expression", ...]


class Inner(msgspec.Struct, frozen=True, tag="inner"):
    """What lies at a path in what was said beside an observation (`domain.beside`), as a number, a text or a truth:
    `sort`. A number has a text, its shortest decimal; null where there is nothing, or nothing of that sort."""

    path: tuple[str, ...]
    sort: str


class Other(msgspec.Struct, frozen=True, tag="other"):
    """A column of `FIELDS`, of the observation of another datastream over the same time; null when there is none."""

    datastream: int
    name: str


Expression = Field | Constant | Among | Inner | Other | Call


class Order(msgspec.Struct, frozen=True):
    """By this, downwards if said; what is null comes before everything else upwards, after it downwards."""

    by: Expression
    descending: bool = False


class ObservationQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Newest versions of these datastreams with start in [start, end) for which `where` is true (all when None).

    In this order, then by id upwards; `skip` of them left out, then at most `limit` when not 0.
    """

    datastreams: tuple[int, ...]
    start: int = EARLIEST
    end: int = LATEST
    where: Expression | None = None
    order: tuple[Order, ...] = ()
    limit: int = 0
    skip: int = 0


def others(query: ObservationQuery) -> tuple[int, ...]:
    """The datastreams a question looks at beside those it is about."""
    asked = [one.by for one in query.order] + ([query.where] if query.where is not None else [])
    found: set[int] = set()
    while asked:
        one = asked.pop()
        if isinstance(one, Other):
            found.add(one.datastream)
        elif isinstance(one, Call):
            asked += one.of
    return tuple(sorted(found))


def call(name: str, *of: Expression) -> Call:
    """One function of these."""
    return Call(name, of)


def every(conditions: Sequence[Expression]) -> Expression | None:
    """All of these at once; None when there is none."""
    found: Expression | None = None
    for one in conditions:
        found = one if found is None else call("and", found, one)
    return found


def beyond(order: Sequence[Order], values: Sequence[Value], number: int) -> Expression:
    """What comes after the observation `number` whose order keys had these values: a page that goes on where the last
    one ended misses nothing and repeats nothing, whatever came meanwhile."""
    found: Expression = call("gt", Field("id"), Constant(number))
    for key, value in zip(reversed(order), reversed(values), strict=True):
        found = call("or", _after(key, value), call("and", _tied(key.by, value), found))
    return found


def _after(key: Order, value: Value) -> Expression:
    here: Expression = call("missing", key.by)
    if value is None:
        return Constant(False) if key.descending else call("not", here)
    if not key.descending:
        return call("gt", key.by, Constant(value))
    return call("or", call("lt", key.by, Constant(value)), here)


def _tied(by: Expression, value: Value) -> Expression:
    return call("missing", by) if value is None else call("eq", by, Constant(value))
