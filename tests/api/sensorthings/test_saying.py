"""What a sender says beside an observation, the feature it names, and where things stood, written by hand."""

from typing import Any
from urllib.parse import quote

import pytest
from tests.api.sensorthings.bodies import place, series, thing
from tests.api.sensorthings.service import Service
from tests.api.sensorthings.test_writing import made, mine, write

NOON = "2026-11-20T12:00:00.000Z"
LATER = "2026-11-20T12:00:03.500Z"
RIVER = {
    "name": "Ruisseau",
    "description": "",
    "encodingType": "application/geo+json",
    "feature": {"type": "Point", "coordinates": [3.0, 48.0]},
}


@pytest.fixture(scope="module")
def stream(service: Service) -> int:
    body = thing("Berge", Locations=[place("Berge")], Datastreams=[series("Niveau")])
    held = made(service, "Things", body)
    return int(mine(service, f"Things({held['@iot.id']})/Datastreams")["value"][0]["@iot.id"])


def noted(service: Service, stream: int, hour: int, **more: Any) -> int:
    body = {"result": hour, "phenomenonTime": f"2026-11-20T{hour:02d}:00:00Z", "Datastream": {"@iot.id": stream}}
    answer = write(service, "POST", "Observations", {**body, **more})
    assert answer.status_code == 201, answer.text
    return int(answer.headers["location"].rpartition("(")[2].rstrip(")"))


def told(service: Service, stream: int, **options: str) -> list[Any]:
    query = "&".join(f"${name}={quote(value)}" for name, value in options.items())
    return [one["result"] for one in mine(service, f"Datastreams({stream})/Observations?{query}")["value"]]


def opened(service: Service, stream: int) -> None:
    """Let this series be read by everyone: of the open dataset."""
    import msgspec
    from tests.api.running import AT, MAIN

    from bocage import evidence, sensing
    from bocage.accounts import OPERATOR

    placed = next(one for one in sensing.all(MAIN, "datastream") if one.id == stream)
    body = msgspec.structs.replace(placed.entity, dataset="meteo")
    evidence.change(MAIN, OPERATOR, [evidence.PutEntity(slug=placed.slug, entity=body)], AT)


def test_what_is_said_beside_an_observation_is_told_asked_for_and_corrected(service: Service, stream: int) -> None:
    opened(service, stream)
    noted(service, stream, 10)
    said = {"gain": 2.5, "mode": "éco", "ok": True, "deep": {"list": [1, 7]}, "origin": "ours wins"}
    number = noted(
        service, stream, 12, resultTime=LATER, validTime=f"{NOON}/2026-11-20T13:00:00Z", parameters=said,
        resultQuality={"flag": "good"},
    )  # fmt: skip
    found = service.get(f"Observations({number})")
    assert (found["resultTime"], found["validTime"]) == (LATER, f"{NOON}/2026-11-20T13:00:00.000Z")
    assert found["parameters"] == {**said, "origin": "measured"}
    assert found["resultQuality"] == {"flag": "good"}
    plain = service.get(f"Datastreams({stream})/Observations?$top=1")["value"][0]
    assert plain["resultTime"] is None
    assert plain["parameters"] == {"origin": "measured"}
    for condition in (
        f"resultTime gt {NOON}", f"resultTime eq {LATER}", "parameters/gain gt 2", "parameters/mode eq 'éco'",
        "parameters/ok eq true", "parameters/deep/list[1] eq 7", "resultQuality/flag eq 'good'", "validTime ne null",
        "parameters/gain ne null", f"validTime ge {NOON}", "startswith(resultQuality/flag,'go')",
    ):  # fmt: skip
        assert told(service, stream, filter=condition) == [12], condition
    assert told(service, stream, filter="parameters/gain eq null") == [10]
    assert told(service, stream, orderby="resultTime desc") == [12, 10]
    assert told(service, stream, orderby="parameters/gain") == [10, 12]
    [block] = service.get(f"Datastreams({stream})/Observations?$resultFormat=dataArray&$select=result,resultTime")[
        "value"
    ]
    assert [row[1] for row in block["dataArray"]] == [None, LATER]


