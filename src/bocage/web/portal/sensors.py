"""All sensors on one page, on a map and in a list that says the same; and one page for each thing."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import Missing
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.publish import notice, provenance, sight
from bocage.publish.knowledge import Known
from bocage.web.page import page
from bocage.web.portal.choice import choice, chosen
from bocage.web.portal.knowledge import known
from bocage.web.portal.paging import part
from bocage.web.portal.preview import last_days
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request

LISTED = 100
"""Things on one page of the list."""


def sensors(request: Request, territory: str) -> HttpResponse:
    """The map of everything that measures in public, and the same as a list."""
    all_known = known(request)
    asked = choice(request)
    found = chosen(all_known.sight, asked)
    listed = part(request, found, LISTED)
    values = latest(request.parts.store, (n for item in listed.items for n in item.shown))
    return page(
        request,
        "portal/sensors.html",
        {
            "listed": listed,
            "items": [_line(all_known.facts, item, values) for item in listed.items],
            "provenance": provenance.provenance(all_known.facts, _told(listed.items)),
            "total": len(all_known.sight.seen),
            "measures": _measures(all_known),
            "asked": asked,
            "withheld": all_known.sight.withheld,
            "tiles": request.parts.tiles,
            "points": reverse("portal.points", args=[request.slug]) + asked.query,
        },
    )


def _told(items: Iterable[sight.Seen]) -> list[Datastream]:
    return [stream for item in items for _, stream in item.streams if stream.id in item.shown]


def _measures(all_known: Known) -> list[tuple[str, ObservedProperty]]:
    """What can be chosen, by title."""
    slugs = {stream.observed_property for item in all_known.sight.seen.values() for _, stream in item.streams}
    found = [(slug, body) for slug in slugs if (body := all_known.facts.one(ObservedProperty, slug))]
    return sorted(found, key=lambda pair: pair[1].title.fr)


def _line(facts: TerritoryFacts, item: sight.Seen, values: Any) -> dict[str, Any]:
    """One thing of the list; series that measure the same are told apart by their own names."""
    measured = [stream.observed_property for _, stream in item.streams]
    series = [_series(facts, stream, values.get(stream.id), stream.id in item.shown) for _, stream in item.streams]
    for line in series:
        if measured.count(line["stream"].observed_property) > 1:
            line["observed"] = line["stream"].title
    return {
        "slug": item.slug,
        "thing": item.thing,
        "noticed": bool(facts.notices.get(item.slug)),
        "series": series,
    }


def _series(facts: TerritoryFacts, stream: Datastream, value: Value | None, shown: bool) -> dict[str, Any]:
    observed = facts.one(ObservedProperty, stream.observed_property)
    return {
        "stream": stream,
        "observed": observed.title if observed else stream.title,
        "unit": unit_of(stream),
        "value": value if shown else None,
        "shown": shown,
    }


def sensor(request: Request, territory: str, thing: str) -> HttpResponse:
    """One thing: what it measures now, why it may, and where its measurements may be taken."""
    all_known = known(request)
    facts, item = all_known.facts, all_known.sight.seen.get(thing)
    bearer = facts.borne.get(thing, "")
    if item is None and bearer in all_known.sight.seen:
        return HttpResponseRedirect(reverse("portal.sensor", args=[territory, bearer]))
    if item is None:
        raise Missing("a thing shown to the public", thing)
    values = latest(request.parts.store, item.shown)
    series = []
    for slug, stream in item.streams:
        line = _series(facts, stream, values.get(stream.id), stream.id in item.shown)
        line["publication"] = all_known.publications.get(stream.dataset)
        line["chart"] = last_days(request, stream) if line["shown"] and line["value"] else None
        line["slug"] = slug
        series.append(line)
    return page(
        request,
        "portal/sensor.html",
        {
            "item": item,
            "series": series,
            "notices": notice.notices_for(all_known, thing),
            "provenance": provenance.provenance(facts, (stream for _, stream in item.streams)),
        },
    )
