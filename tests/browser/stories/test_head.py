"""The head of a service is told, looks in the street, does something about it, and tries a rule before keeping it."""

from playwright.sync_api import expect
from tests.browser.demonstration import TERRITORY
from tests.browser.stories.conftest import Telling

HEAD = f"energie@{TERRITORY}.example"


def test_the_head_of_a_service_handles_an_alert_and_leaves_word(telling: Telling) -> None:
    head = telling(HEAD)
    page = head.page
    page.goto(f"/{TERRITORY}/desk/?lang={head.lang}")
    page.wait_for_function("document.querySelector('nav .count') !== null || location.reload()", polling=2000)
    head.open("/desk/alerts")
    head.click(page.locator("main .alert .name a").first)
    number = page.url.rstrip("/").rpartition("/")[2].partition("?")[0]
    expect(page.locator("main .chart").first).to_be_visible()
    head.click("Take in hand")
    page.fill("#text", "Le chauffe-eau est resté en marche forcée.")
    head.click("It is resolved")
    expect(page.locator("main .story")).to_contain_text("chauffe-eau")

    head.open("/desk/alerts?state=resolved")
    expect(page.locator(f"main a[href*='/alerts/{number}']")).to_have_count(1)
    head.open(f"/desk/alerts/{number}")
    for _step in range(2):  # for whoever tells this story next
        head.click("Go back one step")
    head.reads("Waiting for somebody")


def test_the_head_of_a_service_tries_a_rule_on_the_past_and_sees_only_its_own(telling: Telling) -> None:
    head = telling(HEAD)
    page = head.page
    head.open("/desk/rules/nuits-d-electricite")
    expect(page.locator("#trial .chart").first).to_be_visible()
    head.open("/desk/rules/nuits-d-electricite/edit")
    page.fill("[name='percent']", "45")
    head.click("Try it on the past")
    expect(page.locator("#trial table").first).to_be_attached()
    head.open("/desk/council/energie/2026-10")
    head.open("/desk/council/mobilites/2026-10", 403)
    head.open("/desk/datastreams/meteo-temperature", 404)
