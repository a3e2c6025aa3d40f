"""Who does what: one person takes every role, or names others by their address; the officer is asked apart."""

from collections.abc import Iterable

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import evidence, relational, words
from bocage.accounts import people
from bocage.accounts.managing import may_manage
from bocage.accounts.rights import may_declare
from bocage.commitments.gdpr_37_officer import DECIDING
from bocage.domain.letter import is_address
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _
from bocage.registers import Put
from bocage.web import errors
from bocage.web.desk.accounts import given
from bocage.web.desk.first import guide, steps
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The address typed for each role, and what is wrong with it (a message), by role."""

    typed: dict[str, str]
    wrong: dict[str, str]


@never_cache
def take(request: Request, territory: str) -> HttpResponse:
    """Declare the roles that nobody held; links of those who had no account are on this answer only."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    if not may_declare(request.actor, territory, Role.kind):
        return errors.forbidden(request)
    asked = (*steps.lacking(facts_of(request)), RoleName.DPO)
    named = _read(request, asked)
    if named.wrong:
        return guide.shown(request, people=named, status=422)
    new = _declare(request, named, asked)
    if new:
        return page(request, "desk/first/invited.html", {"given": [given(request, person) for person in new]})
    say(request, words.translate(_("Recorded: everybody knows who does what."), request.lang))
    return HttpResponseRedirect(reverse("desk.first", args=[territory]))


def _read(request: Request, asked: Iterable[RoleName]) -> Named:
    typed = {role.value: str(request.POST.get(f"role.{role.value}", "")).strip().casefold() for role in asked}
    wrong = {name: said for name, email in typed.items() if email and (said := _fault(request, email))}
    held = steps.holders(facts_of(request))
    deciding = {email for role in DECIDING for email in (typed.get(role.value, ""), *held.get(role, ()))}
    officer = typed.get(RoleName.DPO.value, "")
    if officer and officer in deciding:
        wrong[RoleName.DPO.value] = _("Somebody who decides nothing of it: this person would watch themselves.")
    return Named(typed=typed, wrong=wrong)


def _fault(request: Request, email: str) -> str:
    """What is wrong with an address; a new link would open every territory where it already holds a role."""
    if not is_address(email):
        return _("an e-mail address")
    if any(one.email == email for one in people.listed()):
        return ""
    tied = {request.slug, *people.named_in(email)}
    elsewhere = _("an address that holds no role in another territory")
    return "" if may_manage(request.actor, tied, administrator=False) else elsewhere


def _declare(request: Request, named: Named, asked: Iterable[RoleName]) -> list[people.Person]:
    """Every role in one act; the accounts it opened."""
    at, today = request.parts.clock(), facts_of(request).today
    known = {one.email: one for one in people.listed()}
    new: list[people.Person] = []
    puts: list[Put] = []
    with relational.transaction():
        for role in asked:
            email = named.typed[role.value]
            if not email:
                continue
            if email not in known:
                known[email] = people.create(email, email.partition("@")[0], at, territory=request.slug)
                new.append(known[email])
            puts += evidence.taken(request.slug, known[email], [role], today)
        if puts:
            evidence.change(request.slug, request.actor, puts, at)
    return new
