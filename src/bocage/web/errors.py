"""Failures as pages: what was expected, what was found, what to do."""

import sys
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.template.loader import render_to_string
from django.urls import is_valid_path

from bocage import relational
from bocage.accounts.rights import ANYONE
from bocage.domain.errors import BocageError, Conflict, Invalid, Missing, Refused, Unavailable
from bocage.domain.text import message as _
from bocage.web.page import page
from bocage.web.request import Request, language
from bocage.web.settings import wired
from bocage.words import translate

STATUS: dict[type[BocageError], int] = {Missing: 404, Conflict: 409, Refused: 422, Invalid: 400, Unavailable: 503}


def _shown(request: HttpRequest) -> Request:
    """A request whose middleware did not run still gets a page."""
    whole = cast(Request, request)
    for name, value in (("lang", "fr"), ("actor", ANYONE), ("slug", ""), ("territory", None)):
        if not hasattr(request, name):
            setattr(request, name, value)
    if not hasattr(request, "parts"):
        whole.parts = wired()
    return whole


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return page(_shown(request), "error.html", {"title": title, "text": text, "status": status}, status=status)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; an address that lacks only its last slash is the one with it."""
    if request.method in ("GET", "HEAD") and not request.path.endswith("/") and is_valid_path(request.path + "/"):
        asked = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{request.path}/" + (f"?{asked}" if asked else ""))
    return _page(
        request,
        404,
        _("This page does not exist"),
        _("The address may have been mistyped, or what it named was withdrawn."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403"""
    return _page(
        request,
        403,
        _("Your roles do not open this page"),
        _("Ask the person who administers the accounts of this territory to give you the role it needs."),
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was not made by this session (CSRF)."""
    return _page(
        request,
        403,
        _("This form has expired"),
        _("Nothing was changed. Go back, load the page again and send it once more."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where it is the database that failed."""
    if isinstance(sys.exc_info()[1], relational.FAILURES):
        return away(request)
    return _page(
        request,
        500,
        _("Something broke on our side"),
        _("Nothing you sent was half done. The failure is in the log of the machine; try again in a minute."),
    )


def away(request: HttpRequest) -> HttpResponse:
    """503, without a look into the database: nothing is known of the territory, nor of who asks."""
    again = request.get_full_path() if request.method == "GET" else "/"
    values = {"lang": language(request), "territory": None, "notes": (), "server": relational.on_server()}
    text = render_to_string("away.html", {**values, "again": again}, request=request)
    response = HttpResponse(text, status=503)
    response["Retry-After"] = "10"
    return response


def told(request: Request, failure: BocageError) -> HttpResponse:
    """A failure of the domain, with the sentences of `words`."""
    status = next((code for kind, code in STATUS.items() if isinstance(failure, kind)), 500)
    refusals = failure.refusals if isinstance(failure, Refused) else ()
    titles = {
        404: _("What you asked for does not exist"),
        409: _("It changed in the meantime"),
        422: _("Refused: reason and way out"),
        400: _("This cannot be read as it stands"),
        503: _("The machine cannot do it now"),
    }
    shown = _shown(request)
    said = {name: _said(failure, getattr(failure, name), shown.lang) for name in ("expected", "found", "remedy")}
    values = {"title": titles.get(status, _("Something broke on our side")), "said": said, "refusals": refusals}
    return page(shown, "failure.html", {**values, "status": status}, status=status)


def _said(failure: BocageError, text: str, lang: str) -> str:
    """A part of a failure in words of `lang`, with its values where it names them."""
    told = translate(text, lang) if text else ""
    named = failure.values and any(f"{{{name}}}" in told for name in failure.values)
    return told.format_map(failure.values) if named else told
