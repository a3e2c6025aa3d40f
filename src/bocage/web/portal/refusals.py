"""What was refused, by reason and in public words: never a value, never a sender's name for its series."""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.http import HttpResponse

from bocage import words
from bocage.commitments import roll
from bocage.domain.decision import Refusal
from bocage.ingest import refusals as counters
from bocage.publish import publication
from bocage.web.page import page
from bocage.web.portal.knowledge import known, titles
from bocage.web.request import Request

_NAMELESS = re.compile(r"\b(origine|finalité|données|mot|source|purpose|dataset|word)\s*[«“]\s*…\s*[»”]")
"""Nouns that stand without their name: quotation marks around nothing say nothing."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason of one commitment: in which words, how often, and when last. `promise` is empty where no page is."""

    promise: str
    why: str
    rule: str
    count: int
    last: datetime


def refusals(request: Request, territory: str) -> HttpResponse:
    """Refusals counted by reason, and the datasets a commitment keeps from publication."""
    all_known = known(request)
    found = reasons([one for one in counters.counted(request.slug) if not one.kept], request.lang)
    held = [item for item in all_known.catalogue if item.state is publication.State.REFUSED]
    values = {"reasons": found, "total": sum(reason.count for reason in found), "datasets": held}
    return page(request, "portal/refusals.html", {**values, "names": titles(all_known.facts, request.lang)})


def reasons(counted: Sequence[counters.Counted], lang: str) -> list[Reason]:
    """The counts added up by commitment and reason, most first."""
    found: dict[tuple[str, str], Reason] = {}
    for one in counted:
        before = found.get((one.promise, one.code))
        said = words.sentence(_anonymous(one.refusal), lang)
        found[one.promise, one.code] = Reason(
            promise=one.promise if roll.find(one.promise) else "",
            why=_NAMELESS.sub(r"\1", said.why),
            rule=said.rule[:1].upper() + said.rule[1:],
            count=one.count + (before.count if before else 0),
            last=max(one.last, before.last) if before else one.last,
        )
    return sorted(found.values(), key=lambda reason: -reason.count)


def _anonymous(refusal: Refusal) -> Refusal:
    """The refusal without what its sender called things."""
    blank = {
        name: "…" if isinstance(value, str) and not name.endswith("_day") else value
        for name, value in refusal.values.items()
    }
    return msgspec.structs.replace(refusal, values=blank)
