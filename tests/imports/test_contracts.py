"""Essential data of contracts become contracts and organisations, in whichever form of the format they come."""

import json
from datetime import date
from typing import Any

from bocage import registers
from bocage.domain.contract import Contract, ContractNature
from bocage.domain.declaration import Key
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.text import Text
from bocage.evidence.facts import present
from bocage.imports.plan import Plan

from .place import HERE, Place, same

OURS, OTHER, HOLDER = "21440109300015", "21350238800019", "55204599900869"


def marche(**more: Any) -> dict[str, Any]:
    """A contract of the format 2.0 as a buyer profile writes it."""
    said = {
        "id": "2026-014",
        "acheteur": {"id": OURS},
        "nature": "Marché",
        "objet": "Entretien de l'éclairage public",
        "codeCPV": "50232100",
        "dureeMois": 48,
        "dateNotification": "2026-03-12",
        "montant": 185000.5,
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": HOLDER}}],
    }
    return {name: value for name, value in (said | more).items() if value is not None}


def decp(*contracts: dict[str, Any], concessions: Any = ()) -> tuple[tuple[str, bytes], ...]:
    """A file of these contracts."""
    return (
        ("decp.json", json.dumps({"marches": {"marche": contracts, "contrat-concession": list(concessions)}}).encode()),
    )


def ours(place: Place) -> None:
    """The territory's own organisation is declared, and owns what it measures for."""
    body = Organisation(title=Text(fr="Ville d'essai"), siren=OURS[:9], sector=Sector.PUBLIC)
    place.put("organisation", "ville", body, 1)


def contracts(plan: Plan) -> dict[str, Contract]:
    """What would be declared of contracts, by slug."""
    return {one.slug: one.body for one in plan.proposals if isinstance(one.body, Contract)}


def read(place: Place, files: tuple[tuple[str, bytes], ...], buyer: str = "*") -> Plan:
    """What files of contracts would do."""
    return place.looked("contracts", files, {"buyer": buyer})[1]


def test_a_contract_and_its_organisations_are_read_from_the_format_2(place: Place) -> None:
    plan = read(place, decp(marche()))
    assert contracts(plan)["2026-014"] == Contract(
        title=Text(fr="Entretien de l'éclairage public"),
        number="2026-014",
        object=Text(fr="Entretien de l'éclairage public"),
        nature=ContractNature.CONTRACT,
        buyer="siren-214401093",
        holders=("siren-552045999",),
        amount=185000.5,
        months=48,
        notified=date(2026, 3, 12),
    )
    bodies = {one.slug: one.body for one in plan.proposals if isinstance(one.body, Organisation)}
    assert bodies["siren-552045999"].siren == HOLDER[:9]
    assert bodies["siren-552045999"].sector is Sector.COMPANY
    assert bodies["siren-214401093"].sector is Sector.PUBLIC


def test_the_form_before_and_a_bare_list_say_the_same(place: Place) -> None:
    old = marche(
        _type="Marché",
        acheteur={"id": OURS, "nom": "Ville d'essai"},
        titulaires=[{"typeIdentifiant": "SIRET", "id": HOLDER, "denominationSociale": "Lumières SA"}],
    )
    wrapped = read(place, (("a.json", json.dumps({"marches": [old]}).encode()),))
    bare = read(place, (("a.json", json.dumps([old]).encode()),))
    assert contracts(wrapped) == contracts(bare)
    found = contracts(wrapped)["2026-014"]
    assert (found.buyer, found.holders) == ("ville-d-essai", ("lumieres-sa",))


def test_a_concession_is_one_with_its_grantor_and_its_value(place: Place) -> None:
    granted = {
        "id": "DSP-1",
        "autoriteConcedante": {"id": OURS},
        "nature": "Délégation de service public",
        "objet": "Eau potable",
        "dureeMois": 144,
        "dateSignature": "2025-12-01",
        "dateDebutExecution": "2026-01-01",
        "valeurGlobale": 4200000,
        "concessionnaires": [{"concessionnaire": {"typeIdentifiant": "SIRET", "id": HOLDER}}],
    }
    found = contracts(read(place, decp(concessions=[granted])))["dsp-1"]
    assert (found.nature, found.amount) == (ContractNature.DELEGATION, 4200000)
    assert (str(found.notified), str(found.starts)) == ("2025-12-01", "2026-01-01")
    assert found.holders == ("siren-552045999",)


