"""Turns every failure into a problem document (RFC 9457), once, for all routes for programs."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bocage.api.credentials import challenge
from bocage.api.language import preferred
from bocage.domain.decision import Refusal, WayOut
from bocage.domain.errors import (
    BocageError,
    Conflict,
    Invalid,
    Missing,
    PayloadError,
    Refused,
    Unavailable,
)
from bocage.domain.text import message as _
from bocage.words import sentence, translate

MEDIA_TYPE = "application/problem+json"

_STATUS: dict[type[BocageError], int] = {
    PayloadError: 400,
    Invalid: 422,
    Missing: 404,
    Conflict: 409,
    Refused: 403,
    Unavailable: 503,
}
_TITLES = {
    400: _("What was sent cannot be read"),
    401: _("Sign in, or give a valid token"),
    403: _("This is not permitted"),
    404: _("There is nothing here"),
    405: _("This address does not answer that verb"),
    406: _("This form is not available"),
    409: _("It changed meanwhile"),
    410: _("It was erased"),
    412: _("It changed meanwhile"),
    413: _("Too large for one message"),
    415: _("This form of content is not the one expected"),
    422: _("What was given is not of the expected form"),
    424: _("Something it hangs on failed"),
    428: _("Say which version you change"),
    500: _("Something failed here"),
    501: _("This is not offered here"),
    503: _("The machine cannot do it now"),
}


class Stopped(BocageError):
    """A request answered with this status and nothing else; `detail` is an English message, `refusal` its four lines
    where it has them."""

    code = "stopped"

    def __init__(self, status: int, detail: str = "", *, refusal: Refusal | None = None, **values: object) -> None:
        self.status = status
        self.refusal = refusal
        self.detail = detail
        super().__init__(detail)
        self.values = values


class Unknown(Stopped):
    """A token that opens nothing, with what its sender can do about it."""

    def __init__(self) -> None:
        way_out = WayOut(kind="token", slug="")
        refusal = Refusal(promise="ingest", code="token-unknown", way_out=way_out, overridable=False)
        super().__init__(401, _("This token is unknown or was revoked."), refusal=refusal)


def status_of(error: BocageError) -> int:
    """The HTTP status of a failure."""
    if isinstance(error, Stopped):
        return error.status
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def document(error: BocageError, lang: str, territory: str = "") -> dict[str, Any]:
    """The problem document of a failure, in words of `lang`; `territory`: that of the address, for links."""
    status = status_of(error)
    found: dict[str, Any] = {"type": "about:blank", "title": translate(_TITLES[status], lang), "status": status}
    if isinstance(error, Stopped):
        detail = translate(error.detail, lang) if error.detail else ""
        found["detail"] = detail.format_map(error.values) if error.values else detail
        if error.refusal is not None:
            found["refusals"] = [refusal_document(error.refusal, lang, territory)]
    elif isinstance(error, Refused):
        found["refusals"] = [refusal_document(refusal, lang, territory) for refusal in error.refusals]
    else:
        found |= {"expected": _said(error.expected, lang, error), "found": error.found}
        found["detail"] = _said(error.remedy, lang, error)
    found["code"] = error.code
    return {name: value for name, value in found.items() if value != ""}


def _said(text: str, lang: str, error: BocageError) -> str:
    said = translate(text, lang) if text else ""
    try:
        return said.format_map(error.values)
    except (KeyError, ValueError):  # braces of its own: it quotes what was found
        return said


def refusal_document(refusal: Refusal, lang: str, territory: str = "") -> dict[str, Any]:
    """A refusal as a sender reads it: codes for programs, sentences for people, where to mend it."""
    said = sentence(refusal, lang)
    found = {
        "code": f"{refusal.promise}.{refusal.code}",
        "promise": refusal.promise,
        "what": said.what,
        "reason": said.why,
        "reference": said.rule,
        "to_do": said.way_out,
    }
    return {**found, "where": place(refusal.way_out, territory)} if territory else found


def place(way_out: WayOut, territory: str) -> str:
    """The page of the desk where it is mended."""
    if way_out.kind in ("setting", "token"):
        return f"/{territory}/desk/{way_out.kind}s"
    one = f"{way_out.slug}/edit" if way_out.slug else "new"
    return f"/{territory}/desk/registers/{way_out.kind}/{one}"


def answer(error: BocageError, lang: str, territory: str = "") -> Response:
    """The response of a failure."""
    status = status_of(error)
    headers = {"Content-Language": lang}
    if status == 503:
        headers["Retry-After"] = "30"
    return Response(msgspec.json.encode(document(error, lang, territory)), status, headers, MEDIA_TYPE)


async def told(request: Request, error: Exception) -> Response:
    """The exception handler of every route; only our own failures come here."""
    if not isinstance(error, BocageError):
        raise error
    territory = str(request.path_params.get("territory", ""))
    found = answer(error, preferred(request.headers.get("accept-language", "")), territory)
    if found.status_code == 401:
        found.headers["WWW-Authenticate"] = challenge(request.headers.get("authorization", ""))
    return found