def test_a_time_of_the_result_is_null_unless_it_was_given_be_it_that_of_what_was_observed(
    service: Service, stream: int
) -> None:
    """OGC 18-088, table of Observation: null where it is not provided."""
    at = [f"2026-11-19T{hour}:00:00.000Z" for hour in ("08", "09", "10")]
    mine_only = "phenomenonTime ge 2026-11-19T00:00:00Z and phenomenonTime lt 2026-11-20T00:00:00Z"
    for time, came in zip(at, ({"resultTime": at[0]}, {"resultTime": None}, {"resultTime": LATER}), strict=True):
        noted(service, stream, 8, phenomenonTime=time, **came)
    for asked in (mine_only, f"{mine_only} and result eq 8"):  # from memory, by the log
        found = mine(service, f"Datastreams({stream})/Observations?$filter={quote(asked)}")["value"]
        assert [one["resultTime"] for one in found] == [at[0], None, LATER]
    assert "resultQuality" not in found[0]
    for condition, hours in {
        "resultTime eq null": [1], "resultTime ne null": [0, 2], f"resultTime ne {LATER}": [0],
        "not (resultTime lt 2027-01-01T00:00:00Z)": [], "resultTime eq phenomenonTime": [0],
    }.items():  # fmt: skip
        path = f"Datastreams({stream})/Observations?$filter={quote(f'{mine_only} and {condition}')}"
        assert [at.index(one["phenomenonTime"]) for one in mine(service, path)["value"]] == hours, condition
    for order, hours in (("resultTime", [1, 0, 2]), ("resultTime desc", [2, 0, 1])):
        path, seen = f"Datastreams({stream})/Observations?$orderby={order}&$top=1&$filter={quote(mine_only)}", []
        while path:
            page = mine(service, path)
            seen += [at.index(one["phenomenonTime"]) for one in page["value"]]
            path = page.get("@iot.nextLink", "").partition("/sta/v1.1/")[2]
        assert seen == hours


def test_what_cannot_be_read_beside_an_observation_is_refused(service: Service, stream: int) -> None:
    body = {"result": 1, "phenomenonTime": "2026-11-20T01:00:00Z", "Datastream": {"@iot.id": stream}}
    for wrong in ({"resultTime": "soon"}, {"validTime": 3}, {"parameters": "x"}, {"parameters": {"a": "\0"}}):
        assert write(service, "POST", "Observations", {**body, **wrong}).status_code == 400, wrong
    assert write(service, "POST", "Observations", {**body, "parameters": {"a": "x" * 5000}}).status_code == 403


def test_arrays_say_it_too_and_what_is_wrong_in_them_is_told_in_its_place(service: Service, stream: int) -> None:
    rows = [
        ["2026-11-20T14:00:00Z", 14, "2026-11-20T14:00:00Z", None],
        ["2026-11-20T15:00:00Z", 15, "2026-11-20T15:00:02Z", {"n": 1}],
        ["2026-11-20T16:00:00Z", 16, "tomorrow", None],
    ]
    names = ["phenomenonTime", "result", "resultTime", "parameters"]
    body = [{"Datastream": {"@iot.id": stream}, "components": names, "dataArray": rows}]
    answer = write(service, "POST", "CreateObservations", body).json()
    assert [one == "error" for one in answer] == [False, False, True]
    assert told(service, stream, filter="parameters/n eq 1 and resultTime gt phenomenonTime") == [15]
    kept = service.instance.parts.store.window(stream, 0, 2**52).beside
    assert kept is not None
    assert {'{"r":0}', '{"r":2000,"p":{"n":1}}'} <= set(kept.tolist())


def test_an_observation_may_name_another_feature_than_its_series(service: Service, stream: int) -> None:
    number = noted(service, stream, 17, FeatureOfInterest=RIVER)
    assert service.get(f"Observations({number})/FeatureOfInterest")["name"] == "Ruisseau"
    river = service.get(f"Observations({number})/FeatureOfInterest")["@iot.id"]
    usual = service.get(f"Datastreams({stream})/Observations?$top=1&$expand=FeatureOfInterest")["value"][0]
    assert usual["FeatureOfInterest"]["name"] == "Berge"
    again = noted(service, stream, 18, FeatureOfInterest={"@iot.id": river})
    rows = [["2026-11-20T19:00:00Z", 19, river], ["2026-11-20T20:00:00Z", 20, usual["FeatureOfInterest"]["@iot.id"]]]
    names = ["phenomenonTime", "result", "FeatureOfInterest/id"]
    body = [{"Datastream": {"@iot.id": stream}, "components": names, "dataArray": rows}]
    assert "error" not in write(service, "POST", "CreateObservations", body).json()
    about = [one["result"] for one in service.get(f"FeaturesOfInterest({river})/Observations")["value"]]
    assert about == [17, 18, 19]
    assert told(service, stream, filter="FeatureOfInterest/name eq 'Ruisseau'") == [17, 18, 19]
    left = told(service, stream, filter="FeatureOfInterest/name eq 'Berge'")
    assert {17, 20} & set(left) == {20}
    assert service.names("FeaturesOfInterest?$filter=Observations/result eq 18") == ["Ruisseau"]
    assert service.get(f"FeaturesOfInterest({river})/Observations({again})")["result"] == 18