def test_rows_of_the_table_of_data_gouv_are_gathered_by_contract(place: Place) -> None:
    text = (
        "uid,id,nature,acheteur_id,acheteur_nom,titulaire_id,titulaire_typeIdentifiant,titulaire_nom,objet,montant,"
        "dureeMois,dateNotification,modification_id\n"
        f"x,7,Marché,{OURS},Ville,{HOLDER},SIRET,Lumières SA,Éclairage,1000.0,12,2026-01-02,0\n"
        f"x,7,Marché,{OURS},Ville,81223113200026,SIRET,Capteurs SAS,Éclairage,1000.0,12,2026-01-02,0\n"
        f"x,7,Marché,{OURS},Ville,{HOLDER},SIRET,Lumières SA,Éclairage,1500.0,24,2026-05-02,1\n"
    )
    one, plan = place.looked("contracts", (("decp.csv", text.encode()),), {"buyer": "*"})
    bodies = next(it.bodies for it in plan.proposals if it.kind == "contract")
    first, second = (body for body in bodies if isinstance(body, Contract))
    assert (first.amount, first.months, first.holders) == (1000, 12, ("lumieres-sa", "capteurs-sas"))
    assert (second.amount, second.months, second.holders, second.amendment) == (1500, 24, ("lumieres-sa",), 1)
    assert str(second.amended) == "2026-05-02"
    place.done(one, plan)


def test_amendments_are_versions_in_their_order(place: Place) -> None:
    changes = [
        {"modification": {"id": 2, "dateNotificationModification": "2026-09-01", "dureeMois": 60}},
        {"modification": {"id": 1, "dateNotificationModification": "2026-06-01", "montant": 200000}},
    ]
    one, plan = place.looked("contracts", decp(marche(modifications=changes)), {"buyer": "*"})
    place.done(one, plan)
    versions = registers.history(Key(territory=HERE, kind="contract", slug="2026-014"))
    told = [(it.body.amount, it.body.months, it.body.amendment) for it in reversed(versions)]  # type: ignore[attr-defined]
    assert told == [(185000.5, 48, 0), (200000, 48, 1), (200000, 60, 2)]
    assert read(place, decp(marche(modifications=changes))).empty


def test_a_second_import_changes_nothing_and_says_so(place: Place) -> None:
    place.done(*place.looked("contracts", decp(marche()), {"buyer": "*"}))
    before = place.exported("before")
    one, plan = place.looked("contracts", decp(marche()), {"buyer": "*"})
    assert (plan.proposals, plan.same) == ((), 1)
    place.done(one, plan)
    assert same(before, place.exported("after"))


def test_only_an_amendment_that_came_since_is_new(place: Place) -> None:
    first = {"id": 1, "dateNotificationModification": "2026-06-01", "montant": 200000}
    second = {"id": 2, "dateNotificationModification": "2026-09-01", "montant": 210000}
    place.done(*place.looked("contracts", decp(marche(modifications=[first])), {"buyer": "*"}))
    one, plan = place.looked("contracts", decp(marche(modifications=[first, second])), {"buyer": "*"})
    (proposal,) = plan.proposals
    assert [body.amount for body in proposal.bodies if isinstance(body, Contract)] == [210000]
    done = place.done(one, plan)
    place.undone(done)
    held = registers.find(Key(territory=HERE, kind="contract", slug="2026-014"))
    assert held is not None
    assert held.body.amount == 200000  # type: ignore[attr-defined]


def test_the_same_contract_twice_in_one_file_is_one(place: Place) -> None:
    later = marche(modifications=[{"id": 1, "dateNotificationModification": "2026-06-01", "montant": 200000}])
    one, plan = place.looked("contracts", decp(marche(), marche(), later), {"buyer": "*"})
    done = place.done(one, plan)
    versions = registers.history(Key(territory=HERE, kind="contract", slug="2026-014"))
    assert [it.body.amount for it in versions] == [200000, 185000.5]  # type: ignore[attr-defined]
    place.undone(done)
    assert registers.find(Key(territory=HERE, kind="contract", slug="2026-014")) is None


def test_what_is_declared_otherwise_here_is_told_and_stays(place: Place) -> None:
    place.done(*place.looked("contracts", decp(marche()), {"buyer": "*"}))
    plan = read(place, decp(marche(montant=190000, titulaires=[{"id": OTHER}], objet="Éclairage")))
    assert plan.empty
    assert [it.found for it in plan.otherwise] == ["Éclairage", "siren-213502388", "190000.0"]
    assert {it.where for it in plan.otherwise} == {"2026-014"}


def test_only_contracts_of_this_territory_are_taken_unless_somebody_says_otherwise(place: Place) -> None:
    ours(place)
    file = decp(marche(), marche(id="X", acheteur={"id": OTHER, "nom": "Rennes"}))
    plan = read(place, file, buyer="")
    assert set(contracts(plan)) == {"2026-014"}
    assert plan.aside == 1
    assert [(it.value, it.chosen) for it in plan.options] == [(OURS[:9], True), (OTHER[:9], False)]
    assert set(contracts(read(place, file, buyer=OTHER[:9]))) == {"x"}
    assert set(contracts(read(place, file))) == {"2026-014", "x"}


