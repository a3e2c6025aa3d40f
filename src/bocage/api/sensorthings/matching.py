"""Which entities of a collection fulfil a condition, and in which order they stand."""

from collections.abc import Sequence
from functools import cmp_to_key
from typing import Any, Final

from bocage.api.problem import Stopped
from bocage.api.sensorthings.binding import Prefix, Section, about_observations, bindings, prefixes
from bocage.api.sensorthings.evaluating import Evaluated, compiled
from bocage.api.sensorthings.observing import within
from bocage.api.sensorthings.reading import Reading, Shown
from bocage.api.sensorthings.syntax import NUMBER, Node
from bocage.api.sensorthings.values import Result, Sought, When, applied, asked, logical
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.text import message as _
from bocage.store import query_masks, query_rows
from bocage.store.query import Expression, Field, ObservationQuery, Order

Key = tuple[Any, ...]
_RANKS: Final = {bool: 1, int: 2, float: 2, str: 3}
MOST: Final = 500  # series whose observations may be looked at one by one to order entities


def matching(reading: Reading, root: str, items: Sequence[Shown], condition: Node | None) -> list[Shown]:
    """The entities for which a condition is true; observations are asked for all at once."""
    if condition is None:
        return list(items)
    ways = prefixes(root, [condition])
    judge = compiled(root, condition, reading)
    if about_observations(ways):
        return _by_observations(reading, items, ways, judge)
    return [one for one in items if any(logical(judge(bound)) is True for bound in bindings(*one, ways, reading.spend))]


def _by_observations(reading: Reading, items: Sequence[Shown], ways: Sequence[Prefix], judge: Evaluated) -> list[Shown]:
    """Entities are known at once; what hangs on observations is put together to few questions to the log."""
    known: set[int] = set()
    waiting: dict[Expression, dict[int, set[int]]] = {}
    for place, (view, item) in enumerate(items):
        for bound in bindings(view, item, ways, reading.spend):
            found = logical(judge(bound))
            section = next((one for one in bound.values() if isinstance(one, Section)), None)
            if found is True and section is None:
                known.add(place)
            elif found is not None and found is not False and section is not None and section.stream is not None:
                question = asked(applied("and", found, within(section)))
                waiting.setdefault(question, {}).setdefault(section.stream.id, set()).add(place)
    for question, streams in waiting.items():
        start, end = query_masks.bounds(question)
        query = ObservationQuery(datastreams=tuple(sorted(streams)), start=start, end=end, where=question)
        for number in reading.store.tally(query):
            known |= streams[number]
    return [one for place, one in enumerate(items) if place in known]


def keyed(reading: Reading, root: str, items: Sequence[Shown], order: Sequence[tuple[Node, bool]]) -> list[Key]:
    """What each entity is ordered by: the keys, then its number."""
    judges = [(prefixes(root, [node]), compiled(root, node, reading), down) for node, down in order]
    closely = [node for (ways, _judge, _down), (node, _) in zip(judges, order, strict=True) if about_observations(ways)]
    if len(items) > MOST and any(getattr(node, "names", ("",))[-1] != "phenomenonTime" for node in closely):
        raise Stopped(400, _("Too many entities to order them by their observations: ask for fewer with $filter."))
    return [(*(_worth(reading, one, ways, judge, down) for ways, judge, down in judges), one[1].id) for one in items]


def _worth(reading: Reading, shown: Shown, ways: Sequence[Prefix], judge: Evaluated, down: bool) -> Any:
    """The value an entity is ordered by; where there are several, the first in that order."""
    found = [_plain(reading, judge(bound), bound.values(), down) for bound in bindings(*shown, ways, reading.spend)]
    return sorted(found, key=ranked, reverse=down)[0]


def _plain(reading: Reading, value: Any, bound: Any, down: bool) -> Any:
    section = next((one for one in bound if isinstance(one, Section)), None)
    if isinstance(value, Result):
        value = Sought(value.asked(NUMBER), NUMBER)
    if isinstance(value, When):
        value = value.start
    if isinstance(value, Sought) and section is not None and section.stream is not None:
        return _extreme(reading, section, value.by, down)
    return value if isinstance(value, bool | int | float | str) else None


def _extreme(reading: Reading, section: Section, by: Any, down: bool) -> Any:
    """The greatest or least value among the observations of a series."""
    assert section.stream is not None
    if by == Field("start") and (section.start, section.end) == (EARLIEST, LATEST):
        held = reading.stretch(section.stream.id)
        return None if held is None else held.last if down else held.first
    query = ObservationQuery(
        datastreams=(section.stream.id,),
        start=section.start,
        end=section.end,
        order=(Order(by, down),),
        where=asked(applied("and", applied("not", applied("missing", Sought(by, "number"))), within(section))),
        limit=1,
    )
    rows = reading.store.select(query)
    return query_rows.value(by, rows, 0) if len(rows) else None


def ranked(value: Any) -> tuple[int, Any]:
    """Values of any sort in one order; null first."""
    return (_RANKS.get(type(value), 0), 0 if value is None else value)


def arranged(keys: Sequence[Key], downs: Sequence[bool]) -> list[int]:
    """The places of entities in the order of their keys."""
    places = list(range(len(keys)))
    if not downs:
        return sorted(places, key=lambda place: keys[place][-1])

    def beside(one: int, other: int) -> int:
        return compared(keys[one], keys[other], downs)

    return sorted(places, key=cmp_to_key(beside))


def compared(one: Key, other: Key, downs: Sequence[bool]) -> int:
    """Negative when one comes before the other."""
    for first, second, down in zip(one, other, (*downs, False), strict=True):
        a, b = ranked(first), ranked(second)
        if a != b:
            return (1 if a > b else -1) * (-1 if down else 1)
    return 0
