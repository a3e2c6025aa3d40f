"""The next file of a meter: recognised, continued and said; what is not recognised is asked."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage import registers, sensing
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.web.desk import connect
from bocage.web.desk.first import opening, taking

from .empty import Empty
from .test_first import GUIDE, secretary
from .test_first_file import BILLS, fields, given, ready, taken, text

__all__ = ("ready", "secretary")
NOVEMBER = "Date;kWh\n01/11/2025;120\n02/11/2025;118\n03/11/2025;121,5\n"
DECEMBER = "Date;kWh\n03/11/2025;121,5\n01/12/2025;131\n02/12/2025;129\n03/12/2025;130,5\n"
ENEDIS = """Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur metier;Unite
{prm};Courbe de charge;01/{month}/2025;02/{month}/2025;Consommation;W
Horodate;Valeur
2025-{month}-01T00:30:00+01:00;412
2025-{month}-01T01:00:00+01:00;408
2025-{month}-01T01:30:00+01:00;398
"""


def curve(month: str, prm: str = "30000000000017") -> str:
    return ENEDIS.format(prm=prm, month=month)


def streams() -> list[str]:
    return [one.slug for one in sensing.all("vay", Datastream.kind)]


def sources() -> list[str]:
    return [one.key.slug for one in registers.current("vay", Source.kind)]


def count(empty: Empty) -> int:
    return sum(extent.count for extent in empty.parts.store.extent())


def followed(browser: Client, path: str, **changed: object) -> str:
    """The page one lands on after the file was taken in."""
    return text(browser.post(path, {**fields(browser, path), **changed}, follow=True))


def test_the_next_month_of_a_file_goes_on_its_series_and_says_so(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, NOVEMBER, "ecole 2025-11.csv"))
    path = given(ready, DECEMBER, "ecole 2025-12.csv")
    page = text(ready.get(path))
    assert "Oui, de « Électricité consommée, Ecole »" in page
    assert "3 nouvelles valeurs" in page
    assert "1 déjà connue" in page
    assert 'name="place.0"' not in page
    assert "continue : 3 nouvelles valeurs, 1 déjà connues" in followed(ready, path)
    assert (len(streams()), len(sources()), count(empty)) == (1, 1, 6)


def test_the_same_headings_under_another_name_are_asked_about(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, NOVEMBER, "ecole.csv"))
    path = given(ready, DECEMBER.replace("121,5", "80"), "mairie.csv")
    page = text(ready.get(path))
    assert "1 différentes de celles" in page
    assert "checked" not in page.split('id="next"')[1].split("</fieldset>")[0]
    unsaid = ready.post(path, {"again": "1"})
    assert (unsaid.status_code, 'id="f-next-wrong"' in text(unsaid)) == (422, True)
    assert ready.post(path, {"again": "1", "next": "new"})["Location"] == path
    assert taken(ready, path).status_code == 302  # type: ignore[attr-defined]
    assert (len(streams()), len(sources()), count(empty)) == (2, 2, 7)


def test_what_was_not_recognised_goes_on_where_somebody_says(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, NOVEMBER, "ecole.csv"))
    path = given(ready, DECEMBER.replace("03/11", "04/11"), "releve du mois.csv")
    ready.post(path, {"again": "1", "next": sources()[0]})
    taken(ready, path)
    assert (len(streams()), len(sources()), count(empty)) == (1, 1, 7)


def test_a_place_that_a_known_file_names_anew_is_declared_under_its_source(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, BILLS))
    later = BILLS.replace("Mairie", "Gymnase").replace("2026", "2025")
    path = given(ready, later, "facturation.csv")
    page = text(ready.get(path))
    assert ('value="Gymnase"' in page, 'name="place.1"' in page) == (True, False)
    assert taken(ready, path).status_code == 302  # type: ignore[attr-defined]
    assert (len(streams()), len(sources()), count(empty)) == (6, 1, 16)


def test_another_pace_is_another_series(ready: Client) -> None:
    taken(ready, given(ready, NOVEMBER, "ecole.csv"))
    hourly = "Date;kWh\n01/11/2025;12\n01/12/2025;11\n01/01/2026;13\n"
    assert 'id="next"' not in text(ready.get(given(ready, hourly, "ecole.csv")))


def test_a_file_of_the_operator_is_read_as_it_is_and_its_meter_known_again(ready: Client, empty: Empty) -> None:
    path = given(ready, curve("01"), "courbe.csv")
    assert "412 W" in text(ready.get(path))
    assert taken(ready, path).status_code == 422  # type: ignore[attr-defined]
    taken(ready, path, **{"place.0": "École"})
    (stream,) = (one.entity for one in sensing.all("vay", Datastream.kind))
    assert isinstance(stream, Datastream)
    assert (stream.key, stream.nature) == ("30000000000017/puissance", Nature.GAUGE)
    path = given(ready, curve("02"), "autre nom.csv")
    assert "continue : 3 nouvelles valeurs" in followed(ready, path)
    path = given(ready, curve("02", "30000000000024"), "encore.csv")
    taken(ready, path, **{"place.0": "Mairie"})
    assert (len(streams()), len(sources()), count(empty)) == (2, 1, 9)


def test_a_large_file_is_read_later_and_a_page_tells(
    ready: Client, empty: Empty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "AT_ONCE", 10)
    monkeypatch.setattr(taking, "AT_ONCE", 10)
    page = followed(ready, given(ready, NOVEMBER, "ecole.csv"))
    assert "sera lu dans la minute" in page
    assert "en attente" in page
    assert [path.name for path in (empty.parts.data / "drop" / "vay").glob("*/*.csv")] == ["ecole.csv"]


def test_a_file_too_large_says_how_large_it_may_be(ready: Client) -> None:
    upload = SimpleUploadedFile("courbe.csv", b"0" * (connect.LARGEST + 600_000))
    page = text(ready.post(f"{GUIDE}/files", {"kind": "bills", "file": upload}))
    assert "16 Mo au plus" in page
    assert "courbe.csv, 16,6 Mo" in page


def test_the_next_month_may_come_as_a_workbook(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, NOVEMBER, "ecole 2025-11.csv"))
    book, held = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    for line in (["Date", "kWh"], [date(2025, 12, 1), 131.5], [date(2025, 12, 2), 129], [date(2025, 12, 3), 130]):
        book.active.append(line)
    book.save(held)
    upload = SimpleUploadedFile("ecole 2025-12.xlsx", held.getvalue())
    path = str(ready.post(f"{GUIDE}/files", {"kind": "bills", "file": upload})["Location"])
    assert "131,5 kWh" in text(ready.get(path))
    assert "continue : 3 nouvelles valeurs" in followed(ready, path)
    assert (len(streams()), count(empty)) == (1, 6)


def test_a_month_written_otherwise_goes_on_all_the_same(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, "Date;kWh\n2025-11-01;120\n2025-11-02;118\n2025-11-03;121\n", "ecole.csv"))
    path = given(ready, DECEMBER.replace("121,5", "121"), "ecole.csv")
    assert "continue : 3 nouvelles valeurs, 1 déjà connues" in followed(ready, path)
    assert (len(streams()), len(sources()), count(empty)) == (1, 1, 6)
