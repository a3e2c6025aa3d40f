"""A file of the first hour: read as guessed, corrected in place, asked what lacks, taken in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bocage import evidence, registers, sensing
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.nature import Nature
from bocage.domain.purpose import Purpose
from bocage.domain.role import RoleName
from bocage.domain.sensing import Datastream
from bocage.ingest.waiting import LASTS

from .empty import Empty
from .sent import sent
from .test_first import GUIDE, roles, secretary
from .world import AT, HERE, World

__all__ = ("secretary",)
BILLS = """Site;Mois;Consommation (kWh);Montant TTC (€)
École;janvier 2026;4 812;1 012,50 €
École;février 2026;4 310,5;907,10 €
Mairie;janvier 2026;1 205;265,10 €
Mairie;février 2026;1 010;225,00 €
"""
TAKE = {"section": ["purpose", "dataset"], "purpose.choice": "", "dataset.choice": ""}


def text(answer: object) -> str:
    """What one reads, with plain spaces."""
    said = answer.content.decode()  # type: ignore[attr-defined]
    return str(said.replace("\u202f", " ").replace("\u00a0", " "))


@pytest.fixture
def ready(secretary: Client) -> Client:
    """The secretary, who has taken every role."""
    secretary.post(f"{GUIDE}/people", roles())
    return secretary


def given(browser: Client, content: str, name: str = "factures.csv", kind: str = "bills") -> str:
    """Hand a file over; the address of its page."""
    upload = SimpleUploadedFile(name, content.encode())
    answer = browser.post(f"{GUIDE}/files", {"kind": kind, "file": upload})
    assert answer.status_code == 302, text(answer)
    return str(answer["Location"])


def fields(browser: Client, path: str) -> dict[str, object]:
    """What the page of a file would send as it stands."""
    return sent(text(browser.get(path)), '<form method="post" novalidate')


def taken(browser: Client, path: str, **changed: object) -> object:
    """Send the page as it stands, but for these answers."""
    return browser.post(path, {**fields(browser, path), **changed})


def test_bills_are_read_as_a_town_hall_writes_them(ready: Client) -> None:
    page = text(ready.get(given(ready, BILLS)))
    assert "8 valeurs" in page
    assert "4 812 kWh" in page
    assert "1 012,5 €" in page
    assert "une par mois" in page
    assert "janvier 2026" in page
    assert 'value="École"' in page
    assert 'value="Mairie"' in page


def test_what_is_proposed_says_why_and_nothing_is_recorded_before(ready: Client) -> None:
    before = len(registers.recent("vay", 1000))
    page = text(ready.get(given(ready, BILLS)))
    assert "aucun texte ne fixe cette durée" in page
    assert "avec 2 120 habitants, vous n’êtes pas concernés" in page
    assert len(registers.recent("vay", 1000)) == before


def test_bills_are_taken_in_by_one_click(ready: Client, empty: Empty) -> None:
    answer = taken(ready, given(ready, BILLS))
    assert answer.status_code == 302, text(answer)  # type: ignore[attr-defined]
    streams = {one.slug: one.entity for one in sensing.all("vay", Datastream.kind)}
    assert len(streams) == 4
    assert {one.nature for one in streams.values() if isinstance(one, Datastream)} == {Nature.AMOUNT}
    assert sum(extent.count for extent in empty.parts.store.extent()) == 8
    (purpose,) = registers.current("vay", Purpose.kind)
    (dataset,) = registers.current("vay", Dataset.kind)
    assert isinstance(purpose.body, Purpose)
    assert isinstance(dataset.body, Dataset)
    assert (purpose.body.personal, purpose.body.cadence_seconds, purpose.body.retention_months) == (False, 1800, 60)
    assert (dataset.body.openness, dataset.body.hosting) == (Openness.OPEN, "salle-informatique")
    assert dataset.body.steward.startswith("steward-")
    assert 'id="measure" aria-current' not in text(ready.get(GUIDE))


def test_nothing_of_the_promises_is_left_to_mend_but_the_officer_and_schemas(ready: Client) -> None:
    taken(ready, given(ready, BILLS))
    left = [one for one in evidence.findings("vay", AT) if not one.kept]
    assert {one.code for one in left if one.promise != "r47_data_standards"} == {"vacant", "dpo-vacant"}


def test_a_second_file_is_asked_nothing_again(ready: Client, empty: Empty) -> None:
    taken(ready, given(ready, BILLS))
    path = given(ready, "Date;kWh\n01/03/2026;120\n02/03/2026;118\n", "ecole.csv")
    assert fields(ready, path)["purpose.choice"] != ""
    assert taken(ready, path).status_code == 302  # type: ignore[attr-defined]
    assert len(registers.current("vay", Purpose.kind)) == len(registers.current("vay", Dataset.kind)) == 1
    assert [one.slug for one in sensing.all("vay", "thing")] == ["ecole", "mairie"]


def test_the_oldest_values_do_not_go_at_once(ready: Client) -> None:
    path = given(ready, BILLS.replace("2026", "2018"))
    months = int(str(fields(ready, path)["purpose.retention_months"]))
    assert months > 12 * 8
    assert "ne s’effacent pas aussitôt" in text(ready.get(path))


def test_half_an_hour_of_power_becomes_energy(ready: Client, empty: Empty) -> None:
    path = given(
        ready, "Date;Heure;P (kW)\n20/11/2026;22:00;1,2\n20/11/2026;22:30;1,1\n20/11/2026;23:00;1\n", "ecole.csv"
    )
    assert "0,6 kWh" in text(ready.get(path))
    taken(ready, path)
    assert sum(extent.count for extent in empty.parts.store.extent()) == 3


def test_a_wrong_guess_is_corrected_in_place_and_kept_through_a_reload(ready: Client) -> None:
    path = given(ready, "Jour;Valeur;Note\n01/02/2026;12,5;3\n02/02/2026;13;4\n", "releves.csv", "sheet")
    assert "Il n’est pas lu comme il faut" in text(ready.get(path))
    answer = taken(ready, path, **{"column.1": "water", "again": "1", "place.0": "Gymnase", "purpose.title.fr": ""})
    assert (answer.status_code, answer["Location"]) == (302, path)  # type: ignore[attr-defined,index]
    page = text(ready.get(path))
    assert "12,5 m³" in page
    assert 'value="Gymnase"' in page
    assert "Suivre ce que consomment les bâtiments publics" in page  # what is proposed follows the correction
    assert "Un fichier vous attend" in text(ready.get(GUIDE))


def test_what_was_answered_otherwise_is_kept_too(ready: Client) -> None:
    path = given(ready, BILLS)
    taken(ready, path, **{"again": "1", "purpose.retention_months": "36", "dataset.title.fr": "Nos factures"})
    shown = fields(ready, path)
    assert (shown["purpose.retention_months"], shown["dataset.title.fr"]) == ("36", "Nos factures")


def test_a_place_must_be_named(ready: Client) -> None:
    path = given(ready, "Date;kWh\n01/03/2026;120\n02/03/2026;118\n", "export.csv")
    answer = taken(ready, path)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="f-place-0-wrong"' in text(answer)
    assert sensing.all("vay", "thing") == []


def test_a_yes_to_a_closed_question_is_refused_in_words(ready: Client) -> None:
    path = given(ready, BILLS)
    answer = taken(ready, path, **{"purpose.questions.tracking": "yes"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'class="refusal"' in text(answer)
    assert registers.current("vay", Purpose.kind) == []


def test_where_persons_are_concerned_the_legal_basis_is_asked(ready: Client) -> None:
    path = given(ready, BILLS)
    answer = taken(ready, path, **{"purpose.personal": "yes", "dataset.sensitivity": "personal"})
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "base légale" in text(answer)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        ("", "vide.csv", "en-tête"),
        ("bonjour", "lettre.csv", "une ligne par date"),
        ("Date;Note\nlundi;bien\nmardi;mal\n", "notes.csv", "une colonne de dates"),
        ("Date;Note\n01/02/2026;bien\n02/02/2026;mal\n", "notes.csv", "une colonne de nombres"),
        ("\x00\x01PK", "photo.xlsx", "tableur"),
    ],
)
def test_a_file_that_is_no_table_of_measurements_is_said_and_keeps_nothing(
    ready: Client, empty: Empty, content: str, name: str, said: str
) -> None:
    answer = ready.post(f"{GUIDE}/files", {"kind": "bills", "file": SimpleUploadedFile(name, content.encode())})
    assert answer.status_code == 422
    assert said in text(answer)
    assert empty.parts.intake.waiting.listed("vay") == []


def test_a_file_is_set_aside_or_forgotten_after_some_days(ready: Client, empty: Empty) -> None:
    path = given(ready, BILLS)
    assert ready.post(path, {"aside": "1"})["Location"] == GUIDE
    assert ready.get(path).status_code == 404
    given(ready, BILLS)
    assert empty.parts.intake.waiting.erase(AT + LASTS - timedelta(hours=1)) == 0
    assert empty.parts.intake.waiting.erase(AT + LASTS + timedelta(hours=1)) == 1
    assert empty.parts.intake.waiting.listed("vay") == []


def test_who_administers_no_data_hands_nothing_over(world: World) -> None:
    upload = SimpleUploadedFile("factures.csv", BILLS.encode())
    for role in (RoleName.AGENT, RoleName.STEWARD, RoleName.CONTRACTOR, RoleName.DPO):
        browser = world.sign_in(role, email=f"{role}@ville.example")
        assert browser.post(f"/{HERE}/desk/first/files", {"kind": "bills", "file": upload}).status_code == 403
    assert world.parts.intake.waiting.listed(HERE) == []


def test_a_file_of_one_territory_does_not_exist_for_another(ready: Client, empty: Empty) -> None:
    number = given(ready, BILLS).rsplit("/", 1)[1]
    ready.post("/start/make", {"code": "44110", "slug": "nort"})
    ready.post("/nort/desk/first/people", roles())
    assert ready.get(f"/nort/desk/first/files/{number}").status_code == 404
