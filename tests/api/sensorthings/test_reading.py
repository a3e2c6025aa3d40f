"""Reading: addresses, options, links, and who is shown what."""

from typing import Any
from urllib.parse import quote

import pytest
from tests.api.running import AT, BESIDE, MAIN
from tests.api.sensorthings.service import Service
from tests.store.batches import DAY, T0, batch


def filtered(collection: str, condition: str, *more: str) -> str:
    return f"{collection}?{'&'.join(['$filter=' + quote(condition), *more])}"


def test_the_landing_page_lists_every_collection_and_what_is_true(service: Service) -> None:
    found = service.get("")
    assert [one["name"] for one in found["value"]] == [
        *("Things", "Locations", "HistoricalLocations", "Datastreams", "MultiDatastreams", "Sensors"),
        *("ObservedProperties", "Observations", "FeaturesOfInterest"),
    ]
    for one in found["value"]:
        assert service.status(one["url"]) == 200
    conformance = found["serverSettings"]["conformance"]
    assert not [one for one in conformance if "mqtt" in one]
    assert len([one for one in conformance if "/multi-datastream/" in one]) == 3


def test_every_link_of_every_entity_leads_somewhere(service: Service) -> None:
    for one in service.get("")["value"]:
        if one["name"] == "MultiDatastreams":
            continue  # this territory has none
        entity = service.get(f"{one['url']}?$top=1")["value"][0]
        assert service.get(entity["@iot.selfLink"])["@iot.id"] == entity["@iot.id"]
        for name, address in entity.items():
            if name.endswith("@iot.navigationLink"):
                assert service.status(address) in (200, 404 if name.startswith("Sensor") else 200), address


