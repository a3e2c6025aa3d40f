"""Nothing leaves the machine, nothing follows the reader: what a browser asks for, is told and keeps."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request, Response
from tests.browser.addresses import Address, addresses
from tests.browser.conftest import Opened
from tests.browser.demonstration import TERRITORY, Demonstration
from tests.browser.seeing import FILES, settle

PAGES = [one for one in addresses() if one.route and not one.path.endswith(FILES)]
SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
STRICT = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
LOOSE = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")


class Watched:
    """A window that notes what it asks for, what it is answered, and what its console complains of."""

    def __init__(self, page: Page, base: str) -> None:
        self.page, self._base = page, urlsplit(base)
        self.elsewhere: list[str] = []
        self.answers: list[Response] = []
        self.complaints: list[str] = []
        page.on("request", self._asked)
        page.on("response", self._answered)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob"} and address.netloc != self._base.netloc:
            self.elsewhere.append(request.url)

    def _answered(self, answer: Response) -> None:
        self.answers.append(answer)

    def _said(self, message: ConsoleMessage) -> None:
        # An answer 404 of a page that is not there is what the page says itself.
        if message.type == "error" and "status of 40" not in message.text:
            self.complaints.append(message.text)

    def read(self, path: str) -> Response:
        """Open a page, and forget what came before."""
        for noted in (self.elsewhere, self.answers, self.complaints):
            noted.clear()
        answer = self.page.goto(path)
        assert answer is not None
        settle(self.page)
        return answer


@pytest.fixture(scope="module")
def watched(opened: Opened, keys: str, demonstration: Demonstration) -> dict[bool, Watched]:
    """A resident's window, and an agent's."""
    return {
        agent: Watched(opened(storage_state=keys if agent else None).new_page(), demonstration.base)
        for agent in (False, True)
    }


@pytest.mark.parametrize("address", PAGES, ids=[one.path for one in PAGES])
def test_a_page_asks_this_machine_only_and_says_what_it_may_do(address: Address, watched: dict[bool, Watched]) -> None:
    window = watched[address.for_agents]
    window.read(address.path)
    assert window.elsewhere == []
    assert window.complaints == []
    assert [fault for answer in window.answers for fault in faults(answer)] == []


def faults(answer: Response) -> list[str]:
    """What the headers of an answer lack."""
    found = [
        f"{answer.url}: {name} is {answer.headers.get(name)!r}"
        for name, value in SECURITY.items()
        if answer.headers.get(name) != value
    ]
    policy = answer.headers.get("content-security-policy", "")
    parts = {part.strip() for part in policy.split(";")}
    found += [f"{answer.url}: no {part}" for part in STRICT if part not in parts]
    loose = [word for part in parts for word in part.split()[1:] if word in LOOSE]
    return [*found, *(f"{answer.url}: {word}" for word in loose)]


def test_a_reader_of_the_portal_is_given_no_cookie(opened: Opened, demonstration: Demonstration) -> None:
    context = opened()
    window = Watched(context.new_page(), demonstration.base)
    for one in PAGES:
        if one.route.startswith("portal."):
            window.read(one.path)
    assert context.cookies() == []
    stored = window.page.evaluate("localStorage.length + sessionStorage.length")
    assert stored == 0
    context.close()


def test_a_chosen_language_is_all_that_is_kept_of_a_reader(opened: Opened) -> None:
    context = opened()
    page = context.new_page()
    page.goto(f"/{TERRITORY}/")
    page.get_by_role("link", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert [cookie["name"] for cookie in context.cookies()] == ["lang"]
    context.close()


def test_the_key_of_an_agent_is_out_of_reach_of_scripts_and_of_other_sites(opened: Opened, keys: str) -> None:
    context = opened(storage_state=keys)
    session = [cookie for cookie in context.cookies() if cookie["name"] not in {"lang", "csrftoken"}]
    assert [(cookie["httpOnly"], cookie["sameSite"]) for cookie in session] == [(True, "Lax")]
    context.close()
