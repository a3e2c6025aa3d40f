"""What is past its retention waits for the archives: a slip is prepared, its visa lets it go, with proof."""

from datetime import timedelta
from typing import Any

import msgspec

from bocage import evidence, registers
from bocage.domain.declaration import Key
from bocage.domain.disposal_slip import DisposalSlip, Visa
from bocage.domain.instant import DAY
from bocage.domain.purpose import Purpose
from bocage.domain.role import RoleName
from bocage.evidence import retention

from .world import AT, HERE

PAGE = f"/{HERE}/desk/retention"


def test_a_slip_is_prepared_and_what_it_lists_goes_once_it_has_its_visa(world: Any) -> None:
    desk = world.sign_in()
    series = next(iter(evidence.facts.present(HERE, AT).declared["datastream"].values()))
    assert "rien à décider" in desk.get(PAGE).content.decode()
    world.keep(series.id, [1.0] * 10, until=AT - timedelta(days=900), step=DAY)  # two years is what the purpose says
    world.keep(series.id, [2.0] * 5)
    assert retention.run(world.parts.store, AT)[0].values == {"count": 0}
    found = [one for one in evidence.findings(HERE, AT + timedelta(hours=2)) if one.code == "retention-due"]
    assert [one.values["purpose"] for one in found] == ["aerer"]

    answer = desk.post(PAGE, {"purpose": "aerer"}, follow=True)
    [slip] = registers.current(HERE, DisposalSlip.kind)
    assert isinstance(slip.body, DisposalSlip)
    assert (slip.body.count, slip.body.series) == (10, 1)
    assert "Code du patrimoine, L212-2" in answer.content.decode()
    assert "le visa est attendu" in desk.get(PAGE).content.decode()
    assert retention.run(world.parts.store, AT)[0].values == {"count": 0}

    signed = msgspec.structs.replace(slip.body, visa=Visa(archives="ville", number="2026-7", day=AT.date()))
    world.put(DisposalSlip.kind, slip.key.slug, signed, slip.version)
    assert retention.run(world.parts.store, AT)[0].values == {"count": 10}
    told = desk.get(PAGE).content.decode()
    assert "les fichiers téléchargés avant" in told
    assert slip.key.slug in told
    assert [one.under for one in retention.proofs(HERE)] == [f"disposal-slip/{slip.key.slug}"]


def test_nobody_prepares_a_slip_without_the_right_to_and_none_for_nothing(world: Any) -> None:
    agent = world.sign_in(RoleName.AGENT, email="lea@ville.example")
    assert agent.get(PAGE).status_code == 200
    assert agent.post(PAGE, {"purpose": "aerer"}).status_code == 403
    desk = world.sign_in()
    assert desk.post(PAGE, {"purpose": "aerer"}).headers["Location"] == PAGE
    assert desk.post(PAGE, {"purpose": "inconnue"}).headers["Location"] == PAGE
    assert desk.get(f"{PAGE}/inconnu").status_code == 404
    assert not registers.current(HERE, DisposalSlip.kind)
    key = Key(territory=HERE, kind=Purpose.kind, slug="aerer")
    assert registers.find(key) is not None
