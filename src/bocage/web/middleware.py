"""Before each page: security headers, language, who asks, which territory, and whether they may."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from bocage import accounts, registers
from bocage.accounts.rights import ANYONE, may
from bocage.accounts.routes import ROUTES
from bocage.domain.declaration import Key, is_slug
from bocage.domain.errors import BocageError, Missing
from bocage.domain.territory import Territory
from bocage.web import errors
from bocage.web.request import LANGUAGES, Request, language
from bocage.web.settings import wired

Answer = Callable[[HttpRequest], HttpResponseBase]
YEAR = 365 * 24 * 3600
UNNAMED = frozenset({"account", "promise", "token"})
"""Parts of addresses that are no slugs of declarations."""


def policy(tiles: str) -> str:
    """The Content-Security-Policy; a tile address that somebody set is the only outside origin."""
    outside = f" {urlsplit(tiles).scheme}://{urlsplit(tiles).netloc}" if tiles else ""
    return (
        f"default-src 'self'; img-src 'self' data:{outside}; connect-src 'self'{outside}; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def secured(answer: Answer) -> Answer:
    """Headers every page carries."""
    csp = policy(attrgetter("BOCAGE_TILES")(settings))

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        response["Content-Security-Policy"] = csp
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "same-origin"
        response["Cross-Origin-Opener-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response

    return middleware


def spoken(answer: Answer) -> Answer:
    """Puts language, parts and the speaker on the request."""

    def middleware(plain: HttpRequest) -> HttpResponseBase:
        request = cast(Request, plain)
        parts = wired()
        request.lang, request.parts, request.slug, request.territory = language(plain), parts, "", None
        key = plain.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        request.actor = accounts.who(key, parts.clock()) if key else ANYONE
        if request.actor.account:
            parts.uses.note(key, parts.clock())
        response = answer(request)
        response["Content-Language"] = request.lang
        response["Vary"] = "Cookie"
        if request.actor.account:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if plain.GET.get("lang") in LANGUAGES:
            response.set_cookie("lang", request.lang, max_age=YEAR, samesite="Lax", httponly=True)
        return response

    return middleware


class Permitted:
    """Finds the territory of the address and asks the table of rights; a route without a line is refused."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._answer(request)

    def process_view(
        self, plain: HttpRequest, _view: object, _args: object, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        request = cast(Request, plain)
        if any(name not in UNNAMED and isinstance(value, str) and not is_slug(value) for name, value in kwargs.items()):
            return errors.missing(request)
        slug = str(kwargs.get("territory", ""))
        if slug:
            body = territory(slug)
            if body is None:
                return errors.missing(request)
            request.slug, request.territory = slug, body
        name = plain.resolver_match.view_name if plain.resolver_match else ""
        right = ROUTES.get(name)
        if right is not None and may(request.actor, right, slug):
            return None
        if not request.actor.account:
            return HttpResponseRedirect(f"{reverse('account.sign-in')}?{urlencode({'next': plain.get_full_path()})}")
        return errors.forbidden(request)

    def process_exception(self, plain: HttpRequest, failure: Exception) -> HttpResponse | None:
        return errors.told(cast(Request, plain), failure) if isinstance(failure, BocageError) else None


def territory(slug: str) -> Territory | None:
    """The declaration of a territory of this instance."""
    try:
        entry = registers.find(Key(territory=slug, kind="territory", slug=slug))
    except (ValueError, Missing):
        return None
    return cast(Territory, entry.body) if entry else None
