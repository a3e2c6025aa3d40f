"""Each story is told twice: in French at a desk, and in English in a street.

`test_accessible` sees every page in both languages at both widths.
"""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import Opened
from tests.browser.demonstration import TERRITORY, Demonstration
from tests.browser.seeing import NARROW, WIDE, faults, settle
from tests.browser.stories.coming import invited

from bocage import words

TOLD = int(os.environ.get("BOCAGE_WINDOWS", "2"))  # 1: in French before a wide screen only
WINDOWS = (("fr", WIDE), ("en", NARROW))[:TOLD]
EMAILS: dict[str, httpx.Cookies] = {}


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """A window of somebody of the story. Every page it shows is held to its width and to its language, and to axe."""

    page: Page
    lang: str
    width: int
    turn: int

    def said(self, message: str) -> str:
        """A message of the product as this reader sees it."""
        return words.translate(message, self.lang)

    def open(self, path: str, status: int = 200) -> None:
        """Go to a page of the territory; what it shows must have no fault."""
        answer = self.page.goto(f"/{TERRITORY}{path}?lang={self.lang}" if "?" not in path else f"/{TERRITORY}{path}")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.seen()

    def seen(self) -> None:
        """What stands on the screen has no fault."""
        settle(self.page)
        assert faults(self.page, self.lang) == []

    def click(self, what: str | Locator) -> None:
        """Follow a link or press a button by what it says (an English message), then look."""
        target = what if isinstance(what, Locator) else self.named(what)
        target.click()
        self.page.wait_for_load_state()
        self.seen()

    def named(self, message: str) -> Locator:
        """The link or button that says this."""
        text = self.said(message)
        main = self.page.locator("main")
        return main.get_by_role("link", name=text).or_(main.get_by_role("button", name=text)).first

    def reads(self, message: str) -> None:
        """The page says this."""
        expect(self.page.locator("body")).to_contain_text(self.said(message))


Telling = Callable[..., Teller]


@pytest.fixture(params=WINDOWS, ids=lambda one: f"{one[0]}-{one[1]['width']}")
def telling(request: pytest.FixtureRequest, opened: Opened, demonstration: Demonstration, keys: Path) -> Telling:
    """A window for somebody: `telling(email)` when they have an account, else a resident's."""
    lang, size = request.param

    def window(email: str = "", *, script: bool = True) -> Teller:
        options = {"locale": {"fr": "fr-FR", "en": "en-GB"}[lang], "viewport": size, "java_script_enabled": script}
        context = opened(**options)
        if email:
            if email not in EMAILS:
                EMAILS[email] = invited(demonstration, keys, email)
            host = urlsplit(demonstration.base).hostname
            context.add_cookies(
                [
                    {"name": one.name, "value": one.value or "", "domain": host or "", "path": "/"}
                    for one in EMAILS[email].jar
                ]
            )
        page = context.new_page()
        return Teller(page=page, lang=lang, width=size["width"], turn=WINDOWS.index(request.param))

    return window
