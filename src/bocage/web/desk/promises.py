"""What the territory promises, for those who keep it: by state, each thing to mend with the page that mends it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from bocage import evidence
from bocage import registers as kept
from bocage.accounts.rights import Right, may, may_begin, may_declare
from bocage.commitments import (
    equipment_orders,
    gdpr_12_requests,
    gdpr_33_violations,
    gdpr_37_officer,
    heritage_212_disposal,
    r06_experiments,
    r17_data_clause,
)
from bocage.domain.contract import Contract
from bocage.domain.decision import Finding, WayOut
from bocage.domain.errors import Missing
from bocage.evidence import Kept
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import page
from bocage.web.portal.function import function
from bocage.web.portal.paging import part
from bocage.web.portal.promises import GROUPS, LISTED, MEND, group, over_time, overview
from bocage.web.request import Request

_PAGES = {
    gdpr_12_requests.CODE: ("desk.protection", Right.READ_PROTECTION),
    gdpr_33_violations.CODE: ("desk.protection", Right.READ_PROTECTION),
    heritage_212_disposal.CODE: ("desk.retention", Right.READ_DESK),
}
"""Promises that have a page of their own to mend them, and the right to open it."""
Seen = tuple[Finding, datetime | None]
SETTING = "setting"
"""What stands in no register: a finding about the instance itself."""
LATE = frozenset({"nothing-delivered", "delivery-late", "delivery-gaps"})
"""What a letter to the holder of a contract speaks of."""


def promises(request: Request, territory: str) -> HttpResponse:
    """All of them in one table, of one state when asked (`state`), then what is to be mended, one by one; all of one
    promise, in parts, when it is asked for (`promise`)."""
    facts, found = facts_of(request), overview(request)
    alone = next((item for item in found if item.promise.code == request.GET.get("promise")), None)
    if alone is not None:
        return _alone(request, alone)
    asked = request.GET.get("state", "")
    shown = [item for item in found if asked not in GROUPS or group(item) == asked]
    values = {
        "rows": [(item, group(item)) for item in shown],
        "counts": {name: sum(group(item) == name for item in found) for name in GROUPS},
        "asked": asked if asked in GROUPS else "",
        "mend": [(item, _lines(request, _pairs(item)[:LISTED])) for item in shown if group(item) == MEND],
        "function": function(facts),
        **over_time(request),
        "several": len(kept.territories()) > 1,
        "names": names(facts, request.lang),
    }
    return page(request, "desk/promises.html", values)


def _alone(request: Request, item: Kept) -> HttpResponse:
    """All that is to be mended of one promise."""
    listed, shown = part(request, _pairs(item), LISTED), names(facts_of(request), request.lang)
    values = {"promise": item.promise, "listed": listed, "lines": _lines(request, listed.items), "names": shown}
    return page(request, "desk/promise.html", values)


def _pairs(item: Kept) -> list[Seen]:
    """Each thing to mend of a promise, and since when it is so."""
    return [pair for pair in zip(item.findings, item.sinces, strict=True) if not pair[0].kept]


def _lines(request: Request, pairs: Sequence[Seen]) -> list[tuple[Finding, datetime | None, str, str]]:
    """With each the page that mends it, and the letter that may go with it."""
    return [(found, since, mended_at(request, found), _letter(request, found)) for found, since in pairs]


def mended_at(request: Request, found: Finding) -> str:
    """The page where a finding is mended, empty when there is none."""
    way_out = found.way_out
    if found.promise in _PAGES:
        name, right = _PAGES[found.promise]
        return reverse(name, args=[request.slug]) if may(request.actor, right, request.slug) else ""
    if found.promise == equipment_orders.CODE and found.code in ("not-back", "back-unshown"):
        return reverse("desk.orders", args=[request.slug])
    if way_out is None or not way_out.kind:
        return ""
    if way_out.kind == SETTING:
        return reverse("desk.settings", args=[request.slug]) if may(request.actor, Right.SETTINGS, "") else ""
    if found.promise == gdpr_37_officer.CODE and not way_out.slug:
        return f"{reverse('desk.first', args=[request.slug])}#officer"
    gives = found.promise == r06_experiments.CODE and found.code == "not-offered"
    return _declared_at(request, way_out, "desk.give" if gives else "desk.form")


def _declared_at(request: Request, way_out: WayOut, changing: str) -> str:
    """The page (`changing`) where what a way out names is changed, or read by who may not change it."""
    if way_out.slug and may_declare(request.actor, request.slug, way_out.kind):
        return reverse(changing, args=[request.slug, way_out.kind, way_out.slug])
    if way_out.slug:
        return reverse("desk.declaration", args=[request.slug, way_out.kind, way_out.slug])
    if may_begin(request.actor, request.slug, way_out.kind):
        return reverse("desk.form", args=[request.slug, way_out.kind])
    return reverse("desk.register", args=[request.slug, way_out.kind])


def _letter(request: Request, found: Finding) -> str:
    if found.promise != r17_data_clause.CODE or found.code not in LATE:
        return ""
    return reverse("desk.letter", args=[request.slug, str(found.values["contract"])])


def letter(request: Request, territory: str, contract: str) -> HttpResponse:
    """A draft to the holder of a contract: what was promised, what was measured, what is asked."""
    facts = facts_of(request)
    body = facts.one(Contract, contract)
    if body is None:
        raise Missing("a declared contract", contract)
    found = [
        one
        for one in evidence.findings(territory, request.parts.clock())
        if one.promise == r17_data_clause.CODE and one.code in LATE and one.values.get("contract") == contract
    ]
    shown = names(facts, request.lang)
    values: dict[str, Any] = {
        "contract": body,
        "contract_slug": contract,
        "holders": [shown.get(slug, slug) for slug in body.holders],
        "found": found,
        "today": facts.today,
        "names": shown,
    }
    return page(request, "desk/letter.html", values)
