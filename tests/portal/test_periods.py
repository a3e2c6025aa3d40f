"""Files of years and months: whose addresses stay, whose bytes stay, and who may have them."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
from django.core.management import call_command

from bocage import evidence
from bocage.domain.observation import ObservationBatch
from bocage.store.protocol import Erasure

from .taking import AT, MS, Instance, instance

HERE = "/api/val-de-loire/datasets"
OPEN, CLOSED, REFUSED = f"{HERE}/meteo", f"{HERE}/comptages-loire", f"{HERE}/energie-des-logements"
HOUR, OCTOBER = 3_600_000, 1_790_805_600_000  # 2026-10-01 00:00 in Paris
FORMS = ("csv", "json", "parquet")
ROUTES = (
    ".csv", ".parquet", "/all.json", "/2026-11.csv", "/2026-11.json", "/2026-11.parquet", "/2026.csv", "/2026.json",
    "/2026.parquet", "/periods.json", "/things.geojson",
)  # fmt: skip


@pytest.fixture(scope="module")
def running(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    call_command("flush", verbosity=0, interactive=False)
    made = instance(tmp_path_factory.mktemp("data"))
    number = series(made)["meteo-temperature"]
    sent(made, number, OCTOBER, 24)
    yield made
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


def series(running: Instance) -> dict[str, int]:
    return {one["slug"]: one["number"] for one in running.client().get(f"{OPEN}.json").json()["series"]}


def sent(running: Instance, number: int, start: int, count: int, *, value: float = 0.5, reason: str = "") -> None:
    at = start + HOUR * np.arange(count, dtype=np.int64)
    batch = ObservationBatch(
        datastream=np.full(count, number, np.int32), start=at, end=at, kind=np.zeros(count, np.uint8),
        number=np.arange(count) + value, origin=np.zeros(count, np.uint8), correcting=bool(reason), reason=reason,
    )  # fmt: skip
    running.parts.store.append(batch).result()


def test_the_periods_that_hold_something_are_listed_with_the_addresses_of_their_files(running: Instance) -> None:
    told = running.client().get(f"{OPEN}/periods.json").json()
    assert told["time_zone"] == "Europe/Paris"
    assert [(one["period"], one["measurements"], one["finished"]) for one in told["months"]] == [
        ("2026-11", 7 * 48, False),
        ("2026-10", 24, True),
    ]
    assert [(one["period"], one["measurements"]) for one in told["years"]] == [("2026", 7 * 48 + 24)]
    assert told["months"][1]["start"] == "2026-09-30T22:00:00.000Z"  # midnight where the territory is
    for form in FORMS:
        assert running.client().get(told["months"][1][form]).status_code == 200


def test_every_form_of_a_month_holds_the_same(running: Instance, tmp_path: Path) -> None:
    lines = list(csv.DictReader(io.StringIO(running.client().get(f"{OPEN}/2026-10.csv").text, newline="")))
    told = running.client().get(f"{OPEN}/2026-10.json").json()
    path = tmp_path / "meteo.parquet"
    path.write_bytes(running.client().get(f"{OPEN}/2026-10.parquet").content)
    with duckdb.connect() as con:
        found = con.execute("SELECT id, result FROM read_parquet(?)", [str(path)]).fetchall()
        notes = con.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
    assert len(lines) == 24
    assert [(int(line["id"]), float(line["result"])) for line in lines] == found
    assert [(one["id"], one["result"]) for one in told["observations"]] == found
    assert dict(notes)["period"] == told["period"] == "2026-10"
    assert (told["start"], told["licence"]) == (
        "2026-09-30T22:00:00.000Z",
        "https://spdx.org/licenses/etalab-2.0.html",
    )


def test_json_says_of_each_series_what_a_row_would(running: Instance) -> None:
    told = running.client().get(f"{OPEN}/all.json").json()
    named = {one["series"]: one for one in told["series"]}
    assert named["meteo-temperature"]["property"] == "temperature"
    assert {one["series"] for one in told["observations"]} <= set(named)
    first = told["observations"][0]
    assert set(first) == {"series", "time", "result", "origin", "id", "version"}
    assert len(told["observations"]) == 7 * 48 + 24


def test_a_finished_month_stays_the_same_whatever_else_arrives(running: Instance) -> None:
    def both(form: str) -> tuple[str, bytes]:
        answer = running.client().get(f"{OPEN}/2026-10.{form}")
        return answer.headers["etag"], answer.content

    before = {form: both(form) for form in FORMS}
    numbers = series(running)
    sent(running, numbers["meteo-temperature"], MS, 1)  # the same series, now
    sent(running, numbers["meteo-pression"], MS, 1)  # another one of the dataset
    sent(running, other(running), OCTOBER, 3)  # another dataset, the same month
    assert {form: both(form) for form in FORMS} == before
    assert "bocage-last-observation" not in running.client().get(f"{OPEN}/2026-10.csv").headers
    again = running.client().get(f"{OPEN}/2026-10.csv", headers={"If-None-Match": before["csv"][0]})
    assert (again.status_code, again.content) == (304, b"")
    weak = running.client().get(f"{OPEN}/2026-10.csv", headers={"If-None-Match": f"W/{before['csv'][0]}"})
    assert weak.status_code == 304


def other(running: Instance) -> int:
    """The number of a series of another dataset."""
    from bocage import sensing

    return sensing.datastreams("val-de-loire", dataset="comptages-loire")[0].id


def test_a_month_moves_with_late_data_with_a_correction_and_with_an_erasure(running: Instance) -> None:
    number = series(running)["meteo-humidite"]
    september = OCTOBER - 20 * 24 * HOUR
    sent(running, number, september, 5)
    tags = [running.client().get(f"{OPEN}/2026-09.csv").headers["etag"]]
    sent(running, number, september + 60_000, 1)
    tags.append(running.client().get(f"{OPEN}/2026-09.csv").headers["etag"])
    sent(running, number, september, 1, value=9.5, reason="source")
    tags.append(running.client().get(f"{OPEN}/2026-09.csv").headers["etag"])
    assert running.client().get(f"{OPEN}/periods.json").json()["months"][2]["corrections"] == 1
    running.parts.store.erase(Erasure(datastreams=(number,), start=september, end=september + HOUR))
    tags.append(running.client().get(f"{OPEN}/2026-09.csv").headers["etag"])
    assert len(set(tags)) == 4


def test_the_headers_alone_are_given_to_whoever_asks_for_them(running: Instance) -> None:
    for address in (f"{OPEN}/2026-10.csv", f"{OPEN}/2026-10.json", f"{OPEN}/2026-10.parquet", f"{OPEN}.csv"):
        head = running.client().ask("HEAD", address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == running.client().get(address).headers["etag"]
    assert 'filename="val-de-loire-meteo-2026-10.parquet"' in running.client().get(f"{OPEN}/2026-10.parquet").headers[
        "content-disposition"
    ]  # fmt: skip
    assert not list((running.parts.data / "exports").iterdir())


def test_when_a_month_changed_last_is_said_where_it_is_known(running: Instance) -> None:
    from bocage.steer import follow_arrivals
    from bocage.steer.follower import step

    assert "last-modified" not in running.client().get(f"{OPEN}/2026-10.parquet").headers
    at = MS + 60_000
    while step(follow_arrivals(lambda: at, dict), running.parts.store):
        pass
    answer = running.client().get(f"{OPEN}/2026-10.csv")
    said = datetime.strptime(answer.headers["last-modified"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert said.timestamp() * 1000 == at
    before = {"If-Modified-Since": format_datetime(said - timedelta(seconds=1), usegmt=True)}
    since = {"If-Modified-Since": answer.headers["last-modified"]}
    for address in (f"{OPEN}/2026-10.csv", f"{OPEN}/2026-10.parquet", f"{OPEN}.csv"):
        known = [running.client().get(address, headers=one).status_code for one in (since, before)]
        assert known == [304, 200]
    unread = ({"If-Modified-Since": "yesterday"}, {**since, "If-None-Match": '"another"'})
    assert [running.client().get(f"{OPEN}/2026-10.csv", headers=one).status_code for one in unread] == [200, 200]


@pytest.mark.parametrize("name", ["2026-13", "2026-1", "26", "0203", "2026-10-01", "hier", "2199"])
def test_an_address_that_names_no_period_is_answered_as_such(running: Instance, name: str) -> None:
    assert running.client().get(f"{OPEN}/{name}.csv").status_code == 404


def test_a_period_that_holds_nothing_says_what_there_is(running: Instance) -> None:
    told = running.client().get(f"{OPEN}/2019-05.csv", headers={"Accept-Language": "fr"})
    assert told.status_code == 404
    assert "2026-11" in told.json()["detail"]


def test_an_erased_month_says_that_it_was_erased(running: Instance) -> None:
    from bocage.evidence.tables import Erased

    numbers = list(series(running).values())
    row = Erased.objects.create(
        territory="val-de-loire", purpose="meteo-locale", at=AT, before=OCTOBER - 400 * 24 * HOUR,
        datastreams=json.dumps(numbers).encode(), count=3, covers=b"[]", position=1,
    )  # fmt: skip
    answer = running.client().get(f"{OPEN}/2024-05.csv", headers={"Accept-Language": "fr"})
    assert answer.status_code == 410
    assert "2026-11-23" in answer.json()["detail"]
    row.delete()


@pytest.mark.parametrize("route", ROUTES)
def test_no_address_gives_a_closed_dataset_to_who_may_not_have_it(running: Instance, route: str) -> None:
    def asked(email: str = "", bearer: str = "", method: str = "GET") -> int:
        return running.client(email, bearer).ask(method, CLOSED + route).status_code

    token = running.parts.tokens.issue("val-de-loire", "autre", AT, datasets=("meteo",))
    elsewhere = running.parts.tokens.issue("marais", "ailleurs", AT, datasets=("comptages-loire",))
    granted = running.parts.tokens.issue("val-de-loire", "donné", AT, datasets=("comptages-loire",))
    assert [asked(), asked(method="HEAD"), asked("nobody@elsewhere.example"), asked("donnees@marais.example")] == [
        403
    ] * 4
    assert [asked(bearer=token), asked(bearer=elsewhere), asked(bearer="bocage_made-up")] == [403, 403, 401]
    assert [asked("donnees@val-de-loire.example"), asked(bearer=granted)] == [200, 200]
    refused = running.client().get(CLOSED + route, headers={"Accept-Language": "fr"})
    assert "Décision en préparation" in refused.json()["detail"]
    assert "access-control-allow-origin" not in refused.headers
    entitled = running.client(bearer=granted).get(CLOSED + route)
    assert "access-control-allow-origin" not in entitled.headers
    assert entitled.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("route", ROUTES)
def test_what_a_commitment_refuses_leaves_by_none_of_these_addresses(running: Instance, route: str) -> None:
    token = running.parts.tokens.issue("val-de-loire", "tous", AT, datasets=("energie-des-logements",))
    for reader in (running.client(), running.client(bearer=token), running.client("donnees@val-de-loire.example")):
        answer = reader.get(REFUSED + route)
        assert answer.status_code == 403
        assert answer.json()["refusals"][0]["promise"] == "publication"


@pytest.mark.parametrize("route", ROUTES)
def test_pages_of_other_sites_may_read_what_is_open(running: Instance, route: str) -> None:
    answer = running.client().get(OPEN + route, headers={"Origin": "https://example.org"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


def test_a_page_of_another_site_may_ask_with_a_condition_and_may_change_nothing(running: Instance) -> None:
    asking = {"Origin": "https://example.org", "Access-Control-Request-Headers": "if-none-match"}
    answer = running.client().ask("OPTIONS", f"{OPEN}.csv", headers=asking)
    assert (answer.status_code, answer.headers["access-control-allow-methods"]) == (204, "GET, HEAD")
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


REGISTERS = "/api/val-de-loire/registers"
PUBLIC = (REGISTERS, f"{REGISTERS}/purpose.csv", "/api/val-de-loire/notices.json", "/heads/val-de-loire")


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_of_other_sites_read_registers_as_everyone_does(running: Instance, address: str) -> None:
    assert running.client().get(address).headers["access-control-allow-origin"] == "*"
    signed = running.client("donnees@val-de-loire.example").get(address)
    assert ("access-control-allow-origin" in signed.headers) == (REGISTERS not in address)


def test_a_dataset_is_found_under_its_own_territory_only(running: Instance) -> None:
    for route in ROUTES:
        assert running.client().get(f"/api/marais/datasets/meteo{route}").status_code == 404


def test_things_are_placed_with_their_last_value(running: Instance) -> None:
    answer = running.client().get(f"{OPEN}/things.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    [feature] = answer.json()["features"]
    assert feature["geometry"]["type"] == "Point"
    last = {one["series"]: one["last"] for one in feature["properties"]["series"]}
    assert last["meteo-temperature"]["origin"] == "measured"
    assert isinstance(last["meteo-temperature"]["result"], float)


def test_the_things_of_a_territory_tell_the_values_of_what_is_open_only(running: Instance) -> None:
    features = running.client().get("/api/val-de-loire/things.geojson").json()["features"]
    values = {one["dataset"]: "last" in one for feature in features for one in feature["properties"]["series"]}
    assert values == {"meteo": True, "comptages-loire": False}
    assert "logement-1" not in {feature["id"] for feature in features}


def test_a_thing_that_is_withheld_is_given_to_nobody_here(running: Instance) -> None:
    text = running.client("donnees@val-de-loire.example").get("/api/val-de-loire/things.geojson").text
    assert "logement-1" not in text


def test_the_description_of_an_open_dataset_tells_its_quality_and_that_of_a_closed_one_does_not(
    running: Instance,
) -> None:
    told = running.client().get(f"{OPEN}.json").json()
    assert set(told["quality"]) == {
        "days", "expected", "received", "mean_delay_seconds", "out_of_range", "silent"
    }  # fmt: skip
    for address in (CLOSED, REFUSED):
        assert "quality" not in running.client().get(f"{address}.json").json()
