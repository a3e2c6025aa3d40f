"""Registers for programs: read by everyone, changed by people who may, with the version they read."""

import csv
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from bocage import evidence, registers
from bocage.domain.declaration import Key

from .taking import AT, Instance, instance

HERE = "/api/val-de-loire/registers"
ONE = f"{HERE}/organisation/essai"
BODY = {"title": {"fr": "Régie d'essai"}, "contact": "jeanne@example.org"}
OWN = {"Bocage-Request": "1"}
NEW = {**OWN, "If-None-Match": "*"}
ADMINISTRATOR = "donnees@val-de-loire.example"


@pytest.fixture(scope="module")
def running(relational_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    call_command("flush", verbosity=0, interactive=False)
    yield instance(tmp_path_factory.mktemp("data"))
    evidence.connect(None)
    call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def tidy(running: Instance) -> Iterator[Instance]:
    yield running
    key = Key(territory="val-de-loire", kind="organisation", slug="essai")
    if registers.find(key):
        evidence.change("val-de-loire", _operator(), [evidence.Withdraw(key=key)], AT)


def _operator() -> Any:
    from bocage.accounts import OPERATOR

    return OPERATOR


def test_every_public_register_reads_as_json_csv_and_schema(running: Instance) -> None:
    client = running.client()
    for one in client.get(HERE).json()["registers"]:
        assert client.get(one["json"]).json()["kind"] == one["kind"]
        header = next(csv.reader(io.StringIO(client.get(one["csv"]).text)))
        assert header[:2] == ["slug", "version"]
        assert client.get(one["schema"]).json()["$defs"]
    assert len(client.get(f"{HERE}/purpose").json()["entries"]) == 4


def test_one_declaration_reads_as_json_and_toml_with_its_version(running: Instance) -> None:
    answer = running.client().get(f"{HERE}/purpose/meteo-locale.json")
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["body"]["personal"] is False
    assert tomllib.loads(running.client().get(f"{HERE}/purpose/meteo-locale.toml").text)["personal"] is False
    assert running.client().get(f"{HERE}/purpose/rien.json").status_code == 404
    assert running.client().get(f"{HERE}/rien").status_code == 404


def test_the_schema_speaks_the_language_of_its_reader(running: Instance) -> None:
    address = f"{HERE}/purpose.schema.json"
    french = running.client().get(address, headers={"Accept-Language": "fr"}).json()
    english = running.client().get(address, headers={"Accept-Language": "en"}).json()
    assert french["$defs"]["Purpose"]["title"] == "Finalité"
    assert english["$defs"]["Purpose"]["title"] == "Purpose"


@pytest.mark.parametrize("kind", ["thing", "datastream", "sensor", "observed-property", "location"])
def test_entities_read_as_json_csv_toml_and_schema_like_declarations(running: Instance, kind: str) -> None:
    client = running.client(ADMINISTRATOR)
    entries = client.get(f"{HERE}/{kind}.json").json()["entries"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"{HERE}/{kind}.csv").text, newline="")))
    assert [row["slug"] for row in rows] == [entry["slug"] for entry in entries]
    assert client.get(f"{HERE}/{kind}.schema.json").json()["$defs"]
    for entry in entries[:1]:
        one = client.get(f"{HERE}/{kind}/{entry['slug']}.json")
        assert one.json() == entry
        assert one.headers["etag"] == f'"{entry["version"]}"'
        assert "digest" not in entry
        assert tomllib.loads(client.get(f"{HERE}/{kind}/{entry['slug']}.toml").text)["title"]


@pytest.mark.parametrize(
    "address", ["indicator.json", "indicator.csv", "indicator/electricite-de-la-nuit.toml", "rule.json"]
)
def test_no_register_names_the_meter_of_a_dwelling_to_everyone(running: Instance, address: str) -> None:
    told = running.client().get(f"/api/val-de-loire/registers/{address}")
    assert (told.status_code, "logement-1" in told.text) == (200, False)
    inside = running.client("donnees@val-de-loire.example").get(f"/api/val-de-loire/registers/{address}").text
    assert "logement-1" in inside


