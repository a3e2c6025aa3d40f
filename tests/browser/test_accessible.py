"""Every page of portal and desk, found by its route, is read by everyone: this is what a machine can tell of it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.browser.addresses import Address, addresses
from tests.browser.axe import axe_finds
from tests.browser.conftest import Opened
from tests.browser.demonstration import TERRITORY, Demonstration
from tests.browser.seeing import NARROW, WIDE, Seen, seen, settle, untranslated
from tests.browser.watching import Watched

ADDRESSES = addresses()
every_page = pytest.mark.parametrize("address", ADDRESSES, ids=[one.path for one in ADDRESSES])
PORTAL = [one for one in ADDRESSES if one.route.startswith("portal.")]
Look = Callable[[Address], Seen]


@pytest.fixture(scope="module")
def look(opened: Opened, keys: object, demonstration: Demonstration) -> Look:
    """Reads each page once; every test asks the same reading."""
    windows: dict[tuple[bool, str], Watched] = {}
    found: dict[str, Seen] = {}
    layouts: set[str] = set()

    def window(agent: bool, lang: str) -> Watched:
        if (agent, lang) not in windows:
            size, scheme = (WIDE, "light") if lang == "fr" else (NARROW, "dark")
            held = {"storage_state": keys if agent else None, "reduced_motion": "reduce"}
            context = opened(**held, viewport=size, color_scheme=scheme)
            context.add_cookies([{"name": "lang", "value": lang, "url": demonstration.base}])
            windows[(agent, lang)] = Watched(context.new_page(), demonstration.base)
        return windows[(agent, lang)]

    def read(address: Address) -> Seen:
        if address.path not in found:
            agent = address.for_agents
            if not agent:  # what the page before left is not what this one leaves
                window(agent, "fr").page.context.clear_cookies(name=re.compile("^(?!lang$)"))
            layout = address.route.partition(".")[
                0
            ]  # its menus are what differs with the width, and alike on its pages
            first = layout not in layouts or not layout
            layouts.add(layout)
            found[address.path] = seen((window(agent, "fr"), window(agent, "en")), address.path, first=first)
        return found[address.path]

    return read


@every_page
def test_axe_finds_nothing(address: Address, look: Look) -> None:
    assert look(address).axe == ()


@every_page
def test_no_page_breaks(address: Address, look: Look) -> None:
    assert look(address).status < 500


@every_page
def test_no_page_scrolls_sideways_on_a_telephone(address: Address, look: Look) -> None:
    assert look(address).wider == ()


@every_page
def test_the_first_tab_reaches_the_link_to_the_content(address: Address, look: Look) -> None:
    assert look(address).first == "#content"


@every_page
def test_a_page_says_its_language_and_has_one_name(address: Address, look: Look) -> None:
    one = look(address)
    assert (one.languages, one.headings) == (("fr", "en"), 1)


@every_page
def test_a_chart_has_its_table(address: Address, look: Look) -> None:
    assert look(address).charts == ()


@every_page
def test_nothing_on_a_french_page_is_english(address: Address, look: Look) -> None:
    assert untranslated(look(address).french) == []


@every_page
def test_a_page_asks_this_machine_only_and_says_what_it_may_do(address: Address, look: Look) -> None:
    assert look(address).private == ()


@pytest.mark.parametrize("address", PORTAL, ids=[one.path for one in PORTAL])
def test_a_reader_of_the_portal_is_given_nothing_to_carry(address: Address, look: Look) -> None:
    assert set(look(address).kept) <= {"lang"}  # which this window chose itself


def focus(page: Page, selector: str, most: int = 60) -> None:
    """Tab until the focus is there."""
    for _step in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{most} times Tab do not reach {selector}")


def test_the_keyboard_alone_skips_to_the_content_and_opens_the_menu(resident: Page) -> None:
    resident.goto(f"/{TERRITORY}/")
    resident.keyboard.press("Tab")
    expect(resident.locator(".skip")).to_be_in_viewport()
    resident.keyboard.press("Enter")
    assert resident.evaluate("document.activeElement.id") == "content"
    resident.goto(f"/{TERRITORY}/")
    focus(resident, "nav a[href$='/promises']")
    resident.keyboard.press("Enter")
    expect(resident).to_have_url(f"{resident.url.split('/val')[0]}/{TERRITORY}/promises")


def test_the_keyboard_alone_reaches_everything_on_the_map(resident: Page) -> None:
    resident.goto(f"/{TERRITORY}/sensors")
    settle(resident)
    pins = resident.locator(".pin").count()
    assert pins > 1
    for _pin in range(pins):
        focus(resident, ".pin")
    focus(resident, "#things a, [data-thing] a", most=10)
    resident.goto(f"/{TERRITORY}/sensors")
    settle(resident)
    focus(resident, "a.pin[href*='/sensors/']")
    wanted = resident.evaluate("document.activeElement.href")
    resident.keyboard.press("Enter")
    resident.wait_for_url(wanted)


def test_whoever_tabs_sees_where_they_are(resident: Page) -> None:
    resident.goto(f"/{TERRITORY}/data")
    for _step in range(15):
        resident.keyboard.press("Tab")
        shown = resident.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 || s.boxShadow !== 'none'; }"
        )
        assert shown, resident.evaluate("document.activeElement.outerHTML")


def test_the_keyboard_alone_fills_a_form_and_sends_it(agent: Page) -> None:
    agent.goto(f"/{TERRITORY}/desk/registers/organisation/new")
    focus(agent, "input[name='title.fr']")
    agent.keyboard.type("Syndicat des haies")
    focus(agent, "form button:not([name])")
    agent.keyboard.press("Enter")
    expect(agent.locator("main")).to_contain_text("Syndicat des haies")


def test_a_text_that_is_too_pale_is_found_among_others_that_are_not(opened: Opened) -> None:
    page = opened(color_scheme="light").new_page()
    said = "<html lang=en><title>A page</title><main><h1>A page</h1>{}</main>"
    plain = "<p style='color: #111'>One can read this</p>"
    page.set_content(said.format(plain * 2))
    assert axe_finds(page, "plain") == []
    page.set_content(said.format(plain + "<p style='color: #bbb'>One cannot read this</p>"))
    assert ["color-contrast" in one for one in axe_finds(page, "pale")] == [True]
    page.context.close()
