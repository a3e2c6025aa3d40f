"""The register of processing after the model of the CNIL becomes purposes; what it says beside that is told."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import openpyxl
import pytest

from bocage import registers
from bocage.domain.declaration import Key
from bocage.domain.errors import Invalid
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import LegalBasis, Purpose
from bocage.domain.text import Text
from bocage.evidence.facts import present
from bocage.imports import answers
from bocage.imports.labels import somebody
from bocage.imports.plan import Plan

from .place import HERE, Place, same

Rows = Sequence[Sequence[str]]
WELCOME = ("Tutoriel", [["Comment remplir ce registre"], ["Une fiche par traitement"]])
LIST = (
    "Liste des traitements",
    [
        ["Liste des traitements"],
        ["Identification du traitement", "", "", "", "Finalité du traitement", "Données sensibles ?"],
        ["Nom / sigle", "N° / RÉF", "Date de création", "Mise à jour", "Finalité principale", "Oui / non"],
        ["Paie", "RH-01", "2020-03-01", "", "Rémunérer les agents", "Non"],
        ["Cantine", "SC-03", "2021-06-01", "", "Inscrire les enfants", "Oui"],
        ["(1) Une note sous le tableau"],
    ],
)
CARD = (
    "RH-01",
    [
        ["Description du traitement"],
        ["Nom / sigle", "Paie"],
        ["N° / RÉF", "RH-01"],
        ["Date de création", "2020-03-01"],
        [],
        ["Acteurs", "Nom", "Adresse", "CP", "Ville"],
        ["Responsable du traitement", "Syndicat des eaux", "1 place de la Mairie", "44000", "Val"],
        ["Délégué à la protection des données", "Mme Claire Morin", "", "", "dpo@cdg.example"],
        ["Finalité(s) du traitement effectué"],
        ["Finalité principale", "Rémunérer les agents"],
        ["Sous-finalité 1", "Déclarer aux organismes sociaux"],
        ["Base légale", "Obligation légale"],
        ["Mesures de sécurité"],
        ["Mesures de sécurité techniques", "Mots de passe"],
        ["Catégories de données personnelles concernées", "Description", "Durée de conservation"],
        ["État civil, identité", "Nom, adresse", "5 ans"],
        ["Informations d'ordre économique", "RIB", "60 mois"],
        ["Données de localisation", "", ""],
        ["Données sensibles", "Description", "Durée de conservation"],
        ["NIR", "numéro", "5 ans"],
        ["Catégories de personnes concernées", "Description", "Précisions"],
        ["Catégorie de personnes 1", "Salariés", "Agents"],
        ["Destinataires", "Type de destinataire", "Précisions"],
        ["Destinataire 1", "Service interne qui traite les données", "Ressources humaines"],
        ["Destinataire 2", "Partenaires institutionnels", "URSSAF"],
        ["Destinataire 3", "Sous-traitants", "M. Paul Martin"],
        ["Transferts hors UE", "Destinataire", "Pays"],
        ["Organisme destinataire 1", "Serveurs SA", "Suisse"],
    ],
)


def workbook(*sheets: tuple[str, Rows]) -> bytes:
    """An XLSX of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def text_document(*sheets: tuple[str, Rows]) -> bytes:
    """An ODS of these sheets, as little of one as there can be."""
    tables = "".join(
        f'<table:table table:name="{escape(title)}">'
        + "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
                if cell
                else "<table:table-cell/>"
                for cell in row
            )
            + "</table:table-row>"
            for row in rows
        )
        + "</table:table>"
        for title, rows in sheets
    )
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest:manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )
    return held.getvalue()


def read(place: Place, *sheets: tuple[str, Rows]) -> Plan:
    """What a register of these sheets would do."""
    return place.looked("register", (("registre.xlsx", workbook(*sheets)),))[1]


def purposes(plan: Plan) -> dict[str, Purpose]:
    """What would be declared of purposes, by slug."""
    return {one.slug: one.body for one in plan.proposals if isinstance(one.body, Purpose)}


