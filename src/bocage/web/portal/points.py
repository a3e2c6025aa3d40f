"""The things of the map as GeoJSON: the same ones as in the list, with the same words."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.sensing import Datastream
from bocage.publish import sight
from bocage.web.portal.choice import choice, chosen
from bocage.web.portal.knowledge import known
from bocage.web.portal.values import Value, latest, unit_of
from bocage.web.request import Request

LONGEST_SIGN = 5


def points(request: Request, territory: str) -> HttpResponse:
    """Every thing with a position that the address asks for."""
    asked = choice(request)
    seen = [item for item in chosen(known(request).sight, asked) if item.thing.location]
    values = latest(request.parts.store, (n for item in seen for n in item.shown))
    features = [_feature(request, item, values, asked.measure) for item in seen]
    body = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    return HttpResponse(body, content_type="application/geo+json")


def _feature(request: Request, item: sight.Seen, values: Mapping[int, Value], chosen: str) -> dict[str, Any]:
    streams = [s for _, s in item.streams if s.id in item.shown and (not chosen or s.observed_property == chosen)]
    best = max((s for s in streams if s.id in values), key=lambda s: (values[s.id].start, -s.id), default=None)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(item.thing.location or ())},
        "properties": {
            "slug": item.slug,
            "title": item.thing.title.read(request.lang)[0],
            "href": reverse("portal.sensor", args=[request.slug, item.slug]),
            "state": "measured" if best else ("silent" if streams else "closed"),
            "value": values[best.id].said(_sign(best), request.lang) if best else "",
            "datastream": best.id if best else 0,
            "unit": _sign(best) if best else "",
        },
    }


def _sign(stream: Datastream) -> str:
    """The unit where it is short enough for a pin; the list beside the map says it in full."""
    unit = unit_of(stream)
    return unit if len(unit) <= LONGEST_SIGN else ""
