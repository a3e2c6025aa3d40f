"""The page of a choice: which source takes it in, the lines to paste, a token, and what comes meanwhile."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage.accounts.rights import Right
from bocage.domain.errors import Missing
from bocage.domain.source import Source, Transport
from bocage.ingest import polling
from bocage.web import errors
from bocage.web.desk.connect import phase, sources
from bocage.web.desk.connectable import CHOICES
from bocage.web.desk.connecting import arriving, lines
from bocage.web.page import page
from bocage.web.request import Request


@never_cache
def choice(request: Request, territory: str, choice: str) -> HttpResponse:
    """Show it; with a new token in the lines when one was asked for."""
    if choice not in CHOICES:
        raise Missing("something one may connect", choice)
    fitting = {slug: body for slug, body in sources(request).items() if CHOICES[choice].fits(body)}
    asked = str(request.POST.get("source") or request.GET.get("source") or "")
    chosen = asked if asked in fitting else _first(choice, fitting)
    secret = ""
    if request.method == "POST":
        if chosen not in sources(request, Right.ISSUE_TOKENS):
            return errors.forbidden(request)
        secret = request.parts.tokens.issue(
            territory, request.actor.account, request.parts.clock(), source=chosen, title=CHOICES[choice].label
        )
    values = _shown(request, choice, (chosen, fitting.get(chosen)), secret)
    return page(request, "desk/connecting.html", {**values, "fitting": fitting})


def _first(choice: str, fitting: Mapping[str, Source]) -> str:
    """Which source is shown when none is asked for: for files, one that files are dropped for."""
    dropped = [slug for slug, body in fitting.items() if choice == "file" and body.transport is Transport.FILE]
    return next(iter([*dropped, *fitting]), "")


def _shown(request: Request, code: str, source: tuple[str, Source | None], secret: str) -> dict[str, Any]:
    slug, body = source
    values: dict[str, Any] = {"choice": CHOICES[code], "code": code, "source": body, "source_slug": slug}
    if body is None:
        return values
    moment = arriving.since(request)
    query = urlencode({"source": slug, "from": moment.position, "at": moment.at})
    state = phase(request, slug, body)
    return {
        **values,
        "blocks": lines.of(code, lines.Other(request=request, slug=slug, source=body, token=secret)),
        "secret": secret,
        "may_issue": slug in sources(request, Right.ISSUE_TOKENS),
        "by_token": body.transport not in (Transport.MQTT, Transport.POLL) and code != "file",
        "may_deliver": slug in sources(request, Right.DELIVER),
        "again": f"{reverse('desk.connect-with', args=[request.slug, code])}?{query}",
        "arrived": arriving.arrived(request, slug, moment),
        "refused": arriving.refused(request, slug, moment),
        "state": state,
        "poll": polling.state(request.slug, slug, body) if code == "address" else None,
    }
