"""Observations posted with the token of a source: alone, in arrays, and what becomes of each."""

from typing import Any

import pytest
from tests.api.running import AT, BESIDE, MAIN
from tests.api.sensorthings.service import Service

HOUR = "2026-11-23T0{}:00:00Z"


def posted(service: Service, body: Any, path: str = "Observations", **headers: str) -> Any:
    return service.ask("POST", path, json=body, headers={**service.writer, **headers})


def one(number: int, hour: int = 1, result: Any = 500, **more: Any) -> dict[str, Any]:
    return {"phenomenonTime": HOUR.format(hour), "result": result, "Datastream": {"@iot.id": number}, **more}


def test_an_observation_that_is_kept_has_an_address(service: Service) -> None:
    answer = posted(service, one(service.numbers["classe-a"]))
    assert answer.status_code == 201, answer.text
    kept = service.get(answer.headers["location"])
    assert (kept["result"], kept["phenomenonTime"]) == (500, "2026-11-23T01:00:00.000Z")
    again = posted(service, one(service.numbers["classe-a"]))
    assert (again.status_code, again.headers["location"]) == (201, answer.headers["location"])


def test_a_series_may_stand_in_the_address_and_a_time_may_be_an_interval_or_absent(service: Service) -> None:
    number = service.numbers["classe-b"]
    path = f"Datastreams({number})/Observations"
    spanned = {"phenomenonTime": "2026-11-23T02:00:00Z/2026-11-23T03:00:00+00:00", "result": 7}
    kept = service.get(posted(service, spanned, path).headers["location"])
    assert kept["phenomenonTime"] == "2026-11-23T02:00:00.000Z/2026-11-23T03:00:00.000Z"
    now = service.get(
        posted(service, {"result": 8, "resultTime": None, "parameters": {"rssi": -80}}, path).headers["location"]
    )
    assert now["phenomenonTime"] == "2026-11-23T09:00:00.000Z"


def test_what_stands_beside_the_id_of_a_reference_is_not_looked_at(service: Service) -> None:
    number = service.numbers["classe-a"]
    body = one(number, 2, Datastream={"@iot.id": number, "name": "Another name", "Thing": {"name": "x"}})
    assert posted(service, body).status_code == 201
    assert "Another name" not in service.names("Datastreams?$top=1000")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"result": 501}, 409),
        ({"Datastream": {"@iot.id": 2**53}}, 404),
        ({"Datastream": {"@iot.id": 2**63 - 1}}, 404),
        ({"phenomenonTime": "yesterday"}, 400),
        ({"phenomenonTime": "2026-11-23T02:00:00Z/2026-11-23T01:00:00Z"}, 400),
        ({"phenomenonTime": "2027-11-23T02:00:00Z"}, 403),
        ({"result": "warm"}, 403),
        ({"FeatureOfInterest": {"@iot.id": 12345}}, 404),
    ],
)
def test_what_is_not_kept_is_said(service: Service, change: dict[str, Any], status: int) -> None:
    posted(service, one(service.numbers["classe-a"]))
    answer = posted(service, one(service.numbers["classe-a"]) | change)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_who_may_not_write_is_told_so(service: Service) -> None:
    tokens = service.instance.parts.tokens
    body = one(service.numbers["classe-a"])
    assert service.ask("POST", "Observations", json=body).status_code == 401
    reader = tokens.issue(MAIN, "operator", AT, datasets=("meteo",))
    assert posted(service, body, Authorization=f"Bearer {reader}").status_code == 403
    other = tokens.issue(MAIN, "operator", AT, source="station-meteo")
    assert posted(service, body, Authorization=f"Bearer {other}").status_code == 404  # a series of another source
    beside = tokens.issue(BESIDE, "operator", AT, source="compteurs")
    assert posted(service, body, Authorization=f"Bearer {beside}").status_code == 404
    assert posted(service, body, f"/api/{BESIDE}/sta/v1.1/Observations").status_code == 403


def test_arrays_are_answered_element_by_element(service: Service) -> None:
    a, b = service.numbers["classe-a"], service.numbers["classe-b"]
    components = ["result", "resultTime", "phenomenonTime"]
    body = [
        {
            "Datastream": {"@iot.id": a},
            "components": components,
            "dataArray@iot.count": 4,
            "dataArray": [
                [1.5, None, HOUR.format(4)],
                [True, None, HOUR.format(5)],
                [2, None, "nonsense"],
                [3, None],
            ],
        },
        {"Datastream": {"@iot.id": 1}, "components": components, "dataArray": [[1, None, HOUR.format(4)]]},
        {
            "Datastream": {"@iot.id": b},
            "components": ["phenomenonTime", "result"],
            "dataArray": [[f"{HOUR.format(4)}/{HOUR.format(5)}", 9], [HOUR.format(6), {"not": "a result"}]],
        },
    ]
    answer = posted(service, body, "CreateObservations")
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert [one == "error" for one in told] == [False, True, True, True, True, False, True]
    assert service.get(told[0])["result"] == 1.5
    assert service.get(told[5])["phenomenonTime"] == "2026-11-23T04:00:00.000Z/2026-11-23T05:00:00.000Z"


def test_arrays_may_say_what_their_observations_are_about(service: Service) -> None:
    a = service.numbers["classe-a"]
    first = service.get(f"Datastreams({a})/Observations?$top=1&$expand=FeatureOfInterest")["value"][0]
    feature = first["FeatureOfInterest"]["@iot.id"]
    rows = [[HOUR.format(7), 1, feature], [HOUR.format(8), 1, 99]]
    body = [
        {
            "Datastream": {"@iot.id": a},
            "components": ["phenomenonTime", "result", "FeatureOfInterest/id"],
            "dataArray": rows,
        }
    ]
    told = posted(service, body, "CreateObservations").json()
    assert [one == "error" for one in told] == [False, True]


@pytest.mark.parametrize(
    "body",
    [
        {"no": "array"},
        [{"components": ["result"], "dataArray": [[1]]}],
        [{"Datastream": {"@iot.id": 1}, "components": ["phenomenonTime"], "dataArray": [["x"]]}],
        [{"Datastream": {"@iot.id": 1}, "components": ["result", "nonsense"], "dataArray": [[1, 2]]}],
        [{"Datastream": {"@iot.id": 1}, "components": ["result"], "dataArray": {"a": 1}}],
    ],
)
def test_arrays_that_are_none_are_refused_whole(service: Service, body: Any) -> None:
    assert posted(service, body, "CreateObservations").status_code == 400


def test_an_observation_about_nothing_is_refused(service: Service) -> None:
    from bocage import evidence, sensing
    from bocage.accounts import OPERATOR
    from bocage.domain.sensing import Datastream, Thing
    from bocage.domain.text import Text

    stream = sensing.find(MAIN, "datastream", "classe-a")
    assert stream is not None
    assert isinstance(stream.entity, Datastream)
    nowhere = Datastream(
        title=Text(fr="Nulle part"),
        thing="nulle-part",
        observed_property="co2-air",
        source="air-ecoles",
        dataset="meteo",
    )
    puts = [
        evidence.PutEntity(slug="nulle-part", entity=Thing(title=Text(fr="Nulle part"))),
        evidence.PutEntity(slug="nulle-part", entity=nowhere),
    ]
    number = evidence.change(MAIN, OPERATOR, puts, AT).placed[1].id
    assert posted(service, one(number)).status_code == 400
    body = [{"Datastream": {"@iot.id": number}, "components": ["result"], "dataArray": [[1]]}]
    assert posted(service, body, "CreateObservations").json() == ["error"]
