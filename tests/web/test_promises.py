"""The page of promises at the desk: by state, each thing to mend with its page; the draft letter to a contractor."""

from typing import Any

from bocage.domain.contract import Contract, Delivery, Rhythm
from bocage.domain.text import Text

from .world import HERE


def read(desk: Any, path: str) -> str:
    answer = desk.get(f"/{HERE}/desk/{path}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_thing_to_mend_leads_to_the_page_that_mends_it(world: Any, desk: Any) -> None:
    page = read(desk, "promises")
    assert "Personne n’est responsable de la sécurité." in page or "à corriger" in page
    assert f'href="/{HERE}/desk/registers/' in page
    only = read(desk, "promises?state=unchecked")
    assert "Ce que les territoires apprennent se partage" in only
    assert "Data lie" not in only


def test_a_late_delivery_has_its_draft_letter_and_a_contract_in_order_has_none(world: Any, desk: Any) -> None:
    delivery = Delivery(title=Text(fr="CO2"), source="capteurs", every=Rhythm.DAY)
    contract = Contract(title=Text(fr="Mesure de l’air"), number="2026-1", holders=("ville",), deliveries=(delivery,))
    world.put("contract", "air", contract)
    assert f"/{HERE}/desk/contracts/air/letter" in read(desk, "promises?state=mend")
    letter = read(desk, "contracts/air/letter")
    assert "Contrat n° 2026-1" in letter
    assert "Rien n’est jamais arrivé" in letter
    world.put("contract", "air", Contract(title=Text(fr="Mesure de l’air"), number="2026-1"), expected=1)
    assert "il n’y a rien à écrire" in read(desk, "contracts/air/letter")


def test_a_contractor_does_not_read_the_letter_of_a_contract(world: Any) -> None:
    from bocage.domain.role import RoleName

    outside = world.sign_in(RoleName.CONTRACTOR, email="prestataire@ailleurs.example")
    assert outside.get(f"/{HERE}/desk/contracts/air/letter").status_code in (403, 404)
