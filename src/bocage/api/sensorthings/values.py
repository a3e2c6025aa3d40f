"""What an expression is worth: a value where it is known, a question to the log where only observations tell."""

from typing import Any, Final

import msgspec

from bocage.api.sensorthings.syntax import NUMBER, TEXT, TRUTH
from bocage.domain.nature import ResultKind
from bocage.store import query_rows
from bocage.store.query import Call, Constant, Expression, Field, Inner, Other


class When(msgspec.Struct, frozen=True):
    """A time, (start, end) in UTC milliseconds; the same for an instant. Either may be a question to the log."""

    start: Any
    end: Any


class Sought(msgspec.Struct, frozen=True):
    """What an observation tells, and of which sort it is."""

    by: Expression
    sort: str


class Result(msgspec.Struct, frozen=True):
    """The result of an observation, before it is known what it is compared with; with a `path`, what lies there in
    what was said beside it; with a number in `of`, the result of that series at the same time."""

    path: tuple[str, ...] = ()
    of: int = 0

    def asked(self, sort: str) -> Expression:
        """The same as one of that sort."""
        if self.path:
            return Inner(self.path, sort)
        return Other(self.of, RESULTS[sort].name) if self.of else RESULTS[sort]

    @property
    def words(self) -> Expression:
        """The same as a text, by which it is ordered where it is no number."""
        if self.path:
            return Inner(self.path, TEXT)
        return Other(self.of, "words") if self.of else Field("words")

    @property
    def missing(self) -> Expression:
        """Whether there is none."""
        if self.of:
            kind = Other(self.of, "kind")
            return Call("or", (Call("missing", (kind,)), Call("eq", (kind, Constant(int(ResultKind.NULL))))))
        if not self.path:
            return IS_NULL
        return Call("and", (Call("missing", (self.asked(TEXT),)), Call("missing", (self.asked(TRUTH),))))


RESULT: Final = Result()
RESULTS: Final = {TEXT: Field("text"), NUMBER: Field("number"), TRUTH: Field("truth")}
IS_NULL: Final = Call("eq", (Field("kind"), Constant(int(ResultKind.NULL))))
NAMED: Final = Sought(Inner(("f",), NUMBER), NUMBER)
"""The feature an observation names itself."""
_COMPARED: Final = {"eq", "ne", "lt", "le", "gt", "ge"}
_TRUE: Final = {*_COMPARED, "and", "or", "not", "missing", "contains", "startswith", "endswith"}
_TEXTS: Final = {"lower", "upper", "trim", "concat", "substring", "part"}
SORTS: Final = {
    **dict.fromkeys(query_rows.WORKED, NUMBER),
    **dict.fromkeys(_TRUE, TRUTH),
    **dict.fromkeys(_TEXTS, TEXT),
}
"""What each function of the log gives."""


def sort_of(value: Any) -> str:
    """The sort of a value; empty when it is none that can be compared."""
    if isinstance(value, Sought):
        return value.sort
    if isinstance(value, bool):
        return TRUTH
    if isinstance(value, int | float):
        return NUMBER
    return TEXT if isinstance(value, str) else ""


def asked(value: Any) -> Expression:
    """A value as the log understands it."""
    return value.by if isinstance(value, Sought) else Constant(value)


def applied(name: str, *of: Any) -> Any:
    """A function of the log, worked out here when everything is known."""
    if name in ("and", "or"):
        return _joined(name, *of)
    if any(isinstance(one, Sought) for one in of):
        return Sought(Call(name, tuple(asked(one) for one in of)), SORTS[name])
    if name == "missing":
        return of[0] is None
    return None if any(one is None for one in of) else query_rows.WORKED[name](*of)


def _joined(name: str, one: Any, other: Any) -> Any:
    settles = name == "or"
    if one is settles or other is settles:
        return settles
    if one is not None and not isinstance(one, Sought):
        return other
    if other is not None and not isinstance(other, Sought):
        return one
    if one is None and other is None:
        return None
    return Sought(Call(name, (asked(one), asked(other))), TRUTH)


def typed(value: Any, sort: str) -> Any:
    """The value as one of that sort, null where it is none: a number has a text, a text has no number."""
    if isinstance(value, Result):
        return Sought(value.asked(sort), sort) if sort in RESULTS else None
    found = sort_of(value)
    if value is None or found == sort:
        return value
    if sort == TEXT and found == NUMBER and not isinstance(value, Sought):
        return query_rows.decimal(float(value))
    return None


def logical(value: Any) -> Any:
    """The value as true, false or null."""
    return typed(value, TRUTH)


def moved(name: str, one: Any, other: Any) -> Any:
    """A time and a duration, or the milliseconds between two times; arithmetic otherwise."""
    if isinstance(one, When) and isinstance(other, When):
        return applied("sub", one.start, other.start) if name == "sub" else None
    if isinstance(one, When) and name in ("add", "sub"):
        by = typed(other, NUMBER)
        return When(applied(name, one.start, by), applied(name, one.end, by))
    if isinstance(one, When) or isinstance(other, When):
        return None
    return applied(name, typed(one, NUMBER), typed(other, NUMBER))
