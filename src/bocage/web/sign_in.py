"""Signing in and out, choosing a password by a one-time link, and one's own account."""

from urllib.parse import urlencode

from django.contrib.auth import logout
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import words
from bocage.accounts import people, sessions
from bocage.accounts.rights import Right, may
from bocage.domain.errors import Invalid
from bocage.domain.text import message as _
from bocage.web import wishes
from bocage.web.entering import UNSAFE, enter, onward, places, safe
from bocage.web.page import page, say
from bocage.web.request import Request


@never_cache
def sign_in(request: Request) -> HttpResponse:
    """The sign-in page; with a password, over a safe connection only."""
    wrong, wait = "", 0.0
    if request.method == "POST":
        if not safe(request):
            return _sign_in(request, UNSAFE, 0, 403)
        found = people.authenticate(
            str(request.POST.get("email", "")),
            str(request.POST.get("password", "")),
            address=str(request.META.get("REMOTE_ADDR", "")),
            at=request.parts.clock(),
        )
        if isinstance(found, people.Person):
            enter(request, found.account)
            return HttpResponseRedirect(onward(request, found.account))
        wait = found.wait.total_seconds()
        wrong = (
            _("Too many tries. Wait before the next one.")
            if wait
            else _("This address and password do not go together.")
        )
        return _sign_in(request, wrong, wait, 429 if wait else 401)
    if request.actor.account:
        return HttpResponseRedirect(onward(request, request.actor.account))
    return _sign_in(request, "", 0, 200)


def _sign_in(request: Request, wrong: str, wait: float, status: int) -> HttpResponse:
    values = {
        "wrong": wrong,
        "wait": wait,
        "email": request.POST.get("email", ""),
        "next": request.POST.get("next", request.GET.get("next", "")),
        "by_mail": request.parts.by_mail,
        "provider": request.parts.openid.offered,
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
    if request.method == "POST" and not safe(request):
        wrong = UNSAFE
    elif request.method == "POST":
        typed = str(request.POST.get("password", ""))
        if typed != request.POST.get("again", ""):
            wrong = _("The two passwords are not the same.")
        else:
            try:
                people.redeem(token, typed, request.parts.clock())
            except Invalid as failure:
                wrong = _expected(request, failure)
            else:
                enter(request, person.account)
                return HttpResponseRedirect(onward(request, person.account))
    values = {"person": person, "wrong": wrong, "least": people.LEAST_LENGTH}
    return page(request, "welcome.html", values, status=400 if wrong else 200)


@never_cache
def first(request: Request, token: str) -> HttpResponse:
    """The first person of an instance says who they are, chooses a password, and enters."""
    now, wrong = request.parts.clock(), ""
    request.parts.first.opens(token, now)
    typed = {name: str(request.POST.get(name, "")).strip() for name in ("email", "name")}
    if request.method == "POST" and not safe(request):
        wrong = UNSAFE
    elif request.method == "POST":
        password = str(request.POST.get("password", ""))
        if password != request.POST.get("again", ""):
            wrong = _("The two passwords are not the same.")
        else:
            try:
                person = request.parts.first.entered(token, typed["email"], typed["name"], password, now)
            except Invalid as failure:
                wrong = _expected(request, failure)
            else:
                enter(request, person.account)
                return HttpResponseRedirect(onward(request, person.account))
    values = {"typed": typed, "wrong": wrong, "least": people.LEAST_LENGTH}
    return page(request, "first.html", values, status=400 if wrong else 200)


@never_cache
def own(request: Request) -> HttpResponse:
    """One's own account: territories, sessions, password."""
    account, now, wrong = request.actor.account, request.parts.clock(), ""
    if request.method == "POST":
        if request.POST.get("do") == "others":
            sessions.end_all(account, but=str(request.session.session_key))
            say(request, words.translate(_("The other sessions have ended."), request.lang))
            return HttpResponseRedirect(reverse("account.own"))
        if request.POST.get("session"):
            sessions.end(account, str(request.POST["session"]))
            say(request, words.translate(_("The session has ended."), request.lang))
            return HttpResponseRedirect(reverse("account.own"))
        try:
            people.change_password(account, str(request.POST.get("former", "")), str(request.POST.get("password", "")))
        except Invalid as failure:
            wrong = failure.expected
        else:
            return HttpResponseRedirect(f"{reverse('account.sign-in')}?{urlencode({'next': reverse('account.own')})}")
    begins = may(request.actor, Right.BEGIN_TERRITORIES, "")
    held = places(request.actor)
    values = {
        "places": held,
        "wishes": wishes.listed(request, [place.slug for place in held]),
        "begins": begins,
        "sessions": sessions.listed(now, account),
        "here": sessions.named(request.session.session_key),
        "wrong": wrong,
    }
    return page(request, "account.html", values, status=400 if wrong else 200)


def _expected(request: Request, failure: Invalid) -> str:
    """What was expected, as the end of a sentence; other faults are sentences of their own."""
    return f"{words.translate(_('Expected:'), request.lang)} {words.translate(failure.expected, request.lang)}"
