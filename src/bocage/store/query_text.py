"""Conditions on observations as SQL that DuckDB and PostgreSQL read alike."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import COUNTER_BITS
from bocage.store.query import Among, Call, Constant, Expression, Field, Inner, Order, Other

DAY: Final = 86_400_000
FIELDS: Final[Mapping[str, str]] = {
    "number": f"(CASE WHEN kind = {ResultKind.NUMBER:d} THEN number END)",
    "truth": f"(CASE WHEN kind = {ResultKind.BOOLEAN:d} THEN number <> 0 END)",
    "text": f"(CASE kind WHEN {ResultKind.TEXT:d} THEN text WHEN {ResultKind.NUMBER:d} "
    r"THEN regexp_replace(CAST(number AS VARCHAR), '\.0$', '') END)",
    "words": f"(CASE WHEN kind = {ResultKind.TEXT:d} THEN text END)",
    "kind": "CAST(kind AS INTEGER)",
    "start": '"start"',
    "end": '("start" + span)',
    "id": f"(CAST(datastream AS BIGINT) * {1 << COUNTER_BITS} + counter)",
    "datastream": "datastream",
    "origin": "CAST(origin AS INTEGER)",
    "original": f"(CASE WHEN origin = {Origin.REPLAYED:d} THEN original END)",
    "version": "version",
}
"""Columns as the tables of the log keep them (`store.rows`)."""

_SIGNS = {"and": "AND", "or": "OR", "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ENDLESS = ("'-Infinity'", "'Infinity'")
_ARITHMETIC = {"add": "+", "sub": "-", "mul": "*"}


Written = Mapping[str, Callable[..., str]]
"""How a database writes functions that it knows by another name."""


def text(expression: Expression, own: Written | None = None) -> str:
    """The SQL of an expression; `own`: functions that this database writes otherwise."""
    if isinstance(expression, Field):
        return FIELDS[expression.name]
    if isinstance(expression, Constant):
        return literal(expression.value)
    if isinstance(expression, Among):
        numbers = ", ".join(str(int(one)) for one in expression.datastreams)
        return f"(datastream IN ({numbers}))" if numbers else "FALSE"
    if isinstance(expression, Inner):
        return _inner(expression, own or {})
    if isinstance(expression, Other):
        return (own or {}).get("other", _other)(int(expression.datastream), FIELDS[expression.name])
    return _called(expression, own or {})


def _other(datastream: int, field: str) -> str:
    """The question looks at `newest` rows, of all datastreams it speaks of, and calls `told` those it is about."""
    same = f'other.datastream = {datastream} AND other."start" = told."start" AND other.span = told.span'
    return f"(SELECT {field} FROM newest AS other WHERE {same})"


def _inner(inner: Inner, own: Written) -> str:
    """Each database finds what lies at a path, and of which sort it is, in its own words."""
    held, sort = own.get("held", _held)(inner.path), own.get("sort", _sort)(inner.path)
    if inner.sort == "number":
        return f"(CASE WHEN {sort} = 'number' THEN CAST({held} AS DOUBLE PRECISION) END)"
    if inner.sort == "truth":
        return f"(CASE WHEN {sort} = 'boolean' THEN {held} = 'true' END)"
    shortest = rf"regexp_replace(CAST(CAST({held} AS DOUBLE PRECISION) AS VARCHAR), '\.0$', '')"
    return f"(CASE {sort} WHEN 'string' THEN {held} WHEN 'number' THEN {shortest} END)"


def _held(path: Sequence[str]) -> str:
    return f"json_extract_string(beside, {_pointer(path)})"


def _sort(path: Sequence[str]) -> str:
    kind = f"json_type(beside, {_pointer(path)})"
    return (
        f"(CASE WHEN {kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE') THEN 'number' WHEN {kind} = 'VARCHAR' THEN 'string' "
        f"ELSE lower({kind}) END)"
    )


def _pointer(path: Sequence[str]) -> str:
    return literal("".join("/" + name.replace("~", "~0").replace("/", "~1") for name in path))


def literal(value: float | int | str | bool | None) -> str:
    """A value in SQL; a text is quoted, whatever it holds."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("\x00", "").replace("'", "''") + "'"
    if isinstance(value, int):
        return str(value)
    return f"CAST({repr(value) if math.isfinite(value) else _ENDLESS[value > 0]} AS DOUBLE PRECISION)"


