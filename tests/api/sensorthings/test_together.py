"""Series that are told as one: made, read, asked for, corrected, taken away, and never told twice."""

from typing import Any
from urllib.parse import quote

import pytest
from tests.api.sensorthings.bodies import TYPE, place, series, thing
from tests.api.sensorthings.service import Service
from tests.api.sensorthings.test_saying import correcting, opened
from tests.api.sensorthings.test_writing import made, mine, write

COMPLEX = TYPE.replace("OM_Measurement", "OM_ComplexObservation")
STATE = TYPE.replace("OM_Measurement", "OM_CategoryObservation")


def wind(**more: Any) -> dict[str, Any]:
    sensor = series()["Sensor"]
    return {
        "name": "Vent",
        "description": "Vitesse, direction et état",
        "observationType": COMPLEX,
        "multiObservationDataTypes": [TYPE, TYPE, STATE],
        "unitOfMeasurements": [
            {"name": "mètre par seconde", "symbol": "m/s", "definition": "ucum:m/s"},
            {"name": "degré", "symbol": "°", "definition": "ucum:deg"},
            {"name": None, "symbol": None, "definition": None},
        ],
        "Sensor": sensor,
        "ObservedProperties": [
            {"name": name, "definition": f"https://example.org/{name}", "description": ""}
            for name in ("Vitesse au mât", "Direction au mât", "État du mât")
        ],
        **more,
    }


@pytest.fixture(scope="module")
def number(service: Service) -> int:
    first = {"phenomenonTime": "2026-11-20T00:00:00Z", "result": [4.5, 270, "calme"]}
    body = thing("Mât", Locations=[place("Mât")], MultiDatastreams=[wind(Observations=[first])])
    held = made(service, "Things", body)
    found = int(mine(service, f"Things({held['@iot.id']})/MultiDatastreams")["value"][0]["@iot.id"])
    for stream in parts(found):
        opened(service, stream)
    for hour, result in ((1, [6, 280, "vif"]), (2, [3, None, "calme"]), (3, [9, 10, "fort"])):
        body = {"phenomenonTime": f"2026-11-20T{hour:02d}:00:00Z", "result": result}
        assert write(service, "POST", f"MultiDatastreams({found})/Observations", body).status_code == 201
    return found


def parts(number: int) -> list[int]:
    from tests.api.running import MAIN

    from bocage import sensing

    streams = {one.slug: one.id for one in sensing.all(MAIN, "datastream")}
    [body] = [one.entity for one in sensing.all(MAIN, "multi-datastream") if one.id == number]
    return [streams[slug] for slug in body.datastreams]  # type: ignore[attr-defined]


def told(service: Service, number: int, **options: str) -> list[Any]:
    query = "&".join(f"${name}={quote(value)}" for name, value in options.items())
    return [one["result"] for one in service.get(f"MultiDatastreams({number})/Observations?{query}")["value"]]


def test_it_is_read_with_all_that_it_tells_and_leads_to(service: Service, number: int) -> None:
    found = service.get(f"MultiDatastreams({number})?$expand=Thing,Sensor,ObservedProperties")
    assert found["observationType"] == COMPLEX
    assert found["multiObservationDataTypes"] == [TYPE, TYPE, STATE]
    assert [one["symbol"] for one in found["unitOfMeasurements"]] == ["m/s", "°", None]
    assert found["phenomenonTime"] == "2026-11-20T00:00:00.000Z/2026-11-20T03:00:00.000Z"
    names = [one["name"] for one in found["ObservedProperties"]]
    assert names == ["Vitesse au mât", "Direction au mât", "État du mât"]
    assert (found["Thing"]["name"], found["Sensor"]["name"]) == ("Mât", "Sonomètre")
    assert service.names(f"MultiDatastreams({number})/ObservedProperties") == names
    [one] = service.get("ObservedProperties?$filter=name eq 'Direction au mât'&$expand=MultiDatastreams")["value"]
    assert [each["@iot.id"] for each in one["MultiDatastreams"]] == [number]
    assert told(service, number, top="2") == [[4.5, 270, "calme"], [6, 280, "vif"]]
    last = service.get(f"MultiDatastreams({number})/Observations?$orderby=phenomenonTime desc&$top=1")["value"][0]
    assert last["result"] == [9, 10, "fort"]
    assert "Datastream@iot.navigationLink" not in last
    alone = service.get(last["@iot.selfLink"])
    assert alone["result"] == [9, 10, "fort"]
    assert service.get(alone["MultiDatastream@iot.navigationLink"])["@iot.id"] == number
    assert service.get(f"Observations({alone['@iot.id']})/result") == {"result": [9, 10, "fort"]}
    assert service.status(f"Observations({alone['@iot.id']})/Datastream") == 404


