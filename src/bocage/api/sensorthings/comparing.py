"""Comparisons: of numbers, texts, truths, and of times and intervals as the standard defines them."""

from collections.abc import Callable
from typing import Any, Final

from bocage.api.problem import Stopped
from bocage.api.sensorthings.syntax import NULL, NUMBER, TEXT, TIME, TRUTH
from bocage.api.sensorthings.values import Result, Sought, When, applied, sort_of, typed
from bocage.domain.errors import BocageError
from bocage.domain.saying import span
from bocage.domain.text import message as _

COMPARISONS: Final = ("eq", "ne", "lt", "le", "gt", "ge")
_SORTS: Final = (NUMBER, TEXT, TRUTH)


def compared(name: str, one: Any, other: Any, written: tuple[str, str] = ("", "")) -> Any:
    """Whether it holds: true, false, null, or a question to the log. `written`: the sorts of what stands in the text
    itself; they say as what the other side is compared."""
    if NULL in written:
        return _with_null(name, other if written[0] == NULL else one)
    if isinstance(one, When) or isinstance(other, When) or TIME in written:
        first, second = _timely(one, written[0]), _timely(other, written[1])
        return None if first is None or second is None else _TIMES[name](first, second)
    sort = next((each for each in written if each in _SORTS), "") or _sort(one, other)
    if sort:
        return applied(name, typed(one, sort), typed(other, sort))
    if isinstance(one, dict | list) and isinstance(other, dict | list) and name in ("eq", "ne"):
        return (one == other) is (name == "eq")
    return None


def _sort(one: Any, other: Any) -> str:
    first, second = sort_of(one), sort_of(other)
    if isinstance(one, Result) and isinstance(other, Result):
        return NUMBER
    if isinstance(one, Result) or isinstance(other, Result):
        return second or first
    return first if first == second else ""


def _with_null(name: str, value: Any) -> Any:
    if name not in ("eq", "ne"):
        return None
    if isinstance(value, Result):
        missing: Any = Sought(value.missing, TRUTH)
    else:
        missing = applied("missing", value.start if isinstance(value, When) else value)
    return missing if name == "eq" else applied("not", missing)


def _timely(value: Any, written: str) -> When | None:
    """The value as a time; 400 for a text that stands where a time must, and is none."""
    found = when(value)
    if found is None and written == TEXT and isinstance(value, str):
        raise Stopped(400, _("This is no time: {found}"), found=value[:60])
    return found


def when(value: Any) -> When | None:
    """The value as a time; texts may write one."""
    if isinstance(value, When):
        return value
    if not isinstance(value, str):
        return None
    try:
        return When(*span(value))
    except (ValueError, OverflowError, BocageError):
        return None


def before(one: When, other: When) -> Any:
    """Whether one ends before the other starts; the end of an interval is not part of it."""
    return _lasting(one, applied("le", one.end, other.start), applied("lt", one.start, other.start))


def after(one: When, other: When) -> Any:
    """Whether one starts once the other has ended."""
    return _lasting(other, applied("ge", one.start, other.end), applied("gt", one.start, other.start))


def _lasting(time: When, interval: Any, instant: Any) -> Any:
    lasts = applied("lt", time.start, time.end)
    if isinstance(lasts, Sought):
        return applied("or", applied("and", lasts, interval), applied("and", applied("not", lasts), instant))
    return interval if lasts else instant


def _both(name: str, one: When, other: When) -> Any:
    return applied("and", applied(name, one.start, other.start), applied(name, one.end, other.end))


def meets(one: When, other: When) -> Any:
    """Whether they touch: an edge of one is one of the other."""
    return applied("or", applied("eq", one.end, other.start), applied("eq", one.start, other.end))


def during(one: When, other: When) -> Any:
    """Whether one lies within the other."""
    inside = applied("and", applied("ge", one.start, other.start), applied("lt", one.start, other.end))
    return applied("and", inside, applied("le", one.end, other.end))


def overlaps(one: When, other: When) -> Any:
    """Whether any instant is of both."""
    return applied("and", _begins_by(one, other), _begins_by(other, one))


def _begins_by(one: When, other: When) -> Any:
    """Whether one has begun before the other is over."""
    return _lasting(other, applied("lt", one.start, other.end), applied("le", one.start, other.end))


_TIMES: Final[dict[str, Callable[[When, When], Any]]] = {
    "eq": lambda one, other: _both("eq", one, other),
    "ne": lambda one, other: applied("not", _both("eq", one, other)),
    "lt": before,
    "gt": after,
    "le": lambda one, other: _both("le", one, other),
    "ge": lambda one, other: _both("ge", one, other),
}
RELATIONS: Final[dict[str, Callable[[When, When], Any]]] = {
    "before": before,
    "after": after,
    "meets": meets,
    "during": during,
    "overlaps": overlaps,
    "starts": lambda one, other: applied("eq", one.start, other.start),
    "finishes": lambda one, other: applied("eq", one.end, other.end),
}
"""Functions of two times."""
