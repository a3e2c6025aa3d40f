"""Indicators at the desk: all of them, with the figures of the series this person may read."""

from typing import Any

from django.http import HttpResponse

from bocage.accounts.rights import Right, may, may_begin, may_declare
from bocage.domain.public_service import PublicService
from bocage.publish.indicators import Followed, all_followed, closing, followed
from bocage.web import errors
from bocage.web.desk.reach import Bench, bench
from bocage.web.page import page
from bocage.web.portal.indicators import as_csv
from bocage.web.portal.knowledge import known
from bocage.web.portal.stories import Told, told
from bocage.web.request import Request


def indicators(request: Request, territory: str) -> HttpResponse:
    """The list, by service, each with its last figure."""
    work = bench(request)
    found = [(one, shown(request, work, one)) for one in all_followed(work.facts)]
    services = work.facts.all(PublicService)
    values = {
        "found": sorted(found, key=lambda pair: pair[0].indicator.service),
        "services": services,
        "may_declare": may_begin(request.actor, territory, "indicator"),
        "council": {slug for slug in services if may(request.actor, Right.READ_COUNCIL, territory, service=slug)},
    }
    return page(request, "desk/indicators.html", values)


def indicator(request: Request, territory: str, indicator: str) -> HttpResponse:
    """One indicator: story, chart, table; closed series too, for whoever may read them."""
    work, all_known = bench(request), known(request)
    one = followed(work.facts, indicator)
    service = one.indicator.service
    values: dict[str, Any] = {
        "one": one,
        "story": shown(request, work, one, request.GET.get("series", "")),
        "service": work.facts.one(PublicService, service),
        "closing": [] if one.open(all_known.opened) else closing(all_known.publications, one, all_known.opened),
        "public": one.open(all_known.opened),
        "may_declare": may_declare(request.actor, territory, "indicator", service=service),
        "may_council": bool(service) and may(request.actor, Right.READ_COUNCIL, territory, service=service),
    }
    return page(request, "desk/indicator.html", values)


def sheet(request: Request, territory: str, indicator: str) -> HttpResponse:
    """Its figures as CSV."""
    work = bench(request)
    one = followed(work.facts, indicator)
    return as_csv(request, one) if readable(work, one) else errors.forbidden(request)


def shown(request: Request, work: Bench, one: Followed, line: str = "") -> Told:
    """What this person is told of it."""
    return told(request, work.facts, one, (readable(work, one), work.things), line)


def readable(work: Bench, one: Followed) -> bool:
    """Whether this person may read all the series behind it."""
    return one.open({stream.id for stream in work.streams.values()})