def test_its_results_are_asked_for_by_their_place(service: Service, number: int) -> None:
    for condition, expected in (
        ("result[0] gt 5", [6, 9]),
        ("result[1] gt 200", [4.5, 6]),
        ("result/1 eq null", [3]),
        ("result[2] eq 'calme' and result[1] ne null", [4.5]),
        ("startswith(result[2],'f') or result[1] eq 280", [6, 9]),
        ("result gt 1", []),
        ("result[7] gt 0", []),
    ):
        assert [one[0] for one in told(service, number, filter=condition)] == expected, condition
    assert [one[0] for one in told(service, number, orderby="result[1] desc")] == [6, 4.5, 9, 3]
    page = service.get(f"MultiDatastreams({number})/Observations?$orderby=result[1] desc&$top=2&$count=true")
    assert page["@iot.count"] == 4
    assert [one["result"][0] for one in service.get(page["@iot.nextLink"])["value"]] == [9, 3]
    query = quote("MultiDatastreams/Observations/result[1] gt 275")
    assert service.names(f"Things?$filter={query}") == ["Mât"]
    whole = quote("MultiDatastream/name eq 'Vent' and result[2] eq 'fort'")
    assert service.results(f"Observations?$filter={whole}") == [[9, 10, "fort"]]


def test_its_series_are_told_by_it_alone(service: Service, number: int) -> None:
    hidden = parts(number)
    shown = [one["@iot.id"] for one in service.get("Datastreams?$top=1000")["value"]]
    assert not set(hidden) & set(shown)
    assert all(service.status(f"Datastreams({one})") == 404 for one in hidden)
    [there] = service.get("Things?$filter=name eq 'Mât'&$expand=Datastreams,MultiDatastreams")["value"]
    assert (len(there["Datastreams"]), len(there["MultiDatastreams"])) == (0, 1)
    every = service.get("Observations?$filter=phenomenonTime lt 2026-11-20T12:00:00Z and MultiDatastream/id ne null")
    assert len(every["value"]) == 4
    assert service.status(f"Observations({(hidden[1] << 29) + 1})") == 404
    [feature] = service.get("FeaturesOfInterest?$filter=name eq 'Mât'")["value"]
    assert len(service.get(f"FeaturesOfInterest({feature['@iot.id']})/Observations")["value"]) == 4
    blocks = service.get(f"MultiDatastreams({number})/Observations?$resultFormat=dataArray&$top=1")["value"]
    assert blocks[0]["MultiDatastream@iot.navigationLink"].endswith(f"MultiDatastreams({number})")
    assert blocks[0]["dataArray"][0][2] == [4.5, 270, "calme"]


def test_arrays_of_it_are_kept_whole_or_not_at_all(service: Service, number: int) -> None:
    plain = service.numbers["classe-a"]
    names = ["result", "phenomenonTime"]
    rows = [
        [[1, 2, "a"], "2026-11-19T01:00:00Z"],
        [[1, 2], "2026-11-19T02:00:00Z"],
        [[1, "north", "a"], "2026-11-19T03:00:00Z"],
        [[7, 8, "b"], "2026-11-19T04:00:00Z"],
    ]
    body = [
        {"MultiDatastream": {"@iot.id": number}, "components": names, "dataArray": rows},
        {"Datastream": {"@iot.id": plain}, "components": names, "dataArray": [[5, "2026-11-19T01:00:00Z"]]},
        {"MultiDatastream": {"@iot.id": 99_999}, "components": names, "dataArray": rows[:1]},
    ]
    answer = write(service, "POST", "CreateObservations", body).json()
    assert [one == "error" for one in answer] == [False, True, True, False, False, True]
    assert [service.get(one)["result"] for one in (answer[0], answer[3], answer[4])] == [[1, 2, "a"], [7, 8, "b"], 5]
    before = service.instance.store.extent(parts(number))
    assert len({one.count for one in before}) == 1  # none of the series holds a part of what was refused
    body = {"result": [1, "north", "a"], "MultiDatastream": {"@iot.id": number}}
    assert write(service, "POST", "Observations", body).status_code == 403
    assert service.instance.store.extent(parts(number)) == before
    assert write(service, "POST", "Observations", {**body, "result": 5}).status_code == 400


