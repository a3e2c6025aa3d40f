"""The addresses of the pages for the council: services and months, one page, the same on paper."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage.accounts.rights import Right, reach
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.instant import to_ms
from bocage.domain.public_service import PublicService
from bocage.publish import periods
from bocage.publish.council.figures import Asked, streams_of
from bocage.publish.periods import Period
from bocage.web import errors
from bocage.web.desk.council.frame import Frame
from bocage.web.desk.council.printed import printed
from bocage.web.desk.council.writing import written
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.request import Request

FIRST = 12
LONGEST_LIST = 240


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """One service this person reads, with its months, newest first; `indicators` of it are declared."""

    slug: str
    body: PublicService
    months: tuple[Period, ...]


def council(request: Request, territory: str) -> HttpResponse:
    """Every service within reach, with the months there is something to say of."""
    facts = facts_of(request)
    found = [_service(request, facts, slug) for slug in _reached(request, facts)]
    values = {"services": found, "declared": bool(facts.all(PublicService)), "first": FIRST, "missing": ""}
    return page(request, "desk/council.html", values)


def service(request: Request, territory: str, service: str) -> HttpResponse:
    """The last month that is over, of one service."""
    facts = facts_of(request)
    if service not in facts.all(PublicService):
        return _nothing(request, facts, "service")
    if service not in _reached(request, facts):
        return errors.forbidden(request)
    months = _months(request, facts, service)
    chosen = months[1] if len(months) > 1 else months[0]
    return HttpResponseRedirect(reverse("desk.council-month", args=[territory, service, chosen.name]))


def month(request: Request, territory: str, service: str, month: str) -> HttpResponse:
    """One service, one month."""
    frame = _frame(request, service, month)
    if isinstance(frame, HttpResponse):
        return frame
    months = _months(request, frame.facts, service)
    place = next((n for n, one in enumerate(months) if one.name == month), 0)
    values: dict[str, Any] = {
        "sheet": written(frame),
        "service": service,
        "month": month,
        "months": months,
        "newer": months[place - 1] if place else None,
        "older": months[place + 1] if place + 1 < len(months) else None,
        "over": frame.asked.over,
    }
    return page(request, "desk/council_month.html", values)


def pdf(request: Request, territory: str, service: str, month: str) -> HttpResponse:
    """The same on paper."""
    frame = _frame(request, service, month)
    if isinstance(frame, HttpResponse):
        return frame
    answer = HttpResponse(printed(frame, written(frame)), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{territory}-{service}-{month}.pdf"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _frame(request: Request, service: str, month: str) -> Frame | HttpResponse:
    """What the page is made from, or the page that says why there is none."""
    all_known = known(request)
    facts = all_known.facts
    if service not in facts.all(PublicService):
        return _nothing(request, facts, "service")
    if service not in _reached(request, facts):
        return errors.forbidden(request)
    months = {one.name: one for one in _months(request, facts, service)}
    if month not in months:
        return _nothing(request, facts, "month")
    now = request.parts.clock()
    address = reverse("desk.council-month", args=[request.slug, service, month])
    base = request.parts.public_url.rstrip("/")
    return Frame(
        facts=facts,
        store=request.parts.store,
        actor=request.actor,
        asked=Asked(service=service, month=months[month], zone=facts.zone, now=to_ms(now), opened=all_known.opened),
        lang=request.lang,
        now=now,
        names=names(facts, request.lang),
        address=f"{base}{address}" if base else "",
    )


def _nothing(request: Request, facts: TerritoryFacts, missing: str) -> HttpResponse:
    """No such service or month: the list, with what was asked for in vain."""
    found = [_service(request, facts, slug) for slug in _reached(request, facts)]
    values = {"services": found, "declared": bool(facts.all(PublicService)), "first": FIRST, "missing": missing}
    return page(request, "desk/council.html", values, status=404)


def _reached(request: Request, facts: TerritoryFacts) -> list[str]:
    """The services whose pages this person reads, by title."""
    far = reach(request.actor, Right.READ_COUNCIL, request.slug)
    found = [
        (body.title.fr.casefold(), slug) for slug, body in facts.all(PublicService).items() if far.covers(service=slug)
    ]
    return [slug for _title, slug in sorted(found)]


def _service(request: Request, facts: TerritoryFacts, slug: str) -> Service:
    return Service(slug=slug, body=facts.all(PublicService)[slug], months=tuple(_months(request, facts, slug)))


def _months(request: Request, facts: TerritoryFacts, service: str) -> list[Period]:
    """From the first measurement of the service, or the month before this one, to the present month."""
    now, zone = to_ms(request.parts.clock()), facts.zone
    numbers = [stream.id for stream in streams_of(facts, service).values()]
    held = [extent.first for extent in request.parts.store.extent(numbers) if extent.count] if numbers else []
    first = min([*held, _last_month(now, zone)])
    return periods.months(first, now, zone)[:LONGEST_LIST]


def _last_month(now: int, zone: str) -> int:
    """An instant of the month before this one."""
    return periods.months(now, now, zone)[0].start - 1
