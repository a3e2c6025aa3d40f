"""What agents do on the desk, and what each page says after it was done; every such page is held to axe too."""

import csv
import io

import httpx
import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Opened
from tests.browser.demonstration import PASSWORD, SOURCE, TERRITORY, Demonstration
from tests.browser.seeing import settle, state

DESK = f"/{TERRITORY}/desk"
PURPOSE = f"{DESK}/registers/purpose/meteo-locale"


def test_somebody_invited_comes_in_by_their_link_and_sees_what_their_role_opens(agent: Page, opened: Opened) -> None:
    agent.goto(f"{DESK}/accounts")
    agent.fill("#name", "Maël Le Goff")
    agent.fill("#email", f"environnement@{TERRITORY}.example")  # who holds a role already, and is in no story
    agent.get_by_role("button", name="Créer le lien").click()
    link = agent.locator("code.secret").inner_text()
    assert state(agent) == []

    page = opened().new_page()
    page.goto(link)
    page.fill("#password", "court")
    page.evaluate("document.querySelector('#password').removeAttribute('minlength')")
    page.fill("#again", "court")
    page.get_by_role("button").first.click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert state(page) == []
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button").first.click()
    page.wait_for_url(f"**{DESK}/")  # the one territory they have a role in
    expect(page.locator("nav .entry", has_text="Refus")).to_be_visible()
    expect(page.locator("nav .entry", has_text="Comptes")).to_have_count(0)
    refused = page.goto(f"{DESK}/accounts")
    assert refused is not None
    assert refused.status == 403
    assert state(page) == []
    page.goto(f"{DESK}/")
    page.get_by_role("button", name="Se déconnecter").click()
    page.goto(f"{DESK}/")
    assert "/sign-in" in page.url
    page.context.close()


def test_a_wrong_password_is_told_and_says_nothing_of_who_exists(opened: Opened) -> None:
    page = opened().new_page()
    said = []
    for address in (f"personne@{TERRITORY}.example", f"premiere.personne@{TERRITORY}.example"):
        page.goto("/sign-in")
        page.fill("#email", address)
        page.fill("#password", "ce n’est pas le bon")
        page.get_by_role("button", name="Se connecter").click()
        said.append(page.get_by_role("alert").inner_text())
    assert said[0] == said[1]
    assert state(page) == []
    page.context.close()


def test_a_token_is_shown_once_lets_a_machine_in_and_no_longer_once_revoked(
    agent: Page, demonstration: Demonstration
) -> None:
    agent.goto(f"{DESK}/connect/tokens")
    agent.select_option("#source", SOURCE)
    agent.fill("#title", "Passerelle du toit")
    agent.get_by_role("button", name="Créer", exact=True).first.click()
    secret = agent.locator("code.secret").inner_text()
    assert state(agent) == []

    def answer() -> httpx.Response:
        address = f"{demonstration.base}/api/{TERRITORY}/push"
        return httpx.post(address, json={"datastream": "x", "result": 1}, headers={"Authorization": f"Bearer {secret}"})

    assert answer().status_code == 422  # let in, and refused for what is declared
    agent.goto(f"{DESK}/connect/tokens")
    assert secret not in agent.content()
    row = agent.locator("tr", has_text="Passerelle du toit")
    row.get_by_role("button", name="Révoquer").click()
    expect(agent.locator("tr", has_text="Passerelle du toit")).to_contain_text("révoqué")
    assert answer().status_code == 401


def test_a_declaration_changes_shows_what_changed_and_comes_back(agent: Page) -> None:
    agent.goto(f"{PURPOSE}/edit")
    agent.locator("[name=retention_months]").fill("60")
    agent.get_by_role("button", name="Enregistrer").click()
    expect(agent.locator("main")).to_contain_text("Version 2")
    agent.goto(f"{PURPOSE}/history/2")
    rows = agent.locator("table.diff tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Durée de conservation")
    assert state(agent) == []
    agent.goto(f"{PURPOSE}/history")
    agent.locator("tr", has_text="Version 1").get_by_role("button", name="Rétablir").click()
    agent.goto(f"{PURPOSE}/history")
    expect(agent.locator("tbody tr")).to_have_count(3)
    assert state(agent) == []


def test_who_writes_while_another_records_compares_and_loses_nothing(agent: Page, opened: Opened, keys: str) -> None:
    other = opened(storage_state=keys).new_page()
    for page in (agent, other):
        page.goto(f"{DESK}/registers/organisation/association-a-pied-a-velo/edit")
    agent.locator("[name='title.en']").fill("On foot and by bike")
    agent.get_by_role("button", name="Enregistrer").click()
    other.locator("[name='title.en']").fill("Walking and cycling")
    other.get_by_role("button", name="Enregistrer").click()
    expect(other.locator("table.diff")).to_contain_text("On foot and by bike")
    expect(other.locator("table.diff")).to_contain_text("Walking and cycling")
    assert state(other) == []
    other.get_by_role("button").filter(has_text="mienne").or_(other.locator("main form button").first).first.click()
    other.goto(f"{DESK}/registers/organisation/association-a-pied-a-velo")
    expect(other.locator("main")).to_contain_text("Walking and cycling")
    other.context.close()


def test_a_file_is_tried_before_anything_is_kept(agent: Page) -> None:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["t", "temperature", "rafale"])
    rows.writerow(["2026-11-01T00:00:00Z", "11.5", "7"])
    rows.writerow(["pas une date", "12", "8"])
    agent.goto(f"{DESK}/connect/preview")
    agent.locator("select[name=source]").select_option("station-meteo")
    agent.locator("input[type=file]").set_input_files(
        {"name": "essai.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    )
    agent.get_by_role("button", name="Essayer").click()
    expect(agent.locator("main")).to_contain_text("essai.csv")
    assert state(agent) == []


@pytest.mark.parametrize("kind", ["purpose", "source", "dataset", "datastream", "sensor-notice"])
def test_a_form_sent_empty_names_what_lacks(agent: Page, kind: str) -> None:
    agent.goto(f"{DESK}/registers/{kind}/new")
    agent.get_by_role("button", name="Enregistrer").click()
    expect(agent.locator(".wrongs")).to_be_visible()
    assert state(agent) == []


def test_a_chart_zooms_and_comes_back(agent: Page) -> None:
    agent.goto(f"{DESK}/datastreams/meteo-temperature?span=month")
    settle(agent)
    box = agent.locator("[data-chart] .u-over").bounding_box()
    assert box
    agent.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + 50)
    agent.mouse.down()
    agent.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 60, steps=5)
    agent.mouse.up()
    back = agent.get_by_role("button", name="Revenir à toute la période")
    expect(back).to_be_visible()
    assert state(agent) == []
    back.click()
    expect(back).to_be_hidden()