def test_a_meter_behind_which_persons_live_is_told_to_nobody_outside(running: Instance) -> None:
    """The same rule as the map of the portal, for the thing, its series, and its place."""
    agents, anyone = running.client(ADMINISTRATOR), running.client()
    behind = {row["slug"] for row in agents.get(f"{HERE}/thing").json()["entries"]} - {
        row["slug"] for row in anyone.get(f"{HERE}/thing").json()["entries"]
    }
    assert behind
    for slug in sorted(behind)[:3]:
        for end in ("", ".json", ".toml"):
            assert anyone.get(f"{HERE}/thing/{slug}{end}").status_code == 404
        assert agents.get(f"{HERE}/thing/{slug}").status_code == 200
        assert slug not in anyone.get(f"{HERE}/datastream.csv").text
    told = {one["kind"]: one["count"] for one in anyone.get(HERE).json()["registers"]}
    assert told["thing"] == len(anyone.get(f"{HERE}/thing").json()["entries"])


def test_what_agents_write_for_themselves_stays_with_them(running: Instance) -> None:
    agents, anyone = running.client(ADMINISTRATOR), running.client()
    assert any("key" in entry["body"] for entry in agents.get(f"{HERE}/datastream").json()["entries"])
    assert not any("key" in entry["body"] for entry in anyone.get(f"{HERE}/datastream").json()["entries"])
    assert "key" not in anyone.get(f"{HERE}/datastream.csv").text.splitlines()[0].split(",")


