"""A file handed over in the first hour: shown as it would be read, asked what lacks, and taken in at once."""

from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import may_declare
from bocage.domain.errors import BocageError, Invalid, PayloadError
from bocage.domain.quantity import QUANTITIES
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest.guessing import FORMS
from bocage.ingest.waiting import LASTS, Waiter, noted
from bocage.web import errors
from bocage.web.desk import asking, connect
from bocage.web.desk.asking import Outcome
from bocage.web.desk.first import guide, taking
from bocage.web.desk.first.continuing import NEW
from bocage.web.desk.first.landing import landing
from bocage.web.desk.first.opening import Opened, opened, readable
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

USUAL: Final = {"bills": "electricity", "sheet": ""}
"""What a column of numbers is taken for, by what the person said she has."""
NAMED: Final = 12  # places whose names are asked; more are taken as the file names them
SHOWN: Final = 6


def give(request: Request, territory: str) -> HttpResponse:
    """Take a file; it waits until it is said what it holds."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    if not may_declare(request.actor, territory, Source.kind):
        return errors.forbidden(request)
    kind = str(request.POST.get("kind", ""))
    usual = USUAL.get(kind, "")
    try:
        name, content = connect.given_file(request)
        readable(request, name, content, usual)
    except (Invalid, PayloadError) as failure:
        return guide.shown(request, failed=(kind, failure), status=422)
    notes = noted(name, request.parts.clock(), usual=usual, by=request.actor.account)
    number = request.parts.intake.waiting.keep(territory, content, notes)
    return HttpResponseRedirect(reverse("desk.first-file", args=[territory, number]))


def file(request: Request, territory: str, file: str) -> HttpResponse:
    """How it would be read and what lacks; the recording of the answers, or the file set aside."""
    waiting = request.parts.intake.waiting
    waiter: Waiter = waiting.find(territory, file)
    if not may_declare(request.actor, territory, Source.kind):
        return errors.forbidden(request)
    if request.method != "POST":
        return _show(request, opened(request, waiter))
    if "aside" in request.POST:
        waiting.drop(territory, file)
        say(request, words.translate(_("The file is set aside: nothing of it was kept."), request.lang))
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    before = opened(request, waiter)
    now = opened(request, _answered(request, before))
    if now.unsaid:
        return _show(request, now, wrong={"next": _("Say whether it goes on what is here already.")})
    if "again" in request.POST or before.unsaid:
        return HttpResponseRedirect(reverse("desk.first-file", args=[territory, file]))
    return _take(request, now)


def _answered(request: Request, before: Opened) -> Waiter:
    """The waiter with what was typed, remembered."""
    posted = {name: str(request.POST.get(name, "")).strip()[:200] for name in request.POST}
    answers = {
        name: text
        for name, text in posted.items()
        if name.startswith(("read.", "column.", "place.")) or name.endswith(".choice") or name == "next"
    }
    waiter = before.waiter
    sections = asking.otherwise(request, before.case) if before.read.lines else {}
    notes = msgspec.structs.replace(
        waiter.notes, answers={**waiter.notes.answers, **answers}, sections={**waiter.notes.sections, **sections}
    )
    request.parts.intake.waiting.note(request.slug, waiter.number, notes)
    return msgspec.structs.replace(waiter, notes=notes)


def _take(request: Request, found: Opened) -> HttpResponse:
    """Record the answers and take the file in; shown again with what is wrong."""
    unnamed = {
        f"place.{place}": _("Say in which building or place it is measured.")
        for place, site in enumerate(found.read.sites)
        if not found.places.get(site)
    }
    if unnamed or not found.streams:
        return _show(request, found, wrong=unnamed or {"read": _("Say of one column at least what it measures.")})
    if found.made.changes or asking.open_questions(found.case, request.actor):
        outcome = asking.record(request, found.case, request.POST.getlist("section"), whole=True)
        if not outcome.recorded:
            return _show(request, found, outcome=outcome)
    try:
        taking.take(request, found)
    except BocageError:
        taking.later(request, found)
        return HttpResponseRedirect(f"{reverse('desk.drop', args=[request.slug])}?source={found.made.source}")
    return HttpResponseRedirect(landing(request, found.streams))


def _show(
    request: Request, found: Opened, *, outcome: Outcome | None = None, wrong: dict[str, str] | None = None
) -> HttpResponse:
    read, notes, refusals = found.read, found.waiter.notes, outcome.refusals if outcome else ()
    errors_found = {**(wrong or {}), **(outcome.found.errors if outcome else {})}
    asked = asking.drawn_questions(request, found.case, outcome, typed=notes.sections, sent=notes.answers)
    facts = facts_of(request)
    values: dict[str, Any] = {
        "waiter": found.waiter,
        "read": read,
        "rows": read.preview.rows[:SHOWN],
        "named": {line.key: line for line in read.lines},
        "opened": found,
        "new": NEW,
        "series": facts.all(Datastream),
        "places": found.places,
        "meters": {line.site for line in read.lines if line.said},
        "asks_names": len(read.sites) <= NAMED,
        "things": sorted({thing.title.fr for thing in facts.all(Thing).values()}),
        "quantities": QUANTITIES,
        "forms": FORMS,
        "questions": asked if found.streams else [],
        "inside": found.case.inside,
        "newly": {one.kind for one in outcome.more} if outcome else set(),
        "errors": errors_found,
        "refusals": refusals,
        "lasts": LASTS.total_seconds(),
    }
    return page(request, "desk/first/file.html", values, status=422 if errors_found or refusals else 200)
