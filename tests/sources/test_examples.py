"""Each example of each plug-in decodes to what it expects."""

import json
from pathlib import Path

import msgspec
import pytest

from bocage import sources
from bocage.domain.instant import iso
from bocage.domain.nature import ResultKind
from bocage.domain.plugin import Arrival
from bocage.domain.reading import ReadingBatch
from bocage.domain.source import Mapping
from bocage.ingest import parquet, plugins

FOLDER = Path(sources.__file__).parent
EXPECTED = sorted(FOLDER.glob("*/examples/*.expected.json"))


def _result(readings: ReadingBatch, place: int) -> object:
    kind = ResultKind(int(readings.kind[place]))
    if kind == ResultKind.TEXT:
        assert readings.text is not None
        return readings.text[place]
    value = float(readings.number[place])
    return {ResultKind.NUMBER: value, ResultKind.BOOLEAN: value == 1.0, ResultKind.NULL: None}[kind]


def _row(readings: ReadingBatch, place: int) -> list[object]:
    assert readings.row is not None
    start, end = iso(readings.start[place]), iso(readings.end[place])
    key = readings.keys[readings.key[place]]
    return [int(readings.row[place]), key, start, None if end == start else end, _result(readings, place)]


@pytest.mark.parametrize("path", EXPECTED, ids=lambda path: f"{path.parent.parent.name}-{path.name.split('.')[0]}")
def test_an_example_decodes_to_what_it_expects(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))
    name = path.name.removesuffix(".expected.json")
    [payload] = [one for one in path.parent.glob(f"{name}.*") if one != path]
    [plugin] = [one for one in plugins.found().values() if one.id.replace("-", "_") == path.parent.parent.name]
    mapping = msgspec.convert(expected["mapping"], Mapping)

    decoded = plugin.decode(payload.read_bytes(), mapping, Arrival(zone=expected["zone"], file=name))

    assert [_row(decoded.readings, place) for place in range(len(decoded.readings))] == expected["readings"]
    assert [[e.row, e.column, e.found, e.code] for e in decoded.errors] == expected["errors"]


def test_every_plugin_has_an_example_and_a_page() -> None:
    for plugin in plugins.found().values():
        if plugin is parquet.PLUGIN:  # its examples are made by its own tests: they are no text
            continue
        folder = FOLDER / plugin.id.replace("-", "_")
        assert list((folder / "examples").glob("*.expected.json"))
        assert (folder / "README.md").is_file()