def ordering(order: tuple[Order, ...], own: Written | None = None) -> str:
    """What ORDER BY says: these, then the id."""
    parts = [
        f"{text(one.by, own)} {'DESC NULLS LAST' if one.descending else 'ASC NULLS FIRST'}"
        for one in order
        if _varies(one.by)
    ]
    return ", ".join([*parts, "datastream", "counter"])


def _varies(expression: Expression) -> bool:
    """Whether it looks at the observation at all: databases refuse to order by what is the same for all."""
    if isinstance(expression, Call):
        return any(_varies(one) for one in expression.of)
    return not isinstance(expression, Constant)


def _called(call: Call, own: Written) -> str:
    of = [text(one, own) for one in call.of]
    if call.name in own:
        return own[call.name](*of)
    if call.name in _SIGNS:
        return f"({of[0]} {_SIGNS[call.name]} {of[1]})"
    if call.name in _ARITHMETIC:
        return f"({_real(of[0])} {_ARITHMETIC[call.name]} {_real(of[1])})"
    return _WRITTEN[call.name](*of)


def _real(value: str) -> str:
    return f"CAST({value} AS DOUBLE PRECISION)"


def _round(value: str) -> str:
    real = _real(value)
    return f"(CASE WHEN {real} < 0 THEN -floor(0.5 - {real}) ELSE floor({real} + 0.5) END)"


def _mod(one: str, other: str) -> str:
    return f"({_real(one)} - {_real(other)} * trunc({_real(one)} / nullif({_real(other)}, 0)))"


def _since(value: str, unit: int) -> str:
    """Whole units since 1970, downwards."""
    return f"floor({_real(value)} / {unit})"


def _within(value: str, unit: int, of: int) -> str:
    """Whole units of what is left in the larger one."""
    return f"floor(({value} - {of} * {_since(value, of)}) / {unit})"


def _calendar(part: str) -> Callable[[str], str]:
    def written(value: str) -> str:
        return f"extract({part} FROM DATE '1970-01-01' + CAST({_since(value, DAY)} AS INTEGER))"

    return written


_WRITTEN: Final[Mapping[str, Callable[..., str]]] = {
    "not": lambda one: f"(NOT {one})",
    "missing": lambda one: f"({one} IS NULL)",
    "neg": lambda one: f"(-{_real(one)})",
    "div": lambda one, other: f"({_real(one)} / nullif({_real(other)}, 0))",
    "mod": _mod,
    "round": _round,
    "floor": lambda one: f"floor({_real(one)})",
    "ceiling": lambda one: f"ceil({_real(one)})",
    "length": lambda one: f"length({one})",
    "lower": lambda one: f"lower({one})",
    "upper": lambda one: f"upper({one})",
    "trim": lambda one: f"trim({one})",
    "concat": lambda one, other: f"({one} || {other})",
    "indexof": lambda one, other: f"(strpos({one}, {other}) - 1)",
    "contains": lambda one, other: f"(strpos({one}, {other}) > 0)",
    "startswith": lambda one, other: f"starts_with({one}, {other})",
    "endswith": lambda one, other: f"(right({one}, CAST(length({other}) AS INTEGER)) = {other})",
    "substring": lambda one, at: f"substr({one}, CAST({at} AS INTEGER) + 1)",
    "part": lambda one, at, count: f"substr({one}, CAST({at} AS INTEGER) + 1, CAST({count} AS INTEGER))",
    "if": lambda asked, one, other: f"(CASE WHEN {asked} THEN {one} ELSE {other} END)",
    "year": _calendar("year"),
    "month": _calendar("month"),
    "day": _calendar("day"),
    "hour": lambda one: _within(one, 3_600_000, DAY),
    "minute": lambda one: _within(one, 60_000, 3_600_000),
    "second": lambda one: _within(one, 1_000, 60_000),
    "fraction": lambda one: f"(({one} - 1000 * {_since(one, 1_000)}) / 1000.0)",
    "date": lambda one: f"({DAY} * {_since(one, DAY)})",
    "time": lambda one: f"({one} - {DAY} * {_since(one, DAY)})",
}
