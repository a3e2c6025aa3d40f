"""How a table is guessed to be read before anybody declares it."""

import pytest

from bocage.domain.errors import PayloadError
from bocage.domain.quantity import QUANTITIES, Heard, heard
from bocage.ingest.guessing import guess
from bocage.web.forms.units import usual


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Consommation (kWh)", Heard(code="electricity")),
        ("Énergie active soutirée (Wh)", Heard(code="electricity", factor=0.001)),
        ("P (kW)", Heard(code="electricity", power=True)),
        ("Montant TTC (€)", Heard(code="cost")),
        ("Gaz (kWh)", Heard(code="gas")),
        ("Index eau (m³)", Heard(code="water-index")),
        ("temperature", Heard(code="temperature")),
        ("battery_v", Heard()),
        ("Observations", Heard()),
    ],
)
def test_a_heading_speaks_of_a_quantity_and_of_its_unit(heading: str, expected: Heard) -> None:
    assert heard(heading) == expected


def test_every_quantity_has_a_usual_unit() -> None:
    for quantity in QUANTITIES.values():
        assert usual(quantity.unit.name, quantity.unit.symbol, quantity.unit.ucum) not in {"", "other"}, quantity.code


@pytest.mark.parametrize(
    ("first", "form"),
    [
        ("2026-01-31", ""),
        ("2026-01-31 22:30", ""),
        ("31/01/2026", "%d/%m/%Y"),
        ("31/01/2026 22:30", "%d/%m/%Y %H:%M"),
        ("01/2026", "%m/%Y"),
        ("janv. 2026", "%B %Y"),
        ("janv-26", "%B-%y"),
    ],
)
def test_the_form_of_the_date_is_found(first: str, form: str) -> None:
    found = guess("x.csv", f"quand;kWh\n{first};12\n{first};13\n".encode())
    assert (found.time, found.form) == ("quand", form)


def test_an_hour_that_stands_apart_is_found_and_so_is_an_end() -> None:
    found = guess("x.csv", b"Date;Heure;kW\n31/01/2026;22:00;1\n31/01/2026;22:30;2\n")
    assert (found.time, found.hour) == ("Date", "Heure")
    found = guess("x.csv", "Début;Fin;kWh\n01/01/2026;31/01/2026;9\n01/02/2026;28/02/2026;8\n".encode())
    assert (found.time, found.end) == ("Début", "Fin")


def test_places_are_told_apart_by_a_column_of_words_and_points_of_delivery_are_no_measurements() -> None:
    found = guess("x.csv", b"PRM;Date;kWh\n14500000000001;01/01/2026;9\n14500000000002;01/01/2026;8\n")
    assert (found.site, found.measured) == ("PRM", {"kWh": "electricity"})


def test_the_only_column_of_numbers_is_what_the_person_said_she_has() -> None:
    table = b"date,value\n2026-01-01,1\n2026-01-02,2\n"
    assert guess("x.csv", table, "electricity").measured == {"value": "electricity"}
    assert guess("x.csv", table).measured == {"value": ""}


@pytest.mark.parametrize("table", [b"", b"a;b\n", b"a;b\nx;y\n", b"date;b\n2026-01-01;y\n2026-01-02;z\n"])
def test_what_holds_no_measurements_is_said(table: bytes) -> None:
    with pytest.raises(PayloadError):
        guess("x.csv", table)
