"""Signing in by a real provider with a real browser: set and tried on the screen, then used on a telephone."""

import tomllib
from collections.abc import Iterator

import pytest
import tomli_w
from playwright.sync_api import Browser, Page, expect
from tests.browser.seeing import NARROW, WIDE, faults
from tests.process import BESIDE, Serving, beside, bocage_, instance
from tests.provider import CLIENT, SECRET, Canaille
from tests.provider import PASSWORD as THERE

HERE = "trois haies et un chemin creux"
EMAIL = "claire@ville.example"


class Running:
    """An instance, the link for its one person, and the provider."""

    def __init__(self, bocage: Serving, provider: Canaille, welcome: str) -> None:
        self.bocage, self.provider, self.welcome = bocage, provider, welcome


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("provider")
    settings = instance(folder / "instance")
    plain = tomllib.loads(settings.read_text())
    settings.write_text(tomli_w.dumps({**plain, "public_url": f"http://127.0.0.1:{plain['port']}"}))
    bocage_(settings, "apply", beside(folder / BESIDE))
    asked = ("account", "create", EMAIL, "--name", "Claire Fontaine", "--role", "administrator")
    link = bocage_(settings, *asked).stdout.split()[-1]
    with (
        Serving(settings) as bocage,
        Canaille(f"{bocage.url}/sign-in/openid/back", folder / "canaille.log") as provider,
    ):
        yield Running(bocage, provider, link)


def _there(page: Page) -> None:
    """Sign in at the provider, as its own pages ask."""
    page.fill("[name=login]", "claire")
    page.keyboard.press("Enter")
    page.fill("[name=password]", THERE)
    page.keyboard.press("Enter")


def test_it_is_set_and_tried_on_the_screen_then_opens_the_desk_on_a_telephone(
    browser: Browser, running: Running
) -> None:
    base = running.bocage.url
    desk = browser.new_context(base_url=base, locale="fr-FR", viewport=WIDE).new_page()
    desk.goto(running.welcome)
    desk.fill("#password", HERE)
    desk.fill("#again", HERE)
    desk.click("main form button")
    desk.goto(f"/{BESIDE}/desk/settings")
    desk.fill("#issuer", running.provider.issuer)
    desk.fill("#client_id", CLIENT)
    desk.fill("#secret", SECRET)
    desk.fill("#label", "Se connecter avec le compte du syndicat")
    desk.check("[name=vouches]")
    desk.click("text=Garder ce fournisseur")
    expect(desk.get_by_role("button", name="Activer")).to_be_disabled()
    desk.click("text=Essayer l’adresse")
    expect(desk.locator("#openid")).to_contain_text("Le fournisseur dit ce qu’il est")
    assert faults(desk, "fr") == []
    desk.click("text=L’essayer avec mon compte")
    _there(desk)
    expect(desk.locator("#openid")).to_contain_text("Cela ouvrirait le compte de Claire Fontaine.")
    assert faults(desk, "fr") == []
    desk.click("button:has-text('Activer')")
    expect(desk.locator("#openid")).to_contain_text("Activé")

    phone = browser.new_context(base_url=base, locale="fr-FR", viewport=NARROW, java_script_enabled=False).new_page()
    phone.goto(f"/{BESIDE}/desk/registers")
    phone.click("text=Se connecter avec le compte du syndicat")
    _there(phone)
    expect(phone).to_have_url(f"{base}/{BESIDE}/desk/registers")
    expect(phone.locator("h1")).to_have_text("Registres")
    phone.goto("/account")
    expect(phone.locator("main")).to_contain_text("celle-ci")
    for page in (desk, phone):
        page.context.close()
