"""A decider lifts a promise by an act, for a time, in public; the end is not pushed back, and renewals are capped."""

from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import expect
from tests.browser.demonstration import TERRITORY
from tests.browser.stories.conftest import Teller, Telling

DECIDER = f"decision@{TERRITORY}.example"
SOURCES = ("station-meteo", "compteurs-loire", "compteurs-gaz", "compteurs-electricite")
PROMISE = "gdpr_05_minimisation"


def _act(decider: Teller, number: str) -> str:
    decider.open("/desk/registers/act/new")
    page = decider.page
    page.fill("[name='title.fr']", f"Décision {number}")
    page.fill("[name='number']", number)
    page.fill("[name='date']", datetime.now(UTC).date().isoformat())
    page.fill("[name='slug']", number)
    decider.click("Record")
    return number


def _exception(decider: Teller, act: str, name: str, starts: date, ends: date) -> None:
    decider.open("/desk/registers/exception/new")
    page = decider.page
    page.fill("[name='title.fr']", f"Dérogation {name}")
    page.select_option("[name='promise']", PROMISE)
    page.select_option("[name='source']", SOURCES[decider.turn])
    page.fill("[name='starts']", starts.isoformat())
    page.fill("[name='ends']", ends.isoformat())
    page.fill("[name='reason.fr']", "Le temps de remplacer les appareils.")
    page.select_option("[name='act']", act)
    page.fill("[name='signed_by']", "La maire")
    page.fill("[name='slug']", name)
    decider.click("Record")


def test_a_promise_is_lifted_by_an_act_until_its_end_and_not_for_ever(telling: Telling) -> None:
    decider = telling(DECIDER)
    stem, today = f"essai-{decider.lang}-{decider.width}", datetime.now(UTC).date()
    act = _act(decider, f"{stem}-acte")
    ends = today + timedelta(days=120)
    _exception(decider, act, f"{stem}-1", today - timedelta(days=1), ends)
    assert decider.page.url.endswith(f"/exception/{stem}-1")

    decider.open(f"/desk/registers/exception/{stem}-1/edit")
    decider.page.fill("[name='ends']", (ends + timedelta(days=30)).isoformat())
    decider.click("Record")
    expect(decider.page.locator("article.refusal, .refusal").first).to_be_visible()

    for number in (2, 3):
        start = ends + timedelta(days=10 + 50 * number)
        _exception(decider, act, f"{stem}-{number}", start, start + timedelta(days=40))
        assert decider.page.url.endswith(f"/exception/{stem}-{number}")
    late = ends + timedelta(days=400)
    _exception(decider, act, f"{stem}-4", late, late + timedelta(days=40))
    assert "/exception/new" in decider.page.url
    expect(decider.page.locator("article.refusal, .refusal").first).to_be_visible()

    resident = telling()
    resident.open(f"/registers/exception/{stem}-1")
    expect(resident.page.locator("main")).to_contain_text(f"Décision {act}")
    resident.open("/promises/regularisation")
    expect(resident.page.locator("main")).to_contain_text(f"Dérogation {stem}-1")
