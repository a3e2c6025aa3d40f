"""Who may take which dataset, and in which form."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from django.core.management import call_command

from bocage import evidence, sensing

from .taking import AT, Instance, instance

HERE = "/api/val-de-loire/datasets"
OPEN, CLOSED, REFUSED = f"{HERE}/meteo", f"{HERE}/comptages-loire", f"{HERE}/energie-des-logements"


@pytest.fixture(scope="module")
def running(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    call_command("flush", verbosity=0, interactive=False)
    yield instance(tmp_path_factory.mktemp("data"))
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


def token(running: Instance, *datasets: str, territory: str = "val-de-loire") -> str:
    return running.parts.tokens.issue(territory, "someone", AT, datasets=datasets)  # type: ignore[no-any-return]


def test_anyone_takes_an_open_dataset_as_csv(running: Instance) -> None:
    answer = running.client().get(f"{OPEN}.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="val-de-loire-meteo.csv"' in answer.headers["content-disposition"]
    assert 'rel="license"' in answer.headers["link"]
    lines = answer.text.split("\r\n")
    assert lines[0].startswith("time,end,datastream")
    assert len(lines) == 7 * 48 + 2


def test_a_span_keeps_what_starts_within_it(running: Instance) -> None:
    answer = running.client().get(f"{OPEN}.csv?start=2026-11-23T07:00:00Z&end=2026-11-23T09:00:00Z")
    assert len(answer.text.splitlines()) == 7 * 2 + 1
    assert running.client().get(f"{OPEN}.csv?start=hier").status_code == 422


def test_a_reader_who_already_has_it_is_told_so(running: Instance) -> None:
    tag = running.client().get(f"{OPEN}.csv").headers["etag"]
    again = running.client().get(f"{OPEN}.csv", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert running.client().get(f"{OPEN}.parquet").headers["etag"] != tag


def test_parquet_is_made_for_the_answer_and_nothing_of_it_stays(running: Instance) -> None:
    answer = running.client().get(f"{OPEN}.parquet")
    assert answer.status_code == 200
    assert io.BytesIO(answer.content).read(4) == b"PAR1"
    assert not list((running.parts.data / "exports").iterdir())


def test_csv_and_parquet_have_the_same_columns_and_parquet_says_its_licence(running: Instance, tmp_path: Path) -> None:
    path = tmp_path / "meteo.parquet"
    path.write_bytes(running.client().get(f"{OPEN}.parquet").content)
    lines = list(csv.DictReader(io.StringIO(running.client().get(f"{OPEN}.csv").text, newline="")))
    with duckdb.connect() as con:
        columns = con.read_parquet(str(path)).columns
        held = con.execute('SELECT * EXCLUDE (time, "end", original_time) FROM read_parquet(?)', [str(path)])
        names = [column[0] for column in held.description]
        rows = [dict(zip(names, row, strict=True)) for row in held.fetchall()]
        notes = dict(
            con.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
        )
    assert columns == list(lines[0])
    for name in ("datastream", "thing", "property", "unit", "origin"):
        assert [row[name] for row in rows] == [line[name] for line in lines]
    assert [row["result"] for row in rows] == [float(line["result"]) for line in lines]
    assert [str(row["id"]) for row in rows] == [line["id"] for line in lines]
    assert notes["licence"] == "https://spdx.org/licenses/etalab-2.0.html"
    assert "Météo-France" in notes["attribution"]


@pytest.mark.parametrize("form", [".csv", ".parquet"])
def test_a_closed_dataset_is_for_whoever_reads_data_here_and_for_granted_machines(running: Instance, form: str) -> None:
    def status(email: str = "", bearer: str = "") -> int:
        return running.client(email, bearer).get(CLOSED + form).status_code

    assert status() == 403
    assert status("nobody@elsewhere.example") == 403
    assert status("donnees@val-de-loire.example") == 200
    assert status("donnees@marais.example") == 403
    assert status(bearer=token(running, "comptages-loire")) == 200
    assert status(bearer=token(running, "meteo")) == 403
    assert status(bearer=token(running, "comptages-loire", territory="marais")) == 403
    assert status(bearer="bocage_made-up") == 401


def test_a_closed_dataset_says_why(running: Instance) -> None:
    told = running.client().get(f"{CLOSED}.csv", headers={"Accept-Language": "fr"}).json()
    assert "Décision en préparation" in told["detail"]
    described = running.client().get(f"{CLOSED}.json").json()
    assert described["state"] == "closed"
    assert "series" not in described


@pytest.mark.parametrize("form", [".csv", ".parquet"])
def test_what_a_commitment_refuses_leaves_by_this_door_for_nobody(running: Instance, form: str) -> None:
    granted = token(running, "energie-des-logements")
    for client in (
        running.client(),
        running.client(bearer=granted),
        running.client("donnees@val-de-loire.example"),
    ):
        answer = client.get(REFUSED + form)
        assert answer.status_code == 403
        assert answer.json()["refusals"][0]["promise"] == "publication"


def test_a_refusal_names_no_series_that_nobody_is_told_of(running: Instance) -> None:
    for address in (f"{REFUSED}.csv", f"{REFUSED}.json", HERE):
        assert "logement-1" not in running.client().get(address).text


def test_a_dataset_is_found_under_its_own_territory_only(running: Instance) -> None:
    for address in ("/api/marais/datasets/meteo.csv", "/api/nowhere/datasets/meteo.csv", f"{HERE}/rien.csv"):
        assert running.client().get(address).status_code == 404


def test_the_catalogue_tells_every_dataset_with_its_state(running: Instance) -> None:
    states = {one["slug"]: one["state"] for one in running.client().get(HERE).json()["datasets"]}
    assert [states[name] for name in ("meteo", "comptages-loire", "energie-des-logements")] == [
        "open",
        "closed",
        "refused",
    ]
    described = running.client().get(f"{OPEN}.json").json()
    assert described["sources"][0]["replayed"] is True
    assert {one["number"] for one in described["series"]}


def test_a_restricted_series_is_in_no_file_until_the_restriction_is_lifted(running: Instance, tmp_path: Path) -> None:
    client, store = running.client(), running.parts.store
    taken = client.get(f"{OPEN}.csv")
    [wind] = [one.id for one in sensing.all("val-de-loire", "datastream") if one.slug == "meteo-vent"]
    store.withhold({wind})
    held = client.get(f"{OPEN}.csv", headers={"If-None-Match": taken.headers["etag"]})
    assert (held.status_code, len(held.text.splitlines())) == (200, 6 * 48 + 1)
    assert "meteo-vent" not in held.text
    path = tmp_path / "meteo.parquet"
    path.write_bytes(client.get(f"{OPEN}.parquet").content)
    with duckdb.connect() as con:
        assert con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall() == [(6 * 48,)]
    store.withhold(())
    assert client.get(f"{OPEN}.csv").content == taken.content
