"""Any bytes give readings or PayloadError, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bocage import sources
from bocage.domain.errors import PayloadError
from bocage.domain.lone_value import read_values
from bocage.domain.plugin import Arrival, Note, Plugin
from bocage.domain.reading import Decoded
from bocage.domain.row_errors import RowErrors, count
from bocage.domain.source import Mapping, Series
from bocage.ingest import plugins

ARRIVAL = Arrival(zone="Europe/Paris", file="given")
PLUGINS = list(plugins.found().values())
WORDS = some.sampled_from(
    [
        "datastream",
        "time",
        "result",
        "end",
        "2026-11-23T08:00:00Z",
        "2026-03-29 02:30",
        "1,5",
        "1_0",
        "nan",
        "1e999",
        "\x00",
        '"',
        "",
    ]
)
TABLES = some.lists(some.lists(WORDS | some.text(max_size=8), max_size=5), max_size=6).map(
    lambda lines: "\n".join(";".join(cells) for cells in lines).encode("utf-8", "replace")
)
LEAVES = some.none() | some.booleans() | some.integers() | some.floats() | WORDS | some.text(max_size=6)
DOCUMENTS = some.recursive(
    LEAVES, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(WORDS, inner, max_size=4), max_leaves=12
).map(lambda document: json.dumps(document).encode())
MAPPINGS = some.builds(
    Mapping,
    key=some.sampled_from(["", "a", "{datastream}", "{file}/{nothing}", "{"]),
    time=some.sampled_from(["time", "result"]),
    end=some.sampled_from(["", "end"]),
    time_format=some.sampled_from(["", "%d/%m/%Y %H:%M", "%Y%m%d", "%", "%Q"]),
    zone=some.sampled_from(["", "UTC", "Europe/Paris", "Nowhere/Land", "../etc"]),
    interval_months=some.sampled_from([0, 1, 120]),
    series=some.sampled_from(
        [(), (Series(column="result", factor=0.0),), (Series(column="result", text=True), Series(column="end"))]
    ),
    delimiter=some.sampled_from(["", ";", "\n"]),
    decimal=some.sampled_from([".", ","]),
    encoding=some.sampled_from(["", "utf-8", "klingon", "utf-16"]),
    rows=some.sampled_from(["", "datastream", "a.b"]),
)


def _outcome(plugin: Plugin, sent: bytes, mapping: Mapping) -> Decoded | None:
    try:
        return plugin.decode(sent, mapping, ARRIVAL)
    except PayloadError:
        return None


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.id)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sent=some.binary(max_size=200) | TABLES | DOCUMENTS, mapping=some.just(Mapping()) | MAPPINGS)
def test_any_bytes_give_readings_or_a_payload_error(plugin: Plugin, sent: bytes, mapping: Mapping) -> None:
    decoded = _outcome(plugin, sent, mapping)
    if decoded is not None:
        readings = decoded.readings
        assert readings.row is not None
        assert len(readings.row) == len(readings)
        assert all(0 <= key < len(readings.keys) for key in readings.key)
        assert (readings.end >= readings.start).all()


EXAMPLES = sorted(Path(sources.__file__).parent.glob("*/examples/*.expected.json"))
WORD = re.compile(rb"[^\s;,:\"{}\[\]]+")
ODD = (
    b"",
    b"0",
    b"-1",
    b"1e308",
    b"9" * 400,
    b"null",
    b"{}",
    b"nan",
    b"\xff",
    b"\x00",
    b"9999-12-31T23:59:59Z",
    b"24:00",
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=some.data())
def test_an_example_with_other_words_in_it_gives_readings_or_a_payload_error(drawn: Any) -> None:
    told = drawn.draw(some.sampled_from(EXAMPLES))
    [path] = [one for one in told.parent.glob(f"{told.name.removesuffix('.expected.json')}.*") if one != told]
    [plugin] = [one for one in PLUGINS if one.id.replace("-", "_") == told.parent.parent.name]
    sent = path.read_bytes()[:4_000]
    for _time in range(drawn.draw(some.integers(1, 3))):
        word = drawn.draw(some.sampled_from(list(WORD.finditer(sent)) or [re.match(b"", sent)]))
        sent = sent[: word.start()] + drawn.draw(some.sampled_from(ODD)) + sent[word.end() :]
    _outcome(plugin, sent, msgspec.convert(json.loads(told.read_bytes())["mapping"], Mapping))


def test_a_load_too_large_for_its_unit_is_no_number() -> None:
    sent = b"Identifiant PRM;Unit\xc3\xa9\n30000000000055;kW\nHorodate;Valeur\n2026-11-26T00:30:00+01:00;1e308\n"
    decoded = plugins.found()["enedis-csv"].decode(sent, Mapping(), ARRIVAL)
    assert [error.code for error in decoded.errors] == ["number"]
    assert not len(decoded.readings)


def _rows(decoded: list[Decoded]) -> list[tuple[object, ...]]:
    found = []
    for one in (each.readings for each in decoded):
        for n in range(len(one)):
            text = None if one.text is None else one.text[n]
            number = None if one.number[n] != one.number[n] else float(one.number[n])
            found.append((one.keys[one.key[n]], int(one.start[n]), int(one.end[n]), int(one.kind[n]), number, text))
    return sorted(found, key=str)


TOGETHER = [plugin for plugin in PLUGINS if plugin.notes is not None]
READINGS = some.fixed_dictionaries(
    {"datastream": WORDS, "result": LEAVES}, optional={"time": WORDS, "end": WORDS, "value": LEAVES}
).map(lambda document: json.dumps(document).encode())


@pytest.mark.parametrize("plugin", TOGETHER, ids=lambda plugin: plugin.id)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sent=some.lists(READINGS | DOCUMENTS | some.binary(max_size=20), min_size=1, max_size=4),
    mapping=some.just(Mapping())
    | MAPPINGS
    | some.just(Mapping(key="{hall}", time="", series=(Series(column="result"),))),
)
def test_messages_read_together_say_what_they_say_one_by_one(
    plugin: Plugin, sent: list[bytes], mapping: Mapping
) -> None:
    assert plugin.notes is not None
    notes = [Note(body=body, at=1_795_420_800_000 + n, parts={"hall": "school"}) for n, body in enumerate(sent)]
    try:
        together = plugin.notes(notes, mapping, Arrival())
    except PayloadError:
        return  # read one by one
    alone = [plugin.decode(one.body, mapping, Arrival(at=one.came, parts=one.parts)) for one in notes]
    assert _rows([together]) == _rows(alone)
    assert count(together.errors) == sum(count(one.errors) for one in alone)


@settings(max_examples=60, deadline=None)
@given(sent=some.lists(some.binary(max_size=20) | WORDS.map(str.encode), min_size=1, max_size=4), mapping=MAPPINGS)
def test_lone_values_are_read_or_refused(sent: list[bytes], mapping: Mapping) -> None:
    notes = [Note(body=body, at=1_795_420_800_000 + n, parts={"topic": "a/b"}) for n, body in enumerate(sent)]
    try:
        decoded = read_values(notes, mapping, ARRIVAL)
    except PayloadError:
        return
    assert len(decoded.readings) <= len(sent) * max(1, len(mapping.series))


def test_a_bad_row_never_loses_the_good_ones() -> None:
    plugin = plugins.found()["bocage-csv"]
    lines = ["datastream,time,result"]
    lines += [f"a,2026-11-23T08:00:{second:02d}Z,{'x' if second == 30 else second}" for second in range(60)]
    decoded = plugin.decode("\n".join(lines).encode(), Mapping(), ARRIVAL)
    assert len(decoded.readings) == 59
    assert [(error.row, error.column, error.found, error.code) for error in decoded.errors] == [
        (32, "result", "x", "number")
    ]


def test_a_million_bad_rows_are_counted_without_being_kept() -> None:
    errors = RowErrors()
    for row in range(1000):
        errors.one(row, column="a", found="b", code="number")
    assert len(errors.told()) == 201
    assert count(errors.told()) == 1000


def test_a_change_of_unit_leaves_no_dust_and_no_infinity() -> None:
    plugin = plugins.found()["bocage-csv"]
    table = b"time,t\n2026-11-23T08:00:00Z,272.75\n2026-11-23T09:00:00Z,1e308\n2026-11-23T10:00:00Z,1e300\n"
    mapping = Mapping(series=(Series(column="t", factor=10.0, offset=-2731.5),))
    decoded = plugin.decode(table, mapping, ARRIVAL)
    assert decoded.readings.number.tolist() == [-4.0, 1e301]
    assert [(error.row, error.code) for error in decoded.errors] == [(3, "number")]
