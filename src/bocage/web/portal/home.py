"""The first page: what is measured here, what is promised, a figure of now, and the person to speak to."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import registers
from bocage.accounts.rights import Right, may
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import Algorithm, Reach
from bocage.domain.declaration import Key
from bocage.domain.indicator import Indicator
from bocage.domain.project import Project
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.territory import Territory
from bocage.publish import processing, provenance, sight
from bocage.web.page import page
from bocage.web.portal.figures import charted, figures
from bocage.web.portal.here import running
from bocage.web.portal.knowledge import known
from bocage.web.portal.promises import overview
from bocage.web.request import Request


def home(request: Request) -> HttpResponse:
    """The only territory of this instance, or the list of those it serves."""
    slugs = registers.territories()
    if len(slugs) == 1:
        return HttpResponseRedirect(reverse("portal.territory", args=[slugs[0]]))
    found: list[tuple[str, Territory]] = []
    for slug in slugs:
        entry = registers.find(Key(territory=slug, kind="territory", slug=slug))
        if entry is not None and isinstance(entry.body, Territory):
            found.append((slug, entry.body))
    values = {
        "territories": sorted(found, key=lambda pair: pair[1].title.fr),
        "begins": may(request.actor, Right.BEGIN_TERRITORIES, ""),
    }
    return page(request, "portal/home.html", values)


def territory(request: Request, territory: str) -> HttpResponse:
    """What a resident reads first."""
    all_known = known(request)
    facts, seen, catalogue = all_known.facts, all_known.sight, all_known.catalogue
    kept, shown = overview(request), figures(request, facts, seen)
    return page(
        request,
        "portal/territory.html",
        {
            "properties": _properties(facts, seen),
            "things": len(seen.seen),
            "withheld": seen.withheld,
            "purposes": processing.register(facts),
            "open": [item for item in catalogue if item.open],
            "closed": [item for item in catalogue if not item.open],
            "figures": shown,
            "chart": charted(request, shown[0]) if len(shown) == 1 else None,
            "provenance": provenance.provenance(facts, _open_streams(seen)),
            "kept": kept,
            "mended": [item for item in kept if item.to_mend],
            "running": len(running(all_known)),
            "rules": sum(entry.in_force and entry.reach is Reach.STEERING for entry in facts.all(Algorithm).values()),
            "indicators": len(facts.all(Indicator)),
            "projects": len(facts.all(Project)),
        },
    )


def _open_streams(seen: sight.Sight) -> list[Datastream]:
    return [stream for item in seen.seen.values() for _, stream in item.streams if stream.id in item.shown]


def _properties(facts: TerritoryFacts, seen: sight.Sight) -> list[tuple[ObservedProperty, int, str]]:
    """What is measured, by how many things of those that are told, most first."""
    things: dict[str, set[str]] = {}
    for item in seen.seen.values():
        for _, stream in item.streams:
            things.setdefault(stream.observed_property, set()).add(item.slug)
    counted = [
        (found, len(held), slug) for slug, held in things.items() if (found := facts.one(ObservedProperty, slug))
    ]
    return sorted(counted, key=lambda pair: (-pair[1], pair[0].title.fr))
