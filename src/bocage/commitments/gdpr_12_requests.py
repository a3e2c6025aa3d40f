"""GDPR articles 12 and 15 to 21, applicable since 25 May 2018: whoever asks about their data is answered in time."""

from datetime import date

from bocage.commitments.answers import kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import always, required
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.text import message as _

CODE = "gdpr_12_requests"


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """How many requests wait past their day; otherwise how many came, and how many were answered in time."""
    asked = facts.requests
    late = [one for one in asked if one.answered is None and one.due < facts.today]
    if late:
        oldest = min(one.due for one in late).isoformat()
        return (to_mend(CODE, "late", WayOut(kind=""), Evidence.MEASURED, count=len(late), due_day=oldest),)
    if not asked:
        return (kept(CODE, Evidence.DECLARED, code="none-known"),)
    answered = [one for one in asked if one.answered is not None]
    in_time = sum(one.answered <= one.due for one in answered if one.answered)
    return (kept(CODE, Evidence.MEASURED, count=len(asked), answered=len(answered), in_time=in_time),)


PROMISE = Promise(
    code=CODE,
    number="GDPR 12",
    title=_("Whoever asks about their data is answered"),
    text=_(
        "Access, rectification, erasure, restriction, portability, objection: a request counts however it came, at the "
        "counter as by letter. It is answered within one month; two months more are told within the first, with the "
        "reason. A refusal gives its ground and says where to complain."
    ),
    why=_(
        "A right that nobody answers is no right. Delays counted from the day of the request, however it came, treat "
        "those without a screen like everyone else."
    ),
    unseen=_("Software cannot see a request that nobody entered, nor whether the answer was true."),
    basis=Basis.LAW,
    references=(gdpr("12(3)"), gdpr("12(4)"), gdpr("15 to 21")),
    effect=date(2018, 5, 25),
    codes=("late", "kept", "none-known"),
    standing=always(required("public-body")),
    duties=(
        Duty(
            name=_("Requests of persons that wait past their day"),
            examine=examine,
            measured=True,
        ),
    ),
    liftable=False,
)
