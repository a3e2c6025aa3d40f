"""What the State's files say of a territory."""

from zoneinfo import ZoneInfo

import msgspec
import pytest

from bocage.domain.errors import Missing
from bocage.domain.organisation import luhn
from bocage.domain.territory import Level
from bocage.registers import official
from bocage.registers.official import zones


def test_a_commune_is_filled_from_its_insee_code() -> None:
    nantes = official.territory("44109")
    assert (nantes.title.fr, nantes.level, nantes.population) == ("Nantes", Level.COMMUNE, 327_734)
    assert (nantes.epci, nantes.epci_name) == ("244400404", "Nantes Métropole")
    assert (nantes.department, nantes.time_zone) == ("44", "Europe/Paris")
    assert nantes.centre is not None
    assert nantes.centre == pytest.approx((-1.548, 47.232), abs=0.02)


def test_a_commune_without_outline_has_no_centre() -> None:
    assert official.territory("69123").centre is None


def test_the_siren_of_a_commune_agrees_with_its_check_digit() -> None:
    assert official.siren("44109") == "214401093"
    assert luhn(official.siren("44109"))


def test_a_group_of_towns_is_found_by_its_siren() -> None:
    group = official.territory("244400404")
    assert (group.title.fr, group.level, group.department) == ("Nantes Métropole", Level.EPCI, "44")
    assert "44109" in official.members("244400404")
    assert group.population > official.territory("44109").population


def test_a_department_counts_its_communes() -> None:
    department = official.territory("44")
    assert (department.title.fr, department.level) == ("Loire-Atlantique", Level.DEPARTMENT)
    assert department.population > 1_400_000


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("2A004", "Europe/Paris"),
        ("97105", "America/Guadeloupe"),
        ("97611", "Indian/Mayotte"),
        ("98735", "Pacific/Tahiti"),
        ("98731", "Pacific/Marquesas"),
        ("98719", "Pacific/Gambier"),
    ],
)
def test_overseas_communes_keep_their_own_time(code: str, zone: str) -> None:
    assert official.territory(code).time_zone == zone


def test_every_zone_is_known_to_the_tz_database() -> None:
    for zone in (*zones.OVERSEAS.values(), "Pacific/Marquesas", "Pacific/Gambier"):
        assert ZoneInfo(zone).key == zone


def test_an_unknown_code_names_its_neighbours() -> None:
    with pytest.raises(Missing) as raised:
        official.territory("4410")
    assert str(raised.value.values["near"]).startswith("44109 Nantes")


def test_a_name_given_for_a_code_is_answered_with_the_code() -> None:
    with pytest.raises(Missing) as raised:
        official.territory("Nantes")
    assert "44109 Nantes" in str(raised.value.values["near"])


def test_a_merged_commune_names_the_one_it_joined() -> None:
    with pytest.raises(Missing) as raised:
        official.territory("01091")
    assert "Valserhône" in str(raised.value.values["commune"])


def test_a_search_ignores_accents_and_puts_the_exact_name_first() -> None:
    assert official.search("orvault")[0].code == "44114"
    assert official.search("SAINT HERBLAIN")[0].name == "Saint-Herblain"
    assert official.search("Nantse")[0].name == "Nantes"


def test_outlines_ship_for_two_departments_only() -> None:
    text = official.outlines("44")
    assert text is not None
    features = msgspec.json.decode(text)["features"]
    assert len(features) == 208
    assert {"code": "44109", "name": "Nantes"} in [feature["properties"] for feature in features]
    assert official.outlines("29") is None
    assert official.outlines("../44") is None
    assert len(msgspec.json.decode(official.departments())["features"]) == 96


def test_a_postcode_gives_its_communes_and_the_commune_of_the_same_code_first() -> None:
    found = official.search("44110")
    assert (found[0].code, found[0].name) == ("44110", "Nort-sur-Erdre")
    assert "Châteaubriant" in [one.name for one in found[1:]]
    assert official.search("75 056")[0].name == "Paris"


def test_a_merged_commune_is_found_as_the_one_it_joined() -> None:
    assert official.search("01091")[0].name == "Valserhône"


def test_homonyms_are_told_apart_and_a_department_after_the_name_chooses() -> None:
    found = official.search("st denis")
    assert {(one.department_name, one.name) for one in found[:2]} == {
        ("La Réunion", "Saint-Denis"),
        ("Seine-Saint-Denis", "Saint-Denis"),
    }
    assert {one.department for one in official.search("Saint-Denis (93)")} == {"93"}


def test_a_group_of_towns_is_found_by_name_and_by_siren() -> None:
    assert official.search("chateaubriant-derval")[0].group
    assert official.search("244400404")[0].name == "Nantes Métropole"


def test_nothing_asked_finds_nothing() -> None:
    assert official.search("  ") == []
    assert official.search("qqqqqqq") == []
