"""What a sender with a token may do to the machine: be refused, quickly."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bocage.domain.errors import PayloadError
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.plugin import Arrival
from bocage.domain.source import Mapping
from bocage.domain.times import read_times
from bocage.ingest import plugins
from bocage.ingest.screening import MOST_UNKNOWN, OTHERS, grouped


@pytest.fixture(scope="module")
def instance(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The demonstration behind the routes for programs."""
    from tests.api.running import running

    yield from running(tmp_path_factory.mktemp("data"))


def test_a_hundred_thousand_series_nobody_declared_are_refused_at_once(instance: Any) -> None:
    from tests.api.running import MAIN

    from bocage.ingest.reception import Sent

    rows = [{"datastream": f"k{i}", "time": "2026-11-23T08:00:00Z", "result": i} for i in range(100_000)]
    by = instance.parts.intake.gate.compiled(MAIN, "air-ecoles")
    decoded = instance.parts.intake.reception.read(by, by.source, Sent(body=msgspec.json.encode(rows)))
    begin = time.perf_counter()
    answer = instance.parts.intake.reception.hand(by, decoded).result()
    assert time.perf_counter() - begin < 3
    assert answer.refused == len(rows)
    keys = {reason.key for reason in answer.reasons}
    assert len(keys) == MOST_UNKNOWN + 1
    assert {"k0", f"k{MOST_UNKNOWN - 1}", OTHERS} <= keys
    told = [reason.count for reason in answer.reasons if reason.key == OTHERS]
    assert set(told) == {len(rows) - MOST_UNKNOWN}


def test_rows_are_grouped_by_their_place_in_their_order() -> None:
    found = list(grouped(np.array([3, 1, 3, 1, 2]), np.array([10, 11, 12, 13, 14])))
    assert [(place, rows.tolist()) for place, rows in found] == [(1, [11, 13]), (2, [14]), (3, [10, 12])]
    assert list(grouped(np.array([], np.int64), np.array([], np.intp))) == []


def test_local_times_at_the_ends_of_the_calendar_are_times_out_of_range() -> None:
    texts = ["9999-12-31T23:59:59", "0001-01-01T00:00:00"] * 40
    found = read_times(texts, "Europe/Paris")
    assert ((found.ms < EARLIEST) | (found.ms > LATEST) | found.bad).all()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
TIMES = st.text(max_size=30) | st.datetimes().map(lambda at: at.isoformat()) | st.just("9999-12-31T23:59:59")
READINGS = st.fixed_dictionaries(
    {"datastream": JSON | st.text(max_size=5), "time": JSON | TIMES, "result": JSON},
    optional={"end": JSON | TIMES, "more": JSON},
)
COLUMNS = st.fixed_dictionaries(
    {"datastream": st.text(max_size=4), "time": st.lists(TIMES, max_size=40), "result": st.lists(JSON, max_size=40)}
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(READINGS, max_size=40) | READINGS | COLUMNS | JSON)
def test_any_json_gives_readings_or_a_payload_error(sent: Any) -> None:
    body = _encoded(sent)
    for name in ("bocage-json", "json-rows"):
        _decoded(name, body, Mapping())
        _decoded(name, body, Mapping(key="{datastream}", time="time", rows="more"))


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_give_readings_or_a_payload_error(sent: bytes) -> None:
    for name in plugins.found():
        for head in (b"", b"datastream;time;result\n", b"[", b'{"time":'):
            _decoded(name, head + sent, Mapping())


CELLS = (
    st.text(max_size=12) | TIMES | st.sampled_from(["1e999", "-inf", "NaN", "0x10", "1_000", "١", "²", "−5", "9" * 400])
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=40), st.sampled_from([",", "."]))
def test_any_table_gives_finite_numbers_or_errors_by_row(rows: list[tuple[str, ...]], decimal: str) -> None:
    table = "\n".join(";".join(cell.replace("\n", " ").replace(";", " ") for cell in row) for row in rows)
    mapping = Mapping(decimal=decimal, delimiter=";")
    _decoded("bocage-csv", f"datastream;time;result\n{table}".encode("utf-8", "replace"), mapping)


def _decoded(name: str, body: bytes, mapping: Mapping) -> None:
    try:
        found = plugins.found()[name].decode(body, mapping, Arrival(zone="Europe/Paris", file="x"))
    except PayloadError:
        return
    readings = found.readings
    numbers = readings.number[readings.kind == 0]
    assert np.isfinite(numbers).all(), (name, body)


def _encoded(sent: Any) -> bytes:
    import json

    return json.dumps(sent).encode("utf-8", "replace")


def test_a_state_is_a_word_and_not_a_document(world: Any) -> None:
    from tests.web.world import AT, HERE

    from bocage import evidence, sensing
    from bocage.accounts import OPERATOR
    from bocage.domain.nature import Nature
    from bocage.domain.sensing import Datastream, Unit
    from bocage.evidence.asked import PutEntity
    from bocage.ingest.reception import Sent

    body = sensing.find(HERE, Datastream.kind, "co2-salle-1").entity
    state = msgspec.structs.replace(body, id=0, key="porte", nature=Nature.STATE, unit=Unit(), title=body.title)
    evidence.change(HERE, OPERATOR, [PutEntity(slug="porte", entity=state)], AT)
    intake = world.parts.intake
    by = intake.gate.compiled(HERE, "capteurs")
    sent = [
        {"datastream": "porte", "time": f"2026-11-20T0{n}:00:00Z", "result": "x" * size}
        for n, size in ((1, 1000), (2, 1001))
    ]
    decoded = intake.reception.read(by, by.source, Sent(body=msgspec.json.encode(sent)))
    answer = intake.reception.hand(by, decoded).result()
    assert (answer.accepted, answer.refused) == (1, 1)
    assert [reason.refusal.code for reason in answer.reasons] == ["long-text"]
