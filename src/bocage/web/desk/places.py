"""The map of things with their live values, and the list beside it that says the same."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.instant import to_ms
from bocage.domain.sensing import Thing
from bocage.web.desk import reach
from bocage.web.desk.silence import silent
from bocage.web.desk.things import listing
from bocage.web.page import page
from bocage.web.request import Request


def places(request: Request, territory: str) -> HttpResponse:
    """The map and its list."""
    bench = reach.bench(request)
    items = listing(request, bench, _sorted(bench))
    quiet = silent(bench, _newest(items), to_ms(request.parts.clock()))
    values = {
        "items": items,
        "placed": sum(1 for item in items if item["thing"].location),
        "quiet": quiet,
        "points": reverse("desk.points", args=[territory]),
    }
    return page(request, "desk/map.html", values)


def points(request: Request, territory: str) -> HttpResponse:
    """The same things as GeoJSON."""
    bench = reach.bench(request)
    items = listing(request, bench, [pair for pair in _sorted(bench) if pair[1].location])
    quiet = silent(bench, _newest(items), to_ms(request.parts.clock()))
    features = [_feature(request, item, quiet) for item in items]
    body = msgspec.json.encode({"type": "FeatureCollection", "features": features})
    return HttpResponse(body, content_type="application/geo+json")


def _sorted(bench: reach.Bench) -> list[tuple[str, Thing]]:
    return sorted(bench.things.items(), key=lambda pair: pair[1].title.fr.casefold())


def _newest(items: list[dict[str, Any]]) -> dict[int, int]:
    return {line["stream"].id: line["value"].end for item in items for line in item["lines"] if line["value"]}


def _feature(request: Request, item: dict[str, Any], quiet: frozenset[int]) -> dict[str, Any]:
    held = [line for line in item["lines"] if line["value"]]
    best = max(held, key=lambda line: line["value"].start, default=None)
    silence = bool(held) and all(line["stream"].id in quiet for line in held)
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(item["thing"].location)},
        "properties": {
            "slug": item["slug"],
            "title": item["thing"].title.read(request.lang)[0],
            "href": reverse("desk.thing", args=[request.slug, item["slug"]]),
            "state": "silent" if silence or not held else "measured",
            "value": best["said"] if best else "",
            "datastream": best["stream"].id if best else 0,
            "unit": best["unit"] if best else "",
        },
    }
