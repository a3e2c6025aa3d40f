"""Entities written with the token of a source: made with all that hangs on them, changed, linked, taken away."""

from email import message_from_string
from typing import Any

import msgspec
import pytest
from tests.api.running import AT, MAIN
from tests.api.sensorthings.bodies import place, series, thing
from tests.api.sensorthings.service import Service

POINT = {"type": "Point", "coordinates": [2.0, 48.0]}


def write(service: Service, method: str, path: str, body: Any = None, **headers: str) -> Any:
    return service.ask(method, path, json=body, headers={**service.writer, **headers})


def made(service: Service, path: str, body: Any) -> dict[str, Any]:
    answer = write(service, "POST", path, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = service.get(answer.headers["location"], headers=service.writer)
    return found


def mine(service: Service, path: str) -> Any:
    return service.get(path, headers=service.writer)


def test_what_a_token_makes_is_of_its_source_its_purpose_and_its_dataset(service: Service) -> None:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key

    def belongs(slug: str) -> tuple[str, str]:
        stream = service.instance.parts.memory.known(MAIN, AT.date()).facts.declared["datastream"][slug]
        return stream.source, stream.dataset

    made(service, "Things", thing("Préau", Locations=[place("Préau")], Datastreams=[series("Bruit du préau")]))
    assert belongs("bruit-du-preau") == ("air-ecoles", "air-des-ecoles")
    key = Key(territory=MAIN, kind="source", slug="air-ecoles")
    for dataset in ("", "meteo"):
        entry = registers.find(key)
        assert entry is not None
        source = msgspec.structs.replace(entry.body, dataset=dataset)
        evidence.change(MAIN, OPERATOR, [registers.Put(key=key, body=source, expected=entry.version)], AT)
        made(service, "Things", thing(f"Cour {dataset}", Datastreams=[series(f"Bruit {dataset}")]))
    assert belongs("bruit") == ("air-ecoles", "")  # its series belong to several: none is guessed
    assert belongs("bruit-meteo") == ("air-ecoles", "meteo")


def test_a_thing_is_made_with_all_that_hangs_on_it(service: Service) -> None:
    observation = {"phenomenonTime": "2026-11-23T08:00:00Z", "result": 61.5}
    body = thing(Locations=[place()], Datastreams=[series(Observations=[observation])])
    found = made(service, "Things", body)
    assert (found["name"], found["description"], found["properties"]) == ("Cour de l'école", "Une cour", {"trees": 3})
    [stream] = mine(service, f"Things({found['@iot.id']})/Datastreams?$expand=Sensor,ObservedProperty,Observations")[
        "value"
    ]
    assert stream["unitOfMeasurement"] == {"name": "décibel", "symbol": "dB", "definition": "ucum:dB"}
    assert stream["Sensor"]["encodingType"] == "application/pdf"
    assert stream["ObservedProperty"]["definition"] == "https://example.org/bruit"
    assert [one["result"] for one in stream["Observations"]] == [61.5]
    [location] = mine(service, f"Things({found['@iot.id']})/Locations")["value"]
    assert (location["name"], location["location"]) == ("Cour", POINT)
    assert len(mine(service, f"Things({found['@iot.id']})/HistoricalLocations")["value"]) == 1


def test_nothing_is_made_when_a_part_of_it_cannot_be(service: Service) -> None:
    before = len(mine(service, "Things?$top=1000")["value"])
    late = {"phenomenonTime": "2099-01-01T00:00:00Z", "result": 1}
    for body in (
        thing(Datastreams=[{"name": "lacks much"}]),
        thing(Locations=[place()], Datastreams=[series(Observations=[late])]),
        thing(Datastreams=[series(Observations=[{"result": 1}])]),  # about nothing
        thing(Locations=[{"@iot.id": 999_999}]),
    ):
        assert write(service, "POST", "Things", body).status_code in (400, 403, 404)
    assert len(mine(service, "Things?$top=1000")["value"]) == before


def test_a_thing_that_moves_leaves_where_it_stood(service: Service) -> None:
    found = made(service, "Things", thing("Remorque", Locations=[place("Nord", 3.0)]))
    path = f"Things({found['@iot.id']})"
    assert write(service, "POST", f"{path}/Locations", place("Sud", 4.0)).status_code == 201
    assert [one["name"] for one in mine(service, f"{path}/Locations")["value"]] == ["Sud"]
    stays = mine(service, f"{path}/HistoricalLocations?$expand=Locations&$orderby=id")["value"]
    assert [one["Locations"][0]["name"] for one in stays] == ["Nord", "Sud"]
    north = next(one for one in mine(service, "Locations?$filter=name eq 'Nord'")["value"])
    assert write(service, "PATCH", path, {"Locations": [{"@iot.id": north["@iot.id"]}]}).status_code == 200
    assert [one["name"] for one in mine(service, f"{path}/Locations")["value"]] == ["Nord"]


def test_a_patch_changes_what_it_says_and_nothing_else(service: Service) -> None:
    found = made(service, "Things", thing("Banc"))
    path = f"Things({found['@iot.id']})"
    assert write(service, "PATCH", path, {"description": "Un banc", "@iot.id": 1}).status_code == 200
    now = mine(service, path)
    assert (now["name"], now["description"], now["properties"]) == ("Banc", "Un banc", {"trees": 3})
    assert write(service, "PATCH", path, {"Locations": [place()]}).status_code == 400
    assert write(service, "PATCH", path, {"nonsense": 1}).status_code == 400
    assert write(service, "PATCH", path, {"name": None}).status_code == 400
    assert write(service, "PATCH", f"Things({2**62})", {"name": "x"}).status_code == 404
    assert write(service, "PUT", path, {"description": "no name"}).status_code == 400
    assert write(service, "PUT", path, {"name": "Banc neuf"}).status_code == 200
    now = mine(service, path)
    assert (now["name"], now["description"], now["properties"]) == ("Banc neuf", "", {})


def test_a_json_patch_works_on_the_properties(service: Service) -> None:
    path = f"Things({made(service, 'Things', thing('Mât'))['@iot.id']})"
    operations = [
        {"op": "test", "path": "/properties/trees", "value": 3},
        {"op": "replace", "path": "/description", "value": "Un mât"},
        {"op": "add", "path": "/properties/height", "value": 12},
        {"op": "remove", "path": "/properties/trees"},
    ]
    kind = {"Content-Type": "application/json-patch+json"}
    assert write(service, "PATCH", path, operations, **kind).status_code == 200
    now = mine(service, path)
    assert (now["description"], now["properties"]) == ("Un mât", {"height": 12})
    assert write(service, "PATCH", path, operations, **kind).status_code in (400, 409)
    assert write(service, "PATCH", path, [{"op": "nonsense", "path": ""}], **kind).status_code == 400


def test_links_are_made_changed_and_undone(service: Service) -> None:
    found = made(service, "Things", thing("Abri", Datastreams=[series("Bruit de l'abri")]))
    path = f"Things({found['@iot.id']})"
    there = made(service, "Locations", place("Abri", 5.0))
    assert write(service, "POST", f"{path}/Locations/$ref", {"@iot.id": there["@iot.selfLink"]}).status_code == 200
    assert [one["name"] for one in mine(service, f"{path}/Locations")["value"]] == ["Abri"]
    assert write(service, "DELETE", f"{path}/Locations({there['@iot.id']})/$ref").status_code == 200
    assert mine(service, f"{path}/Locations")["value"] == []
    [stream] = mine(service, f"{path}/Datastreams")["value"]
    other = made(service, "Things", thing("Autre abri"))
    link = f"Datastreams({stream['@iot.id']})/Thing/$ref"
    assert write(service, "PUT", link, {"@iot.id": other["@iot.id"]}).status_code == 200
    assert mine(service, f"Datastreams({stream['@iot.id']})/Thing")["name"] == "Autre abri"
    assert write(service, "DELETE", link).status_code == 400


def test_an_observation_is_corrected_and_erased_where_its_source_may(service: Service) -> None:
    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key

    number = service.numbers["classe-a"]
    body = {"phenomenonTime": "2026-11-23T06:00:00Z", "result": 600}
    where = write(service, "POST", f"Datastreams({number})/Observations", body).headers["location"]
    assert write(service, "PATCH", where, {"result": 610}).status_code == 403
    assert write(service, "DELETE", where).status_code == 403
    entry = registers.find(Key(territory=MAIN, kind="source", slug="air-ecoles"))
    assert entry is not None
    may = msgspec.structs.replace(entry.body, may_correct=True)
    evidence.change(MAIN, OPERATOR, [registers.Put(key=entry.key, body=may, expected=entry.version)], AT)
    assert write(service, "PATCH", where, {"result": 610}).status_code == 200
    assert service.get(where)["result"] == 610
    assert write(service, "PATCH", where, {"phenomenonTime": "2026-11-23T07:00:00Z"}).status_code == 400
    assert write(service, "DELETE", where).status_code == 200
    assert service.status(where) == 404


def test_what_is_deleted_takes_its_series_and_observations_along(service: Service) -> None:
    observation = {"phenomenonTime": "2026-11-23T08:00:00Z", "result": 61.5}
    body = thing(
        "Kiosque",
        Locations=[place("Kiosque", 6.0)],
        Datastreams=[series("Bruit du kiosque", Observations=[observation])],
    )
    found = made(service, "Things", body)
    [stream] = mine(service, f"Things({found['@iot.id']})/Datastreams?$expand=Observations")["value"]
    [kept] = stream["Observations"]
    assert write(service, "DELETE", f"Things({found['@iot.id']})").status_code == 200
    for path in (
        f"Things({found['@iot.id']})",
        f"Datastreams({stream['@iot.id']})",
        f"Observations({kept['@iot.id']})",
    ):
        assert service.status(path, headers=service.writer) == 404
    assert not service.instance.store.extent([stream["@iot.id"]])
    assert [one["name"] for one in mine(service, "Locations?$filter=name eq 'Kiosque'")["value"]] == ["Kiosque"]
    assert service.status(f"Locations({2**62})", headers=service.writer) == 404


def test_entities_of_other_sources_are_left_alone(service: Service) -> None:
    [other] = service.get("Things?$top=1")["value"]
    path = f"Things({other['@iot.id']})"
    assert write(service, "PATCH", path, {"name": "Mine"}).status_code == 403
    assert write(service, "DELETE", path).status_code == 403
    assert service.ask("PATCH", path, json={"name": "x"}).status_code == 401
    assert service.ask("DELETE", path).status_code == 401
    token = service.instance.parts.tokens.issue("marais", "operator", AT, source="compteurs")
    away = {"Authorization": f"Bearer {token}"}
    number = service.numbers["classe-a"]
    assert service.ask("PATCH", f"Datastreams({number})", json={"name": "x"}, headers=away).status_code == 404


def test_an_observation_may_bring_its_series(service: Service) -> None:
    [there] = mine(service, "Things?$filter=name eq 'École A'")["value"]
    stream = series("Bruit de la classe A", Thing={"@iot.id": there["@iot.id"]})
    body = {"result": 55, "phenomenonTime": "2026-11-23T08:30:00Z", "Datastream": stream}
    where = write(service, "POST", "Observations", body).headers["location"]
    assert mine(service, f"{where}/Datastream/Thing")["name"] == "École A"
    feature = {"name": "Cour", "description": "", "encodingType": "application/geo+json", "feature": POINT}
    away = {
        **body,
        "Datastream": series("Bruit de la cour A", Thing={"@iot.id": there["@iot.id"]}),
        "FeatureOfInterest": feature,
    }
    where = write(service, "POST", "Observations", away).headers["location"]
    assert mine(service, f"{where}/FeatureOfInterest")["feature"] == POINT
    other = {**body, "Datastream": {"@iot.id": service.numbers["classe-a"]}, "FeatureOfInterest": feature}
    where = write(service, "POST", "Observations", other).headers["location"]
    assert mine(service, f"{where}/FeatureOfInterest")["feature"] == POINT


def test_a_batch_does_its_requests_in_order_and_a_group_all_or_none(service: Service) -> None:
    requests = [
        {"id": "t", "method": "post", "url": "Things", "body": thing("Lot")},
        {"id": "l", "method": "post", "url": "$t/Locations", "body": place("Lot", 7.0)},
        {"id": "g", "method": "get", "url": "Things?$filter=name eq 'Lot'&$select=name"},
        {"id": "x", "method": "delete", "url": "Things(999999)"},
        {"id": "a", "atomicityGroup": "one", "method": "post", "url": "Things", "body": thing("Seul")},
        {"id": "b", "atomicityGroup": "one", "method": "patch", "url": "$a", "body": {"nonsense": 1}},
        {"id": "c", "atomicityGroup": "two", "method": "post", "url": "Things", "body": thing("Ensemble")},
        {"id": "d", "atomicityGroup": "two", "method": "patch", "url": "$c", "body": {"description": "à deux"}},
    ]
    answer = write(service, "POST", "$batch", {"requests": requests})
    assert answer.status_code == 200, answer.text
    told = {one["id"]: one for one in answer.json()["responses"]}
    assert {name: one["status"] for name, one in told.items()} == {
        "t": 201, "l": 201, "g": 200, "x": 404, "a": 424, "b": 400, "c": 201, "d": 200,
    }  # fmt: skip
    assert told["g"]["body"]["value"] == [{"name": "Lot"}]
    assert mine(service, "Things?$filter=name eq 'Seul'")["value"] == []
    assert mine(service, "Things?$filter=name eq 'Ensemble'")["value"][0]["description"] == "à deux"
    assert write(service, "POST", "$batch", {"requests": 1}).status_code == 400


@pytest.mark.parametrize(
    "where",
    [
        {"type": "Point", "coordinates": "x"},
        {"type": "Foo", "coordinates": [1, 2]},
        {"type": "Point", "coordinates": [1]},
        {"type": "LineString", "coordinates": [1, 2]},
        {"type": "Feature", "geometry": None},
    ],
)
def test_a_place_that_is_no_geometry_is_refused(service: Service, where: dict[str, Any]) -> None:
    assert write(service, "POST", "Locations", {**place("Nulle part"), "location": where}).status_code == 400


def test_a_polygon_that_crosses_itself_stops_no_question(service: Service) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    made(service, "Locations", {**place("Nœud"), "location": bow})
    other = "geography'POLYGON((0 0,3 3,3 0,0 3,0 0))'"
    for name in ("st_overlaps", "st_within", "st_crosses", "st_touches"):
        mine(service, f"Locations?$filter={name}(location,{other})")


PARTS = """--b
Content-Type: application/http

GET /sta/v1.1/Things?$filter=name eq 'Seul'&$select=name HTTP/1.1
Host: example.org

--b
Content-Type: multipart/mixed; boundary=c

--c
Content-Type: application/http
Content-ID: 1

POST Things HTTP/1.1
Content-Type: application/json

{"name": "Lot à %(name)s", "description": ""}
--c
Content-Type: application/http
Content-ID: 2

%(method)s $1 HTTP/1.1
Content-Type: application/json

{"description": "é"}
--c--
--b
Content-Type: application/http

GET http://bocage.test/sta/v1.1/ HTTP/1.1

--b--
"""


@pytest.mark.parametrize(
    ("name", "method", "status"), [("parts", "PATCH", [200, 201, 200, 200]), ("rien", "PUT", [200, 400, 200])]
)
def test_a_batch_may_come_as_the_parts_of_a_message(
    service: Service, name: str, method: str, status: list[int]
) -> None:
    body = (PARTS % {"name": name, "method": method}).replace("\n", "\r\n").encode()
    headers = {**service.writer, "content-type": "multipart/mixed;boundary=b"}
    answer = service.ask("POST", "$batch", content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    told = message_from_string(f"Content-Type: {answer.headers['content-type']}\r\n\r\n{answer.text}")
    lines = [one.get_payload().split("\r\n")[0] for one in told.walk() if not one.is_multipart()]
    assert [int(one.split(" ")[1]) for one in lines] == status
    kept = mine(service, f"Things?$filter=name eq 'Lot à {name}'&$select=description")["value"]
    assert kept == ([{"description": "é"}] if name == "parts" else [])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b\r\n\r\nnonsense\r\n--b--",
        b"--b\r\nContent-Type: application/http\r\n\r\nPOST Things HTTP/1.1\r\n\r\n{\r\n--b--",
    ],
)
def test_a_batch_whose_parts_are_no_requests_is_refused(service: Service, body: bytes) -> None:
    headers = {**service.writer, "content-type": "multipart/mixed;boundary=b"}
    assert service.ask("POST", "$batch", content=body, headers=headers).status_code == 400


def test_a_batch_reads_the_root_a_plain_value_and_takes_arrays(service: Service) -> None:
    requests = [
        {"id": "r", "method": "get", "url": ""},
        {"id": "n", "method": "get", "url": "Things?$top=0"},
        {"id": "a", "method": "post", "url": "CreateObservations", "body": []},
        {"id": "o", "method": "post", "url": "/sta/v1.1/Nothings", "body": {}},
    ]
    answer = write(service, "POST", "$batch", {"requests": requests}).json()["responses"]
    assert [one["status"] for one in answer] == [200, 200, 201, 404]
    assert answer[0]["body"]["value"][0]["name"] == "Things"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("DELETE", "Things", 405),
        ("PATCH", "Things", 405),
        ("POST", "Things(1)", 405),
        ("PATCH", "Things(1)/name", 405),
        ("POST", "HistoricalLocations", 400),
        ("POST", "Nothings", 404),
    ],
)
def test_what_is_not_written_that_way_is_said(service: Service, method: str, path: str, status: int) -> None:
    assert write(service, method, path, {"name": "x"}).status_code == status