def test_the_same_number_of_two_buyers_is_two_contracts(place: Place) -> None:
    plan = read(place, decp(marche(), marche(acheteur={"id": OTHER, "nom": "Rennes"})))
    assert len(contracts(plan)) == 2
    assert {body.number for body in contracts(plan).values()} == {"2026-014"}


def test_wrong_rows_are_told_and_the_others_taken(place: Place) -> None:
    wrong = [
        marche(id="a", dureeMois="douze"),
        marche(id="b", montant=-1),
        marche(id="c", dateNotification="12/03/2026"),
        marche(id="d", nature="Troc"),
        marche(id="e", titulaires=[{"id": "123"}]),
        marche(id="f", acheteur={"id": "12345678901234"}),
        marche(id="g", objet=" "),
        marche(id=None),
        marche(id="h", dureeMois=1.5),
        marche(id="i", montant="inf"),
    ]
    plan = read(place, decp(*wrong, marche()))
    assert set(contracts(plan)) == {"2026-014"}
    assert [(it.row, it.column, it.code) for it in plan.wrong] == [
        (1, "dureeMois", "number"),
        (2, "montant", "number"),
        (3, "dateNotification", "day"),
        (4, "nature", "contract-nature"),
        (5, "titulaires.id", "siret"),
        (6, "acheteur.id", "siret"),
        (7, "objet", "empty"),
        (8, "id", "contract-number"),
        (9, "dureeMois", "months"),
        (10, "montant", "number"),
    ]
    assert plan.wrong[0].cells == ("a", OURS, "Entretien de l'éclairage public")


def test_an_item_that_is_no_contract_is_a_wrong_row(place: Place) -> None:
    plan = read(place, (("a.json", b'{"marches": [42, null, ["x"], {"id": {"a": 1}, "objet": []}]}'),))
    assert len(plan.wrong) == 4
    assert plan.empty


def test_holders_from_abroad_are_known_by_their_name_and_country(place: Place) -> None:
    abroad = marche(
        titulaires=[
            {"titulaire": {"typeIdentifiant": "TVA", "id": "DE814864138", "denominationSociale": "Licht GmbH"}},
            {"titulaire": {"typeIdentifiant": "TVA", "id": "FR83552045999"}},
            {"titulaire": {"typeIdentifiant": "TAHITI", "id": "123456", "denominationSociale": "Fenua SARL"}},
            {"titulaire": {"typeIdentifiant": "HORS-UE", "id": "987"}},
        ]
    )
    plan = read(place, decp(abroad))
    found = contracts(plan)["2026-014"]
    assert found.holders == ("licht-gmbh", "siren-552045999", "fenua-sarl")
    countries = {one.slug: one.body.country for one in plan.proposals if isinstance(one.body, Organisation)}
    assert (countries["licht-gmbh"], countries["fenua-sarl"]) == ("DE", "PF")
    assert ("titulaires.id", "HORS-UE 987 ") in {(it.what, f"{it.found} ") for it in plan.left}


def test_what_has_no_field_is_told_and_counted(place: Place) -> None:
    changed = marche(id="2", modifications=[{"id": 1, "objetModification": "Plus de lampes"}])
    plan = read(place, decp(marche(), changed))
    told = {it.what: (it.found, it.count) for it in plan.left}
    assert told == {"codeCPV": ("50232100", 2), "modifications.objetModification": ("Plus de lampes", 1)}


def test_organisations_are_found_again_by_their_siren(place: Place) -> None:
    ours(place)
    plan = read(place, decp(marche()))
    assert contracts(plan)["2026-014"].buyer == "ville"
    assert "siren-214401093" not in {it.slug for it in plan.proposals}


def test_an_organisation_of_a_wrong_row_is_not_proposed(place: Place) -> None:
    plan = read(place, decp(marche(montant="beaucoup")))
    assert plan.proposals == ()


def test_contracts_taken_back_leave_the_registers_as_they_were(place: Place) -> None:
    ours(place)
    before = place.exported("before")
    changes = [{"id": 1, "dateNotificationModification": "2026-06-01", "montant": 200000}]
    done = place.done(*place.looked("contracts", decp(marche(modifications=changes), marche(id="2")), {"buyer": "*"}))
    assert present(HERE, place.now).all(Contract)
    place.undone(done)
    assert same(before, place.exported("after"))