def test_a_feature_named_in_arrays_for_the_first_time_is_linked(service: Service, stream: int) -> None:
    other = made(service, "FeaturesOfInterest", {**RIVER, "name": "Étang"})["@iot.id"]
    names = ["result", "phenomenonTime", "FeatureOfInterest/id"]
    rows = [[21, "2026-11-20T21:00:00Z", other], [22, "2026-11-20T22:00:00Z", 99_999]]
    body = [{"Datastream": {"@iot.id": stream}, "components": names, "dataArray": rows}]
    first, second = write(service, "POST", "CreateObservations", body).json()
    assert (second, service.get(f"{first}/FeatureOfInterest")["name"]) == ("error", "Étang")


def correcting(service: Service, may: bool) -> None:
    """Let the source correct what it sent."""
    import msgspec
    from tests.api.running import AT, MAIN

    from bocage import evidence, registers
    from bocage.accounts import OPERATOR
    from bocage.domain.declaration import Key

    entry = registers.find(Key(territory=MAIN, kind="source", slug="air-ecoles"))
    assert entry is not None
    body = msgspec.structs.replace(entry.body, may_correct=may)
    evidence.change(MAIN, OPERATOR, [registers.Put(key=entry.key, body=body, expected=entry.version)], AT)


def test_what_is_said_is_corrected_and_taken_back_and_a_feature_goes_with_what_is_about_it(
    service: Service, stream: int
) -> None:
    number = noted(service, stream, 23, parameters={"a": 1})
    path = f"Observations({number})"
    assert write(service, "PATCH", path, {"parameters": {"a": 2}}).status_code == 403
    correcting(service, True)
    try:
        assert write(service, "PATCH", path, {"parameters": {"a": 2}, "resultQuality": "fair"}).status_code == 200
        found = service.get(path)
        assert (found["result"], found["parameters"]["a"], found["resultQuality"]) == (23, 2, "fair")
        assert write(service, "PATCH", path, {"result": 24}).status_code == 200
        assert service.get(path)["parameters"] == {"a": 2, "origin": "measured"}
        steps = [{"op": "remove", "path": "/parameters/a"}, {"op": "replace", "path": "/resultQuality", "value": None}]
        patch = {"content-type": "application/json-patch+json"}
        assert write(service, "PATCH", path, steps, **patch).status_code == 200
        assert service.get(path)["parameters"] == {"origin": "measured"}
        [river] = service.get("FeaturesOfInterest?$filter=name eq 'Ruisseau'")["value"]
        assert write(service, "PATCH", path, {"FeatureOfInterest": {"@iot.id": river["@iot.id"]}}).status_code == 200
        assert service.get(f"{path}/FeatureOfInterest")["name"] == "Ruisseau"
        asked = "$filter=FeatureOfInterest/name ne 'Ruisseau'&$top=1&$expand=FeatureOfInterest"
        own = mine(service, f"Datastreams({stream})/Observations?{asked}")
        usual = own["value"][0]["FeatureOfInterest"]["@iot.id"]
        for number in (usual, river["@iot.id"]):
            assert write(service, "PUT", f"{path}/FeatureOfInterest/$ref", {"@iot.id": number}).status_code == 200
            assert service.get(f"{path}/FeatureOfInterest")["@iot.id"] == number
        for method, name in (("DELETE", "FeatureOfInterest"), ("DELETE", "Datastream"), ("PUT", "Datastream")):
            assert write(service, method, f"{path}/{name}/$ref", {"@iot.id": usual}).status_code == 501
        assert write(service, "DELETE", f"FeaturesOfInterest({river['@iot.id']})").status_code == 200
        left = told(service, stream)
        assert {17, 18, 19, 20, 24} & set(left) == {20}
        assert service.names("FeaturesOfInterest?$filter=name eq 'Ruisseau'") == []
    finally:
        correcting(service, False)


def test_an_observation_may_be_written_back_as_it_was_read(service: Service, stream: int) -> None:
    path = f"Observations({noted(service, stream, 2, parameters={'a': 1})})"
    correcting(service, True)
    try:
        kept = {**service.get(path), "result": 32, "Datastream": {"@iot.id": stream}}
        assert write(service, "PUT", path, kept).status_code == 200
        found = service.get(path)
        assert (found["result"], found["parameters"]) == (32, {"origin": "measured", "a": 1})
        for moved in ({"phenomenonTime": "2020-01-01T00:00:00Z"}, {"Datastream": {"@iot.id": 1}}, {"Datastream": {}}):
            assert write(service, "PATCH", path, {**kept, **moved}).status_code == 400
        assert write(service, "PUT", path, {"parameters": {"a": 2}}).status_code == 400
    finally:
        correcting(service, False)


