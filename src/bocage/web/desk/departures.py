"""The departure of an agent: what they held, to whom it passes, and their account closed with it."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts import people
from bocage.accounts.managing import may_manage
from bocage.accounts.people import Person
from bocage.accounts.rights import may_declare
from bocage.domain.errors import BocageError, Conflict, Invalid, Missing
from bocage.domain.role import Role
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.evidence import departure
from bocage.evidence.departure import Left
from bocage.web import errors
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


class _Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Who leaves, what they hold here, and what was answered by slug of role."""

    person: Person
    lefts: tuple[Left, ...]
    successors: dict[str, str]
    close: bool


def depart(request: Request, territory: str, account: str) -> HttpResponse:
    """Ask to whom each role passes; then hand over and close, all or nothing."""
    asked = _asked(request, account)
    if not may_declare(request.actor, territory, Role.kind):
        return errors.forbidden(request)
    if request.method != "POST":
        return _page(request, asked)
    wrong = _wrong(request, asked)
    if wrong:
        return _page(request, asked, wrong)
    puts = departure.handed_over(asked.lefts, asked.successors, facts_of(request).today)
    changed = evidence.change(territory, request.actor, puts, request.parts.clock()) if puts else evidence.Changed()
    if asked.close:
        people.deactivate(account)
    versions = "&".join(f"role={one.key.slug}:{one.version}" for one in changed.entries)
    undo = f"{reverse('desk.departure-undo', args=[territory, account])}?{versions}&open={int(asked.close)}"
    said = words.translate(_("%(name)s has left: what they held has passed on or ended."), request.lang)
    say(request, said % {"name": asked.person.name}, undo=undo)
    return HttpResponseRedirect(reverse("desk.accounts", args=[territory]))


def undo(request: Request, territory: str, account: str) -> HttpResponse:
    """Put the roles back as they were, and open the account again."""
    person = _person(request, account)
    if request.method == "POST":
        opening = request.GET.get("open") == "1"
        if not may_declare(request.actor, territory, Role.kind) or (opening and not _manages(request, person)):
            return errors.forbidden(request)
        versions = dict(_version(one) for one in request.GET.getlist("role"))
        puts = departure.taken_back(territory, versions)
        if puts:
            evidence.change(territory, request.actor, puts, request.parts.clock())
        if opening:
            people.reactivate(account)
        say(request, words.translate(_("The departure is undone."), request.lang))
    return HttpResponseRedirect(reverse("desk.accounts", args=[territory]))


def _version(text: str) -> tuple[str, int]:
    slug, _colon, number = text.partition(":")
    version = whole(number, 0)
    if version < 2:
        raise Invalid(_("a version that has one before it"), text)
    return slug, version


def _person(request: Request, account: str) -> Person:
    person = people.find(account)
    if person is None or request.slug not in person.territories:
        raise Missing(_("an account of this territory"), account)
    return person


def _manages(request: Request, person: Person) -> bool:
    return may_manage(request.actor, person.territories, administrator=person.administrator)


def _asked(request: Request, account: str) -> _Asked:
    person = _person(request, account)
    lefts = departure.leaving(facts_of(request), person.email)
    successors = {one.entry.key.slug: str(request.POST.get(f"to.{one.entry.key.slug}", "")) for one in lefts}
    elsewhere = person.territories - {request.slug}
    close = request.POST.get("close") == "yes" and _manages(request, person) and not elsewhere
    return _Asked(person=person, lefts=lefts, successors=successors, close=close)


def _wrong(request: Request, asked: _Asked) -> str:
    """What keeps it from being done, as an English message."""
    known = {one.email for one in _others(request, asked.person)} | {departure.ENDS}
    if not set(asked.successors.values()) <= known:
        return _("a successor who has an open account here")
    if departure.without_administrator(asked.lefts, asked.successors):
        return _("somebody who gives roles after them: pass the role of administrator on")
    try:
        _closable(request, asked)
    except BocageError as failure:
        return failure.expected
    return ""


def _closable(request: Request, asked: _Asked) -> None:
    if asked.close and asked.person.account == request.actor.account:
        raise Conflict(_("somebody else to close your own account"))


def _others(request: Request, person: Person) -> list[Person]:
    """Who may take over: open accounts of the territory."""
    return [one for one in people.listed(request.slug) if one.active and one.account != person.account]


def _page(request: Request, asked: _Asked, wrong: str = "") -> HttpResponse:
    person = asked.person
    values: dict[str, Any] = {
        "person": person,
        "lefts": asked.lefts,
        "others": _others(request, person),
        "chosen": asked.successors,
        "declared": facts_of(request).declared,
        "tokens": [
            one
            for one in request.parts.tokens.listed(request.slug)
            if one.issued_by == person.account and one.revoked_at is None
        ],
        "may_close": _manages(request, person) and person.account != request.actor.account,
        "elsewhere": bool(person.territories - {request.slug}),
        "wrong": wrong,
    }
    return page(request, "desk/departure.html", values, status=422 if wrong else 200)
