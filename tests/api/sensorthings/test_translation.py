"""The translation of conditions answers as a naive reader would who looks at every document, one by one, in Python.

Conditions are made as pairs: what is written in the address, and what a reader makes of the documents the service gives
when nothing is asked. Three values: true, false, and None where it cannot be known.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.sensorthings.service import Service
from tests.store.batches import HOUR, T0, batch

Document = dict[str, Any]
Read = Callable[[Document], Any]
Made = tuple[str, Read]


class Kept(list[Document]):
    """Documents that a failing test does not print."""

    def __repr__(self) -> str:
        return f"{len(self)} documents"


@pytest.fixture(scope="module")
def observations(service: Service) -> Kept:
    """Every observation of the test's own series, with what it hangs on."""
    a, b, state = (service.numbers[slug] for slug in ("classe-a", "classe-b", "etat-b"))
    store = service.instance.store
    store.append(batch([a] * 6, T0 + np.arange(6) * 7 * HOUR + 1_234, [0, -2.5, 3.25, 10, None, 100])).result(5)
    store.append(
        batch([b] * 3, T0 + np.arange(3) * 9 * HOUR, [1, 2, 3], end=T0 + np.arange(3) * 9 * HOUR + HOUR)
    ).result(5)
    said = np.array(['{"r":4000000}', '{"p":{"n":2,"w":"Open"}}', '{"q":"10"}', None, '{"p":{"n":"2"}}'], object)
    words = ["", "Open", "é", "10", False]
    store.append(batch([state] * 5, T0 + np.arange(5) * 5 * HOUR + 17, words, beside=said)).result(5)
    found = service.get(
        f"Observations?$filter={quote(OWN)}&$top=1000&$expand=Datastream($expand=Thing),FeatureOfInterest"
    )
    held = Kept(found["value"])
    assert len(held) > 15
    return held


OWN = "startswith(Datastream/Thing/name,'École')"


def edges(time: str) -> tuple[datetime, datetime]:
    first, _slash, last = time.partition("/")
    start = datetime.fromisoformat(first)
    return start, datetime.fromisoformat(last) if last else start


def number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(value: Any) -> Any:
    if isinstance(value, str):
        return value
    return None if number(value) is None else repr(float(value)).removesuffix(".0")


def known(work: Callable[..., Any], *of: Any) -> Any:
    return None if any(one is None for one in of) else work(*of)


SIGNS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
}


def shown(value: Any) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


constants: st.SearchStrategy[Made] = st.sampled_from([-2.5, 0, 1, 2, 3, 10, 99.5]).map(
    lambda v: (shown(v), lambda _o: v)
)
words: st.SearchStrategy[Made] = st.sampled_from(["", "1", "10", "Open", "é", "École B", "pe"]).map(
    lambda v: (shown(v), lambda _o: v)
)
results: st.SearchStrategy[Made] = st.just(("result", lambda o: number(o["result"])))
lengths: st.SearchStrategy[Made] = st.just(("length(result)", lambda o: known(len, text(o["result"]))))
arithmetic: dict[str, Callable[[float, float], float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
}
parameters: st.SearchStrategy[Made] = st.just(("parameters/n", lambda o: number(o["parameters"].get("n"))))


def joined(name: str, one: Made, other: Made) -> Made:
    return f"({one[0]} {name} {other[0]})", lambda o: known(arithmetic[name], one[1](o), other[1](o))


numeric = st.recursive(
    st.one_of(results, results, constants, parameters),
    lambda inner: st.one_of(st.builds(joined, st.sampled_from(sorted(arithmetic)), inner, inner)),
    max_leaves=3,
)
texts: st.SearchStrategy[Made] = st.sampled_from(
    [
        ("result", lambda o: text(o["result"])),
        ("tolower(result)", lambda o: known(str.lower, text(o["result"]))),
        ("parameters/w", lambda o: text(o["parameters"].get("w"))),
        ("resultQuality", lambda o: text(o.get("resultQuality"))),
        ("Datastream/name", lambda o: o["Datastream"]["name"]),
        ("Datastream/Thing/name", lambda o: o["Datastream"]["Thing"]["name"]),
        ("concat(result,'!')", lambda o: known(lambda t: t + "!", text(o["result"]))),
        ("substring(Datastream/Thing/name,2)", lambda o: o["Datastream"]["Thing"]["name"][2:]),
    ]
)
moments = st.integers(0, 50).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))


def compared(name: str, one: Made, other: Made) -> Made:
    return f"{one[0]} {name} {other[0]}", lambda o: known(SIGNS[name], one[1](o), other[1](o))


