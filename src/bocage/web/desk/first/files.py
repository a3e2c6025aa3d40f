"""A file handed over in the first hour: shown as it would be read, asked what lacks, and taken in at once."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.errors import BocageError, Invalid, PayloadError
from bocage.domain.instant import to_datetime
from bocage.domain.quantity import QUANTITIES, folded
from bocage.domain.sensing import Thing
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest.guessing import FORMS, called, guess
from bocage.ingest.reporting import Report
from bocage.ingest.waiting import LASTS, Notes, Waiter, noted
from bocage.web import errors
from bocage.web.desk import asking, connect
from bocage.web.desk.asking import Case, Outcome
from bocage.web.desk.first import guide, making, reading
from bocage.web.desk.first.landing import landing
from bocage.web.desk.proposals import Hints
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

USUAL: Final = {"bills": "electricity", "sheet": ""}
"""What a column of numbers is taken for, by what the person said she has."""
AT_ONCE: Final = 4 * 1024 * 1024  # bytes taken in while the person waits; more goes through the drop folder
NAMED: Final = 12  # places whose names are asked; more are taken as the file names them
SHOWN: Final = 6
_SPEAKING: Final = (
    "ecole",
    "mairie",
    "salle",
    "gymnase",
    "eglise",
    "stade",
    "creche",
    "mediatheque",
    "cantine",
    "piscine",
)


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A waiting file as it would be read, and the case its measurements make."""

    waiter: Waiter
    read: reading.Read
    made: making.Made
    case: Case
    places: Mapping[str, str]


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
        guess(name, content, usual)
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
        return _show(request, _opened(request, waiter))
    if "aside" in request.POST:
        waiting.drop(territory, file)
        say(request, words.translate(_("The file is set aside: nothing of it was kept."), request.lang))
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    opened = _opened(request, _answered(request, waiter))
    if "again" in request.POST:
        return HttpResponseRedirect(reverse("desk.first-file", args=[territory, file]))
    return _take(request, opened)


def _answered(request: Request, waiter: Waiter) -> Waiter:
    """The waiter with what was typed, remembered."""
    posted = {name: str(request.POST.get(name, "")).strip()[:200] for name in request.POST}
    answers = {
        name: text
        for name, text in posted.items()
        if name.startswith(("read.", "column.", "place.")) or name.endswith(".choice")
    }
    before = _opened(request, waiter)
    sections = asking.otherwise(request, before.case) if before.read.lines else {}
    notes = msgspec.structs.replace(
        waiter.notes, answers={**waiter.notes.answers, **answers}, sections={**waiter.notes.sections, **sections}
    )
    request.parts.intake.waiting.note(request.slug, waiter.number, notes)
    return msgspec.structs.replace(waiter, notes=notes)


def _opened(request: Request, waiter: Waiter) -> Opened:
    """Read the file, and see what its measurements would make of the territory."""
    notes, facts = waiter.notes, facts_of(request)
    typed = {name.removeprefix("read."): text for name, text in notes.answers.items()}
    found = reading.corrected(guess(notes.name, waiter.content, notes.usual), typed)
    read = reading.read(request.parts.intake, request.slug, waiter.path, found)
    places = _places(read, notes, facts)
    made = making.made(facts, read.source, read.lines, places)
    zone = request.territory.time_zone if request.territory else "UTC"
    first = to_datetime(read.preview.first, zone).date() if read.preview.total else None
    hints = Hints(quantity=read.quantity, pace_seconds=read.pace // 1000, first=first)
    keys = tuple(line.key for line in read.lines) or ("",)
    case = Case(facts=facts, source=made.source, keys=keys, base=made.changes, hints=hints).after(made.changes)
    return Opened(waiter=waiter, read=read, made=made, case=case, places=places)


def _places(read: reading.Read, notes: Notes, facts: TerritoryFacts) -> dict[str, str]:
    """The name of each place: as typed, else as the file says; the name of the file, where it speaks of a building."""
    stem = called(notes.name)
    speaks = any(word in folded(stem).split() for word in _SPEAKING)
    return {
        site: notes.answers.get(f"place.{place}", site or (stem if speaks else ""))
        for place, site in enumerate(read.sites)
    }


def _take(request: Request, opened: Opened) -> HttpResponse:
    """Record the answers and take the file in; shown again with what is wrong."""
    unnamed = {f"place.{place}": _("This is required.") for place, site in enumerate(opened.read.sites)
               if not opened.places.get(site)}  # fmt: skip
    if unnamed or not opened.read.lines:
        return _show(request, opened, wrong=unnamed or {"read": _("Say of one column at least what it measures.")})
    outcome = asking.record(request, opened.case, request.POST.getlist("section"), whole=True)
    if not outcome.recorded:
        return _show(request, opened, outcome=outcome)
    _load(request, opened)
    return HttpResponseRedirect(landing(request, tuple(opened.made.streams.values())))


def _load(request: Request, opened: Opened) -> None:
    """Take the values in at once; a large file, or one the log cannot take now, is read within a minute."""
    waiter, intake = opened.waiter, request.parts.intake
    try:
        if waiter.path.stat().st_size > AT_ONCE:
            raise Invalid(_("a smaller file"))
        report: Report = intake.load(request.slug, opened.made.source, waiter.path, progress=lambda read: None)
    except BocageError:
        connect.keep(request.parts.data / "drop" / request.slug / opened.made.source, waiter.notes.name, waiter.content)
        said = words.translate(_("Recorded. The file is large: it will be read within a minute."), request.lang)
    else:
        kept, lost = report.answer.accepted, report.answer.unreadable + report.answer.refused
        told = words.translate(_("Taken in: %(kept)s values."), request.lang)
        said = told % {"kept": words.number(kept, request.lang)}
        if lost:
            more = words.translate(_("Not taken: %(lost)s, which stand on the page of refusals."), request.lang)
            said += " " + more % {"lost": words.number(lost, request.lang)}
    intake.waiting.drop(request.slug, waiter.number)
    say(request, said)


def _show(
    request: Request, opened: Opened, *, outcome: Outcome | None = None, wrong: dict[str, str] | None = None
) -> HttpResponse:
    read, notes, refusals = opened.read, opened.waiter.notes, outcome.refusals if outcome else ()
    errors_found = {**(wrong or {}), **(outcome.found.errors if outcome else {})}
    asked = asking.drawn_questions(request, opened.case, outcome, typed=notes.sections, sent=notes.answers)
    values: dict[str, Any] = {
        "waiter": opened.waiter,
        "read": read,
        "rows": read.preview.rows[:SHOWN],
        "named": {line.key: line for line in read.lines},
        "places": opened.places,
        "asks_names": len(read.sites) <= NAMED,
        "things": sorted({thing.title.fr for thing in facts_of(request).all(Thing).values()}),
        "quantities": QUANTITIES,
        "forms": FORMS,
        "questions": asked if read.lines else [],
        "inside": opened.case.inside,
        "newly": {one.kind for one in outcome.more} if outcome else set(),
        "errors": errors_found,
        "refusals": refusals,
        "lasts": LASTS.total_seconds(),
    }
    return page(request, "desk/first/file.html", values, status=422 if errors_found or refusals else 200)
