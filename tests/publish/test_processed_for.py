"""The register of a processor (GDPR 30(2)): from running agreements only, and nothing that nobody declared."""

from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.agreement import Agreement, AgreementForm
from bocage.domain.declaration import Declaration
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Information, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.publish.processed_for import document, processed_for, processor, unplaced

TODAY = date(2026, 11, 26)
AGREEMENT = Agreement(
    title=Text(fr="Hébergement des badges"),
    form=AgreementForm.PROCESSOR,
    parties=("syndicat", "bourg"),
    leader="syndicat",
    purposes=("badges",),
)


def facts(agreement: Agreement = AGREEMENT, **more: Declaration) -> TerritoryFacts:
    declared: dict[str, dict[str, Declaration]] = {
        "territory": {"syndicat": Territory(title=Text(fr="Syndicat"), officer=Text(fr="Bureau 3"))},
        "organisation": {
            "syndicat": Organisation(title=Text(fr="Syndicat")),
            "bourg": Organisation(title=Text(fr="Bourg"), contact="1 place du Bourg"),
        },
        "purpose": {"badges": Purpose(title=Text(fr="Entrées de la déchèterie"), personal=True)},
        "agreement": {"badges": agreement},
    }
    for name, body in more.items():
        declared.setdefault(body.kind, {})[name] = body
    return TerritoryFacts(slug="syndicat", today=TODAY, declared=declared)


def test_each_controller_is_told_with_its_processing_and_what_nobody_said_is_null() -> None:
    told = document(facts(), "fr", contacts=True)
    assert told["processor"] == {
        "name": "Syndicat",
        "contact": None,
        "representative": None,
        "data_protection_officer": "Bureau 3",
    }
    [one] = told["processing"]
    assert one["controller"] == {"name": "Bourg", "representative": None, "contact": "1 place du Bourg"}
    assert (one["categories"], one["transfers"]) == (["Entrées de la déchèterie"], [])
    assert one["security"] == [{"category": "Entrées de la déchèterie", "measures": None}]


def test_who_may_not_see_addresses_is_told_none() -> None:
    assert "place du Bourg" not in str(document(facts(), "fr", contacts=False))


def test_security_is_what_the_purpose_says() -> None:
    said = Purpose(title=Text(fr="Entrées"), personal=True, information=Information(security=Text(fr="Disque chiffré")))
    [one] = document(facts(badges=said), "fr", contacts=False)["processing"]
    assert one["security"] == [{"category": "Entrées", "measures": "Disque chiffré"}]


def test_an_agreement_that_ended_that_another_one_leads_or_of_another_form_is_not_ours() -> None:
    for other in (
        {"ends": date(2026, 11, 25)},
        {"leader": "bourg"},
        {"form": AgreementForm.JOINT},
    ):
        assert processed_for(facts(msgspec.structs.replace(AGREEMENT, **other))) == ()


def test_an_agreement_without_processing_says_so() -> None:
    [one] = document(facts(msgspec.structs.replace(AGREEMENT, purposes=())), "fr", contacts=False)["processing"]
    assert (one["categories"], one["security"]) == (None, [])


def test_while_nothing_says_which_organisation_the_territory_is_nothing_is_invented() -> None:
    here = Territory(title=Text(fr="Syndicat des eaux"))
    unnamed = msgspec.structs.replace(facts(), slug="eaux", declared={**facts().declared, "territory": {"eaux": here}})
    assert (processor(unnamed), processed_for(unnamed), unplaced(unnamed)) == (None, (), True)
    role = Role(title=Text(fr="Administratrice"), role=RoleName.DATA_ADMINISTRATOR, organisation="syndicat")
    named = msgspec.structs.replace(unnamed, declared={**unnamed.declared, "role": {"une": role}})
    assert [one.controller[0] for one in processed_for(named)] == ["bourg"]
    assert not unplaced(named)
