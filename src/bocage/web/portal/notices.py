"""The notices of sensors: all on one map and in one list; and each with what is sensed, why, by whom, who to ask."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage.domain.sensing import Thing
from bocage.publish import dtpr, hanging, sign
from bocage.publish.notice import notice_of
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.portal.paging import part
from bocage.web.request import Request

LISTED = 100
"""Notices on one page of the list."""


def notices(request: Request, territory: str) -> HttpResponse:
    """Every notice and where it stands."""
    found = hanging.hung(known(request))
    values = {
        "listed": part(request, found, LISTED),
        "printable": bool(request.parts.public_url),
        "tiles": request.parts.tiles,
        "points": reverse("portal.notice-points", args=[territory]),
    }
    return page(request, "portal/notices.html", values)


def points(request: Request, territory: str) -> HttpResponse:
    """The things that notices stand for, as GeoJSON."""
    features = [
        feature(request, slug, thing, ("portal.notice", one.slug), "measured")
        for one in hanging.hung(known(request))
        for slug, thing in one.things
    ]
    body = msgspec.json.encode({"type": "FeatureCollection", "features": [one for one in features if one]})
    return HttpResponse(body, content_type="application/geo+json")


def feature(request: Request, slug: str, thing: Thing, route: tuple[str, ...], state: str) -> dict[str, Any] | None:
    """A thing as a pin that leads to a page of its territory; None where it has no position."""
    if thing.location is None:
        return None
    name, *rest = route
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(thing.location)},
        "properties": {
            "slug": slug,
            "title": thing.title.read(request.lang)[0],
            "href": reverse(name, args=[request.slug, *rest]),
            "state": state,
            "value": "",
            "datastream": 0,
            "unit": "",
        },
    }


def notice(request: Request, territory: str, notice: str) -> HttpResponse:
    """The whole chain, each link one click from the declaration that allows it."""
    all_known = known(request)
    found = notice_of(all_known, notice)
    values = {
        "notice": found,
        "told": all_known.sight.seen,
        "attribution": dtpr.attribution(),
        "printable": bool(request.parts.public_url),
        "languages": sign.spoken(found.declared) if found.declared else (),
    }
    return page(request, "portal/notice.html", values)
