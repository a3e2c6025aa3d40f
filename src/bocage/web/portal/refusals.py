"""What was refused, month by month and by reason, in public words: never a value, never a sender's name of a series."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.http import HttpResponse

from bocage import evidence, words
from bocage.commitments import roll
from bocage.domain.kinds import KINDS
from bocage.evidence.declined import Declined
from bocage.ingest import monthly
from bocage.ingest import refusals as counters
from bocage.publish import publication
from bocage.publish.disclosure import public_kind
from bocage.web.page import page
from bocage.web.portal.commons import proofs
from bocage.web.portal.knowledge import known, titles, today
from bocage.web.request import Request

_NAMELESS = re.compile(r"\b(origine|finalité|données|mot|source|purpose|dataset|word)\s*[«“]\s*…\s*[»”]")
"""Nouns that stand without their name: quotation marks around nothing say nothing."""
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
QUIET = timedelta(days=1)
"""After so long without another one, a reason no longer stands."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of one month: in which words, on which rule, how often, when last, and what would let it in.

    `promise` and `title` (an English message) are empty where no promise stands behind it. `standing`: whether it
    still comes. `kept`: the values were kept, and only marked.
    """

    promise: str
    title: str
    why: str
    rule: str
    way_out: str
    count: int
    last: datetime
    standing: bool
    kept: bool


def refusals(request: Request, territory: str) -> HttpResponse:
    """The refusals of one month (`month`, YYYY-MM; this one when not said), beside all months in figures."""
    all_known = known(request)
    counted, this = monthly.monthly(request.slug), today(request).strftime("%Y-%m")
    months = monthly.totals(counted)
    asked = request.GET.get("month", "")
    chosen = asked if _MONTH.fullmatch(asked) else this
    found = reasons((one for one in counted if one.month == chosen), request)
    refused = declined(request, chosen)
    held = [item for item in all_known.catalogue if item.state is publication.State.REFUSED]
    values = {
        "month": chosen,
        "current": this,
        "months": {this: (0, 0), **months} if this not in months else months,
        "refused": [reason for reason in found if not reason.kept],
        "marked": [reason for reason in found if reason.kept],
        "ever": sum(counters.by_promise(request.slug).values()),
        "datasets": held,
        "declined": refused,
        "proofs": proofs(request, (one.refusal for one in refused)),
        "kinds": KINDS,
        "names": titles(all_known, request.lang),
    }
    return page(request, "portal/refusals.html", values)


def declined(request: Request, month: str) -> list[Declined]:
    """Declarations of public registers that a promise refused, most lately first. What holds now is named; of what
    does not, only the kind is told."""
    facts = known(request).facts
    found = [
        one for one in evidence.declined(request.slug, request.parts.clock(), month=month) if public_kind(one.kind)
    ]
    return [one if one.slug in facts.declared.get(one.kind, {}) else _nameless(one) for one in found]


def _nameless(one: Declined) -> Declined:
    return msgspec.structs.replace(one, slug="", refusal=monthly.nameless(one.refusal))


def reasons(counted: Iterable[monthly.Monthly], request: Request) -> list[Reason]:
    """The reasons in words, most frequent first."""
    now, lang = request.parts.clock(), request.lang
    found = []
    for one in counted:
        said, promise = words.sentence(monthly.nameless(one.refusal), lang), roll.find(one.refusal.promise)
        found.append(
            Reason(
                promise=promise.code if promise else "",
                title=promise.title if promise else "",
                why=_NAMELESS.sub(r"\1", said.why),
                rule=said.rule[:1].upper() + said.rule[1:],
                way_out=_NAMELESS.sub(r"\1", said.way_out[:1].lower() + said.way_out[1:]),
                count=one.count,
                last=one.last,
                standing=now - one.last < QUIET,
                kept=one.kept,
            )
        )
    return sorted(found, key=lambda reason: -reason.count)