def test_a_card_becomes_a_purpose_with_what_it_answers(place: Place) -> None:
    plan = read(place, WELCOME, LIST, CARD)
    assert purposes(plan)["paie"] == Purpose(
        title=Text(fr="Paie : Rémunérer les agents"),
        owner="syndicat-des-eaux",
        personal=True,
        legal_basis=LegalBasis.LEGAL_OBLIGATION,
        recipients=("urssaf",),
        retention_months=60,
    )
    assert {one.slug for one in plan.proposals if one.kind == Organisation.kind} == {"syndicat-des-eaux", "urssaf"}


def test_an_open_document_says_the_same_as_a_workbook(place: Place) -> None:
    sheets = (WELCOME, LIST, CARD)
    assert place.looked("register", (("r.ods", text_document(*sheets)),))[1].proposals == read(place, *sheets).proposals


def test_nothing_the_sheets_say_is_lost(place: Place) -> None:
    plan = read(place, WELCOME, LIST, CARD)
    kept = " ".join(str(one.body) for one in plan.proposals)
    told = " ".join(f"{it.where} {it.what} {it.found}" for it in plan.left)
    headings = {"Nom", "Adresse", "CP", "Ville", "Description", "Durée de conservation", "Précisions", "Pays"}
    for row in CARD[1]:
        for cell in row[1:]:
            if cell and cell not in headings | {"Destinataire", "Type de destinataire"}:
                understood = answers.retention([cell]) or answers.legal_basis(cell)[0]
                assert cell in kept or cell in told or understood, cell
    assert "2021-06-01" in told
    assert "Données sensibles ? Oui" in told


def test_somebody_is_never_declared_as_an_organisation(place: Place) -> None:
    plan = read(place, CARD, ("EN", [["Nom / sigle", "Eau"], ["Responsable du traitement", "Jean Dupont"]]))
    told = {it.found for it in plan.left}
    assert {"Jean Dupont", "Sous-traitants — M. Paul Martin", "Mme Claire Morin — dpo@cdg.example"} <= told
    assert not any("Dupont" in str(one.body) or "Martin" in str(one.body) for one in plan.proposals)


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Jean Dupont", True),
        ("Mme Le Goff", True),
        ("dpo@ville.example", True),
        ("Anne-Marie Le Bris", True),
        ("Commune de Val", False),
        ("Centre de gestion de Loire-Atlantique", False),
        ("URSSAF", False),
        ("Syndicat Mixte", False),
        ("Orange", False),
    ],
)
def test_names_of_persons_are_told_from_those_of_bodies(name: str, person: bool) -> None:
    assert somebody(name) is person


def test_an_activity_of_the_list_without_its_card_is_a_purpose_too(place: Place) -> None:
    found = purposes(read(place, LIST, CARD))
    assert set(found) == {"paie", "cantine"}
    assert found["cantine"].title.fr == "Cantine : Inscrire les enfants"


def test_of_a_listed_activity_only_what_its_card_does_not_say_is_told(place: Place) -> None:
    listed = ("Liste", [*LIST[1][:3], ["Paie", "RH-01", "2020-03-01", "2026-01-05", "Verser les salaires", "Non"]])
    plan = read(place, listed, CARD)
    assert [(it.what, it.found) for it in plan.left if it.where == "Liste — Paie"] == [
        ("Mise à jour", "2026-01-05"),
        ("Main purpose", "Verser les salaires"),
    ]


def test_labels_are_known_whatever_their_case_accents_and_order(place: Place) -> None:
    rows = [
        ["FINALITE PRINCIPALE", "Compter l'eau"],
        ["categories de donnees personnelles", "Duree de conservation", "Description"],
        ["Identité", "2 ans", "Nom"],
        ["nom/sigle :", "EAU"],
        ["BASE LEGALE", "Mission d'intérêt public"],
    ]
    found = purposes(read(place, ("x", rows)))["eau"]
    assert (found.legal_basis, found.retention_months) == (LegalBasis.PUBLIC_TASK, 24)


def test_what_the_model_does_not_ask_stays_unanswered(place: Place) -> None:
    found = purposes(read(place, CARD))["paie"]
    empty = Purpose(title=Text(fr="x"))
    names = ("prediction", "cadence", "questions", "biometric")
    assert all(getattr(found, name) == getattr(empty, name) for name in names if hasattr(empty, name))
    asked = {"title", "owner", "personal", "legal_basis", "recipients", "retention_months"}
    assert {name for name in Purpose.__struct_fields__ if getattr(found, name) != getattr(empty, name)} <= asked