def test_addresses_lead_to_any_depth_to_properties_values_and_references(service: Service) -> None:
    number = service.numbers["classe-a"]
    first = service.get(f"Datastreams({number})/Observations?$top=1")["value"][0]["@iot.id"]
    thing = service.get(f"Observations({first})/Datastream/Thing")
    assert thing["name"] == "École A"
    assert service.get(f"Observations({first})/Datastream/Thing/name") == {"name": "École A"}
    assert service.ask("GET", f"Observations({first})/result/$value").text == "1"
    assert service.get(f"Datastreams({number})/unitOfMeasurement/symbol") == {"symbol": "ppm"}
    deep = f"Things({thing['@iot.id']})/Datastreams({number})/Observations({first})/FeatureOfInterest"
    assert service.get(deep)["feature"]["coordinates"] == [0.5, 47.5]
    [link] = service.get(f"Things({thing['@iot.id']})/Datastreams/$ref")["value"]
    assert list(link) == ["@iot.selfLink"]
    assert service.get(f"Datastreams({number})/Thing/$ref") == {"@iot.selfLink": thing["@iot.selfLink"]}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"Things({2**63 - 1})", 404),
        (f"Observations({2**63 - 1})", 404),
        ("Observations(1)", 404),
        (f"Things({2**63})", 400),
        ("Things('one')", 400),
        ("Nothings", 404),
        ("Things(1)/Sensors", 404),
        ("Things(1)/nonsense", 404),
        ("Things?$top=-1", 400),
        ("Things?$top=many", 400),
        ("Things?$what=1", 400),
        ("Things?what=1", 400),
        ("Things?$search=x", 501),
        ("Things?$top=1&$top=2", 400),
        ("Things?$filter=nonsense eq 1", 400),
        ("Things?$filter=name eq", 400),
        ("Things?$filter=length(name)", 400),
        ("Things?$filter=1 add 1", 400),
        ("Things?$filter='a' and name eq 'b'", 400),
        ("Observations?$filter=phenomenonTime gt 'yesterday'", 400),
        ("Things?$expand=", 400),
        ("Things?$resultFormat=dataArray", 400),
        ("Things?$filter=(name eq 'a'", 400),
        ("Things?$filter=nonsense(name)", 501),
        ("Things?$filter=length(name, name) eq 1", 400),
        ("Things?$filter=" + "not " * 100 + "true", 400),
        ("Things?$select=nonsense", 400),
        ("Things?$expand=Sensors", 400),
        ("Things?$orderby=nonsense", 400),
        ("Things?$count=perhaps", 400),
        ("Things?$skiptoken=nonsense", 400),
        ("Things(1)?$top=1", 400),
        ("Observations?$skiptoken=WzEsMSwxLDEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMF0", 400),
        ("Observations?$filter=" + "1 add " * 200 + "1 eq 1", 400),
        ("Observations?$resultFormat=csv", 501),
        ("Things?$filter=st_within(Locations/location, geography'POLYGON')", 400),
    ],
)
def test_what_cannot_be_answered_is_said(service: Service, path: str, status: int) -> None:
    answer = service.ask("GET", path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("result gt 3", [10, 5, 4]),
        ("result gt '3'", [5, 4, "open"]),  # as text 10 comes before 3
        ("result eq '10'", [10, "10"]),
        ("result eq 10", [10]),
        ("result ne 10", [1, 3, 5, 2, 4]),  # null never matches
        ("not (result eq 10)", [1, 3, 5, 2, 4]),
        ("result eq null", [None]),
        ("result eq true", [True]),
        ("result add 1 eq 11 or result mul 2 eq 2", [1, 10]),
        ("result mod 2 eq 0 and result div 2 gt 1", [10, 4]),
        ("startswith(result, 'op') or length(result) eq 2", [10, "open", "10"]),
        ("substringof('pe', result)", ["open"]),
        ("phenomenonTime eq 2026-01-01T01:00:00Z", [3, "10"]),
        ("phenomenonTime eq 2026-01-01T01:00:00Z/2026-01-01T02:00:00Z", [4]),
        ("phenomenonTime lt 2026-01-01T01:00:00Z", [1, 2, "open"]),
        ("phenomenonTime gt 2026-01-01T01:00:00+00:00", [10, None, 5, True]),
        ("overlaps(phenomenonTime, 2026-01-01T01:30:00Z/2026-01-01T02:00:00Z)", [4]),
        ("during(phenomenonTime, 2026-01-01T00:00:00Z/2026-01-01T01:30:00Z)", [1, 3, 2, "open", "10"]),
        ("before(2026-01-01T02:00:00Z, phenomenonTime)", [None, 5]),
        ("hour(phenomenonTime) eq 2", [10, True]),
        ("date(phenomenonTime) eq 2026-01-01 and time(phenomenonTime) lt 01:00:00", [1, 2, "open"]),
        ("phenomenonTime add duration'PT1H' gt 2026-01-01T04:00:00Z", [5]),
        ("Datastream/Thing/name eq 'École B' and result gt 2", [4]),
        ("Datastream/Thing/name eq 'École B' or result gt 9", [10, 2, 4, "open", "10", True]),
        ("result gt Datastream/@iot.id", []),
        ("st_within(FeatureOfInterest/feature, geography'POLYGON((1 47,2 47,2 48,1 48,1 47))') and result ge 4", [4]),
        ("parameters/origin eq 'replayed'", []),
    ],
)
def test_a_condition_finds_its_observations(service: Service, condition: str, expected: list[Any]) -> None:
    mine = "(" + " or ".join(f"Datastream/@iot.id eq {number}" for number in service.numbers.values()) + ")"
    assert service.results(filtered("Observations", f"{mine} and ({condition})", "$select=result")) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("Datastreams/Observations/result gt 9", ["École A"]),
        ("Datastreams/name eq 'CO2 de la classe B' and Datastreams/Observations/result gt 9", []),
        ("Datastreams/Observations/FeatureOfInterest/feature/coordinates/0 eq 1.5", ["École B"]),
        (
            "startswith(name, 'École') and geo.distance(Locations/location, geography'POINT(1.5 47.5)') lt 0.1",
            ["École B"],
        ),
        ("startswith(tolower(name), 'école a') and year(HistoricalLocations/time) eq 2026", ["École A"]),
        ("endswith(name, ' B') and Datastreams/Sensor/name eq 'Sonde'", ["École B"]),
        ("name eq 'It''s not there'", []),
    ],
)
def test_a_condition_crosses_from_things_to_observations(service: Service, condition: str, expected: list[str]) -> None:
    assert service.names(filtered("Things", condition)) == expected


def test_orders_cross_entities_and_observations(service: Service) -> None:
    mine = "startswith(name,'École')"
    assert service.names(filtered("Things", mine, "$orderby=Datastreams/Observations/result desc")) == [
        "École A",
        "École B",
    ]
    assert service.names(filtered("Things", mine, "$orderby=name desc")) == ["École B", "École A"]
    co2 = "startswith(Datastream/name,'CO2')"
    found = service.results(filtered("Observations", co2, "$orderby=Datastream/Thing/name desc,result desc"))
    assert found == [4, 2, 10, 5, 3, 1, None]
    assert service.results(filtered("Observations", co2, "$orderby=phenomenonTime desc", "$top=2")) == [5, None]


def test_expanded_entities_have_options_of_their_own(service: Service) -> None:
    inner = "$orderby=phenomenonTime desc;$top=1;$select=result;$filter=result gt 1"
    path = (
        f"Things?$filter=name eq 'École A'&$select=name&$expand=Datastreams($select=name;$expand=Observations({inner}))"
    )
    [thing] = service.get(path)["value"]
    [stream] = thing.pop("Datastreams")
    assert thing == {"name": "École A"}
    assert stream["name"] == "CO2 de la classe A"
    assert stream["Observations"] == [{"result": 5}]
    rest = service.get(stream["Observations@iot.nextLink"])
    assert [one["result"] for one in rest["value"]] == [10]