def test_a_feature_that_is_the_place_of_a_thing_is_not_changed_itself(service: Service, stream: int) -> None:
    path = f"Observations({noted(service, stream, 3)})/FeatureOfInterest"
    number = mine(service, path)["@iot.id"]
    for method, body in (("PATCH", {"name": "Ailleurs"}), ("DELETE", None)):
        assert write(service, method, f"FeaturesOfInterest({number})", body).status_code == 409


def stays(service: Service, number: int) -> list[tuple[str, list[str]]]:
    found = mine(service, f"Things({number})/HistoricalLocations?$expand=Locations&$orderby=time")["value"]
    return [(one["time"][:10], [place["name"] for place in one["Locations"]]) for one in found]


def test_where_a_thing_stood_is_written_by_hand_changed_and_forgotten(service: Service) -> None:
    held = made(service, "Things", thing("Remorque", Locations=[place("Dépôt", 3.0)]))["@iot.id"]
    [depot] = mine(service, f"Things({held})/Locations")["value"]
    body = {"time": "2026-01-05T10:00:00+01:00", "Thing": {"@iot.id": held}, "Locations": [place("Quai", 4.0)]}
    first = made(service, "HistoricalLocations", body)
    assert first["time"] == "2026-01-05T09:00:00.000Z"
    today = stays(service, held)[-1]
    assert stays(service, held) == [("2026-01-05", ["Quai"]), today]
    assert [one["name"] for one in mine(service, f"Things({held})/Locations")["value"]] == ["Dépôt"]
    path = f"HistoricalLocations({first['@iot.id']})"
    change = {"time": "2026-02-01T00:00:00Z", "Locations": [{"@iot.id": depot["@iot.id"]}]}
    assert write(service, "PATCH", path, change).status_code == 200
    assert stays(service, held)[0] == ("2026-02-01", ["Dépôt"])
    two = {"time": "2026-01-01T00:00:00Z", "Locations": [place("Cale 1", 5.0), place("Cale 2", 5.1)]}
    nested = write(service, "POST", f"Things({held})/HistoricalLocations", two)
    assert nested.status_code == 201
    assert stays(service, held)[0] == ("2026-01-01", ["Cale 1", "Cale 2"])
    assert write(service, "DELETE", path).status_code == 200
    assert [day for day, _names in stays(service, held)] == ["2026-01-01", today[0]]
    assert service.ask("DELETE", nested.headers["location"]).status_code == 401
    for wrong in ({**body, "time": "2030-01-01T00:00:00Z"}, {**body, "Locations": []}, {"time": NOON}):
        assert write(service, "POST", "HistoricalLocations", wrong).status_code == 400


def test_the_newest_stay_says_where_a_thing_stands(service: Service) -> None:
    held = made(service, "Things", thing("Bouée"))["@iot.id"]
    for day, name in (("2026-01-01", "Amont"), ("2026-03-01", "Aval"), ("2026-02-01", "Milieu")):
        body = {"time": f"{day}T00:00:00Z", "Thing": {"@iot.id": held}, "Locations": [place(name)]}
        made(service, "HistoricalLocations", body)
    assert [one["name"] for one in mine(service, f"Things({held})/Locations")["value"]] == ["Aval"]
    assert stays(service, held) == [("2026-01-01", ["Amont"]), ("2026-02-01", ["Milieu"]), ("2026-03-01", ["Aval"])]


def test_a_client_that_knows_only_passwords_sends_the_token_as_one(service: Service) -> None:
    import base64

    def asked(method: str, password: str) -> Any:
        told = base64.b64encode(f"anyone:{password}".encode()).decode()
        return service.ask(method, "Things", json=thing("Client"), headers={"Authorization": f"Basic {told}"})

    assert asked("POST", service.instance.token).status_code == 201
    before = service.instance.parts.tokens.turned_away
    unread = service.ask("GET", "Things", headers={"Authorization": "Basic !"})
    for answer in (asked("POST", "bocage_nothing"), asked("GET", "bocage_nothing"), unread):
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith('Basic realm="bocage"')
        [refusal] = answer.json()["refusals"]
        assert all(refusal[line] for line in ("what", "reason", "reference", "to_do"))
    assert service.instance.parts.tokens.turned_away == before + 3
    bearer = service.ask("GET", "Things", headers={"Authorization": "Bearer bocage_nothing"})
    assert bearer.headers["www-authenticate"] == 'Bearer realm="bocage"'
