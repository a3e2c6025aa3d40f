"""The data protection officer reads everything, declares nothing, and gives an opinion that everyone reads."""

from playwright.sync_api import expect
from tests.browser.demonstration import TERRITORY
from tests.browser.stories.conftest import Telling

OFFICER = f"dpo@{TERRITORY}.example"
PURPOSE = "/desk/registers/purpose/conseil-energie-logements"


def test_the_officer_reads_all_declares_nothing_and_is_heard(telling: Telling) -> None:
    officer = telling(OFFICER)
    officer.open("/desk/opinions")
    officer.click(officer.page.locator(f"a[href$='{PURPOSE}']"))
    expect(officer.page.locator("a[href$='/edit']")).to_have_count(0)
    for closed in ("/edit", "/../../source/new"):
        answer = officer.page.goto(f"/{TERRITORY}{PURPOSE}{closed}")
        assert answer is not None
        assert answer.status == 403
    for read in ("/desk/things", "/desk/refusals", "/desk/registers", "/desk/datastreams/logement-1-electricite"):
        officer.open(read)

    officer.open(PURPOSE)
    officer.click("Give an opinion")
    officer.click("Give this opinion")  # nothing said yet
    expect(officer.page.locator("#fr-wrong")).to_be_visible()
    officer.page.check("input[value=reserved]")
    opinion = f"Deux ans suffisent ({officer.lang}, {officer.width})."
    officer.page.fill("#fr", opinion)
    officer.page.fill("#en", f"Two years are enough ({officer.lang}, {officer.width}).")
    officer.click("Give this opinion")
    officer.reads("Your opinion stands beside the declaration.")

    resident = telling()
    resident.open("/processing")
    resident.click(resident.page.locator("a[href$='conseil-energie-logements#opinions']"))
    resident.reads("Favourable, with reservations")
    expected = opinion if resident.lang == "fr" else f"Two years are enough (en, {resident.width})."
    expect(resident.page.locator("main")).to_contain_text(expected)
