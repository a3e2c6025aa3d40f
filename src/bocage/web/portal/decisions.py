"""What is decided with the measurements: the rules that look at them, the figures followed, what they are for."""

from django.http import HttpResponse

from bocage.domain.algorithm import Algorithm, Automation, Reach
from bocage.domain.project import Project
from bocage.domain.public_service import PublicService
from bocage.publish import processing
from bocage.publish.indicators import all_followed
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request

FOLLOWED = 6
"""Indicators named here; their page has them all."""


def decisions(request: Request, territory: str) -> HttpResponse:
    """The published rules in force, then indicators, then purposes."""
    facts = known(request).facts
    entries = sorted(facts.all(Algorithm).items(), key=lambda pair: pair[1].title.fr.casefold())
    followed = all_followed(facts)
    values = {
        "rules": [(slug, entry) for slug, entry in entries if entry.in_force and entry.reach is Reach.STEERING],
        "founding": sum(entry.in_force and entry.reach is Reach.INDIVIDUAL for _slug, entry in entries),
        "past": sum(not entry.in_force and entry.reach is Reach.STEERING for _slug, entry in entries),
        "deciding": any(entry.in_force and entry.automation is Automation.DECIDES for _slug, entry in entries),
        "projects": len(facts.all(Project)),
        "services": facts.all(PublicService),
        "indicators": followed[:FOLLOWED],
        "more": max(0, len(followed) - FOLLOWED),
        "purposes": processing.register(facts),
    }
    return page(request, "portal/decisions.html", values)
