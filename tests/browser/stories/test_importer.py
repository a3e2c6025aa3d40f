"""A data administrator brings in what meters measured, sees what it would do first, and takes all of it back."""

from playwright.sync_api import expect
from tests.browser.demonstration import TERRITORY
from tests.browser.stories.conftest import Telling

ADMINISTRATOR = f"donnees@{TERRITORY}.example"
METER = "30000000000017"
HEADING = "Identifiant PRM;Type de donnees;Grandeur physique;Grandeur metier;Etape metier;Unite\n"


def curve(day: int, *values: str) -> dict[str, object]:
    """A file as Enedis gives it, of an invented meter."""
    lines = [f"2026-05-{day:02}T{10 + at}:00:00+02:00;{value}" for at, value in enumerate(values)]
    said = f"{METER};Courbe de charge;Energie active;Consommation;Comptage Brut;W\nHorodate;Valeur\n"
    text = HEADING + said + "\n".join(lines) + "\n"
    return {"name": f"courbe-{day}.csv", "mimeType": "text/csv", "buffer": text.encode()}


def test_meters_come_in_by_several_files_and_go_again(telling: Telling) -> None:
    administrator = telling(ADMINISTRATOR)
    page, main = administrator.page, administrator.page.locator("main")
    administrator.open("/desk/imports")
    administrator.open("/desk/imports/new/measurements")
    page.set_input_files("input[type=file]", [curve(1, "400", "410"), curve(2, "420", "illisible", "430")])  # type: ignore[arg-type]
    administrator.click("See what it would do")
    expect(main).to_contain_text("illisible")
    expect(main).to_contain_text("courbe-2.csv")

    page.fill(f"[name='name.{METER}']", "Salle des fêtes")
    page.select_option("#purpose", "air-des-classes")
    page.select_option("#dataset", "air-des-ecoles")
    administrator.click("Look again")
    expect(main.locator("table").first).to_contain_text("salle-des-fetes")
    expect(main.locator(".state-refused")).to_have_count(0)

    administrator.click("Bring in what is right, leave the rows to mend out")
    administrator.reads("Brought in. The whole import can be taken back.")
    expect(main.locator("dl.facts")).to_contain_text("4")
    number = page.url.rsplit("/", 1)[1].partition("?")[0]
    administrator.open("/desk/things")
    expect(main).to_contain_text("Salle des fêtes")

    administrator.open(f"/desk/imports/{number}")
    administrator.click("Take it back")
    administrator.reads("Taken back.")
    administrator.open("/desk/things")
    expect(main).not_to_contain_text("Salle des fêtes")
    administrator.open("/desk/imports")
    administrator.reads("taken back")