def test_the_newest_value_of_every_series_comes_with_it(service: Service) -> None:
    latest = "$expand=Observations($orderby=phenomenonTime desc;$top=1;$select=result)"
    found = service.get(
        filtered("Datastreams", "startswith(Thing/name,'École') and not startswith(name, 'Compteur')", latest)
    )
    assert [one["Observations"] for one in found["value"]] == [[{"result": 5}], [{"result": 4}], [{"result": True}]]
    assert service.results(found["value"][0]["Observations@iot.nextLink"]) == [None]


def test_the_newest_values_are_the_same_where_nothing_but_numbers_comes_with_them(service: Service) -> None:
    for inner in ("$select=result,phenomenonTime", "$select=result", ""):
        latest = f"$expand=Observations($orderby=phenomenonTime desc;$top=1;{inner})".replace(";)", ")")
        whole = service.get(filtered("Datastreams", "true", latest, "$top=1000"))["value"]
        short = service.get(filtered("Datastreams", "true", latest, "$top=1000", "$select=id"))["value"]
        assert short == [
            {key: value for key, value in one.items() if key == "@iot.id" or key.startswith("Observations")}
            for one in whole
        ]
        assert any(one["Observations"] for one in short)
        assert any("Observations@iot.nextLink" in one for one in short)


def test_pages_never_repeat_nor_skip_while_data_arrives(service: Service) -> None:
    number = service.numbers["classe-b"]
    for path in (f"Datastreams({number})/Observations", "Observations"):
        for order in ("", "&$orderby=phenomenonTime desc", "&$orderby=result", "&$orderby=result desc"):
            seen: list[int] = []
            before = {one["@iot.id"] for one in service.get(path)["value"]}
            following: Any = f"{path}?$top=2{order}"
            turn = 0
            while following:
                page = service.get(following)
                seen += [one["@iot.id"] for one in page["value"]]
                following = page.get("@iot.nextLink")
                turn += 1
                late = T0 + (len(order) * 40 + turn) * DAY + len(path)
                service.instance.store.append(batch([number], [late], [turn])).result(5)
                if turn > len(before) + 20:
                    break
            assert len(seen) == len(set(seen))
            assert before <= set(seen)


def test_counts_are_of_all_that_fulfils_the_condition(service: Service) -> None:
    number = service.numbers["classe-a"]
    assert service.get(f"Datastreams({number})/Observations?$count=true&$top=1")["@iot.count"] == 5
    found = service.get(f"Datastreams({number})/Observations?$count=true&$top=0&$filter=result gt 1")
    assert (found["@iot.count"], found["value"]) == (3, [])
    assert service.get("Things?$count=true&$top=1&$filter=startswith(name,'École')")["@iot.count"] == 2


def test_observations_come_as_arrays_of_their_series(service: Service) -> None:
    number = service.numbers["classe-a"]
    path = (
        f"Observations?$resultFormat=dataArray&$filter=Datastream/id eq {number}&$select=phenomenonTime,result&$top=2"
    )
    [held] = service.get(path)["value"]
    assert held["components"] == ["phenomenonTime", "result"]
    assert held["dataArray"] == [["2026-01-01T00:00:00.000Z", 1], ["2026-01-01T01:00:00.000Z", 3]]
    assert held["Datastream@iot.navigationLink"].endswith(f"/Datastreams({number})")


def test_a_window_of_time_is_read_from_either_end(service: Service) -> None:
    number = service.numbers["classe-a"]
    window = "phenomenonTime ge 2026-01-01T01:00:00Z and phenomenonTime lt 2026-01-01T03:00:00Z"
    path = filtered(f"Datastreams({number})/Observations", window)
    assert service.results(path) == [3, 10]
    assert service.results(path + "&$orderby=phenomenonTime desc&$top=1") == [10]
    assert service.results(path + "&$skip=1") == [10]


@pytest.mark.parametrize(
    "path",
    [
        "Things?$filter=round(1e400) eq 1",
        "Things?$filter=round(1e300 mul 1e300) mod 2 eq 1",
        "Datastreams?$orderby=(Observations/result div now())",
        "FeaturesOfInterest?$orderby=year(Observations/result)",
        "Observations?$orderby=9223372036854775808 desc&$top=1",
    ],
)
def test_what_is_worth_nothing_is_answered(service: Service, path: str) -> None:
    found = service.get(path)
    assert "@iot.nextLink" not in found or service.status(found["@iot.nextLink"]) == 200


def test_series_are_ordered_by_what_their_observations_are_about(service: Service) -> None:
    path = "Datastreams?$filter=startswith(Thing/name,'École')&$orderby=Observations/FeatureOfInterest/name"
    named = service.names(f"{path}&$select=name")
    assert service.names(f"{path} desc,id desc&$select=name") == named[::-1]


