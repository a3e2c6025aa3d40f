"""People of the territory: invited by a one-time link, given roles by declarations, closed rather than deleted."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import outbox, registers, words
from bocage.accounts import letters, people
from bocage.accounts import sessions as open_sessions
from bocage.accounts.managing import may_manage
from bocage.accounts.openid import matching
from bocage.accounts.rights import may_declare
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.letter import is_address
from bocage.domain.role import Role
from bocage.domain.text import message as _
from bocage.web import errors
from bocage.web.page import page, say
from bocage.web.request import Request


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """A link made for a person, shown on this answer only; whether it left by mail, too."""

    link: str
    person: people.Person
    mailed: bool


def accounts(request: Request, territory: str) -> HttpResponse:
    """Who may sign in here, and with which roles."""
    return _page(request)


@never_cache
def invite(request: Request, territory: str) -> HttpResponse:
    """Open an account; the link to give to the person is on this answer only."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.accounts", args=[territory]))
    email, name = str(request.POST.get("email", "")), str(request.POST.get("name", ""))
    now = request.parts.clock()
    if not may_manage(request.actor, {territory, *people.named_in(email)}, administrator=False):
        # The link opens every territory where this address already holds a role.
        elsewhere = _("an address that holds no role in another territory")
        return _page(request, wrong=elsewhere, typed={"email": email, "name": name})
    try:
        person = people.create(email, name, now, territory=territory)
    except (Invalid, Conflict) as failure:
        return _page(request, wrong=failure.expected, typed={"email": email, "name": name})
    return _page(request, link=given(request, person))


@never_cache
def account(request: Request, territory: str, account: str) -> HttpResponse:
    """A new link for a person, or the closing and opening again of their account."""
    person = people.find(account)
    if person is None or territory not in person.territories:
        raise Missing("an account of this territory", account)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.accounts", args=[territory]))
    if not may_manage(request.actor, person.territories, administrator=person.administrator):
        return errors.forbidden(request)
    asked = request.POST.get("do")
    if asked == "link":
        return _page(request, link=given(request, person))
    if asked == "close":
        people.deactivate(account)
        _tell(request, _("The account is closed: its sessions have ended."))
    if asked == "open":
        people.reactivate(account)
        _tell(request, _("The account is open again."))
    if asked == "unpin":
        matching.unpin(account)
        _tell(request, _("Forgotten: the next person who has this address at the provider is taken for this one."))
    return HttpResponseRedirect(reverse("desk.accounts", args=[territory]))


def sessions(request: Request, territory: str) -> HttpResponse:
    """Who is signed in now."""
    here = {person.account: person for person in people.listed(territory)}
    found = [one for one in open_sessions.listed(request.parts.clock()) if one.account in here]
    return page(request, "desk/sessions.html", {"sessions": found, "people": here})


def end_session(request: Request, territory: str) -> HttpResponse:
    """End the session of somebody of this territory."""
    if request.method == "POST":
        owner = people.find(str(request.POST.get("account", "")))
        if owner is None or territory not in owner.territories:
            raise Missing("an account of this territory")
        open_sessions.end(owner.account, str(request.POST.get("session", "")))
        _tell(request, _("The session has ended."))
    return HttpResponseRedirect(reverse("desk.sessions", args=[territory]))


def given(request: Request, person: people.Person) -> Given:
    """A new link, to be shown once; on its way by mail, too, where mails leave."""
    link = _link(request, person.account)
    mailed = request.parts.by_mail and is_address(person.email)
    if mailed:
        title, at = request.territory.title.read(request.lang)[0] if request.territory else "", request.parts.clock()
        outbox.post(letters.invitation(person, link, title, request.lang, at), at)
    return Given(link=link, person=person, mailed=mailed)


def _link(request: Request, account: str) -> str:
    secret = people.one_time_link(account, request.parts.clock())
    root = request.parts.public_url.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    return f"{root}{reverse('account.welcome', args=[secret])}"


def _tell(request: Request, message: str) -> None:
    say(request, words.translate(message, request.lang))


def _page(
    request: Request,
    *,
    link: Given | None = None,
    wrong: str = "",
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    roles = _roles(request.slug)
    values = {
        "people": [
            (one, roles.get(one.email, []), may_manage(request.actor, one.territories, administrator=one.administrator))
            for one in people.listed(request.slug)
        ],
        "given": link,
        "pinned": matching.pinned(),
        "lasts": people.LINK_LASTS.total_seconds(),
        "wrong": wrong,
        "typed": typed or {"email": "", "name": ""},
        "may_role": may_declare(request.actor, request.slug, Role.kind),
        "role_form": reverse("desk.form", args=[request.slug, Role.kind]),
        "query": urlencode,
    }
    return page(request, "desk/accounts.html", values, status=422 if wrong else 200)


def _roles(territory: str) -> dict[str, list[tuple[str, Any]]]:
    """Roles by the address that holds them."""
    out: dict[str, list[tuple[str, Any]]] = {}
    for entry in registers.current(territory, Role.kind):
        if isinstance(entry.body, Role) and entry.body.holder:
            out.setdefault(entry.body.holder.strip().casefold(), []).append((entry.key.slug, entry.body))
    return out
