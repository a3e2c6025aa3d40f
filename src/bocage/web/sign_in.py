"""Signing in and out, choosing a password by a one-time link, and one's own account."""

from typing import cast
from urllib.parse import urlencode

import msgspec
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache

from bocage import registers, words
from bocage.accounts import people, sessions
from bocage.accounts.rights import Actor, Right, may
from bocage.accounts.tables import Account
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.web.middleware import territory as territory_of
from bocage.web.page import page, say
from bocage.web.request import Request

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
UNSAFE = _("Passwords travel only over a secure connection (https).")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A territory whose desk this person may enter."""

    slug: str
    title: object


@never_cache
def sign_in(request: Request) -> HttpResponse:
    """The sign-in page; with a password, over a safe connection only."""
    wrong, wait = "", 0.0
    if request.method == "POST":
        if not _safe(request):
            return _sign_in(request, UNSAFE, 0, 403)
        found = people.authenticate(
            str(request.POST.get("email", "")),
            str(request.POST.get("password", "")),
            address=str(request.META.get("REMOTE_ADDR", "")),
            at=request.parts.clock(),
        )
        if isinstance(found, people.Person):
            _open(request, found.account)
            return HttpResponseRedirect(_onward(request, found.account))
        wait = found.wait.total_seconds()
        wrong = (
            _("Too many tries. Wait before the next one.")
            if wait
            else _("This address and password do not go together.")
        )
        return _sign_in(request, wrong, wait, 429 if wait else 401)
    if request.actor.account:
        return HttpResponseRedirect(_onward(request, request.actor.account))
    return _sign_in(request, "", 0, 200)


def _sign_in(request: Request, wrong: str, wait: float, status: int) -> HttpResponse:
    values = {
        "wrong": wrong,
        "wait": wait,
        "email": request.POST.get("email", ""),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "by_mail": request.parts.by_mail,
    }
    return page(request, "sign_in.html", values, status=status)


@never_cache
def sign_out(request: Request) -> HttpResponse:
    """End this session."""
    if request.method == "POST":
        logout(request)
    return HttpResponseRedirect("/")


@never_cache
def welcome(request: Request, token: str) -> HttpResponse:
    """Choose a password with a one-time link, and enter."""
    person = people.invited(token, request.parts.clock())
    wrong = ""
    if request.method == "POST" and not _safe(request):
        wrong = UNSAFE
    elif request.method == "POST":
        typed = str(request.POST.get("password", ""))
        if typed != request.POST.get("again", ""):
            wrong = _("The two passwords are not the same.")
        else:
            try:
                people.redeem(token, typed, request.parts.clock())
            except Invalid as failure:
                wrong = failure.expected
            else:
                _open(request, person.account)
                return HttpResponseRedirect(_onward(request, person.account))
    values = {"person": person, "wrong": wrong, "least": people.LEAST_LENGTH}
    return page(request, "welcome.html", values, status=400 if wrong else 200)


@never_cache
def first(request: Request, token: str) -> HttpResponse:
    """The first person of an instance says who they are, chooses a password, and enters."""
    now, wrong = request.parts.clock(), ""
    request.parts.first.opens(token, now)
    typed = {name: str(request.POST.get(name, "")).strip() for name in ("email", "name")}
    if request.method == "POST" and not _safe(request):
        wrong = UNSAFE
    elif request.method == "POST":
        password = str(request.POST.get("password", ""))
        if password != request.POST.get("again", ""):
            wrong = _("The two passwords are not the same.")
        else:
            try:
                person = request.parts.first.entered(token, typed["email"], typed["name"], password, now)
            except Invalid as failure:
                wrong = f"{_translate(request, _('Expected:'))} {_translate(request, failure.expected)}"
            else:
                _open(request, person.account)
                return HttpResponseRedirect(_onward(request, person.account))
    values = {"typed": typed, "wrong": wrong, "least": people.LEAST_LENGTH}
    return page(request, "first.html", values, status=400 if wrong else 200)


@never_cache
def own(request: Request) -> HttpResponse:
    """One's own account: territories, sessions, password."""
    account, now, wrong = request.actor.account, request.parts.clock(), ""
    if request.method == "POST":
        if request.POST.get("session"):
            sessions.end(account, str(request.POST["session"]))
            say(request, _("The session has ended."))
            return HttpResponseRedirect(reverse("account.own"))
        try:
            people.change_password(account, str(request.POST.get("former", "")), str(request.POST.get("password", "")))
        except Invalid as failure:
            wrong = failure.expected
        else:
            return HttpResponseRedirect(f"{reverse('account.sign-in')}?{urlencode({'next': reverse('account.own')})}")
    begins = may(request.actor, Right.BEGIN_TERRITORIES, "")
    values = {
        "places": places(request.actor),
        "begins": begins,
        "sessions": sessions.listed(now, account),
        "wrong": wrong,
    }
    return page(request, "account.html", values, status=400 if wrong else 200)


def places(actor: Actor) -> list[Place]:
    """The territories whose desk this person may enter."""
    found = []
    for slug in registers.territories():
        body = territory_of(slug)
        if body is not None and may(actor, Right.READ_DESK, slug):
            found.append(Place(slug=slug, title=body.title))
    return found


def _open(request: Request, account: str) -> None:
    login(
        cast(HttpRequest, request), Account.objects.get(id=account), backend="django.contrib.auth.backends.ModelBackend"
    )
    request.session["began"] = request.parts.clock().isoformat()
    request.session["agent"] = str(request.META.get("HTTP_USER_AGENT", ""))[:200]


def _onward(request: Request, account: str) -> str:
    """Where they wanted to go, else the desk of their only territory, else their account; the choice of a town for
    whoever administers an instance that has none."""
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    actor = sessions.actor(account, request.parts.clock())
    if not registers.territories() and may(actor, Right.BEGIN_TERRITORIES, ""):
        return reverse("instance.start")
    found = places(actor)
    return reverse("desk.overview", args=[found[0].slug]) if len(found) == 1 else reverse("account.own")


def _translate(request: Request, message: str) -> str:
    return words.translate(message, request.lang)


def _safe(request: Request) -> bool:
    """Whether a password may travel: https, or this very machine."""
    return request.is_secure() or request.get_host().rsplit(":", 1)[0].strip("[]") in LOOPBACK
