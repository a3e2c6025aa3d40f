"""What the declare page proposes before anybody answers, from what is already known; every answer stays open."""

from typing import Any

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.declaration import Declaration
from bocage.domain.hosting_site import HostingSite
from bocage.domain.purpose import Purpose
from bocage.domain.quantity import QUANTITIES
from bocage.domain.sensing import Datastream
from bocage.domain.text import Text
from bocage.web.desk import proposals
from bocage.web.desk.proposals import Hints
from bocage.web.desk.sections import Section


def chosen(facts: TerritoryFacts, flow: Flow, section: Section, hints: Hints) -> str:
    """The purpose and the dataset that fit what is measured: the dataset its source names, those Bocage proposed for it
    before, else those of the service when there is only one; the only hosting site."""
    if section.struct is Dataset and flow.course.source and flow.course.source.dataset in section.known:
        return flow.course.source.dataset
    if section.struct in (Purpose, Dataset):
        service = flow.course.purpose.service if flow.course.purpose else _service(facts, hints)
        bodies = facts.declared.get(section.kind, {})
        fitting = {slug: bodies[slug] for slug in section.known if service and _of(bodies[slug]) == service}
        mine, others = _proposed(section, hints)
        exact = [slug for slug, body in fitting.items() if mine and _title(body) == mine]
        left = exact or [slug for slug, body in fitting.items() if _title(body) not in others]
        return left[0] if len(left) == 1 or exact else ""
    if section.struct is HostingSite and len(section.known) == 1:
        return section.known[0]
    return ""


def begun(facts: TerritoryFacts, flow: Flow, section: Section, hints: Hints) -> dict[str, Any]:
    """First values of the fields: what is proposed for the quantity, over the sender's own name, the cadence the
    purpose asks for, what is not personal."""
    purpose, known = flow.course.purpose, proposals.begun(facts, section, hints)
    if section.struct is Datastream:
        cadence = purpose.cadence_seconds if purpose else None
        return {"title": {"fr": flow.strand.key, "en": ""}, "cadence_seconds": cadence, **known}
    if section.struct is Dataset and not section.completing and purpose is not None:
        named = {"service": purpose.service}
        return {**known, **named, **({"sensitivity": Sensitivity.PUBLIC.value} if purpose.personal is False else {})}
    return known


def _of(body: Declaration) -> str:
    return str(getattr(body, "service", ""))


def _proposed(section: Section, hints: Hints) -> tuple[Text | None, tuple[Text, ...]]:
    """The title Bocage proposes for this quantity, and those it proposes for others; nothing for what it ignores."""
    if hints.quantity not in QUANTITIES:
        return None, ()
    mine = proposals.aim(hints.quantity)
    titles = {aim: said[section.struct is Dataset] for aim, said in proposals.AIMS.items()}
    return titles[mine], tuple(title for aim, title in titles.items() if aim != mine)


def _title(body: Declaration) -> object:
    return getattr(body, "title", None)


def _service(facts: TerritoryFacts, hints: Hints) -> str:
    quantity = QUANTITIES.get(hints.quantity)
    return proposals.service(facts, quantity.competence) if quantity else ""
