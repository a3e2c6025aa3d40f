"""The datasets: which are open, which are not and why, and what one may take away."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.act import Act
from bocage.domain.declaration import Declaration
from bocage.domain.hosting_site import HostingSite
from bocage.domain.instant import to_ms
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import PublicService
from bocage.domain.role import Role
from bocage.domain.sensing import ObservedProperty, Thing
from bocage.publish import holdings, provenance, publication, quality
from bocage.publish.about import about
from bocage.publish.knowledge import Known
from bocage.store.protocol import Extent
from bocage.web.page import page
from bocage.web.portal.comparison import charts, choice
from bocage.web.portal.history import history
from bocage.web.portal.knowledge import known, titles, zone_of
from bocage.web.portal.paging import part
from bocage.web.portal.preview import STEPS
from bocage.web.portal.values import latest, unit_of
from bocage.web.request import Request

LISTED = 100
"""Series on one part of a dataset's page."""


def datasets(request: Request, territory: str) -> HttpResponse:
    """Open datasets first; each closed or refused one with its reason."""
    all_known = known(request)
    catalogue = all_known.catalogue
    held = {item.slug: _held(request.parts.store.extent(item.numbers)) for item in catalogue if item.open}
    return page(
        request,
        "portal/data.html",
        {
            "open": [item for item in catalogue if item.open],
            "others": [item for item in catalogue if not item.open],
            "held": held,
            "names": titles(all_known, request.lang),
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
            "names": titles(all_known, request.lang),
            "provenance": provenance.provenance(facts, streams),
            "linked": _linked(facts, found),
            "events": history(request, found, zone_of(request)),
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
    facts, told, store = all_known.facts, all_known.sight.seen, request.parts.store
    extents = {extent.datastream: extent for extent in store.extent(found.numbers) if extent.count}
    listed = part(request, found.streams, LISTED)
    values = latest(store, (stream.id for _, stream in listed.items))
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
    asked = choice(request, found.streams)
    now = to_ms(request.parts.clock())
    return {
        "series": series,
        "listed": listed,
        "held": _held(extents.values()),
        "asked": asked,
        "charts": charts(request, facts, found.streams, asked),
        "steps": STEPS,
        "quality": quality.measured(store, found, now),
        "periods": holdings.held(store, found, zone_of(request)),
        "now": now,
        "credit": dict(about(facts, found).notes)["attribution"],
    }


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
