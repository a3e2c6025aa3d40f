"""The footprint at the desk: figures, a budget that is passed, a BoaviztAPI asked when somebody wants it."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from bocage.accounts.tokens import Tokens
from bocage.api import footprint
from bocage.api.parts import Parts
from bocage.commitments.footprint import Cost
from bocage.domain.device_archetypes import DeviceModel
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.errors import PayloadError
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.footprint_factors import Span, Unit
from bocage.domain.own_factor import OwnFactor
from bocage.domain.role import RoleName
from bocage.domain.text import Text
from bocage.ingest.boavizta import sheet
from bocage.web.footprint import Held

from .world import AT, HERE

PAGE = f"/{HERE}/desk/footprint"


class Boavizta(BaseHTTPRequestHandler):
    """Answers as BoaviztAPI does; remembers what it was asked."""

    asked: list[tuple[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append((self.path, json.loads(body)))
        embedded = {"value": 15.37, "min": 12.0, "max": 19.5, "warnings": []}
        told = {
            "impacts": {"gwp": {"unit": "kgCO2eq", "description": "…", "embedded": embedded, "use": "not implemented"}}
        }
        answer = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def boavizta() -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    asked: list[tuple[str, Any]] = []
    handler = type("Told", (Boavizta,), {"asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def declare(world: Any) -> None:
    fleet = DeviceFleet(
        title=Text(fr="Capteurs de CO2"), model=DeviceModel.BATTERY_SENSOR, count=40, watts=0.0, service="ecoles"
    )
    world.put("device-fleet", "capteurs", fleet)


def test_an_empty_page_says_to_begin_with_the_devices(desk: Any) -> None:
    page = desk.get(PAGE).content.decode()
    assert "commencez par eux" in page
    assert f"/{HERE}/desk/registers/device-fleet/new" in page


def test_a_budget_that_is_passed_is_told_with_its_figures(world: Any, desk: Any) -> None:
    declare(world)
    world.put("footprint-budget", "ecoles", FootprintBudget(title=Text(fr="Budget"), service="ecoles", kilograms=5.0))
    page = desk.get(PAGE).content.decode()
    assert "au-dessus du budget" in page
    assert "Pirson and Bol" in page
    public = desk.get(f"/{HERE}/footprint").content.decode()
    assert "au-dessus du budget" in public
    assert "L’interroger" not in public


def test_a_boaviztapi_is_asked_for_the_blocks_and_its_sheet_can_be_taken_back(
    world: Any, desk: Any, boavizta: tuple[str, list[tuple[str, Any]]]
) -> None:
    from bocage import registers
    from bocage.domain.declaration import Key

    address, asked = boavizta
    declare(world)
    desk.get(PAGE)
    assert asked == []
    answer = desk.post(f"{PAGE}/ask", {"address": address, "fleet": "capteurs"}, follow=True)
    page = answer.content.decode()
    assert "BoaviztAPI, 127.0.0.1" in page
    ((path, body),) = asked
    assert path == "/v1/iot/iot_device?verbose=false&criteria=gwp"
    assert {"type": "casing", "hsl_level": "HSL-1"} in body["functional_blocks"]
    key = Key(territory=HERE, kind="device-fleet", slug="capteurs")
    held: Any = registers.find(key)
    assert (held.body.sheet.least, held.body.sheet.kilograms, held.body.sheet.most) == (12.0, 15.37, 19.5)
    undo = re.search(r'action="([^"]*/undo/[^"]*)"', page)
    assert undo
    desk.post(undo[1].replace("&amp;", "&"))
    taken_back: Any = registers.find(key)
    assert taken_back.body.sheet is None


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        ("ftp://boavizta.example", "une adresse qui commence par"),
        ("http://127.0.0.1:1", "une adresse où quelque chose répond"),
        ("boavizta", "une adresse qui commence par"),
        ("http://[", "une adresse qui commence par"),
    ],
)
def test_an_address_that_does_not_answer_changes_nothing_and_says_so(
    world: Any, desk: Any, address: str, wanted: str
) -> None:
    declare(world)
    answer = desk.post(f"{PAGE}/ask", {"address": address, "fleet": "capteurs"})
    assert answer.status_code == 422
    assert "changé" in answer.content.decode()
    assert wanted in answer.content.decode()


def test_a_boaviztapi_that_lies_changes_nothing() -> None:
    fleet = DeviceFleet(title=Text(fr="Passerelles"), model=DeviceModel.GATEWAY, count=2)
    for lie in (
        {"value": -5, "min": -9, "max": -1},
        {"value": 5, "min": 9, "max": 10},
        {"value": 1e300, "min": 1, "max": 1e301},
    ):
        body = json.dumps({"impacts": {"gwp": {"embedded": lie}}}).encode()
        answers = httpx.MockTransport(lambda _asked, body=body: httpx.Response(200, content=body))
        with pytest.raises(PayloadError):
            sheet("https://boavizta.example", fleet, 2026, transport=answers)


def test_electricity_that_may_pass_its_budget_is_told() -> None:
    budget = FootprintBudget(title=Text(fr="Budget"), kilograms=50.0, kilowatt_hours=10.0)
    cost = Cost(Span(1.0, 2.0, 3.0), Span(5.0, 9.0, 11.0))
    assert Held(slug="budget", budget=budget, cost=cost).state == "perhaps"


def test_who_may_not_declare_may_not_ask(world: Any, boavizta: tuple[str, list[tuple[str, Any]]]) -> None:
    declare(world)
    before = len(boavizta[1])
    agent = world.sign_in(RoleName.AGENT)
    assert agent.post(f"{PAGE}/ask", {"address": boavizta[0], "fleet": "capteurs"}).status_code == 403
    assert 'id="boavizta"' not in agent.get(PAGE).content.decode()
    assert len(boavizta[1]) == before


def test_a_budget_bears_its_own_name_even_where_a_service_is_called_alike(world: Any, desk: Any) -> None:
    declare(world)
    budget = FootprintBudget(title=Text(fr="Budget de nos écrans"), service="ecoles", kilograms=5.0)
    world.put("footprint-budget", "ecoles", budget)
    assert "« Budget de nos écrans » est dépassé" in desk.get(
        f"/{HERE}/promises/r03_sobriety"
    ).content.decode().replace("\u202f", " ").replace("\xa0", " ")


def test_what_a_form_refuses_is_said_in_the_language_of_the_page(desk: Any) -> None:
    budget = desk.post(f"/{HERE}/desk/registers/footprint-budget/new", {"title.fr": "Budget", "kilograms": "0"})
    assert "La valeur doit être supérieure à 0" in budget.content.decode()
    factor = {"title.fr": "Toit", "unit": "electricity", "least": "3", "value": "2", "most": "4", "source": "Contrat"}
    told = desk.post(f"/{HERE}/desk/registers/footprint-factor/new", {**factor, "year": "2026"})
    assert "La valeur se tient entre son minimum et son maximum." in told.content.decode()


def test_programs_are_told_the_source_of_a_factor_of_the_territory_not_of_the_one_it_replaces(world: Any) -> None:
    declare(world)
    stated = {"unit": Unit.ELECTRICITY, "least": 0.02, "value": 0.03, "most": 0.04, "year": 2026}
    world.put("footprint-factor", "toit", OwnFactor(title=Text(fr="Toit solaire"), source="Contrat 2026", **stated))
    parts = Parts(store=world.parts.store, intake=world.parts.intake, clock=lambda: AT, data=Path(), tokens=Tokens())
    scope = {"type": "http", "method": "GET", "headers": [], "path_params": {"territory": HERE}}
    found = {one["factor"]: one for one in json.loads(footprint.told(parts, Request(scope)).body)["factors"]}
    assert found["electricity"] == {
        "factor": "electricity", "unit": "kg CO2e / kWh", "own": True, "value": [0.02, 0.03, 0.04],
        "source": "Contrat 2026", "year": 2026, "page": "",
    }  # fmt: skip
    assert found["network-use"]["source"] == "Sustainable Web Design Model 4"
