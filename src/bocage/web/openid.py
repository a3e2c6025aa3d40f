"""Signing in by the provider: there, back, and what to say when it comes to nothing."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import registers, relational
from bocage.accounts import attempts, throttle
from bocage.accounts.openid import matching, trip
from bocage.accounts.openid.claims import Claims
from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.accounts.openid.trip import Trip
from bocage.web.entering import address_of, enter, onward, safe
from bocage.web.middleware import territory
from bocage.web.page import page
from bocage.web.request import Request

UNDER_WAY = "openid"
TRIED = "openid-tried"
STATUS = {Fault.OFF: 404, Fault.UNASKED: 400, Fault.WAIT: 429, Fault.UNREACHABLE: 503}
WHOM_TO_ASK = (Fault.UNKNOWN, Fault.REPLACED, Fault.CLOSED)


@never_cache
def begin(request: Request) -> HttpResponse:
    """Send this browser to the provider."""
    try:
        if request.parts.openid.offered is None:
            raise SignInFailure(Fault.OFF)
        _count(request)
        return departed(request, trip.begun(request.parts.clock(), onward=str(request.GET.get("next", ""))[:500]))
    except SignInFailure as failure:
        return told(request, failure)


def departed(request: Request, going: Trip) -> HttpResponse:
    """On the way to the provider; what must come back is kept in this browser's session."""
    if not safe(request):
        raise SignInFailure(Fault.UNSAFE, request.get_host())
    openid = request.parts.openid
    address = trip.there(openid.provider(), openid.client, going)
    request.session[UNDER_WAY] = msgspec.to_builtins(going)
    return HttpResponseRedirect(address)


@never_cache
def back(request: Request) -> HttpResponse:
    """Somebody comes back from the provider: let them in, or show what came back to whoever only tries."""
    kept = request.session.pop(UNDER_WAY, None)  # once, whatever comes of it
    going = msgspec.convert(kept, Trip) if kept else None
    if going and going.trial:
        return _tried(request, going)
    try:
        if request.parts.openid.offered is None:
            raise SignInFailure(Fault.OFF)
        account = _matched(request, going)
    except SignInFailure as failure:
        return told(request, failure)
    with relational.transaction():
        attempts.clear(_subjects(request))
    enter(request, account)
    return HttpResponseRedirect(onward(request, account, going.onward if going else ""))


def _matched(request: Request, going: Trip | None) -> str:
    openid, at = request.parts.openid, request.parts.clock()
    claims = claimed(request, going)
    issuer = openid.provider().issuer
    vouches = openid.setting is not None and openid.setting.vouches
    account = matching.matched(issuer, claims, vouches=vouches)
    matching.pin(issuer, claims, account, at)
    return account


def claimed(request: Request, going: Trip | None) -> Claims:
    """Who came back."""
    openid = request.parts.openid
    sent = {name: str(value) for name, value in request.GET.items()}
    return trip.back(openid.provider(), openid.client, going, sent, request.parts.clock())


def _tried(request: Request, going: Trip) -> HttpResponse:
    """Keep what came back for the page of settings; the session of whoever tries stays as it is."""
    openid = request.parts.openid
    try:
        claims = claimed(request, going)
        vouches = openid.setting is not None and openid.setting.vouches
        usable = bool(claims.email) and (claims.verified or vouches)
        kept: dict[str, Any] = {"said": claims.said, "email": claims.email, "verified": claims.verified}
        kept |= {"usable": usable, "mark": openid.mark, "account": _fits(openid.provider().issuer, claims, vouches)}
    except SignInFailure as failure:
        kept = {"fault": failure.fault.value, "found": failure.found}
    request.session[TRIED] = kept
    return HttpResponseRedirect(going.onward)


def _fits(issuer: str, claims: Claims, vouches: bool) -> str:
    """The account these claims would open; empty with none."""
    try:
        return matching.matched(issuer, claims, vouches=vouches)
    except SignInFailure:
        return ""


def _subjects(request: Request) -> Mapping[str, throttle.Pace]:
    return {attempts.subject("address", address_of(request)): throttle.ADDRESS}


def _count(request: Request) -> None:
    """A sign-in is counted as it begins, and no longer once it led in."""
    with relational.transaction():
        wait = attempts.count(_subjects(request), request.parts.clock())
    if wait:
        raise SignInFailure(Fault.WAIT, f"{wait.total_seconds():.0f} s")


def told(request: Request, failure: SignInFailure) -> HttpResponse:
    """What went wrong, and whom to ask."""
    values = {
        "failure": failure,
        "again": reverse("account.sign-in"),
        "places": [(slug, territory(slug)) for slug in registers.territories()] if failure.fault in WHOM_TO_ASK else [],
    }
    return page(request, "openid.html", values, status=STATUS.get(failure.fault, 403))
