"""What the declare page proposes before anybody answers, from what is already known; every answer stays open."""

from typing import Any

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.hosting_site import HostingSite
from bocage.domain.sensing import Datastream
from bocage.web.desk.sections import Section


def chosen(facts: TerritoryFacts, flow: Flow, section: Section) -> str:
    """The dataset of the service that the purpose is for, when it is the only one; the only hosting site."""
    if section.struct is Dataset and flow.purpose is not None:
        service = flow.purpose.service
        fitting = [slug for slug in section.known if service and facts.all(Dataset)[slug].service == service]
        return fitting[0] if len(fitting) == 1 else ""
    if section.struct is HostingSite and len(section.known) == 1:
        return section.known[0]
    return ""


def begun(flow: Flow, section: Section) -> dict[str, Any]:
    """First values of the fields: the sender's own name, the cadence the purpose asks for, what is not personal."""
    purpose = flow.purpose
    if section.struct is Datastream:
        cadence = purpose.cadence_seconds if purpose else None
        return {"title": {"fr": flow.key, "en": ""}, "cadence_seconds": cadence}
    if section.struct is Dataset and not section.completing and purpose is not None:
        known = {"service": purpose.service}
        return known | ({"sensitivity": Sensitivity.PUBLIC.value} if purpose.personal is False else {})
    return {}
