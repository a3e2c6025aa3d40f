"""Tokens of machines: issued for one source, shown once, revoked at once."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bocage import words
from bocage.accounts.rights import Right, may, reach
from bocage.accounts.tokens import UNUSED
from bocage.domain.dataset import Dataset
from bocage.domain.errors import Missing
from bocage.domain.instant import iso, to_ms
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.web import errors
from bocage.web.desk.connect import address, sources
from bocage.web.desk.reach import authors, facts_of, service_of_source
from bocage.web.page import page, say
from bocage.web.request import Request


def tokens(request: Request, territory: str) -> HttpResponse:
    """Every token of the territory, without its secret."""
    return _page(request)


@never_cache
def issue(request: Request, territory: str) -> HttpResponse:
    """A new token; its secret is on this answer only."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.tokens", args=[territory]))
    source = str(request.POST.get("source", ""))
    datasets = tuple(str(one) for one in request.POST.getlist("dataset"))
    if source and source not in sources(request, Right.ISSUE_TOKENS):
        raise Missing("a source", source)
    if not source and not all(_reaches(request, Right.ISSUE_TOKENS, dataset=one) for one in datasets):
        raise Missing("a dataset", ", ".join(datasets))
    secret = request.parts.tokens.issue(
        territory,
        request.actor.account,
        request.parts.clock(),
        source=source,
        datasets=() if source else datasets,
        title=str(request.POST.get("title", ""))[:200],
    )
    return _page(request, secret=secret, source=source)


def revoke(request: Request, territory: str) -> HttpResponse:
    """End a token."""
    number = whole(str(request.POST.get("token", "")), 0)
    if request.method == "POST" and number:
        if not _revocable(request, number):
            return errors.forbidden(request)
        request.parts.tokens.revoke(territory, number, request.parts.clock())
        say(request, words.translate(_("The token is revoked: its next use is refused."), request.lang))
    return HttpResponseRedirect(reverse("desk.tokens", args=[territory]))


def _reaches(request: Request, right: Right, *, source: str = "", dataset: str = "") -> bool:
    """Whether a right of this person goes as far as a source, or a dataset that is declared."""
    far, facts = reach(request.actor, right, request.slug), facts_of(request)
    body = facts.one(Dataset, dataset) if dataset else None
    if dataset and body is None:
        return False
    service = body.service if body else service_of_source(facts, source)
    return far.covers(source=source, service=service, dataset=dataset)


def _revocable(request: Request, number: int) -> bool:
    """Whether a token is within reach; one that is not of this territory is told by `revoke` itself."""
    held = next((one for one in request.parts.tokens.listed(request.slug) if one.token == number), None)
    if held is None or reach(request.actor, Right.REVOKE_TOKENS, request.slug).covers():
        return True
    if held.source:
        return _reaches(request, Right.REVOKE_TOKENS, source=held.source)
    return all(_reaches(request, Right.REVOKE_TOKENS, dataset=one) for one in held.datasets)


def _page(request: Request, *, secret: str = "", source: str = "") -> HttpResponse:
    listed = request.parts.tokens.listed(request.slug)
    facts = facts_of(request)
    values = {
        "tokens": listed,
        "unused": {one.token for one in listed if one.idle(request.parts.clock())},
        "quiet_after": UNUSED.total_seconds(),
        "sources": sources(request),
        "datasets": facts.all(Dataset),
        "people": authors({one.issued_by for one in listed}, request.lang),
        "chosen": request.GET.get("source", source),
        "secret": secret,
        "source": source,
        "example": _example(request, source),
        "address": address(request),
        "now": iso(to_ms(request.parts.clock())),
        "may_issue": may(request.actor, Right.ISSUE_TOKENS, request.slug),
        "may_revoke": may(request.actor, Right.REVOKE_TOKENS, request.slug),
    }
    return page(request, "desk/tokens.html", values)


def _example(request: Request, source: str) -> str:
    """The name of a series to show in the example: a declared one, else a made-up one."""
    keys = sorted(key for held, key in facts_of(request).keys if held == source)
    return keys[0] if keys else "temperature"