@pytest.mark.parametrize(
    ("said", "months"),
    [
        (["5 ans", "60 mois"], 60),
        (["1 an"], 12),
        (["2 ans après le départ"], None),
        (["5 ans", "2 ans"], None),
        (["", "18 mois"], 18),
        (["0 mois"], None),
        (["500 ans"], None),
        ([], None),
    ],
)
def test_a_retention_is_known_only_when_it_is_plain(said: list[str], months: int | None) -> None:
    assert answers.retention(said) == months


@pytest.mark.parametrize(
    ("said", "basis"),
    [
        ("Consentement", LegalBasis.CONSENT),
        ("RGPD art. 6.1 e) : mission d'intérêt public", LegalBasis.PUBLIC_TASK),
        ("Intérêts légitimes de la commune", LegalBasis.LEGITIMATE_INTERESTS),
        ("Exécution d'un contrat", LegalBasis.CONTRACT),
        ("Contrat ou consentement", None),
        ("À voir", None),
        ("", None),
    ],
)
def test_a_legal_basis_is_known_only_when_one_is_named(said: str, basis: LegalBasis | None) -> None:
    assert answers.legal_basis(said)[0] is basis


def test_a_purpose_declared_already_is_completed_and_never_overwritten(place: Place) -> None:
    declared = Purpose(title=Text(fr="La paie"), retention_months=12, legal_basis=LegalBasis.CONTRACT)
    place.put("purpose", "paie", declared)
    one, plan = place.looked("register", (("r.xlsx", workbook(CARD)),))
    proposal = next(it for it in plan.proposals if it.kind == "purpose")
    assert isinstance(proposal.body, Purpose)
    assert (proposal.body.retention_months, proposal.body.legal_basis) == (12, LegalBasis.CONTRACT)
    assert proposal.body.recipients == ("urssaf",)
    done = place.done(one, plan)
    assert read(place, CARD).empty
    place.undone(done)
    held = registers.find(Key(territory=HERE, kind="purpose", slug="paie"))
    assert held is not None
    assert held.body == declared


def test_the_territory_itself_is_known_as_the_controller(place: Place) -> None:
    title = present(HERE, place.now).territory
    assert title is not None
    card = ("x", [["Nom / sigle", "Eau"], ["Responsable du traitement", f"Commune de {title.title.fr}"]])
    owner = purposes(read(place, card))["eau"].owner
    assert owner == "ville"


def test_a_card_that_names_nothing_is_a_row_to_mend(place: Place) -> None:
    plan = read(place, ("Vide", [["N° / RÉF", "X-1"], ["Base légale", "Consentement"]]))
    assert [(it.file, it.column, it.code) for it in plan.wrong] == [("Vide", "Main purpose", "empty")]
    assert plan.empty


def test_a_workbook_of_something_else_is_refused(place: Place) -> None:
    with pytest.raises(Invalid):
        read(place, ("Budget", [["Compte", "Montant"], ["606", "12"]]))


def test_a_register_taken_back_leaves_the_registers_as_they_were(place: Place) -> None:
    before = place.exported("before")
    one, plan = place.looked("register", (("r.xlsx", workbook(WELCOME, LIST, CARD)),))
    place.undone(place.done(one, plan))
    assert same(before, place.exported("after"))


def changed(document: bytes, old: str, new: str, before: str = "") -> bytes:
    """The document with something else in its content, and something before it."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as given, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in given.namelist():
            content = given.read(name).decode()
            archive.writestr(name, before + content.replace(old, new) if name == "content.xml" else content)
    return held.getvalue()


def test_a_document_that_unfolds_into_very_much_is_not_unfolded(place: Place) -> None:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 9))
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "Paie">{levels}]>'
    bomb = changed(text_document(CARD), ">Paie<", ">&a8;<", doctype)
    with pytest.raises(Invalid):
        place.looked("register", (("r.ods", bomb),))


def test_the_empty_rows_and_columns_that_end_a_sheet_are_no_burden(place: Place) -> None:
    cells = '<table:table-cell table:number-columns-repeated="16000"/>'
    many = f'<table:table-row table:number-rows-repeated="1048000">{cells}</table:table-row></table:table>'
    wide = changed(text_document(CARD), "</table:table>", many)
    assert set(purposes(place.looked("register", (("r.ods", wide),))[1])) == {"paie"}
