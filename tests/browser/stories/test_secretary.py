"""The secretary of a small town before an empty instance, by keyboard alone: chart, rule, alert, council."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.seeing import faults, settle
from tests.browser.stories.conftest import WINDOWS
from tests.process import instance

PASSWORD = "trois haies et un chemin creux"
TOWN = "vay"  # 2,120 inhabitants, INSEE 44214
GIVEN, GIVING = "#give-bills", "form:has(#give-bills) button"
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """The link that an empty instance says when it starts."""
    settings = instance(tmp_path / "instance")
    command = [sys.executable, "-m", "bocage", "--settings", str(settings), "serve"]
    with (tmp_path / "errors.log").open("wb") as errors:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
        )
    assert process.stdout is not None
    try:
        found = None
        while found is None:
            line = process.stdout.readline()
            assert line, (tmp_path / "errors.log").read_text()[-3000:]
            found = re.search(r"http://\S+/first/\S+", line)
        _answering(found[0].partition("/first/")[0])
        yield found[0]
    finally:
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()


def _answering(base: str) -> None:
    for _try in range(200):
        try:
            if httpx.get(f"{base}/healthz", timeout=5).status_code in {200, 503}:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail("it does not serve")


class Keyboard:
    """Somebody who has no mouse: Tab, typing, Enter; keys are counted."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page, self.lang, self.tabs, self.enters = page, lang, 0, 0

    def to(self, selector: str) -> None:
        """Tab until this is where the keyboard is."""
        place = self.page.locator(selector).first
        expect(place).to_be_attached()
        for _tab in range(150):
            if place.evaluate("one => one === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        pytest.fail(f"the keyboard does not reach {selector} on {self.page.url}")

    def write(self, selector: str, text: str) -> None:
        """Write over what stands in a field."""
        self.to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def enter(self, selector: str) -> None:
        """Go there and press Enter; the page that follows has no fault."""
        self.to(selector)
        self.enters += 1
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def look(self) -> None:
        """What stands on the screen has no fault."""
        settle(self.page)
        assert faults(self.page, self.lang) == []


def _curve(first: datetime, days: int, night: float, *, until: datetime | None = None) -> bytes:
    """Half hours of a school as an operator writes them: low at night, high by day, at the clocks of the town."""
    lines, at = ["Horodate;Consommation (kWh)"], first
    while at < first + timedelta(days=days) and (until is None or at < until):
        value = night if at.hour >= 22 or at.hour < 6 else 6.4 + at.hour / 10
        lines.append(f"{at:%d/%m/%Y %H:%M};{value:.2f}".replace(".", ","))
        at += timedelta(minutes=30)
    return "\n".join(lines).encode()


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("lang", "size"), WINDOWS, ids=[f"{lang}-{size['width']}" for lang, size in WINDOWS])
def test_the_first_hour_by_keyboard_alone(browser: Browser, link: str, lang: str, size: dict[str, int]) -> None:
    context = browser.new_context(locale={"fr": "fr-FR", "en": "en-GB"}[lang], viewport=size)  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page, began = context.new_page(), time.monotonic()
    her = Keyboard(page, lang)
    page.goto(link)
    if lang != "fr":  # French first, whatever the browser speaks; the other language is one key away
        her.enter(f"header a[hreflang={lang}]")
    her.look()
    for field, text in (("#name", "Odile Martin"), ("#email", "mairie@vay.example"), ("#password", PASSWORD)):
        her.write(field, text)
    her.write("#again", PASSWORD)
    her.enter("main form button")

    her.write("#q", "44214")
    her.enter("main form[role=search] button")
    her.enter("main form[method=post] button")
    assert f"/{TOWN}/desk/first" in page.url
    her.enter("#people form button")

    today = datetime.now(PARIS).replace(hour=0, minute=0, second=0, microsecond=0)
    _hand_over(her, "ecole.csv", _curve(today.replace(tzinfo=None) - timedelta(days=43), 42, 1.1))
    her.write("[name='place.0']", "École")
    her.enter("main form[data-declare] .actions button")
    expect(page.locator("main figure.chart svg, main .chart svg").first).to_be_visible()
    expect(page.locator("main table").first).to_be_attached()
    charted = time.monotonic() - began
    print(f"\n{lang} {size['width']}: {her.enters} Enter, {her.tabs} Tab, {charted:.0f} s from the link to the chart")

    if "/night" not in page.url:
        her.enter("main a[href*='/night']")
    her.enter("main a[href*='/desk/rules/new']")
    her.write("[name='lasting']", "1")
    her.enter("main button[value=record]")
    assert "/desk/rules/" in page.url

    base = link.partition("/first/")[0]
    page.goto(f"{base}/{TOWN}/desk/first")
    yesterday = today.replace(tzinfo=None) - timedelta(days=1)
    last_night = _curve(yesterday, 2, 9.8, until=datetime.now(PARIS).replace(tzinfo=None))
    _hand_over(her, "ecole.csv", last_night)
    assert page.locator("[name=next]").first.is_checked()  # the same meter goes on, nobody has to say it
    her.enter("main form[data-declare] .actions button")
    assert "/night" in page.url
    assert page.request.get(f"{base}/{TOWN}/desk/things").text().count("/desk/datastreams/") == 1
    _alerted(page, base)
    her.look()
    her.enter("main .alert .name a")
    page.goto(f"{base}/{TOWN}/desk/council")
    her.enter("main a[href*='/desk/council/']")
    expect(page.locator("h1")).to_be_visible()
    context.close()


def _hand_over(her: Keyboard, name: str, content: bytes) -> None:
    """A file is chosen with the machine's own window, which a test cannot type in."""
    her.to(GIVEN)
    her.page.locator(GIVEN).set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    her.enter(GIVING)


def _alerted(page: Page, base: str) -> None:
    """The alert of last night, which comes within some seconds; before six in the morning the night is not over."""
    if datetime.now(PARIS).hour < 6:
        pytest.skip("the night is not over")
    for _look in range(60):
        page.goto(f"{base}/{TOWN}/desk/alerts")
        if page.locator("main .alert .name a").count():
            return
        page.wait_for_timeout(500)
    pytest.fail("no alert came")
