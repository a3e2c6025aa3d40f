"""What the declare page proposes before anybody answers, from what is already known; every answer stays open."""

from typing import Any

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.hosting_site import HostingSite
from bocage.domain.purpose import Purpose
from bocage.domain.quantity import QUANTITIES
from bocage.domain.sensing import Datastream
from bocage.web.desk import proposals
from bocage.web.desk.proposals import Hints
from bocage.web.desk.sections import Section


def chosen(facts: TerritoryFacts, flow: Flow, section: Section, hints: Hints) -> str:
    """The purpose and the dataset of the service it is for, when there is only one; the only hosting site."""
    if section.struct in (Purpose, Dataset):
        service = flow.purpose.service if flow.purpose else _service(facts, hints)
        bodies = facts.declared.get(section.kind, {})
        fitting = [slug for slug in section.known if service and getattr(bodies[slug], "service", "") == service]
        return fitting[0] if len(fitting) == 1 else ""
    if section.struct is HostingSite and len(section.known) == 1:
        return section.known[0]
    return ""


def begun(facts: TerritoryFacts, flow: Flow, section: Section, hints: Hints) -> dict[str, Any]:
    """First values of the fields: what is proposed for the quantity, over the sender's own name, the cadence the
    purpose asks for, what is not personal."""
    purpose, known = flow.purpose, proposals.begun(facts, section, hints)
    if section.struct is Datastream:
        cadence = purpose.cadence_seconds if purpose else None
        return {"title": {"fr": flow.key, "en": ""}, "cadence_seconds": cadence, **known}
    if section.struct is Dataset and not section.completing and purpose is not None:
        named = {"service": purpose.service}
        return {**known, **named, **({"sensitivity": Sensitivity.PUBLIC.value} if purpose.personal is False else {})}
    return known


def _service(facts: TerritoryFacts, hints: Hints) -> str:
    quantity = QUANTITIES.get(hints.quantity)
    return proposals.service(facts, quantity.competence) if quantity else ""
