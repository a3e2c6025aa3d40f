"""Signing in by a real provider over real HTTP: an instance that serves, and Canaille, each in its own process."""

import re
import tomllib
from collections.abc import Iterator

import httpx
import pytest
import tomli_w
from tests.process import BESIDE, Serving, beside, bocage_, instance
from tests.provider import CLIENT, SECRET, Canaille

PASSWORD = "une phrase que personne ne devine"
EMAIL = "claire@ville.example"
SETTINGS = f"/{BESIDE}/desk/settings"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Browser(httpx.Client):
    """What a browser without scripts does: cookies kept, forms filled with the token they hold."""

    def sent(self, page: str, to: str, **values: str) -> httpx.Response:
        """Open a page and send one of its forms."""
        token = TOKEN.search(self.get(page).text)
        assert token
        return self.post(to, data={"csrfmiddlewaretoken": token[1], **values})


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, Canaille]]:
    """An instance with one person, and the provider that knows her and another one."""
    folder = tmp_path_factory.mktemp("provider")
    settings = instance(folder / "instance")
    plain = tomllib.loads(settings.read_text())
    settings.write_text(tomli_w.dumps({**plain, "public_url": f"http://127.0.0.1:{plain['port']}"}))
    bocage_(settings, "apply", beside(folder / BESIDE))
    link = bocage_(settings, "account", "create", EMAIL, "--name", "Claire Fontaine", "--role", "administrator").stdout
    with (
        Serving(settings) as bocage,
        Canaille(f"{bocage.url}/sign-in/openid/back", folder / "canaille.log") as provider,
        Browser(base_url=bocage.url, timeout=30) as desk,
    ):
        welcome = link.split()[-1].removeprefix(bocage.url)
        assert desk.sent(welcome, welcome, password=PASSWORD, again=PASSWORD).status_code == 302
        _switched_on(desk, provider)
        yield bocage, provider


def _switched_on(desk: Browser, provider: Canaille) -> None:
    form = {"do": "keep", "issuer": provider.issuer, "client_id": CLIENT, "secret": SECRET, "label": "Syndicat"}
    assert desk.sent(SETTINGS, f"{SETTINGS}/openid", **form).status_code == 302
    steps = desk.sent(SETTINGS, f"{SETTINGS}/openid", do="try").text
    assert "RS256" in steps
    assert "of-this-run" in steps
    provider.signed_in(desk, desk.get(f"{SETTINGS}/openid/try"))
    # Canaille does not say that it checked the address: an administrator must vouch for it.
    assert "ne dit pas qu’il a vérifié" in desk.get(SETTINGS).text
    assert desk.sent(SETTINGS, f"{SETTINGS}/openid", do="on").status_code == 409
    assert desk.sent(SETTINGS, f"{SETTINGS}/openid", **form, vouches="yes").status_code == 302
    provider.signed_in(desk, desk.get(f"{SETTINGS}/openid/try"))
    assert "Cela ouvrirait le compte de Claire Fontaine." in desk.get(SETTINGS).text
    assert desk.sent(SETTINGS, f"{SETTINGS}/openid", do="on").status_code == 302


def test_somebody_the_provider_knows_and_who_has_an_account_enters(serving: tuple[Serving, Canaille]) -> None:
    bocage, provider = serving
    with Browser(base_url=bocage.url, timeout=30) as browser:
        assert "Syndicat" in browser.get("/sign-in").text
        answer = provider.signed_in(browser, browser.get(f"/sign-in/openid?next=/{BESIDE}/desk/registers"))
        assert answer.status_code == 302
        assert answer.headers["location"] == f"/{BESIDE}/desk/registers"
        assert "Claire Fontaine" in browser.get("/account").text


def test_somebody_the_provider_knows_without_an_account_is_told_whom_to_ask(
    serving: tuple[Serving, Canaille],
) -> None:
    bocage, provider = serving
    with Browser(base_url=bocage.url, timeout=30) as browser:
        answer = provider.signed_in(browser, browser.get("/sign-in/openid"), "paul")
        assert answer.status_code == 403
        assert "Personne n’a de compte à cette adresse ici." in answer.text
        assert browser.get("/account").status_code == 302


def test_an_answer_of_the_provider_serves_once(serving: tuple[Serving, Canaille]) -> None:
    bocage, provider = serving
    with Browser(base_url=bocage.url, timeout=30) as browser:
        answer = provider.signed_in(browser, browser.get("/sign-in/openid"))
        assert answer.status_code == 302
        assert browser.get(str(answer.url)).status_code == 400


def test_a_provider_that_is_down_locks_nobody_out(serving: tuple[Serving, Canaille]) -> None:
    bocage, provider = serving
    provider.process.terminate()
    provider.process.wait(10)
    with Browser(base_url=bocage.url, timeout=30) as browser:
        browser.get("/sign-in/openid")  # what it says of itself may still be known: then one is sent there in vain
        assert browser.sent("/sign-in", "/sign-in", email=EMAIL, password=PASSWORD).status_code == 302
