"""Declare a refused series from its refusal: one page asks what lacks, and one change records it all."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.domain.text import message as _
from bocage.web import errors
from bocage.web.desk import reach
from bocage.web.desk.asking import Case, Outcome, drawn_questions, record, refused
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


def declare(request: Request, territory: str) -> HttpResponse:
    """What this series lacks, or the recording of the answers."""
    source, key = _asked(request, "source"), _asked(request, "key")
    if not source or not key:
        return HttpResponseRedirect(reverse("desk.refusals", args=[territory]))
    case = Case(facts=facts_of(request), source=source, keys=(key,))
    if not reach.may_mend(request, case.facts, source):
        return errors.forbidden(request)
    if request.method != "POST":
        return _show(request, case)
    outcome = record(request, case, request.POST.getlist("section"))
    return _after(request, source, key) if outcome.recorded else _show(request, case, outcome)


def _asked(request: Request, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "")


def _after(request: Request, source: str, key: str) -> HttpResponse:
    here = urlencode({"source": source, "key": key})
    if refused(facts_of(request), source, key):
        say(request, words.translate(_("Recorded. This series still lacks what follows."), request.lang))
        return HttpResponseRedirect(f"{reverse('desk.declare', args=[request.slug])}?{here}")
    said = _("Recorded: this series may flow. Nothing of what was refused was kept: send it again.")
    say(request, words.translate(said, request.lang))
    return HttpResponseRedirect(f"{reverse('desk.refusals', args=[request.slug])}?{here}#mended")


def _show(request: Request, case: Case, outcome: Outcome | None = None) -> HttpResponse:
    errors = outcome.found.errors if outcome else {}
    stopped = outcome.refusals if outcome else ()
    values = {
        "source": case.source,
        "key": case.key,
        "flow": case.facts.flow(case.source, case.key),
        "asked": drawn_questions(request, case, outcome),
        "newly": {one.kind for one in outcome.more} if outcome else set(),
        "errors": errors,
        "refusals": stopped or refused(case.facts, case.source, case.key),
        "stopped": bool(stopped),
        "names": reach.names(case.facts, request.lang),
    }
    return page(request, "desk/declare.html", values, status=422 if errors or stopped else 200)