def test_a_thing_that_turned_out_to_be_another_leads_to_it(tidy: Instance) -> None:
    gone, kept = "mauves", "station-meteo"
    _changed, number = evidence.merge("val-de-loire", _operator(), gone, kept, AT)
    for client in (tidy.client(), tidy.client(ADMINISTRATOR)):
        for end in ("", ".json", ".toml"):
            answer = client.get(f"{HERE}/thing/{gone}{end}", follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (302, f"{HERE}/thing/{kept}{end}")
    assert tidy.client().get(f"{HERE}/datastream/{gone}").status_code == 404
    evidence.undo("val-de-loire", _operator(), number, AT)
    assert tidy.client().get(f"{HERE}/thing/{gone}").status_code == 200


def test_entities_are_not_changed_by_this_door(running: Instance) -> None:
    answer = running.client(ADMINISTRATOR).put(f"{HERE}/thing/essai", json={"title": {"fr": "Essai"}}, headers=NEW)
    assert answer.status_code == 404


@pytest.mark.parametrize("end", [".json", ".csv", ""])
def test_what_names_a_person_is_for_agents_only(running: Instance, end: str) -> None:
    assert "@" not in running.client().get(f"{HERE}/role{end}").text
    assert "@" in running.client(ADMINISTRATOR).get(f"{HERE}/role{end}").text
    assert "@" not in running.client("donnees@marais.example").get(f"{HERE}/role{end}").text


def test_the_toml_of_a_role_hides_its_holder(running: Instance) -> None:
    slug = running.client().get(f"{HERE}/role").json()["entries"][0]["slug"]
    assert "@" not in running.client().get(f"{HERE}/role/{slug}.toml").text


def test_only_a_person_who_may_declares(tidy: Instance) -> None:
    issued = tidy.parts.tokens.issue("val-de-loire", "someone", AT, source="air-ecoles")
    for client, status in (
        (tidy.client(), 401),
        (tidy.client(bearer=issued), 403),
        (tidy.client("nobody@elsewhere.example"), 403),
        (tidy.client("donnees@marais.example"), 403),
        (tidy.client("dpo@val-de-loire.example"), 403),
    ):
        assert client.put(ONE, json=BODY, headers=NEW).status_code == status
        assert client.delete(f"{HERE}/organisation/val-de-sevre-et-loire", headers=OWN).status_code == status
    assert tidy.client().get(ONE).status_code == 404
    assert tidy.client(ADMINISTRATOR).put(ONE, json=BODY, headers=NEW).status_code == 201


def test_a_change_needs_our_own_header_and_the_version_that_was_read(tidy: Instance) -> None:
    client = tidy.client(ADMINISTRATOR)
    assert client.put(ONE, json=BODY, headers={"If-None-Match": "*"}).status_code == 403
    assert client.put(ONE, json=BODY, headers=OWN).status_code == 428
    assert client.put(ONE, json=BODY, headers=NEW).status_code == 201
    assert client.put(ONE, json=BODY, headers=NEW).status_code == 409
    read = client.get(ONE)
    changed = {**read.json()["body"], "title": {"fr": "Autre nom"}}
    answer = client.put(ONE, json=changed, headers={**OWN, "If-Match": read.headers["etag"]})
    version = int(answer.headers["etag"].strip('"'))
    assert answer.status_code == 200
    assert version == int(read.headers["etag"].strip('"')) + 1
    assert client.put(ONE, json=BODY, headers={**OWN, "If-Match": read.headers["etag"]}).status_code == 409
    assert client.delete(ONE, headers={**OWN, "If-Match": f'"{version}"'}).status_code == 204
    assert client.get(ONE).status_code == 404


def test_a_body_that_is_no_declaration_names_the_field(tidy: Instance) -> None:
    client = tidy.client(ADMINISTRATOR)
    wrong = client.put(ONE, json={"title": {"fr": "x"}, "siren": "123"}, headers=NEW)
    assert wrong.status_code == 422
    assert client.put(ONE, content=b"{", headers={**NEW, "Content-Type": "application/json"}).status_code == 422
    assert client.put(ONE, content=b"a=1", headers={**NEW, "Content-Type": "text/plain"}).status_code == 415
    assert client.put(ONE, content=b" " * 2_000_000, headers=NEW).status_code == 413


def test_what_a_gate_refuses_is_answered_with_its_reason(tidy: Instance) -> None:
    asked = {"title": {"fr": "x"}, "service": "service-qui-n-existe-pas"}
    answer = tidy.client(ADMINISTRATOR).put(f"{HERE}/purpose/essai", json=asked, headers=NEW)
    assert answer.status_code == 403
    assert answer.json()["refusals"][0]["reason"]


def test_heads_are_public_and_can_be_checked(running: Instance) -> None:
    import base64

    import msgspec
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    from bocage.registers import heads

    assert running.client().get("/heads").json()["heads"] == []
    key = heads.make_key(running.parts.data / "keys" / "heads.pem")
    heads.publish(running.parts.data / "heads", AT, key)
    told = running.client().get("/heads/val-de-loire").json()
    public = load_pem_public_key(told["public_key"].encode())
    assert isinstance(public, Ed25519PublicKey)
    head = dict(told["heads"][0])
    signature = base64.b64decode(head.pop("signature"))
    public.verify(signature, b"bocage head 1\n" + msgspec.json.encode({**head, "signature": ""}, order="sorted"))
    assert {one["territory"] for one in running.client().get("/heads").json()["heads"]} == {"val-de-loire", "marais"}
    assert running.client().get("/heads/nowhere").status_code == 404


def test_health_and_figures_say_how_the_machine_is_and_nothing_of_anybody(running: Instance) -> None:
    health = running.client().get("/healthz").json()
    assert health["ok"]
    assert health["position"] == running.parts.store.position()
    figures = running.client().get("/metrics").text
    assert 'bocage_declarations{kind="purpose",territory="val-de-loire"} 4.0' in figures
    assert "@" not in figures


def test_a_log_in_trouble_is_not_well(running: Instance) -> None:
    running.parts.store.trouble = OSError("No space left on device")
    answer = running.client().get("/healthz")
    del running.parts.store.trouble
    assert answer.status_code == 503
    assert answer.json()["log"] == "in trouble"
    assert "No space" not in answer.text
