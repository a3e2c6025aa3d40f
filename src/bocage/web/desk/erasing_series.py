"""Erases what a series holds about a person, at their request: measurements, what was worked out, the next copies."""

from datetime import date, timedelta

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.commitments.flow import Flow
from bocage.domain.errors import Conflict, Missing
from bocage.domain.instant import EARLIEST, LATEST, day_bounds
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.evidence import retention
from bocage.evidence.due import Due
from bocage.web.desk import reach
from bocage.web.page import page, say
from bocage.web.request import Request


def erase(request: Request, territory: str, datastream: str) -> HttpResponse:
    """Says what it erases and what it cannot reach; then erases everything up to a day."""
    facts = reach.facts_of(request)
    stream = facts.one(Datastream, datastream)
    flow = facts.flow(stream.source, stream.key or datastream) if stream is not None else None
    if stream is None or flow is None or flow.course.purpose is None or flow.course.purpose.personal is False:
        raise Missing("a series about persons", datastream)
    if evidence.holds_back(stream.id):
        remedy = _("Lift the restriction first, on the page of the request; the person is told before (GDPR 18(3)).")
        raise Conflict(_("series whose use nobody restricted"), datastream, remedy)
    typed = str(request.POST.get("until", ""))
    until = _day(typed, facts.today)
    if request.method == "POST" and until is not None:
        kept = until + timedelta(days=1)
        due = Due(
            territory=territory,
            purpose=flow.course.purpose_slug,
            datastreams=(stream.id,),
            before=day_bounds(kept, facts.zone)[0],
            day=kept,
            under=f"{retention.REQUEST}/",
        )
        count = retention.erase(request.parts.store, due, request.parts.clock())
        said = words.translate(
            _("Measurements erased for good: %(count)s. The proof stands in the register."), request.lang
        )
        say(request, said % {"count": words.number(count, request.lang)})
        return HttpResponseRedirect(reverse("desk.datastream", args=[territory, datastream]))
    return _page(request, datastream, (stream, flow), wrong=request.method == "POST")


def _page(request: Request, slug: str, about: tuple[Datastream, Flow], *, wrong: bool) -> HttpResponse:
    stream, flow = about
    values = {
        "name": slug,
        "stream": stream,
        "purpose": flow.course.purpose,
        "count": request.parts.store.holding([stream.id], EARLIEST, LATEST).count,
        "until": str(request.POST.get("until") or reach.facts_of(request).today.isoformat()),
        "wrong": wrong,
    }
    return page(request, "desk/erase_series.html", values, status=422 if wrong else 200)


def _day(typed: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day <= today else None
