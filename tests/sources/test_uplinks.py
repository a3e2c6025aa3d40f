"""Messages of network servers with anything in the place of anything give readings or PayloadError."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from bocage import sources
from bocage.domain.codec import Raw
from bocage.domain.errors import CodecFailure, PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.source import Mapping, Series
from bocage.ingest import plugins

FOLDER = Path(sources.__file__).parent
NAMES = ("the_things_stack", "chirpstack")
MESSAGES = {
    name: [one for one in sorted((FOLDER / name / "examples").glob("*.json")) if ".expected" not in one.name]
    for name in NAMES
}
ODD = some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8)
ODDER = some.recursive(
    ODD, lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=6), inner, max_size=3)
)
MAPPINGS = some.sampled_from(
    [
        Mapping(),
        Mapping(key="{deviceName}/"),
        Mapping(key="{nothing}"),
        Mapping(series=(Series(column="payload.*", factor=1e300, offset=1.0),)),
        Mapping(series=(Series(column="payload.temperature", key="t"), Series(column="payload.note", text=True))),
    ]
)


def spoilt(document: Any, choose: Any) -> Any:
    """The document with something else at one place of it."""
    if isinstance(document, dict) and document and choose(some.integers(0, 4)):
        name = choose(some.sampled_from(sorted(document)))
        return {**document, name: spoilt(document[name], choose)}
    if isinstance(document, list) and document and choose(some.integers(0, 4)):
        return [spoilt(document[0], choose), *document[1:]]
    return choose(ODDER)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(drawn=some.data(), mapping=MAPPINGS)
def test_a_message_with_anything_in_it_gives_readings_or_a_payload_error(
    name: str, drawn: Any, mapping: Mapping
) -> None:
    document = json.loads(drawn.draw(some.sampled_from(MESSAGES[name])).read_bytes())
    for _time in range(drawn.draw(some.integers(1, 3))):
        document = spoilt(document, drawn.draw)
    plugin = plugins.found()[name.replace("_", "-")]
    made = drawn.draw(some.dictionaries(some.text(max_size=5), ODDER, max_size=4) | some.none())
    try:
        decoded = plugin.decode(json.dumps(document).encode(), mapping, Arrival(translate=lambda raw: made))
    except PayloadError:
        return
    readings = decoded.readings
    assert readings.row is not None
    assert len(readings.row) == len(readings)
    assert all(0 <= key < len(readings.keys) for key in readings.key)


def test_a_codec_is_given_the_bytes_the_port_the_time_and_the_tags() -> None:
    seen: list[Raw] = []

    def translate(raw: Raw) -> dict[str, Any]:
        seen.append(raw)
        return {"co2": 812}

    body = (FOLDER / "chirpstack" / "examples" / "up.json").read_bytes()
    decoded = plugins.found()["chirpstack"].decode(body, Mapping(), Arrival(translate=translate))
    assert seen == [
        Raw(
            device="a81758fffe0512aa",
            port=5,
            body=bytes.fromhex("0100d7021e0401f4"),
            at=1_795_160_530_512,
            variables={"batiment": "ecole"},
        )
    ]
    assert decoded.readings.keys[0] == "a81758fffe0512aa/co2"


def test_bytes_on_port_0_are_the_networks_own_and_no_codec_lacks() -> None:
    document = json.loads((FOLDER / "chirpstack" / "examples" / "up.json").read_bytes())
    del document["object"]
    plugin = plugins.found()["chirpstack"]
    with pytest.raises(CodecFailure):
        plugin.decode(json.dumps(document).encode(), Mapping(), Arrival())
    del document["fPort"]
    assert len(plugin.decode(json.dumps(document).encode(), Mapping(), Arrival()).readings) == 4  # radio
