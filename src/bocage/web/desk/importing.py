"""One import: what it would do, doing it, what it did, and taking it back."""

import csv
import io
from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.rights import may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Refusal
from bocage.domain.declaration import fields
from bocage.domain.errors import Conflict, Invalid, Missing, Refused
from bocage.domain.inert import inert
from bocage.domain.row_errors import SENTENCES
from bocage.domain.text import message as _
from bocage.imports import record
from bocage.imports.doing import Consent
from bocage.imports.forms import MEASUREMENTS, THINGS, form_of
from bocage.imports.plan import Given, Plan, Proposal, Wrong
from bocage.imports.record import Import, State
from bocage.ingest.answer import Reason
from bocage.web import errors
from bocage.web.desk import choosing, imports
from bocage.web.desk.reach import authors, facts_of, names
from bocage.web.desk.registers import ALL, place
from bocage.web.files import attached
from bocage.web.page import page, say
from bocage.web.request import Request

UNDOABLE = frozenset({State.DONE, State.STOPPED})


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of an import show now: nothing once they wait no more; `wrong` when they are not of the form."""

    given: Given | None = None
    plan: Plan | None = None
    wrong: Invalid | Missing | None = None


def one(request: Request, territory: str, number: int) -> HttpResponse:
    """The page of one import, and what is asked of it."""
    found = record.find(territory, number)
    if not imports.may_see(request, found):
        raise Missing("an import you may see", str(number))
    if request.method != "POST":
        return _show(request, found, _looked(request, found))
    asked = str(request.POST.get("action") or request.GET.get("action") or "choose")
    return _ACTIONS.get(asked, _choose)(request, found)


def rows(request: Request, territory: str, number: int) -> HttpResponse:
    """The rows to mend, as CSV, each with its reason; formulas stay inert."""
    found = record.find(territory, number)
    looked = _looked(request, found) if imports.may_see(request, found) else Looked()
    if looked.plan is None:
        raise Missing("files that wait", str(number))
    said = [
        words.translate(text, request.lang) for text in (_("File"), _("Row"), _("Column"), _("Found"), _("Expected"))
    ]
    held = io.StringIO()
    writer = csv.writer(held, delimiter=";")
    writer.writerow([*said, *(words.translate(cell, request.lang) for cell in looked.plan.heading)])
    writer.writerows(_told(wrong, request.lang) for wrong in looked.plan.wrong)
    return attached(f"import-{number}.csv", "\ufeff" + held.getvalue())


def _told(wrong: Wrong, lang: str) -> list[str]:
    expected = words.translate(SENTENCES.get(wrong.code, wrong.code), lang)
    column = words.translate(wrong.column, lang) if wrong.column else ""
    return [inert(str(cell)) for cell in (wrong.file, wrong.row or "", column, wrong.found, expected, *wrong.cells)]


def _looked(request: Request, found: Import) -> Looked:
    if found.state in (State.UNDONE, State.DOING, State.UNDOING):
        return Looked()
    given = request.parts.imports.given(found, facts_of(request))
    if given is None:
        return Looked()
    try:
        return Looked(given=given, plan=request.parts.imports.plan(found, given))
    except (Invalid, Missing) as failure:
        return Looked(given=given, wrong=failure)


def _choose(request: Request, found: Import) -> HttpResponse:
    """Keep what was chosen, and look again."""
    request.parts.imports.choose(found, choosing.chosen(request, found))
    return _back(request, found)


def _do(request: Request, found: Import) -> HttpResponse:
    """Do it, or go on with it, as it was seen."""
    looked = _looked(request, found)
    offered = choosing.asked(request, found, looked.given, looked.plan) if looked.given else None
    if choosing.differs(request, found, offered):
        say(
            request,
            words.translate(_("Here is what it does with what you chose: look, then bring it in."), request.lang),
        )
        return _choose(request, found)
    if looked.given is None or looked.plan is None:
        return _show(request, found, looked, status=422)
    if not _permitted(request, looked.given.facts, looked.plan, found):
        return errors.forbidden(request)
    consent = Consent(actor=request.actor, seen=str(request.POST.get("seen", "")), at=request.parts.clock())
    try:
        done = request.parts.imports.do(found, looked.given, looked.plan, consent)
    except Refused as no:
        return _show(request, record.find(request.slug, found.number), looked, refusals=no.refusals, status=422)
    except Conflict:
        if consent.seen == looked.plan.digest:
            raise
        return _show(request, found, looked, moved=True, status=409)
    undo = f"{reverse('desk.import', args=[request.slug, done.number])}?action=undo"
    said = words.translate(_("Brought in. The whole import can be taken back."), request.lang)
    say(request, said, undo=undo if imports.declares(request) else "")
    return _back(request, done)


def _permitted(request: Request, facts: TerritoryFacts, plan: Plan, found: Import) -> bool:
    """Whether every declaration of the plan, and the source of the measurements, is this person's to write."""
    bodies = [(it, body) for it in plan.proposals for body in (it.before, it.body) if body is not None]
    if not all(may_declare(request.actor, facts.slug, it.kind, **place(it.kind, it.slug, body)) for it, body in bodies):
        return False
    return found.form != MEASUREMENTS or imports.may_see(request, found)


