"""What a source is shown as an example is what its mapping reads, for a series it has."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bocage.domain import sample
from bocage.domain.plugin import Arrival
from bocage.domain.source import Mapping
from bocage.ingest import plugins

NOW = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
CASES: dict[str, dict[str, Any]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_sample_of_a_source_is_read_as_one_of_its_series(case: dict[str, Any]) -> None:
    mapping, keys = msgspec.convert(case["mapping"], Mapping), case["keys"]
    if case["plugin"] == "bocage-csv":
        written = sample.table(mapping, keys, NOW).encode()
    else:
        parts = frozenset(case.get("parts", {}))
        written = msgspec.json.encode(sample.within(mapping.rows, sample.row(mapping, keys, NOW, parts)))

    arrival = Arrival(at="2026-11-27T06:30:00Z", file=case.get("file", ""), parts=case.get("parts", {}))
    read = plugins.found()[case["plugin"]].decode(written, mapping, arrival)

    assert (read.errors, read.readings.keys[0]) == ((), case["reads"]), written
    assert abs(int(read.readings.end[0]) - NOW.timestamp() * 1000) < 1
