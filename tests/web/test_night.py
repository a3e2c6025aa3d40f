"""What a building uses at night beside the day."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bocage.domain.role import RoleName

from .test_first import roles, secretary
from .test_first_file import given, ready, taken, text
from .world import HERE, World

__all__ = ("ready", "roles", "secretary")
PARIS = ZoneInfo("Europe/Paris")


def curve(days: int = 20, lost: int = -1) -> str:
    """The load curve of a school, every half hour: 1 kWh at night, 2 by day; the 10th night uses 40 times that."""
    lines, first = ["Horodate;kWh"], datetime(2026, 10, 12, tzinfo=PARIS)  # the clocks go back in between
    at = first.timestamp()
    while (now := datetime.fromtimestamp(at, PARIS)) < first + timedelta(days=days):
        night = now.hour >= 22 or now.hour < 6
        tenth = (now - timedelta(hours=12)).date() == (first + timedelta(days=9)).date()
        if (now - first).days != lost or now.hour != 2:
            lines.append(f"{now.isoformat()};{(40 if tenth else 1) if night else 2}")
        at += 1800
    return "\n".join(lines) + "\n"


@pytest.fixture
def measured(ready: Client) -> str:
    """Where one lands once the curve was taken in."""
    answer = taken(ready, given(ready, curve(), "ecole.csv"))
    return str(answer["Location"])  # type: ignore[index]


def test_somebody_who_hands_a_load_curve_over_lands_on_its_nights(measured: str) -> None:
    assert measured == "/vay/desk/datastreams/electricite-consommee-ecole/night"


def test_the_page_says_the_share_of_the_nights_before_any_chart(ready: Client, measured: str) -> None:
    page = text(ready.get(measured))
    assert "de sa consommation a lieu la nuit" in page
    assert page.index("<h1>") < page.index('class="several"')
    assert "21 octobre 2026" in page  # the night that used most bears the day on which it began
    assert "640 kWh" in page
    assert "33 % du temps" in page


def test_every_night_and_every_day_stand_in_the_table_and_what_is_not_whole_says_so(ready: Client) -> None:
    answer = taken(ready, given(ready, curve(lost=5), "ecole.csv"))
    page = text(ready.get(answer["Location"]))  # type: ignore[index]
    assert page.count('<th scope="row">') == 21  # the first night began the evening before
    assert page.count("il manque quelque chose") == 3  # both ends, and the night that lost an hour
    assert "16 kWh" in page
    assert "64 kWh" in page


def test_a_night_of_nine_hours_is_whole_too(ready: Client, measured: str) -> None:
    page = text(ready.get(measured))
    row = page[page.index("24 octobre 2026") :].split("</tr>", maxsplit=1)[0]
    assert "18 kWh" in row
    assert "Oui" in row


def test_monthly_bills_show_no_night_and_the_page_says_what_to_ask_for(ready: Client) -> None:
    taken(ready, given(ready, "Mois;kWh\n01/2026;100\n02/2026;90\n", "mairie.csv"))
    page = text(ready.get("/vay/desk/datastreams/electricite-consommee-mairie/night"))
    assert "Les nuits ne se voient pas dans cette série" in page
    assert "courbe de charge" in page
    assert "Voir ses nuits" not in text(ready.get("/vay/desk/datastreams/electricite-consommee-mairie"))


def test_the_series_leads_to_its_nights_and_the_nights_to_what_follows(ready: Client, measured: str) -> None:
    assert "Voir ses nuits" in text(ready.get(measured.removesuffix("/night")))
    assert "/vay/desk/council/batiments-publics" in text(ready.get(measured))


def test_who_may_not_read_a_series_does_not_read_its_nights(world: World) -> None:
    reader = world.sign_in(RoleName.ADMINISTRATOR, email="chef@ville.example")
    assert reader.get(f"/{HERE}/desk/datastreams/co2-salle-1/night").status_code == 403
    contractor = world.sign_in(RoleName.CONTRACTOR, email="prestataire@ville.example")
    assert contractor.get(f"/{HERE}/desk/datastreams/co2-salle-1/night").status_code in {403, 404}


def test_a_load_curve_of_the_operator_is_a_mean_power_and_its_nights_are_energy(ready: Client) -> None:
    said = "Identifiant PRM;Type de donnees;Grandeur metier;Unite\n30000000000017;Courbe de charge;Consommation;W"
    lines = [said, "Horodate;Valeur"]
    for at, value in (row.split(";") for row in curve().splitlines()[1:]):
        ends = datetime.fromisoformat(at) + timedelta(minutes=30)
        lines.append(f"{ends.isoformat()};{int(value) * 2000}")
    content = "\n".join(lines)
    answer = taken(ready, given(ready, content, "courbe ecole.csv"))
    page = text(ready.get(answer["Location"]))  # type: ignore[index]
    assert answer["Location"].endswith("/night")  # type: ignore[index]
    assert "640 kWh" in page
    assert "64 kWh" in page
    rule = ready.get("/vay/desk/rules/new?series=puissance-electrique-moyenne-courbe-ecole")
    assert (rule.status_code, 'value="22:00"' in text(rule)) == (200, True)