def of_texts(name: str, one: Made, other: Made) -> Made:
    work = {"startswith": str.startswith, "endswith": str.endswith, "contains": str.__contains__}[name]
    return f"{name}({one[0]},{other[0]})", lambda o: known(work, one[1](o), other[1](o))


def of_time(name: str, at: datetime) -> Made:
    def read(o: Document) -> bool:
        start, end = edges(o["phenomenonTime"])
        lasts = end > start
        return {
            "eq": start == end == at,
            "ne": not start == end == at,
            "lt": end <= at if lasts else start < at,
            "gt": start > at,
            "le": start <= at and end <= at,
            "ge": start >= at and end >= at,
        }[name]

    return f"phenomenonTime {name} {at:%Y-%m-%dT%H:%M:%SZ}", read


def of_result(name: str, at: datetime) -> Made:
    def read(o: Document) -> Any:
        return known(lambda came: SIGNS[name](edges(came)[0], at), o["resultTime"])

    return f"resultTime {name} {at:%Y-%m-%dT%H:%M:%SZ}", read


def hour(name: str, n: int) -> Made:
    return f"hour(phenomenonTime) {name} {n}", lambda o: SIGNS[name](edges(o["phenomenonTime"])[0].hour, n)


def place(x: float) -> Made:
    return (
        f"geo.distance(FeatureOfInterest/feature, geography'POINT({x} 47.5)') lt 0.6",
        lambda o: abs(o["FeatureOfInterest"]["feature"]["coordinates"][0] - x) < 0.6,
    )


signs = st.sampled_from(sorted(SIGNS))
simple: st.SearchStrategy[Made] = st.one_of(
    st.builds(compared, signs, numeric, constants),
    st.builds(compared, signs, st.one_of(lengths), constants),
    st.builds(compared, signs, texts, words),
    st.builds(of_texts, st.sampled_from(["startswith", "endswith", "contains"]), texts, words),
    st.builds(of_time, signs, moments),
    st.builds(of_result, signs, moments),
    st.builds(hour, signs, st.integers(0, 23)),
    st.builds(place, st.sampled_from([0.0, 1.0, 2.0])),
    st.sampled_from(
        [
            ("result eq null", lambda o: o["result"] is None),
            ("result ne null", lambda o: o["result"] is not None),
            ("result eq true", lambda o: o["result"] is True if isinstance(o["result"], bool) else None),
        ]
    ),
)


def both(name: str, one: Made, other: Made) -> Made:
    def read(o: Document) -> Any:
        first, second = one[1](o), other[1](o)
        settles = name == "or"
        if settles in (first, second):
            return settles
        return None if first is None or second is None else not settles

    return f"({one[0]} {name} {other[0]})", read


def contrary(one: Made) -> Made:
    return f"not ({one[0]})", lambda o: known(lambda v: not v, one[1](o))


conditions = st.recursive(
    simple,
    lambda inner: st.one_of(st.builds(both, st.sampled_from(["and", "or"]), inner, inner), st.builds(contrary, inner)),
    max_leaves=5,
)
few = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(made=conditions)
@few
def test_a_condition_on_observations_finds_what_a_naive_reader_finds(
    service: Service, observations: Kept, made: Made
) -> None:
    condition, read = made
    path = f"Observations?$filter={quote(f'{OWN} and ({condition})')}&$top=1000&$select=id"
    found = {one["@iot.id"] for one in service.get(path)["value"]}
    assert found == {one["@iot.id"] for one in observations if read(one) is True}


@given(made=conditions)
@few
def test_things_are_found_by_their_observations_as_a_naive_reader_finds_them(
    service: Service, observations: Kept, made: Made
) -> None:
    condition, read = made
    for name in ("resultTime", "resultQuality", "result", "parameters/", "phenomenonTime", "FeatureOfInterest/"):
        condition = re.sub(rf"(?<![/\w]){name}(?![A-Z])", f"Datastreams/Observations/{name}", condition)
    condition = condition.replace("Datastream/Thing/name", "name").replace("Datastream/name", "Datastreams/name")
    shown = f"not startswith(Datastreams/name,'Compteur') and ({condition})"  # a closed series holds nothing here
    found = {one["@iot.id"] for one in service.get(f"Things?$filter={quote(shown)}&$top=1000&$select=id")["value"]}
    things = {one["Datastream"]["Thing"]["@iot.id"] for one in observations}
    assert found & things == {one["Datastream"]["Thing"]["@iot.id"] for one in observations if read(one) is True}
