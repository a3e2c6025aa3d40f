"""The legal inventory, the mention that decisions carry, and both lists as files others can check."""

from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from django.test import Client
from starlette.applications import Starlette
from tests.portal.taking import Reader
from tests.publish.table_schema import faults

from bocage.accounts.chosen import Chosen
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import InstanceSettings
from bocage.publish import algorithms, public_sensors
from bocage.store.memory import MemoryStore

PLACE, AID = "val-de-loire", "aide-a-l-achat-d-un-velo"
WITH = "https://donnees.example"


@pytest.fixture(scope="module")
def reader(store: MemoryStore, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The routes for programs, at an address somebody has set."""
    from tests.portal.conftest import AT

    from bocage.accounts.tokens import Tokens
    from bocage.api import algorithms as published
    from bocage.api import problem
    from bocage.api.parts import Parts

    folder: Path = tmp_path_factory.mktemp("data")
    chosen = Chosen(folder, InstanceSettings(public_url=WITH))
    more: dict[str, Any] = {"intake": None, "tokens": Tokens(), "chosen": chosen, "data": folder}
    parts = Parts(store=store, clock=lambda: AT, **more)
    app = Starlette(routes=published.routes(parts), exception_handlers={BocageError: problem.told})
    return Reader(app=app, headers={})


def _schema(reader: Reader, name: str) -> Any:
    return msgspec.json.decode(reader.get(f"/api/schemas/{name}/schema.json").content)


def _told(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize(
    ("schema", "file"), [("algorithmes", "algorithms.csv"), ("capteurs-espace-public", "sensors.csv")]
)
def test_what_is_exported_is_valid_for_its_schema_and_so_is_the_valid_example(
    reader: Reader, schema: str, file: str
) -> None:
    rules = _schema(reader, schema)
    exported = _told(reader.get(f"/api/{PLACE}/{file}"))
    assert exported.count("\r\n") > 2
    assert faults(rules, exported) == []
    assert faults(rules, _told(reader.get(f"/api/schemas/{schema}/exemple-valide.csv"))) == []


@pytest.mark.parametrize(
    ("schema", "wrong"),
    [
        (
            "algorithmes",
            [(2, "usage", "enum"), (3, "date_mise_a_jour", "date"), (4, "id_algorithme", "pattern"),
             (4, "decisions_par_an", "minimum"), (5, "nom", "required")],
        ),
        (
            "capteurs-espace-public",
            [(2, "latitude", "maximum"), (3, "ouverture", "enum"), (4, "grandeurs", "required"),
             (5, "affichette", "boolean")],
        ),
    ],
)  # fmt: skip
def test_the_invalid_example_has_one_fault_of_each_sort(
    reader: Reader, schema: str, wrong: list[tuple[int, str, str]]
) -> None:
    found = faults(_schema(reader, schema), _told(reader.get(f"/api/schemas/{schema}/exemple-invalide.csv")))
    assert [one for one in found if one[2] != "unique"] == wrong


def test_the_code_of_every_level_of_territory_is_valid_and_so_is_a_place_at_greenwich(reader: Reader) -> None:
    rules = _schema(reader, "capteurs-espace-public")
    row = dict.fromkeys(public_sensors.COLUMNS, "")
    row |= {"id_capteur": "c", "nom": "C", "territoire": "T", "grandeurs": "g", "ouverture": "ouvertes"}
    row |= {"affichette": "true", "longitude": public_sensors.degrees(-3e-05), "latitude": public_sensors.degrees(47.0)}
    for code in ("44", "2A", "971", "44109", "2A004", "97105", "244400404"):
        written = algorithms.table(public_sensors.COLUMNS, [{**row, "code_territoire": code}])
        assert faults(rules, written) == [], code
    assert "-0.00003,47" in written


def test_a_bar_within_a_text_parts_nothing_and_nothing_said_is_an_empty_cell() -> None:
    assert algorithms.several(["Revenu | impôt", "Prix"]) == "Revenu / impôt|Prix"
    assert algorithms.several(["", ""]) == ""


def test_a_schema_of_another_name_does_not_exist(reader: Reader) -> None:
    assert reader.get("/api/schemas/etc/schema.json").status_code == 404
    assert reader.get("/api/schemas/algorithmes/__init__.py").status_code == 404


def test_the_dutch_standard_has_its_required_fields_within_their_lengths(reader: Reader) -> None:
    entries = {
        one["source_id"]: one for one in reader.get(f"/api/{PLACE}/algorithms/publicatiestandaard-1.0.json").json()
    }
    required = ("name", "description_short", "organization", "status", "contact_email", "publication_category", "lang")
    assert all(one[name] for one in entries.values() for name in required)
    assert all(len(one["description_short"]) <= 350 and len(one["name"]) <= 100 for one in entries.values())
    aid = entries[AID]
    assert (aid["publication_category"], aid["begin_date"], aid["category"]) == (
        "Impactvolle algoritmes",
        "2026-04",
        ["Verkeer"],
    )
    assert aid["contact_email"].startswith(WITH)
    assert {one["publication_category"] for slug, one in entries.items() if slug != AID} == {"Overige algoritmes"}


def test_the_mention_is_text_to_paste_in_both_languages(reader: Reader) -> None:
    address = f"/api/{PLACE}/algorithms/{AID}/mention.txt"
    french, english = _told(reader.get(address)), _told(reader.get(address, headers={"Accept-Language": "en"}))
    assert french.startswith("Information sur l’utilisation d’un traitement algorithmique\n\n")
    for said in ("calculer le montant", "R311-3-1-1", f"{WITH}/{PLACE}/algorithms/{AID}", "CADA"):
        assert said in french
    assert "On the basis" in english or "on the basis of algorithmic processing" in english


def test_a_rule_that_only_tells_people_has_no_mention(reader: Reader) -> None:
    assert reader.get(f"/api/{PLACE}/algorithms/velos-en-baisse/mention.txt").status_code == 404


def test_the_inventory_holds_what_founds_decisions_and_the_list_of_rules_the_rest(client: Client) -> None:
    inventory = client.get(f"/{PLACE}/algorithms?lang=fr").content.decode()
    rules = client.get(f"/{PLACE}/rules?lang=fr").content.decode()
    assert f"/{PLACE}/algorithms/{AID}" in inventory
    assert "velos-en-baisse" not in inventory
    assert f'id="{AID}"' not in rules
    assert 'id="velos-en-baisse"' in rules


def test_its_page_shows_the_mention_and_the_sheet(client: Client) -> None:
    shown = client.get(f"/{PLACE}/algorithms/{AID}?lang=fr").content.decode()
    for said in ("La présente décision", "This decision was made", "Revenu fiscal de référence", "adresse publique"):
        assert said in shown
    steering = client.get(f"/{PLACE}/algorithms/velos-en-baisse?lang=fr").content.decode()
    assert "La présente décision" not in steering
    assert client.get(f"/{PLACE}/algorithms/no-such").status_code == 404


def test_a_territory_where_nothing_founds_decisions_says_so(client: Client) -> None:
    shown = client.get("/marais/algorithms?lang=fr").content.decode()
    assert "aucun algorithme ne fonde de décision" in shown
