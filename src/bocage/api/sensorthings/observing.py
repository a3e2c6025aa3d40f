"""What is asked of observations, as one question to the log; what only entities tell is settled before."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.binding import Bindings, Prefix, Section, bindings, prefixes, sections
from bocage.api.sensorthings.evaluating import Evaluated, Surroundings, compiled
from bocage.api.sensorthings.model import FEATURE, OBSERVATION
from bocage.api.sensorthings.sight import View
from bocage.api.sensorthings.syntax import NUMBER, TRUTH, Node, Path, walked
from bocage.api.sensorthings.values import NAMED, Result, Sought, When, applied, asked, logical
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.text import message as _
from bocage.store import query_masks
from bocage.store.query import Among, Call, Constant, Expression, Field, ObservationQuery, Order

Scope = Sequence[tuple[View, Section]]
"""The observations an address means: sections of series, each with the territory it is of."""
START, END, STREAM = Order(Field("start")), Order(Field("end")), Order(Field("datastream"))
MOST_VALUES: Final = 20_000  # series whose entities may be looked at to order observations


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The question, and by which keys its answer is ordered: enough to go on after any of them."""

    query: ObservationQuery
    keys: tuple[Order, ...]
    chosen: bool = False  # whether the order was asked for


def planned(scope: Scope, condition: Node | None, order: Sequence[tuple[Node, bool]], around: Surroundings) -> Plan:
    """The question to the log for observations of this scope."""
    where, numbers = _where(scope, condition, around)
    start, end = query_masks.bounds(where)
    found = query_masks.datastreams(where, numbers)
    keys = tuple(one for node, down in order for one in _keys(scope, node, down, around))
    if not keys:
        keys = (START, END) if len(found) == 1 else (STREAM, START, END)
    query = ObservationQuery(datastreams=found, start=start, end=end, where=where, order=keys)
    return Plan(query=query, keys=keys, chosen=bool(order))


def _where(scope: Scope, condition: Node | None, around: Surroundings) -> tuple[Expression | None, tuple[int, ...]]:
    """The condition, and the series it may hold for."""
    groups = grouped(scope, condition, around)
    numbers = tuple(sorted({number for held in groups.values() for number in held}))
    if set(groups) <= {Constant(True)}:
        return None, numbers
    if len(groups) == 1:
        return next(iter(groups)), numbers
    parts: list[Expression] = [
        Among(tuple(held)) if asking == Constant(True) else Call("and", (Among(tuple(held)), asking))
        for asking, held in groups.items()
    ]
    return _any(parts), numbers


def _any(parts: Sequence[Expression]) -> Expression:
    """Any of these, halved rather than chained: databases do not like deep trees."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return Call("or", (_any(parts[:half]), _any(parts[half:])))


def grouped(scope: Scope, condition: Node | None, around: Surroundings) -> dict[Expression, list[int]]:
    """The series by what is asked of their observations; those for which it can never hold are left out."""
    ways = prefixes(OBSERVATION, [condition]) if condition is not None else ()
    judge = compiled(OBSERVATION, condition, around) if condition is not None else _always
    alike = logical(judge({(): Section()})) if not ways else None
    groups: dict[Expression, list[int]] = {}
    for view, section in _parted(scope, ways):
        plain = not ways and section.joint is None
        found = alike if plain else settled(bindings(view, section, ways, around.spend), judge)
        found = applied("and", found, within(section))
        if section.stream is not None and found is not False and found is not None:
            groups.setdefault(asked(found), []).append(section.stream.id)
    return groups


def _parted(scope: Scope, ways: Sequence[Prefix]) -> Scope:
    """The same observations by what they are about, where a condition asks for it."""
    if not any(way[0] == FEATURE for way in ways):
        return scope
    return [(view, part) for view, section in scope for part in _sections(view, section)]


def _sections(view: View, section: Section) -> Iterable[Section]:
    source = section.joint or section.stream
    return (section,) if source is None or section.feature is not None else sections(view, source)


def _always(_bound: Any) -> bool:
    return True


def settled(bound_to: Iterable[Bindings], judge: Evaluated) -> Any:
    """What a condition is worth where there is one combination of entities for which it holds."""
    found: Any = False
    for bound in bound_to:
        found = applied("or", found, logical(judge(bound)))
        if found is True:
            return True
    return found


def within(section: Section) -> Any:
    """Whether an observation is of this part of its series."""
    found: Any = True
    if section.named is not None:
        found = applied("eq", NAMED, section.named) if section.named else applied("missing", NAMED)
    start = Sought(Field("start"), "number")
    if section.start > EARLIEST:
        found = applied("and", found, applied("ge", start, section.start))
    return applied("and", found, applied("lt", start, section.end)) if section.end < LATEST else found


def _keys(scope: Scope, node: Node, down: bool, around: Surroundings) -> tuple[Order, ...]:
    ways = prefixes(OBSERVATION, [node])
    judge = compiled(OBSERVATION, node, around)
    if not ways:
        joint = {section.joint for _view, section in scope if section.joint is not None}
        if joint and _of_arrays(node) and len({section.stream for _view, section in scope}) > 1:
            raise Stopped(400, _("Results that are arrays are ordered within one MultiDatastream."))
        section = scope[0][1] if joint and _of_arrays(node) else Section()
        return tuple(Order(one, down) for one in _expressions(judge({(): section})))
    if len(scope) > MOST_VALUES:
        raise Stopped(400, _("Too many series to order them by what they hang on: ask for fewer with $filter."))
    first = {one.stream.id: bindings(view, one, ways, around.spend) for view, one in scope if one.stream}
    values = {number: judge(next(iter(bound_to))) for number, bound_to in first.items()}
    ranked = {value: rank for rank, value in enumerate(sorted({_ranked(one) for one in values.values()}))}
    ranks = [(number, ranked[_ranked(value)]) for number, value in sorted(values.items())]
    return (Order(_chosen(ranks), down),)


def _of_arrays(node: Node) -> bool:
    return any(isinstance(one, Path) and one.names[0] == "result" and len(one.names) > 1 for one in walked(node))


def _ranked(value: Any) -> tuple[int, Any]:
    """Values of any sort in one order; null first."""
    if value is None:
        return 0, 0
    if isinstance(value, str):
        return 2, value
    if isinstance(value, When):
        return 1, value.start
    return (1, value) if isinstance(value, int | float) else (3, str(value))


def _chosen(ranks: Sequence[tuple[int, int]]) -> Expression:
    """The rank of the series of an observation, looked for by halves."""
    if not ranks:
        return Constant(0)
    if ranks[0][1] == ranks[-1][1] and all(rank == ranks[0][1] for _number, rank in ranks):
        return Constant(ranks[0][1])
    half = len(ranks) // 2
    least = Call("lt", (Field("datastream"), Constant(ranks[half][0])))
    return Call("if", (least, _chosen(ranks[:half]), _chosen(ranks[half:])))


def _expressions(value: Any) -> tuple[Expression, ...]:
    """By what a value is ordered: a time by its start and its end, a result by its number and its text."""
    if isinstance(value, When):
        return asked(value.start), asked(value.end)
    if isinstance(value, Result):
        return value.asked(NUMBER), value.asked(TRUTH), value.words
    if isinstance(value, Sought):
        return (value.by,)
    return (Constant(value if isinstance(value, int | float | str) else None),)
