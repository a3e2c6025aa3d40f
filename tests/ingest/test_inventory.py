"""Things and datastreams from a spreadsheet."""

import io
from datetime import date

import openpyxl
import pytest
from tests.ingest.given import PLACE, Declared

from bocage.domain.errors import PayloadError
from bocage.domain.nature import Nature
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.ingest.inventory import COLUMNS, Inventory, heading, read, slug_of


def _read(text: str, name: str = "list.csv") -> Inventory:
    return read(name, text.encode(), Declared().gather(PLACE, date(2026, 11, 23)))


FRENCH = """Objet;Longitude;Latitude;Espace public;Série;Grandeur;Unité;Nature;Origine;Clé;Jeu de données;Mini
Œil de la Sèvre;-1,55;47,21;oui;Niveau d'eau;Hauteur d'eau;m;niveau;Capteurs;oeil-1;Air;0
École;;;;Température de l'école;Température;°C;;capteurs;temp-1;air;
"""


def test_one_row_is_one_series_on_one_thing() -> None:
    found = _read(FRENCH)
    assert found.errors == ()
    assert [(type(body), slug) for slug, body in found.entities] == [
        (Thing, "oeil-de-la-sevre"),
        (ObservedProperty, "hauteur-d-eau"),
        (ObservedProperty, "temperature"),
        (Datastream, "niveau-d-eau"),
        (Datastream, "temperature-de-l-ecole"),
    ]
    thing, stream = found.entities[0][1], found.entities[3][1]
    assert isinstance(thing, Thing)
    assert (thing.location, thing.public_space) == ((-1.55, 47.21), True)
    assert isinstance(stream, Datastream)
    assert (stream.thing, stream.source, stream.dataset, stream.minimum) == ("oeil-de-la-sevre", "capteurs", "air", 0.0)
    assert stream.nature is Nature.GAUGE


def test_what_stands_already_is_not_declared_again() -> None:
    found = _read("thing,datastream,property,source,key\nÉcole,CO2 du hall,CO2,capteurs,hall-co2\n")
    assert (found.entities, found.rows) == ((), 1)


def test_what_a_row_adds_completes_what_stands() -> None:
    [(slug, thing)] = _read("thing,lon,lat\nÉcole,-1.5,47.2\n").entities
    assert slug == "ecole"
    assert isinstance(thing, Thing)
    assert thing.location == (-1.5, 47.2)


def test_each_wrong_row_is_told_and_the_others_are_taken() -> None:
    rows = [
        "thing,lon,lat,datastream,property,nature,source,key,public_space",
        ",1,2,a,b,,,,",
        "Un,far,2,,,,,,",
        "Deux,200,2,,,,,,",
        "Trois,1,2,a,b,colour,,,",
        "Quatre,1,2,a,b,,nowhere,,",
        "Cinq,1,2,a,b,,capteurs,hall-co2,",
        "Six,1,2,,,,,,perhaps",
        "...,1,2,,,,,,",
        "Sept,1,2,,,,,,yes",
    ]
    found = _read("\n".join(rows))
    assert [(error.row, error.column, error.code) for error in found.errors] == [
        (2, "thing", "empty"),
        (3, "lon", "number"),
        (4, "lon", "position"),
        (5, "nature", "nature"),
        (6, "source", "undeclared"),
        (7, "key", "taken"),
        (8, "public_space", "truth"),
        (9, "thing", "name"),
    ]
    assert [slug for slug, _ in found.entities] == ["sept"]


def test_a_workbook_is_read_like_a_text_table() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (["thing", "lon", "lat", "public_space"], ["Mât 12", -1.5, 47, True]):
        sheet.append(line)
    held = io.BytesIO()
    book.save(held)
    found = read("list.xlsx", held.getvalue(), Declared().gather(PLACE, date(2026, 11, 23)))
    [(slug, thing)] = found.entities
    assert slug == "mat-12"
    assert isinstance(thing, Thing)
    assert (thing.location, thing.public_space) == ((-1.5, 47.0), True)


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.csv", b"x,y\n1,2\n"), ("a.xlsx", b"PK no"), ("a.ods", b"no")]
)
def test_what_is_no_such_table_is_said(name: str, content: bytes) -> None:
    with pytest.raises(PayloadError):
        read(name, content, Declared().gather(PLACE, date(2026, 11, 23)))


def test_two_things_of_one_name_are_one_and_names_that_look_alike_are_two() -> None:
    found = _read("thing\nPont\nPont\nPont !\n")
    assert [slug for slug, _ in found.entities] == ["pont", "pont-2"]


def test_every_column_says_what_it_holds() -> None:
    assert all(COLUMNS.values())
    assert slug_of("  L'Œuf & Cie  ") == "l-oeuf-cie"


NATIONAL = """id_lieu,nom_lieu,ad_lieu,type,Xlong,Ylat
44109-C-001,Aire de la gare,Rue de la Gare,Parking,-1.55,47.21
44109-C-002,Aire de la gare,Rue du Port,Parking,-1.56,47.22
"""
DECLARED = {"thing": "nom_lieu", "id": "id_lieu", "place": "ad_lieu", "lon": "Xlong", "lat": "Ylat"}


def _declared(declared: dict[str, str]) -> Inventory:
    return read("bnlc.csv", NATIONAL.encode(), Declared().gather(PLACE, date(2026, 11, 23)), declared)


def test_a_file_with_words_of_its_own_is_read_as_declared() -> None:
    found = _declared(DECLARED)
    assert found.errors == ()
    assert [slug for slug, _ in found.entities] == ["44109-c-001", "44109-c-002"]
    second = found.entities[1][1]
    assert isinstance(second, Thing)
    assert (second.place, second.location) == ("Rue du Port", (-1.56, 47.22))
    with pytest.raises(PayloadError):
        _read(NATIONAL)


def test_two_places_of_one_name_are_not_taken_for_one_thing() -> None:
    found = _declared({**DECLARED, "id": ""})
    assert [(error.row, error.code) for error in found.errors] == [(3, "places")]


def test_a_column_may_be_left_aside() -> None:
    assert heading("a.csv", b"thing,lon,lat\n").standing == {"thing": "thing", "lon": "lon", "lat": "lat"}
    assert heading("a.csv", b"thing,lon,lat\n", {"lon": ""}).standing == {"thing": "thing", "lat": "lat"}
