"""All sensors on one page, on a map and in a list that says the same; and one page for each thing."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.errors import Missing
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.publish import notice, provenance, publication, sight
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.portal.preview import last_days
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request


def sensors(request: Request, territory: str) -> HttpResponse:
    """The map of everything that measures in public, and the same as a list."""
    facts = known(request)
    seen = sight.sight(facts)
    values = latest(request.parts.store, (n for item in seen.seen.values() for n in item.shown))
    chosen = request.GET.get("measure", "")
    items = [_line(facts, item, values) for item in seen.seen.values()]
    measures = _measures(facts, seen)
    shown = [item for item in items if not chosen or chosen in item["measures"]]
    return page(
        request,
        "portal/sensors.html",
        {
            "items": shown,
            "total": len(items),
            "measures": sorted(measures.items(), key=lambda pair: pair[1].title.fr),
            "chosen": chosen if chosen in measures else "",
            "withheld": seen.withheld,
            "tiles": request.parts.tiles,
            "points": reverse("portal.points", args=[request.slug])
            + (f"?measure={chosen}" if chosen in measures else ""),
        },
    )


def _measures(facts: TerritoryFacts, seen: sight.Sight) -> dict[str, ObservedProperty]:
    slugs = {stream.observed_property for item in seen.seen.values() for _, stream in item.streams}
    return {slug: found for slug in slugs if (found := facts.one(ObservedProperty, slug))}


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
        "measures": set(measured),
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
    facts = known(request)
    item = sight.sight(facts).seen.get(thing)
    if item is None:
        raise Missing("a thing shown to the public", thing)
    values = latest(request.parts.store, item.shown)
    series = []
    for slug, stream in item.streams:
        line = _series(facts, stream, values.get(stream.id), stream.id in item.shown)
        held = facts.one(Dataset, stream.dataset)
        line["publication"] = publication.publication(facts, stream.dataset) if held else None
        line["chart"] = last_days(request, stream) if line["shown"] and line["value"] else None
        line["slug"] = slug
        series.append(line)
    return page(
        request,
        "portal/sensor.html",
        {
            "item": item,
            "series": series,
            "notices": notice.notices_for(facts, thing),
            "provenance": provenance.provenance(facts, (stream for _, stream in item.streams)),
        },
    )
