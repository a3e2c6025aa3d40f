"""A resident without JavaScript finds what is measured and why, takes the data, and knows whom to ask."""

import csv
import io

import httpx
from playwright.sync_api import expect
from tests.browser.demonstration import TERRITORY, Demonstration
from tests.browser.stories.conftest import Telling

DATASET = "/data/comptages-loire"


def test_a_resident_reads_everything_without_javascript(telling: Telling, demonstration: Demonstration) -> None:
    resident = telling(script=False)
    page = resident.page
    page.goto(f"/?lang={resident.lang}")
    page.locator(f"main a[href='/{TERRITORY}/']").first.click()
    expect(page.locator("h1")).to_be_visible()

    page.goto(f"/{TERRITORY}/sensors")
    page.locator(f"main a[href='/{TERRITORY}/sensors/mauves']").first.click()
    expect(page.locator("main table").first).to_be_attached()
    page.locator(f"main a[href*='/{TERRITORY}/notices/']").first.click()
    expect(page.locator("h1")).to_be_visible()

    page.goto(f"/{TERRITORY}{DATASET}")
    expect(page.locator("main table").first).to_be_attached()
    address = page.locator("main a[href$='.csv']").first.get_attribute("href")
    assert address
    answer = httpx.get(f"{demonstration.base}{address}", timeout=30)
    assert answer.status_code == 200
    assert len(list(csv.DictReader(io.StringIO(answer.text)))) > 30

    for path in ("promises", "processing", "refusals", "registers", "person"):
        page.goto(f"/{TERRITORY}/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.evaluate("document.documentElement.lang") == resident.lang


def test_what_a_resident_may_not_take_is_told_with_its_reason(telling: Telling, demonstration: Demonstration) -> None:
    resident = telling()
    resident.open("/data/energie-des-logements")
    expect(resident.page.locator("main a[href$='.csv']")).to_have_count(0)
    expect(resident.page.locator("main .refusal").first).to_be_visible()
    path = f"/api/{TERRITORY}/datasets/energie-des-logements.csv"
    assert httpx.get(f"{demonstration.base}{path}", timeout=30).status_code in (403, 422)