def test_long_conditions_are_read_and_strange_numbers_find_nothing(service: Service) -> None:
    number = service.numbers["classe-a"]
    chain = " or ".join(f"Datastream/id eq {one}" for one in (*range(10_000, 10_700), number))
    assert len(service.get(filtered("Observations", chain, "$top=5"))["value"]) == 5
    for condition in (
        "result gt 1e999",
        "result lt -1e999",
        "id eq 99999999999999999999999",
        "substring(result,9e9) eq 'x'",
    ):
        assert service.get(filtered(f"Datastreams({number})/Observations", condition))["value"] == []
    assert service.get(f"Datastreams({number})/Observations?$skip=999999999999")["value"] == []


def test_a_question_that_asks_for_too_much_is_refused(service: Service) -> None:
    way = "Datastreams/Sensor/" * 7 + "Datastreams/name eq 'nonsense'"
    assert service.status(filtered("Things", way)) == 400
    assert service.status("Things?$orderby=" + ",".join(["name"] * 20)) == 400


def test_what_is_closed_is_shown_to_nobody_without_a_right(service: Service) -> None:
    known = service.instance.parts.memory.known(MAIN, AT.date())
    refused = next(one for one in known.catalogue if str(one.state) == "refused").numbers[0]
    service.instance.store.append(batch([refused], [T0], [1])).result(5)
    for number in (service.closed, refused):
        row = int(service.instance.store.latest([number]).id[0])
        for headers in ({}, service.writer):
            assert service.get(f"Observations?$filter=Datastream/id eq {number}", headers=headers)["value"] == []
            assert service.status(f"Observations({row})", headers=headers) == 404
    hidden = next(one for slug, one in known.facts.declared["thing"].items() if slug not in known.sight.seen)
    assert service.status(f"Things({hidden.id})") == 404
    assert service.status(f"Things({hidden.id})/Datastreams") == 404
    assert service.get(f"Things?$filter=@iot.id eq {hidden.id}")["value"] == []
    assert service.get(f"Datastreams?$filter=Thing/@iot.id eq {hidden.id}")["value"] == []
    assert service.get(f"Datastreams?$filter=id eq {service.closed} and Observations/result gt 1")["value"] == []


def test_a_token_of_granted_datasets_reads_them_in_its_own_territory_only(service: Service) -> None:
    path = f"Datastreams({service.closed})/Observations"
    for territory, expected in ((MAIN, [7]), (BESIDE, [])):
        token = service.instance.parts.tokens.issue(territory, "operator", AT, datasets=("reserve",))
        assert service.results(path, headers={"Authorization": f"Bearer {token}"}) == expected
    assert service.results(path) == []
    assert service.status("Things", headers={"Authorization": "Bearer nonsense"}) == 401


def test_a_person_sees_what_their_roles_reach_in_that_territory_alone(service: Service) -> None:
    from bocage.accounts.rights import Actor, Grant
    from bocage.api.asking import Asking
    from bocage.api.sensorthings.sight import Sights
    from bocage.domain.role import RoleName

    def readable(role: RoleName, territory: str) -> bool:
        actor = Actor(account="one", grants={territory: (Grant(role=role),)})
        views = Sights(service.instance.parts).of(Asking(actor=actor))
        return any(service.closed in view.readable for view in views)

    assert readable(RoleName.DATA_ADMINISTRATOR, MAIN)
    assert readable(RoleName.AGENT, MAIN)
    assert not readable(RoleName.ADMINISTRATOR, MAIN)
    assert not readable(RoleName.DATA_ADMINISTRATOR, BESIDE)


def test_one_territory_has_an_address_of_its_own(service: Service) -> None:
    here = service.get(f"/api/{BESIDE}/sta/v1.1/Things?$top=1000")["value"]
    everywhere = service.get("Things?$top=1000")["value"]
    assert {one["@iot.id"] for one in here} < {one["@iot.id"] for one in everywhere}
    assert all(one["@iot.selfLink"].startswith(f"http://bocage.test/api/{BESIDE}/sta/v1.1/") for one in here)
    assert service.status("/api/nowhere/sta/v1.1/Things") == 404


def test_what_agents_write_for_themselves_is_shown_to_whoever_has_a_right_on_it(service: Service) -> None:
    path = filtered("Things", "name eq 'École A'")
    assert service.get(path)["value"][0]["properties"] == {}
    assert service.get(path, headers=service.writer)["value"][0]["properties"] == {"floors": 2}


def test_pages_of_other_sites_read_what_is_open_without_a_session(service: Service) -> None:
    assert service.ask("GET", "Things").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in service.ask("GET", "Things", headers=service.writer).headers
