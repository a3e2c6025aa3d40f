"""Conditions and orders: every home answers as reading row by row would."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import columns, letters, query_rows
from bocage.store.protocol import Store
from bocage.store.query import Among, Constant, Expression, Field, Inner, ObservationQuery, Order, Other, beyond, call

from .batches import DAY, HOUR, T0, batch, results, same

Log = tuple[Store, Callable[[], None]]
NUMBER, TEXT, START = Field("number"), Field("text"), Field("start")


def asked(store: Store, where: Expression | None, *order: Order, **more: Any) -> list[Any]:
    query = ObservationQuery(datastreams=(1, 2, 3), where=where, order=order, **more)
    return results(store.select(query))


def filled(store: Store) -> None:
    store.append(batch([1] * 4, T0 + np.arange(4) * HOUR, [3, 10, "10", None])).result(5)
    store.append(batch([2] * 3, T0 + np.arange(3) * 40 * DAY, [True, 2.5, "a'b"])).result(5)


def test_a_number_compares_with_numbers_and_a_text_with_texts(log: Log) -> None:
    store, move = log
    filled(store)
    move()
    assert asked(store, call("gt", NUMBER, Constant(3))) == [10]
    assert asked(store, call("gt", TEXT, Constant("3"))) == ["a'b"]
    assert asked(store, call("eq", TEXT, Constant("10"))) == [10, "10"]
    assert asked(store, call("eq", TEXT, Constant("a'b"))) == ["a'b"]
    assert asked(store, call("eq", Field("truth"), Constant(True))) == [True]


def test_what_is_null_fulfils_neither_a_condition_nor_its_contrary(log: Log) -> None:
    store, move = log
    filled(store)
    move()
    assert asked(store, call("ne", NUMBER, Constant(3))) == [10, 2.5]
    assert asked(store, call("not", call("eq", NUMBER, Constant(3)))) == [10, 2.5]
    assert asked(store, call("missing", call("add", NUMBER, Constant(1))), limit=2) == ["10", None]


def test_pages_that_follow_one_another_miss_and_repeat_nothing_while_data_arrives(log: Log) -> None:
    store, move = log
    filled(store)
    move()
    order = (Order(NUMBER, descending=True),)
    seen: list[Any] = []
    where: Expression | None = None
    for turn in range(6):
        page = store.select(ObservationQuery(datastreams=(1, 2), where=where, order=order, limit=2))
        if not len(page):
            break
        seen += results(page)
        value = float(page.number[-1]) if page.kind[-1] == 0 else None
        where = beyond(order, [value], int(page.id[-1]))
        store.append(batch([1], [T0 + DAY + turn], [100 + turn])).result(5)  # before what was read
    assert seen == [10, 3, 2.5, "10", None, True, "a'b"]


def test_a_corrected_observation_counts_once_with_its_newest_value(log: Log) -> None:
    store, move = log
    filled(store)
    move()
    store.append(batch([1], [T0], [50], correcting=True, reason="r")).result(5)
    assert asked(store, call("ge", NUMBER, Constant(3))) == [50, 10]
    assert asked(store, call("eq", NUMBER, Constant(3))) == []
    move()
    assert store.tally(ObservationQuery(datastreams=(1, 2))) == {1: 4, 2: 3}
    assert asked(store, call("ge", NUMBER, Constant(3))) == [50, 10]


def test_order_skip_and_a_range_of_time_are_looked_at_together(log: Log) -> None:
    store, move = log
    filled(store)
    move()
    assert asked(store, None, Order(START, descending=True), limit=2, skip=1) == [2.5, None]
    assert asked(store, Among((2,)), start=T0 + DAY, end=T0 + 60 * DAY) == [2.5]
    assert store.tally(ObservationQuery(datastreams=(1, 2), where=call("gt", NUMBER, Constant(2.7)))) == {1: 2}
    assert store.tally(ObservationQuery(datastreams=())) == {}


def test_a_thousand_datastreams_are_asked_for_at_once(log: Log) -> None:
    store, move = log
    store.append(batch(range(1, 1001), np.arange(1000) + T0, np.arange(1000))).result(5)
    move()
    query = ObservationQuery(datastreams=tuple(range(1, 1001)), where=call("ge", NUMBER, Constant(998)))
    assert results(store.select(query)) == [998, 999]


numbers: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([NUMBER, call("sub", START, Constant(T0)), Field("origin"), Field("kind")]),
    st.sampled_from([-2.5, -1, 0, 0.5, 1, 2, 3.25, 1000]).map(Constant),
    st.sampled_from([("r",), ("p", "n"), ("p", "list", "1"), ("p", "a/b")]).map(lambda path: Inner(path, "number")),
    st.sampled_from([Other(2, "number"), Other(3, "number")]),
)
words: st.SearchStrategy[Expression] = st.sampled_from(
    [
        TEXT,
        Constant("2"),
        Constant(" Ab "),
        Constant("é"),
        Inner(("p", "n"), "text"),
        Inner(("q",), "text"),
        Other(2, "text"),
    ]
)


def _numeric(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    two = st.sampled_from(["add", "sub", "mul", "div", "mod"])
    return st.one_of(
        st.builds(call, two, inner, inner),
        st.builds(call, st.sampled_from(["neg", "round", "floor", "ceiling"]), inner),
    )


def _worded(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(call, st.sampled_from(["lower", "upper", "trim"]), inner),
        st.builds(lambda a, b: call("concat", a, b), inner, inner),
        st.builds(lambda a, n: call("substring", a, Constant(n)), inner, st.integers(0, 3)),
    )


reals = st.recursive(numbers, _numeric, max_leaves=4)
texts = st.recursive(words, _worded, max_leaves=3)
parts = st.sampled_from(["year", "month", "day", "hour", "minute", "second", "fraction", "date", "time"])
compared = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"])
simple = st.one_of(
    st.builds(call, compared, reals, reals),
    st.builds(call, compared, texts, texts),
    st.builds(call, st.sampled_from(["contains", "startswith", "endswith"]), texts, texts),
    st.builds(lambda a, b, n: call("ge", call("indexof", a, b), Constant(n)), texts, texts, st.integers(-1, 2)),
    st.builds(lambda part, n: call("ge", call(part, START), Constant(n)), parts, st.sampled_from([0, 0.5, 12, 2026])),
    st.builds(lambda a: call("missing", a), reals),
    st.sampled_from([Among((1,)), Among((2, 3)), call("eq", Field("truth"), Constant(True))]),
    st.sampled_from([Inner(("p", "n"), "truth"), call("missing", Inner(("p",), "number"))]),
)
conditions = st.recursive(
    simple,
    lambda inner: st.one_of(
        st.builds(call, st.sampled_from(["and", "or"]), inner, inner),
        st.builds(lambda a: call("not", a), inner),
    ),
    max_leaves=4,
)


def test_letters_are_small_and_capital_alike_everywhere(log: Log) -> None:
    store, _move = log
    texts = ["".join(part) for part in (letters.small(), letters.capital(), "ΑΣ ß İ ŉ ǆ ᾳ x9")]
    store.append(batch([1] * len(texts), T0 + np.arange(len(texts)), texts)).result(5)
    for name in ("lower", "upper"):
        for text in texts:
            expected = Constant(query_rows.WORKED[name](text))
            assert asked(store, call("eq", call(name, Field("words")), expected)), (name, text)


@pytest.fixture(scope="module")
def rows() -> list[Any]:
    return [-2.5, -1, 0, 0.5, 1, 2, 3.25, 1e9, True, False, None, "2", " Ab c", "é", "", "10"]


BESIDE = (
    *('{"r":350}', '{"p":{"n":2.5,"list":[1,2]}}', '{"p":{"n":"É\'"},"q":"bon"}', '{"p":{"n":true}}'),
    *('{"p":{"a/b":3,"n":null}}', "{}", '{"p":{"n":100000,"list":[]},"q":{"a":1}}'),
)


@given(where=conditions, key=st.one_of(reals, texts), down=st.booleans())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_home_answers_as_reading_row_by_row_would(
    log: Log, rows: list[Any], where: Expression, key: Expression, down: bool
) -> None:
    store, move = log
    if not store.extent():
        numbers = [1 + place % 3 for place in range(len(rows))]
        said = np.array([*BESIDE, *[None] * (len(rows) - len(BESIDE))], object)
        store.append(batch(numbers, T0 + np.arange(len(rows)) // 3 * 5 * 3_600_123, rows, beside=said)).result(5)
        move()
    held = columns.joined([store.window(number, EARLIEST, LATEST) for number in (1, 2, 3)])
    query = ObservationQuery(datastreams=(1, 2, 3), where=where, order=(Order(key, down),))
    assert same(store.select(query), query_rows.selected(held, query, held))
    assert store.tally(query) == query_rows.tallied(held, query, held)
