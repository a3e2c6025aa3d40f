"""What the territory promises: each commitment with its standing, its level of evidence, and whether it is kept."""

from django.http import HttpResponse

from bocage import evidence
from bocage.domain.errors import Missing
from bocage.web.page import page
from bocage.web.portal.knowledge import known, titles
from bocage.web.request import Request


def overview(request: Request) -> list[evidence.Kept]:
    """Every commitment: those with something to mend first, those not concerned last."""
    return evidence.commitments(request.slug, request.parts.clock())


def promises(request: Request, territory: str) -> HttpResponse:
    """The list, in words."""
    return page(request, "portal/promises.html", {"kept": overview(request)})


def promise(request: Request, territory: str, promise: str) -> HttpResponse:
    """One commitment: its text, what it rests on, what was found, what software cannot see."""
    found = next((one for one in overview(request) if one.promise.code == promise), None)
    if found is None:
        raise Missing("a commitment", promise)
    values = {"item": found, "findings": found.findings, "names": titles(known(request).facts, request.lang)}
    return page(request, "portal/promise.html", values)