def test_it_is_changed_as_a_whole(service: Service, number: int) -> None:
    path = f"MultiDatastreams({number})"
    units = service.get(path)["unitOfMeasurements"]
    units[0] = {"name": "nœud", "symbol": "kn", "definition": "ucum:[kn_i]"}
    assert write(service, "PATCH", path, {"name": "Vent du mât", "unitOfMeasurements": units}).status_code == 200
    found = service.get(path)
    assert (found["name"], found["unitOfMeasurements"][0]["symbol"]) == ("Vent du mât", "kn")
    assert write(service, "PATCH", path, {"unitOfMeasurements": units[:2]}).status_code == 400
    [other] = [made(service, "Things", thing("Autre mât"))["@iot.id"]]
    assert write(service, "PATCH", path, {"Thing": {"@iot.id": other}}).status_code == 200
    assert service.get(f"{path}/Thing", headers=service.writer)["name"] == "Autre mât"
    [back] = mine(service, "Things?$filter=name eq 'Mât'")["value"]
    assert write(service, "PATCH", path, {"Thing": {"@iot.id": back["@iot.id"]}, "name": "Vent"}).status_code == 200


def test_an_observation_of_it_is_corrected_and_erased_in_all_its_series(service: Service, number: int) -> None:
    query = quote("phenomenonTime eq 2026-11-20T03:00:00Z")
    [one] = service.get(f"MultiDatastreams({number})/Observations?$filter={query}")["value"]
    path = f"Observations({one['@iot.id']})"
    correcting(service, True)
    try:
        assert write(service, "PATCH", path, {"result": [9, 12, "fort"], "parameters": {"a": 1}}).status_code == 200
        found = service.get(path)
        assert (found["result"], found["parameters"]["a"]) == ([9, 12, "fort"], 1)
        assert write(service, "PATCH", path, {"resultQuality": "good"}).status_code == 200
        assert service.get(path)["result"] == [9, 12, "fort"]
        assert write(service, "DELETE", path).status_code == 200
        start = 1_763_607_600_000 + 365 * 86_400_000
        assert all(not len(service.instance.store.window(each, start, start + 1)) for each in parts(number))
        assert service.status(path) == 404
    finally:
        correcting(service, False)


@pytest.mark.parametrize(
    "change",
    [
        {"observationType": TYPE},
        {"multiObservationDataTypes": [TYPE]},
        {"unitOfMeasurements": None},
        {"ObservedProperties": []},
        {"Sensor": None},
    ],
)
def test_what_does_not_fit_together_is_refused(service: Service, number: int, change: dict[str, Any]) -> None:
    [there] = mine(service, "Things?$filter=name eq 'Mât'")["value"]
    body = {name: value for name, value in {**wind(), **change}.items() if value is not None}
    answer = write(service, "POST", f"Things({there['@iot.id']})/MultiDatastreams", body)
    assert answer.status_code == 400, answer.text


def test_it_goes_with_its_series_and_their_observations(service: Service) -> None:
    inline = {**wind(), "Thing": thing("Éphémère", Locations=[place("Éphémère")])}
    body = {"MultiDatastream": inline, "result": [1, 2, "x"], "phenomenonTime": "2026-11-20T05:00:00Z"}
    where = write(service, "POST", "Observations", body)
    assert where.status_code == 201, where.text
    held = mine(service, "Things?$filter=name eq 'Éphémère'&$expand=MultiDatastreams")["value"][0]
    made_number = int(held["MultiDatastreams"][0]["@iot.id"])
    streams = parts(made_number)
    assert write(service, "DELETE", f"MultiDatastreams({made_number})").status_code == 403  # it holds observations
    correcting(service, True)
    try:
        assert write(service, "DELETE", f"MultiDatastreams({made_number})").status_code == 200
    finally:
        correcting(service, False)
    assert not service.instance.store.extent(streams)
    assert service.status(f"MultiDatastreams({made_number})", headers=service.writer) == 404
    assert write(service, "DELETE", f"Things({held['@iot.id']})").status_code == 200
