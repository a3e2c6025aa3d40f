"""What the territory promises, in plain words: what it means here, whether it is kept and since when, how one knows."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse

from bocage import evidence, registers, words
from bocage.commitments import untold
from bocage.commitments.carried import SHARED
from bocage.commitments.promise import Basis
from bocage.commitments.roll import NUMBERED
from bocage.domain.decision import Standing
from bocage.domain.errors import Missing
from bocage.domain.text import message as _
from bocage.evidence import turning
from bocage.ingest import monthly
from bocage.web.page import page
from bocage.web.portal.feeds import changes
from bocage.web.portal.function import function
from bocage.web.portal.here import here, running
from bocage.web.portal.knowledge import known, titles, today
from bocage.web.portal.lanes import line, spells
from bocage.web.portal.paging import part
from bocage.web.portal.refusals import Reason, reasons
from bocage.web.request import Request

MEND, KEPT, UNCHECKED, UNCONCERNED = "mend", "kept", "unchecked", "unconcerned"
GROUPS = (MEND, KEPT, UNCHECKED, UNCONCERNED)
FEW, LATEST, LISTED = 5, 8, 50
STUDY, LAW = "study", "law"
OF: dict[str, Callable[[evidence.Kept], bool]] = {
    STUDY: lambda item: item.promise.recommendation > 0,
    LAW: lambda item: item.promise.basis is Basis.LAW,
}
"""Which commitments are asked for alone (`of`): the recommendations of the study, what the law asks."""
TURNS = 60
NARROW = 8


def overview(request: Request) -> list[evidence.Kept]:
    """Every commitment: those with something to mend first, those not concerned last."""
    return evidence.commitments(request.slug, request.parts.clock())


def group(item: evidence.Kept) -> str:
    """Under which heading a commitment stands. What does not bind a territory is never a fault."""
    if item.to_mend:
        return MEND
    others = {Standing.NOT_CONCERNED: UNCONCERNED, Standing.UNCHECKED: UNCHECKED}
    return others.get(item.standing, KEPT)


def promises(request: Request, territory: str) -> HttpResponse:
    """All of them, and the exceptions that run."""
    all_known, every = known(request), overview(request)
    asked = request.GET.get("of", "")
    found = [item for item in every if asked not in OF or OF[asked](item)]
    groups = {name: [item for item in found if group(item) == name] for name in GROUPS}
    values = {
        "groups": groups,
        "total": len(found),
        "asked": asked if asked in OF else "",
        "counts": {"": len(every), **{name: sum(map(chosen, every)) for name, chosen in OF.items()}},
        **over_time(request),
        "month": _of_this_month(request),
        "function": function(all_known.facts),
        "changes": changes(request, LATEST),
        "several": len(registers.territories()) > 1,
        "numbered": NUMBERED,
        "untold": untold(),
        "here": here(all_known),
        "running": running(all_known),
        "promises": {item.promise.code: item.promise for item in found},
        "names": titles(all_known, request.lang),
    }
    return page(request, "portal/promises.html", values)


def over_time(request: Request) -> dict[str, Any]:
    """How each commitment stood over time, all from the first day that one was looked at: `lines` by code, `since`. Of
    one that turns all the time, the last turns: more would be finer than the line."""
    held, since = turning.lately(request.slug, TURNS), turning.first(request.slug)
    said = words.translate(_("How it stood over time; its page tells it day by day."), request.lang)
    now = request.parts.clock()
    return {
        "since": since,
        "lines": {code: line(spells(turned, now), said, since, NARROW) for code, turned in held.items()},
    }


def _of_this_month(request: Request) -> list[Reason]:
    """The refusals of this month by reason, most frequent first."""
    month = today(request).strftime("%Y-%m")
    return reasons((one for one in monthly.monthly(request.slug) if one.month == month), request)[:FEW]


def promise(request: Request, territory: str, promise: str) -> HttpResponse:
    """One commitment: its text, what it rests on, what was found, what software cannot see."""
    found = next((one for one in overview(request) if one.promise.code == promise), None)
    if found is None:
        raise Missing("a commitment", promise)
    all_known = known(request)
    stood = spells(evidence.turns(request.slug, promise), request.parts.clock())
    values = {
        "item": found,
        "shared": found.promise.code in SHARED,
        "group": group(found),
        "spells": stood,
        "line": line(stood, words.translate(_("How it stood over time; the table says the same."), request.lang)),
        "listed": part(request, list(zip(found.findings, found.sinces, strict=True)), LISTED),
        "here": here(all_known),
        "running": running(all_known, promise),
        "names": titles(all_known, request.lang),
    }
    return page(request, "portal/promise.html", values)
