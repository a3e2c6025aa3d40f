"""What a public page knows of its territory: current declarations and entities, on the day it is there."""

from datetime import date
from zoneinfo import ZoneInfo

from bocage.commitments.facts import TerritoryFacts
from bocage.publish.knowledge import Known
from bocage.web.request import Request


def today(request: Request) -> date:
    """The civil day of the territory."""
    return request.parts.clock().astimezone(ZoneInfo(zone_of(request))).date()


def zone_of(request: Request) -> str:
    """The zone of the territory's clocks."""
    return request.territory.time_zone if request.territory else "Europe/Paris"


def known(request: Request) -> Known:
    """All that the territory declares now, and what follows for the public."""
    return request.parts.memory.known(request.slug, today(request))


def titles(facts: TerritoryFacts, lang: str) -> dict[str, str]:
    """Titles by slug, for sentences that name a declaration or an entity."""
    found = {}
    for bodies in facts.declared.values():
        for slug, body in bodies.items():
            title = getattr(body, "title", None)
            if title is not None:
                found[slug] = title.read(lang)[0]
    return found
