"""Nothing follows the reader: what a browser keeps of them, and out of whose reach."""

from tests.browser.conftest import Opened
from tests.browser.demonstration import TERRITORY


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
