"""Whoever answers for the data of a service writes a rule with the keyboard alone, and takes it back."""

from playwright.sync_api import Locator, Page, expect
from tests.browser.demonstration import TERRITORY
from tests.browser.stories.conftest import Teller, Telling

STEWARD = f"mobilites@{TERRITORY}.example"
SERIES = "champtoceaux-velos-vers-nantes"
FAR = 150
"""Places the keyboard stops at on the longest of these pages."""


def reach(page: Page, wanted: Locator) -> None:
    """Go on with Tab until this has the focus."""
    for _step in range(FAR):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(told: Teller, wanted: Locator) -> None:
    """Reach a link or a button and press Enter; what comes then has no fault."""
    reach(told.page, wanted)
    with told.page.expect_navigation():
        told.page.keyboard.press("Enter")
    told.seen()


def type_into(page: Page, name: str, text: str) -> None:
    """Reach a field and write over what stands there."""
    reach(page, page.locator(f"main [name='{name}']"))
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def test_a_rule_is_written_tried_and_withdrawn_with_the_keyboard_alone(telling: Telling) -> None:
    steward = telling(STEWARD)
    page = steward.page
    steward.open(f"/desk/datastreams/{SERIES}")
    press(steward, steward.named("Watch this series"))
    expect(page.locator("main .lead").first).to_contain_text("Champtoceaux")
    expect(page.locator("#trial .judged")).to_be_visible()

    reach(page, page.locator("[name=operator]"))
    page.keyboard.press("ArrowDown")
    type_into(page, "percent", "")
    press(steward, steward.named("Put the rule in force"))
    wrong = page.locator(".wrongs")
    expect(wrong).to_be_focused()
    press(steward, wrong.get_by_role("link").first)
    expect(page.locator("[name=percent]")).to_be_focused()
    page.keyboard.type("80")
    type_into(page, "lasting", "3")
    for lang in ("fr", "en"):
        type_into(page, f"title.{lang}", f"Trop peu de vélos {steward.turn}")
    press(steward, steward.named("Try it on the past"))
    expect(page.locator("#trial .lead")).to_be_visible()
    press(steward, steward.named("Put the rule in force"))
    steward.reads("in force")
    expect(page.locator("main .lead").first).to_contain_text("80")
    rule = page.url

    page.goto(f"/{TERRITORY}/rules?lang={steward.lang}")  # what everyone reads
    steward.seen()
    expect(page.locator("main")).to_contain_text(f"Trop peu de vélos {steward.turn}")
    page.goto(rule)
    press(steward, steward.named("Withdraw"))
    expect(page.locator("main h2 a", has_text=f"Trop peu de vélos {steward.turn}")).to_have_count(0)


def test_the_steward_of_a_service_writes_no_rule_of_another(telling: Telling) -> None:
    steward = telling(STEWARD)
    steward.open("/desk/rules/new")
    expect(steward.page.locator("main [value='logement-1-electricite']")).to_have_count(0)
    steward.open("/desk/rules/nuits-d-electricite")
    expect(steward.page.locator("main form[action*='switch']")).to_have_count(0)
    steward.open("/desk/rules/nuits-d-electricite/edit", 403)
