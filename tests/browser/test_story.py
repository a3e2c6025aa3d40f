"""The story of one measurement, as a resident, an agent and a sensor live it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Opened
from tests.browser.demonstration import PASSWORD, SOURCE, TERRITORY, Demonstration
from tests.browser.seeing import settle


def test_a_resident_goes_from_the_portal_to_a_sensor_its_notice_its_register_entry_and_its_data(
    resident: Page, tmp_path: Path
) -> None:
    resident.goto("/")
    resident.get_by_role("link", name=re.compile("Val-de-Sèvre-et-Loire")).click()
    resident.get_by_role("navigation", name="Principal").get_by_role("link", name="Ce qui est mesuré").click()
    resident.locator("[data-thing] a", has_text="Compteur de Mauves-sur-Loire").first.click()
    expect(resident.locator("h1")).to_have_text("Compteur de Mauves-sur-Loire")
    expect(resident.get_by_role("img").first).to_be_visible()  # its chart
    sensor = resident.url
    resident.get_by_role("link", name="La fiche du registre qui l’autorise").first.click()
    expect(resident.locator("h1")).to_contain_text("Savoir combien de personnes passent à vélo et à pied")
    resident.goto(sensor)
    resident.get_by_role("link", name=re.compile("Lire son affichette")).click()
    expect(resident.locator("main")).to_contain_text("Ces mesures ne concernent aucune personne")
    resident.get_by_role("link", name="Passages à vélo et à pied sur les bords de Loire").first.click()
    with resident.expect_download() as took:
        resident.get_by_role("link", name=re.compile("CSV")).first.click()
    took.value.save_as(tmp_path / "passages.csv")
    lines = (tmp_path / "passages.csv").read_text("utf-8").splitlines()
    assert len(lines) > 1000
    assert "replayed" in lines[1]


def test_what_the_publication_refuses_is_shown_as_a_refusal(resident: Page) -> None:
    resident.goto(f"/{TERRITORY}/data/energie-des-logements")
    refusal = resident.locator(".refusal").first
    expect(refusal).to_contain_text("Publication refusée")
    expect(refusal).to_contain_text("L312-1-2")
    expect(resident.get_by_role("link", name=re.compile("CSV"))).to_have_count(0)


def test_the_link_of_the_first_administrator_serves_once(
    browser: Browser, demonstration: Demonstration, keys: Path
) -> None:
    assert keys.exists()  # they came in by it
    page = browser.new_page(base_url=demonstration.base)
    answer = page.goto(demonstration.welcome)
    assert answer is not None
    assert answer.status == 404
    page.close()


def test_an_agent_signs_in_where_they_wanted_to_go(agent: Page, opened: Opened) -> None:
    agent.goto("/account")
    address = re.search(r"\S+@\S+", agent.inner_text("main"))
    assert address
    page = opened().new_page()
    page.goto(f"/{TERRITORY}/desk/map")
    page.fill("#email", address[0])
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(f"**/{TERRITORY}/desk/map")
    settle(page)
    assert page.locator("[data-map] .pin").count() > 1
    page.context.close()


def fill(agent: Page) -> None:
    """The four answers of a clerk who declares the air of a canteen."""
    agent.locator("[name='thing.title.fr']").fill("Cantine de l’école Jules-Verne")
    agent.get_by_label("Longitude").fill("-1,4321")
    agent.get_by_label("Latitude").fill("47,2876")
    agent.get_by_label("Déjà déclaré").nth(1).select_option(label="Dioxyde de carbone dans l'air")
    agent.locator("[name='datastream.title.fr']").fill("Air de la cantine")
    agent.get_by_label("Unité").first.select_option(label="Partie par million (ppm)")
    chosen = agent.locator("[name='dataset.choice'] option:checked")
    expect(chosen).to_have_text("Qualité de l'air dans les écoles")  # guessed from the purpose
    agent.get_by_role("button", name="Enregistrer").click()
    agent.wait_for_load_state()


def test_a_measurement_nobody_declared_is_refused_declared_from_its_refusal_then_live_on_the_map_and_on_its_chart(
    agent: Page, demonstration: Demonstration
) -> None:
    refused = demonstration.push("co2-cantine", 640)
    assert refused.status_code == 422
    told = refused.json()["refusals"][0]
    assert told["promise"] == "gdpr_05_purpose"
    assert "RGPD" in told["reference"]

    agent.goto(f"/{TERRITORY}/desk/")
    card = agent.locator(".refusal", has_text="co2-cantine")
    for _try in range(20):  # counters are written down each second
        if card.count():
            break
        agent.wait_for_timeout(250)
        agent.reload()
    expect(card.first).to_contain_text("personne n’a encore déclarée")
    card.first.get_by_role("link").click()
    assert agent.url.endswith(told["way_out"])
    fill(agent)
    expect(agent.locator("main")).to_contain_text("cette série peut entrer")

    taken = demonstration.push("co2-cantine", 655, ago=120)
    assert (taken.status_code, taken.json()["accepted"]) == (200, 1)
    agent.goto(f"/{TERRITORY}/desk/map")
    settle(agent)
    pin = agent.locator("[data-map] a.pin[href*='cantine']")
    expect(pin).to_have_text(re.compile(r"655\s?ppm"))
    assert demonstration.push("co2-cantine", 670).status_code == 200
    expect(pin).to_have_text(re.compile(r"670\s?ppm"))  # nobody loaded the page again
    expect(agent.locator("li[data-thing*='cantine'] [data-live]")).to_have_text(re.compile(r"670\s?ppm"))

    pin.click()
    agent.get_by_role("link", name=re.compile("Air de la cantine|Dioxyde de carbone")).first.click()
    settle(agent)
    expect(agent.locator(".lead .live")).to_have_text(re.compile(r"670\s?ppm"))
    assert agent.locator("[data-chart] canvas").is_visible()
    agent.locator("main details summary").last.click()
    for value in (655, 670):
        expect(agent.locator("main details table")).to_contain_text(re.compile(rf"{value}\s?ppm"))
    expect(agent.locator("#why")).to_contain_text("Aérer les salles de classe")

    again = demonstration.push("co2-cantine", 700)
    assert again.json()["refusals"][0]["promise"] == "gdpr_05_minimisation"  # one value a minute is what is needed


@pytest.mark.parametrize("path", ["", "sensors", "sensors/mauves", "data/comptages-loire", "promises", "person"])
def test_the_portal_says_all_it_has_to_say_without_scripts(opened: Opened, path: str) -> None:
    page = opened(java_script_enabled=False).new_page()
    answer = page.goto(f"/{TERRITORY}/{path}")
    assert answer is not None
    assert answer.status == 200
    main = page.locator("main")
    expect(main.locator("h1")).to_be_visible()
    if path == "sensors":
        expect(main).to_contain_text("La carte demande JavaScript")
        expect(main.locator("[data-thing] a", has_text="Compteur de Mauves-sur-Loire").first).to_be_visible()
        page.locator("select[name=measure]").select_option("temperature")
        page.get_by_role("button", name="Montrer").click()
        expect(main.locator("[data-thing]")).to_have_count(2)  # the weather station, and the invented LoRaWAN sensor
    if path == "sensors/mauves":
        main.locator("summary").first.click()
        expect(main.locator("table").first).to_be_visible()
    page.context.close()


def test_a_series_is_declared_without_scripts(opened: Opened, keys: Path, demonstration: Demonstration) -> None:
    assert demonstration.push("co2-atelier", 590).status_code == 422
    page = opened(java_script_enabled=False, storage_state=keys).new_page()
    page.goto(f"/{TERRITORY}/desk/declare?source={SOURCE}&key=co2-atelier")
    fill(page)
    expect(page.locator("main")).to_contain_text("cette série peut entrer")
    assert demonstration.push("co2-atelier", 600).status_code == 200
    page.context.close()


def test_an_answer_that_lacks_is_named_and_what_was_typed_is_kept(agent: Page, demonstration: Demonstration) -> None:
    assert demonstration.push("co2-preau", 500).status_code == 422
    agent.goto(f"/{TERRITORY}/desk/declare?source={SOURCE}&key=co2-preau")
    agent.locator("[name='datastream.title.fr']").fill("Air du préau")
    agent.get_by_role("button", name="Enregistrer").click()
    agent.wait_for_load_state()
    wrong = agent.locator(".wrongs")
    expect(wrong).to_be_focused()
    wrong.get_by_role("link").first.press("Enter")
    agent.keyboard.press("Tab")
    expect(agent.locator("[name='thing.title.fr']")).to_be_focused()
    expect(agent.locator("[name='datastream.title.fr']")).to_have_value("Air du préau")


def test_somebody_signed_out_reads_nothing_of_the_desk(opened: Opened, demonstration: Demonstration) -> None:
    page = opened().new_page()
    page.goto(f"{demonstration.base}/{TERRITORY}/desk/refusals")
    assert "/sign-in?next=" in page.url
    page.context.close()
