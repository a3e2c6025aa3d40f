"""The signs of the sensors at the desk: what hangs where, what lacks its notice, and printing one or all of them."""

from typing import Any

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage import commitments
from bocage.accounts.rights import may_begin
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Moment
from bocage.domain.decision import Refusal
from bocage.domain.public_service import PublicService
from bocage.domain.sensor_notice import SensorNotice
from bocage.publish import hanging
from bocage.publish.hanging import Hung
from bocage.publish.knowledge import Known
from bocage.web.desk.reach import names
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.portal.notices import LISTED, feature
from bocage.web.portal.paging import part
from bocage.web.request import Request


def signs(request: Request, territory: str) -> HttpResponse:
    """Every notice, the things in public space without one, and what to print."""
    all_known = known(request)
    found = hanging.hung(all_known)
    services = {slug for one in found for slug in one.services}
    values = {
        "listed": part(request, found, LISTED),
        "without": hanging.without(all_known),
        "refusals": refusals(request, all_known, found[0].slug if found else ""),
        "services": [(slug, body.title) for slug in sorted(services) if (body := _service(all_known, slug))],
        "places": sorted({place for one in found for place in one.places}),
        "copies": len(hanging.chosen(found)),
        "may_declare": may_begin(request.actor, territory, SensorNotice.kind),
        "points": reverse("desk.sign-points", args=[territory]),
        "names": names(all_known.facts, request.lang),
    }
    return page(request, "desk/signs.html", values)


def _service(all_known: Known, slug: str) -> PublicService | None:
    return all_known.facts.one(PublicService, slug)


def refusals(request: Request, all_known: Known, slug: str) -> tuple[Refusal, ...]:
    """Why the sign of this notice cannot be printed now, as the gate says it; empty when it can."""
    notice = all_known.facts.one(SensorNotice, slug)
    if notice is None:
        return ()
    printing = Printing(
        notice_slug=slug, notice=notice, today=all_known.facts.today, public_url=request.parts.public_url
    )
    return tuple(one for one in commitments.decide(Moment.PRINT, printing) if isinstance(one, Refusal))


def points(request: Request, territory: str) -> HttpResponse:
    """Things with a notice, and things in public space without, as GeoJSON."""
    all_known = known(request)
    features = [_noticed(request, one, slug) for one in hanging.hung(all_known) for slug, thing in one.things]
    for slug, thing in hanging.without(all_known):
        features.append(feature(request, slug, thing, ("desk.thing", slug), "refused"))
    body = msgspec.json.encode({"type": "FeatureCollection", "features": [one for one in features if one]})
    return HttpResponse(body, content_type="application/geo+json")


def _noticed(request: Request, one: Hung, slug: str) -> dict[str, Any] | None:
    return feature(request, slug, dict(one.things)[slug], ("desk.declaration", SensorNotice.kind, one.slug), "measured")
