"""A model offered to one territory: what it would get, what it refused, and giving it to that one alone."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.consulting import may_consult
from bocage.accounts.rights import Right, may
from bocage.domain.errors import BocageError, Invalid, Missing
from bocage.domain.text import message as _
from bocage.evidence.models import giving, keeping, offering
from bocage.evidence.models.comparing import EVERYTHING, Line
from bocage.evidence.models.giving import By, Prospect
from bocage.evidence.models.keeping import Answer, Kept, Offer
from bocage.registers import official
from bocage.web.desk import registers
from bocage.web.desk.models import drafts
from bocage.web.page import page, say
from bocage.web.request import Request

Told = tuple[Line, list[Any], bool]
"""One declaration, its fields, and whether this person may know what stands there now."""


def offer(request: Request, territory: str, model: str, code: str) -> HttpResponse:
    """The page of one offer; recording a refusal, giving, taking back."""
    kept = drafts.kept(request, model)
    one = keeping.offer(kept, code.upper())
    if request.method != "POST":
        return _shown(request, kept, one)
    try:
        said = _done(request, kept, one, str(request.POST.get("action", "")))
    except BocageError as failure:
        return _shown(request, kept, one, failure=failure)
    say(request, words.translate(said, request.lang))
    return HttpResponseRedirect(reverse("desk.model-offer", args=[territory, model, code]))


def by(request: Request, one: Offer) -> By:
    """Who gives now."""
    return By(actor=request.actor, at=request.parts.clock(), official=official.several([one.code]))


def answered(request: Request) -> Answer:
    """The answer that a form says."""
    said = {name: str(request.POST.get(name, "")).strip() for name in ("by", "why")}
    return Answer(by=said["by"], why=said["why"], at=request.parts.clock(), account=request.actor.account)


def refused(request: Request) -> list[str]:
    """What a form refuses: everything, or the declarations that are ticked."""
    return [EVERYTHING] if request.POST.get("all") else request.POST.getlist("place")


def _done(request: Request, kept: Kept, one: Offer, action: str) -> str:
    if action == "refuse":
        fresh = [
            place for place in refused(request) if place not in one.refused
        ]  # an answer that stands keeps its words
        offering.refuse(kept, one, fresh, answered(request))
        return _("The refusal is recorded.")
    if action == "reconsider":
        _lifted(request, one)
        offering.reconsider(kept, one, request.POST.getlist("place"))
        return _("It is no longer refused.")
    if action == "give":
        told = giving.give(kept, one, by(request, one)).told
        return told.result.label if told else ""
    if action == "back":
        _own(request, kept, one)
        giving.take_back(kept, one, by(request, one))
        return _("Taken back: all is as it was before.")
    raise Invalid(_("something this page offers"), action, field="action")


def liftable(request: Request, one: Offer) -> frozenset[str]:
    """The refusals this person may lift from here: where somebody is, only what they recorded themselves."""
    theirs = giving.peopled(one.slug, request.parts.clock())
    account = request.actor.account
    return frozenset(place for place, said in one.refused.items() if not theirs or account == said.account != "")


def _lifted(request: Request, one: Offer) -> None:
    """Whoever refuses thinks again themselves."""
    if set(request.POST.getlist("place")) & (set(one.refused) - liftable(request, one)):
        raise Missing(_("a refusal you recorded; others are lifted by the territory itself"), one.name)


def _own(request: Request, kept: Kept, one: Offer) -> None:
    """What was given is taken back by who may give it: where somebody is, by those who are there."""
    if not may(request.actor, Right.BEGIN_TERRITORIES, "") or giving.peopled(one.slug, request.parts.clock()):
        raise Missing(_("something you may take back"), one.name)


def _shown(request: Request, kept: Kept, one: Offer, *, failure: BocageError | None = None) -> HttpResponse:
    found = giving.prospect(kept, one, by(request, one))
    values = {
        "kept": kept,
        "offer": one,
        "found": found,
        "lines": told(request, found),
        "everything": EVERYTHING,
        "liftable": liftable(request, one),
        "kinds": registers.ALL,
        "may_take_back": bool(one.told and one.told.number)
        and may(request.actor, Right.BEGIN_TERRITORIES, "")
        and not giving.peopled(one.slug, request.parts.clock()),
        "failure": failure,
    }
    return page(request, "desk/models/offer.html", values, status=422 if failure else 200)


def told(request: Request, found: Prospect, *, drafts: bool = True) -> list[Told]:
    """Each line with what it would say; what stands in a closed register of another territory is not told.

    `drafts`: whether they are this reader's own; those that others offer to a closed register are told to whom may
    read it here.
    """
    lines = []
    for line in found.lines:
        struct = registers.ALL[line.kind]
        known = may_consult(request.actor, found.offer.slug, struct)
        body = (line.after if known else line.wanted if drafts else None) or (line.wanted if known or drafts else None)
        lines.append((line, registers.lines(struct, body) if body else [], known))
    return lines
