"""The request as views see it, once the middleware has said who asks, where and in which language."""

from django.http import HttpRequest

from bocage.accounts.rights import Actor
from bocage.domain.territory import Territory
from bocage.web.parts import Parts

LANGUAGES = ("fr", "en")


class Request(HttpRequest):
    """An HttpRequest with what `bocage.web.middleware` puts on it."""

    lang: str
    actor: Actor
    parts: Parts
    slug: str
    """Slug of the territory in the address; empty outside any territory."""
    territory: Territory | None
    """Declaration of that territory."""


def language(request: HttpRequest) -> str:
    """The language asked for in the address, else the one remembered, else French."""
    for asked in (request.GET.get("lang"), request.COOKIES.get("lang")):
        if asked in LANGUAGES:
            return str(asked)
    return "fr"
