"""What an observation says beside its result is kept alike, published to a broker or posted."""

import json
from typing import Any

import pytest

from bocage.api.sensorthings.sent import alone, single
from bocage.domain.plugin import Arrival, Note
from bocage.domain.source import Mapping
from bocage.sources.sensorthings import PLUGIN

STREAM = {"Datastream": {"@iot.id": 7}}
AT = {"phenomenonTime": "2026-11-23T07:00:00Z/2026-11-23T08:00:00Z"}
LATER = "2026-11-23T08:05:00Z"


def published(*said: Any) -> Any:
    assert PLUGIN.notes is not None
    bodies = [json.dumps({"result": 3, **STREAM, **one}).encode() for one in said]
    return PLUGIN.notes([Note(body=body, at=0) for body in bodies], Mapping(), Arrival(zone="Europe/Paris"))


@pytest.mark.parametrize(
    "said",
    [
        {"resultTime": LATER},
        {"resultTime": "2026-11-23T08:00:00Z"},  # it came when it was over
        {"resultTime": None},
        {"validTime": f"{LATER}/2026-11-24T00:00:00Z", "resultQuality": {"flag": "good"}},
        {"parameters": {"gain": 3, "origin": "measured"}},
        {"parameters": [{"gain": 3}, {"mode": "eco"}], "resultQuality": [1, "b"]},
    ],
)
def test_what_is_published_is_read_as_what_is_posted(said: dict[str, Any]) -> None:
    sent = single(json.dumps({"result": 3, **STREAM, **AT, **said}).encode())
    assert sent is not None
    posted, found = alone(sent, "Datastreams(7)", 0), published({**AT, **said}).readings
    assert (found.start, found.end, found.number) == (posted.start, posted.end, posted.number)
    assert (found.beside is None) is (posted.beside is None)
    assert found.beside is None or found.beside.tolist() == posted.beside.tolist()  # type: ignore[union-attr]


def test_what_cannot_be_read_of_one_observation_harms_no_other() -> None:
    wrong = ({"resultTime": "soon"}, {"validTime": 7}, {"parameters": "gain"}, {"parameters": {"a": "\0"}})
    found = published(*({**AT, **one} for one in wrong), {**AT, "resultTime": LATER}, AT)
    assert found.readings.row.tolist() == [4, 5]
    assert [one is None for one in found.readings.beside.tolist()] == [False, True]
    told = [(one.row, one.column, one.code) for one in found.errors]
    assert told == [
        (0, "resultTime", "time"),
        (1, "validTime", "time"),
        (2, "parameters", "object"),
        (3, "parameters", "object"),
    ]


def test_a_time_of_the_result_may_stand_for_that_of_what_was_observed() -> None:
    found = published({"resultTime": LATER}, {"resultTime": None, "parameters": {"a": 1}}).readings
    assert found.beside.tolist() == ['{"r":0}', '{"p":{"a":1}}']
    assert found.start.tolist() == [1795421100000, 0]  # 0 is when it came


def test_times_without_an_offset_are_of_the_zone_of_the_source() -> None:
    local, utc = {"phenomenonTime": "2026-11-23T08:00:00", "resultTime": "2026-11-23T09:05:00"}, {"resultTime": LATER}
    found = published(local, {"phenomenonTime": "2026-11-23T07:00:00Z", **utc}).readings
    assert found.start[0] == found.start[1]
    assert found.beside[0] == found.beside[1]
