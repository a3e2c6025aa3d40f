"""The datasets: which are open, which are not and why, and what one may take away."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.act import Act
from bocage.domain.declaration import Declaration
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import to_ms
from bocage.domain.nature import Nature
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import PublicService
from bocage.domain.role import Role
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.publish import provenance, publication, quality
from bocage.publish.knowledge import Known
from bocage.steer import activity_of
from bocage.store.protocol import Extent
from bocage.web.page import page
from bocage.web.portal.knowledge import known, titles
from bocage.web.portal.paging import part
from bocage.web.portal.preview import Preview, last_days
from bocage.web.portal.values import latest, unit_of
from bocage.web.request import Request

DRAWN = 4
"""Series drawn on a dataset's page; the others are in its table."""
LISTED = 100


def datasets(request: Request, territory: str) -> HttpResponse:
    """Open datasets first; each closed or refused one with its reason."""
    all_known = known(request)
    facts, catalogue = all_known.facts, all_known.catalogue
    held = {item.slug: _held(request.parts.store.extent(item.numbers)) for item in catalogue if item.open}
    return page(
        request,
        "portal/data.html",
        {
            "open": [item for item in catalogue if item.open],
            "others": [item for item in catalogue if not item.open],
            "held": held,
            "names": titles(facts, request.lang),
        },
    )


def dataset(request: Request, territory: str, dataset: str) -> HttpResponse:
    """One dataset: what is in it, how good it is, where it comes from, and how to take it."""
    all_known = known(request)
    facts, found = all_known.facts, all_known.publication(dataset)
    streams = [stream for _, stream in found.streams]
    return page(
        request,
        "portal/dataset.html",
        {
            "found": found,
            "refusals": found.refusals,
            "names": titles(facts, request.lang),
            "provenance": provenance.provenance(facts, streams),
            "linked": _linked(facts, found),
            **(_contents(request, all_known, found) if found.open else {}),
        },
    )


def _linked(facts: TerritoryFacts, found: publication.Publication) -> dict[str, tuple[str, Declaration] | None]:
    """The declarations the page points to, each one click away."""
    held = found.dataset
    asked: dict[str, tuple[type[Declaration], str]] = {
        "service": (PublicService, held.service),
        "owner": (Organisation, held.owner),
        "steward": (Role, held.steward),
        "hosting": (HostingSite, held.hosting),
        "act": (Act, held.act),
    }
    return {name: (slug, body) if (body := facts.one(kind, slug)) else None for name, (kind, slug) in asked.items()}


def _contents(request: Request, all_known: Known, found: publication.Publication) -> dict[str, Any]:
    facts, told = all_known.facts, all_known.sight.seen
    extents = {extent.datastream: extent for extent in request.parts.store.extent(found.numbers)}
    listed = part(request, found.streams, LISTED)
    values = latest(request.parts.store, (stream.id for _, stream in listed.items))
    series = [
        {
            "slug": slug,
            "stream": stream,
            "thing": facts.one(Thing, stream.thing),
            "told": stream.thing in told,
            "observed": facts.one(ObservedProperty, stream.observed_property),
            "unit": unit_of(stream),
            "extent": extents.get(stream.id),
            "value": values.get(stream.id),
        }
        for slug, stream in listed.items
    ]
    return {
        "series": series,
        "listed": listed,
        "held": _held(extents.values()),
        "previews": _previews(request, found, extents),
        "quality": _quality(request, found, extents),
    }


def _quality(request: Request, found: publication.Publication, extents: dict[int, Extent]) -> quality.Quality | None:
    """Of a dataset small enough to be shown on one page; nothing is said of larger ones."""
    if not extents or len(found.streams) > LISTED:
        return None
    now = to_ms(request.parts.clock())
    return quality.weighed(found.streams, activity_of(found.numbers, *quality.span(now)), extents, now)


def _previews(
    request: Request, found: publication.Publication, extents: dict[int, Extent]
) -> list[tuple[Datastream, Preview]]:
    drawn = []
    # A direction says little without its map of winds: what can be read as a line or as bars comes first.
    for _slug, stream in sorted(found.streams, key=lambda pair: pair[1].nature is Nature.DIRECTION):
        preview = last_days(request, stream) if stream.id in extents else None
        if preview:
            drawn.append((stream, preview))
        if len(drawn) == DRAWN:
            break
    return drawn


def _held(extents: Iterable[Extent]) -> dict[str, int] | None:
    """How many observations, from when to when; None when there is none."""
    known_extents = [extent for extent in extents if extent.count]
    if not known_extents:
        return None
    return {
        "count": sum(extent.count for extent in known_extents),
        "first": min(extent.first for extent in known_extents),
        "last": max(extent.last for extent in known_extents),
    }
