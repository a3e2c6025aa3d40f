"""A contractor sees its own sources and what they give, and nothing else of the territory that is not public."""

from playwright.sync_api import expect
from tests.browser.stories.conftest import Telling

CONTRACTOR = "exploitation@atelier-des-rives.example"
OWN, OTHERS = "mauves-velos-vers-nantes", ("meteo-temperature", "logement-1-electricite")


def test_a_contractor_sees_only_its_own(telling: Telling) -> None:
    contractor = telling(CONTRACTOR)
    contractor.open("/desk/")
    contractor.open("/desk/connect")
    expect(contractor.page.locator("main")).to_contain_text("compteurs-loire")
    for other in ("station-meteo", "compteurs-electricite", "air-ecoles"):
        expect(contractor.page.locator("main")).not_to_contain_text(other)

    contractor.open(f"/desk/datastreams/{OWN}")
    for other in OTHERS:
        contractor.open(f"/desk/datastreams/{other}", 404)
    contractor.open("/desk/things")
    expect(contractor.page.locator("main")).to_contain_text("Mauves")
    expect(contractor.page.locator("main a[href*='logement']")).to_have_count(0)

    contractor.open("/desk/refusals")
    expect(contractor.page.locator("main")).not_to_contain_text("air-ecoles")
    for closed in ("/desk/accounts", "/desk/connect/tokens", "/desk/registers/purpose/new", "/desk/running"):
        contractor.open(closed, 403)


def test_a_contractor_tries_how_a_file_of_its_own_is_read(telling: Telling) -> None:
    contractor = telling(CONTRACTOR)
    contractor.open("/desk/connect/preview")
    options = contractor.page.locator("select[name=source] option")
    assert {one for one in options.evaluate_all("all => all.map(one => one.value)") if one} == {"compteurs-loire"}
