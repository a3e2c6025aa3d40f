"""Gets a page of observations by the shortest way: memory, a window, a scan, or a question of its own."""

from typing import Any, Final

import msgspec
import numpy as np

from bocage.api.sensorthings.observing import START, STREAM, Plan
from bocage.api.sensorthings.options import unsound
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns
from bocage.store import columns, query_masks, query_rows
from bocage.store.protocol import Store
from bocage.store.query import Expression, Field, ObservationQuery, beyond, every, others

SERIES: Final = 200  # series whose rows are got one after the other
FAR: Final = 10_000  # observations that may be read to be skipped
MORE: Final = 16  # rows read beyond a page, for those at its edges that are not of it


class Page(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Some observations in their order; `token`: where the next page goes on, empty when there is none."""

    rows: Columns
    token: tuple[Any, ...] = ()


def fetched(store: Store, plan: Plan, size: int, skip: int = 0, token: tuple[Any, ...] | None = None) -> Page:
    """At most `size` observations after `skip` others, or after where the page before ended."""
    if not plan.query.datastreams or not size:
        return Page(rows=columns.empty())
    after = _after(plan, token) if token is not None else None
    skip = 0 if token is not None else skip
    need = size + 1 + skip
    rows = _short(store, plan, token, after, need) if skip <= FAR else None
    if rows is not None:
        rows = columns.picked(rows, slice(skip, None))
    else:
        where = every([one for one in (plan.query.where, after) if one is not None])
        bounded = _bounded(store, plan, need) if token is None else plan.query
        rows = store.select(msgspec.structs.replace(bounded, where=where, limit=size + 1, skip=skip))
    page = columns.trimmed(columns.picked(rows, slice(0, size)))
    return Page(rows=page, token=ending(store, plan, page) if len(rows) > size else ())


def ending(store: Store, plan: Plan, page: Columns) -> tuple[Any, ...]:
    """Where a page ends: the keys of its last observation, and its number."""
    last = len(page) - 1
    start = int(page.start[last])
    found = [
        store.window(number, start, start + 1) for number in others(ObservationQuery(datastreams=(), order=plan.keys))
    ]
    beside = columns.joined(found) if found else None
    return (*(query_rows.value(key.by, page, last, beside) for key in plan.keys), int(page.id[last]))


def _after(plan: Plan, token: tuple[Any, ...]) -> Expression:
    sound = len(token) == len(plan.keys) + 1 and isinstance(token[-1], int)
    if not sound or any(isinstance(one, list | dict) for one in token):
        raise unsound()
    return beyond(plan.keys, token[:-1], token[-1])


def _short(
    store: Store, plan: Plan, token: tuple[Any, ...] | None, after: Expression | None, need: int
) -> Columns | None:
    """The rows by a window or a scan; None when only the log itself can find them."""
    query = plan.query
    asked = every([one for one in (query.where, after) if one is not None])
    if asked is not None and not query_masks.about_times(asked):
        return None
    by_time = len(query.datastreams) == 1 and plan.keys[0].by == Field("start") and len(plan.keys) == 2
    rows: Columns | None
    limit = need if asked is None else need + MORE
    if by_time:
        rows = _window(store, plan, token, limit)
    elif not plan.chosen and plan.keys[0] == STREAM:
        rows = _series(store, query, token, limit)
    else:
        return None
    if rows is None:
        return None
    found = rows if asked is None else columns.picked(rows, query_masks.mask(rows, asked))
    return columns.picked(found, slice(0, need)) if len(found) >= need or len(rows) < limit else None


def _window(store: Store, plan: Plan, token: tuple[Any, ...] | None, limit: int) -> Columns:
    query, down = plan.query, plan.keys[0].descending
    start, end = query.start, query.end
    if token is not None:
        start, end = (start, min(end, int(token[0]) + 1)) if down else (max(start, int(token[0])), end)
    return store.window(query.datastreams[0], start, end, limit=limit, newest_first=down)


def _series(store: Store, query: ObservationQuery, token: tuple[Any, ...] | None, limit: int) -> Columns | None:
    """The first rows of the first series that hold any; None when they are many series of few rows."""
    from_on = int(token[0]) if token is not None else 0
    held = store.extent([number for number in query.datastreams if number >= from_on])
    found: list[Columns] = []
    for place, one in enumerate(held):
        first = int(token[1]) if token is not None and one.datastream == from_on else query.start
        if place >= SERIES:
            return None
        found.append(store.window(one.datastream, max(first, query.start), query.end, limit=limit))
        limit -= len(found[-1])
        if limit <= 0:
            break
    return columns.joined(found)


def _bounded(store: Store, plan: Plan, need: int) -> ObservationQuery:
    """The newest so many observations of all start no earlier than the last of as many series: the rest is not read."""
    query = plan.query
    newest = plan.keys[0].by == START.by and plan.keys[0].descending and query.where is None
    if not newest:
        return query
    starts = np.sort(store.latest(query.datastreams).start)
    least = int(starts[-need]) if len(starts) >= need else EARLIEST
    return msgspec.structs.replace(query, start=max(query.start, least))


def counted(store: Store, plan: Plan) -> int:
    """How many observations there are; without a condition the log knows it at once."""
    query = plan.query
    if query.where is None and (query.start, query.end) == (EARLIEST, LATEST):
        return sum(one.count for one in store.extent(query.datastreams))
    return sum(store.tally(query).values())