def _drop(request: Request, found: Import) -> HttpResponse:
    """Forget what was only looked at, or let the files of an unfinished import go."""
    request.parts.imports.drop(found)
    if found.state is State.PREVIEWED:
        say(request, words.translate(_("Forgotten: nothing of these files is left."), request.lang))
        return HttpResponseRedirect(reverse("desk.imports", args=[request.slug]))
    say(request, words.translate(_("The files are removed."), request.lang))
    return _back(request, found)


def _undo(request: Request, found: Import) -> HttpResponse:
    """Take it back, whole."""
    if not imports.declares(request):
        return errors.forbidden(request)
    try:
        undone = request.parts.imports.undo(found, request.actor, request.parts.clock())
    except Refused as no:
        return _show(request, found, _looked(request, found), refusals=no.refusals, status=422)
    said = (
        _("Taken back. Some things were changed since: they are left as they are.")
        if undone.told.left
        else _("Taken back.")
    )
    say(request, words.translate(said, request.lang))
    return _back(request, undone)


_ACTIONS = {"do": _do, "drop": _drop, "undo": _undo, "choose": _choose}


def _back(request: Request, found: Import) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk.import", args=[request.slug, found.number]))


def _show(  # noqa: PLR0913 - one keyword per thing the page may have to say
    request: Request,
    found: Import,
    looked: Looked,
    *,
    refusals: Iterable[Refusal] = (),
    moved: bool = False,
    status: int = 0,
) -> HttpResponse:
    facts = facts_of(request)
    plan = looked.plan
    undo = None
    if found.state in UNDOABLE and imports.declares(request):
        undo = request.parts.imports.prospect(found, request.parts.clock())
    values: dict[str, Any] = {
        "found": found,
        "form": form_of(found.form),
        "state": State,
        "looked": looked,
        "plan": plan,
        "changed": {(it.kind, it.slug): changed(it) for it in plan.proposals if it.before} if plan else {},
        "kinds": {kind: struct.label for kind, struct in ALL.items()},
        "series_refused": _grouped([(it.key, it.refusals) for it in plan.series]) if plan else [],
        "reasons": _reasons(found.told.reasons),
        "refusals": tuple(refusals),
        "moved": moved,
        "undo": undo,
        "back": len({(it.kind, it.slug) for it in found.told.written}) - len(found.told.left),
        "facts": facts,
        "names": names(facts, request.lang),
        "authors": authors({found.told.account, found.told.undone_by}, request.lang),
        "asked": choosing.asked(request, found, looked.given, plan) if looked.given else None,
        "things": found.form == THINGS,
        "measurements": found.form == MEASUREMENTS,
        "declares": imports.declares(request),
    }
    return page(request, "desk/import.html", values, status=status or (422 if looked.wrong else 200))


def changed(proposal: Proposal) -> list[str]:
    """The labels of the fields a proposal changes of what holds."""
    before, after = proposal.before, proposal.body
    return [
        note.label
        for note in fields(type(after))
        if before is not None and getattr(before, note.name) != getattr(after, note.name)
    ]


def _grouped(found: Iterable[tuple[str, tuple[Refusal, ...]]]) -> list[tuple[Refusal, list[str]]]:
    """Refusals of one reason together, with the series they stop."""
    groups: dict[tuple[str, str], tuple[Refusal, list[str]]] = {}
    for key, refusals in found:
        for refusal in refusals:
            groups.setdefault((refusal.promise, refusal.code), (refusal, []))[1].append(key)
    return list(groups.values())


def _reasons(reasons: Iterable[Reason]) -> list[tuple[Refusal, list[str], int]]:
    """What was refused, by reason: the series, and how many values."""
    groups: dict[tuple[str, str], tuple[Refusal, list[str], int]] = {}
    for one_reason in reasons:
        if not one_reason.kept:
            key = (one_reason.refusal.promise, one_reason.refusal.code)
            refusal, keys, count = groups.get(key, (one_reason.refusal, [], 0))
            groups[key] = (refusal, [*keys, one_reason.key], count + one_reason.count)
    return list(groups.values())
