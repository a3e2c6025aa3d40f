"""Recommendation 46 of the study of October 2021: calls for projects reward an open, transparent, sustainable model."""

from datetime import date, timedelta

from bocage.commitments.answers import faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import with_commons
from bocage.commitments.texts import study
from bocage.domain.call_for_projects import CallForProjects
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.text import message as _

CODE = "r46_calls"
RESULT_DAYS = 180
"""The model's choice: half a year after it closes, a call has said whom it funded."""


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A call opens with criteria taken from the promises."""
    before, after = change.before, change.after
    opened = isinstance(before, CallForProjects) and before.opens is not None
    if not isinstance(after, CallForProjects) or after.opens is None or opened:
        return ()
    promised = any(one.promise for one in after.criteria)
    return faulty(CODE, change, () if promised else ("criteria-missing",), "criteria")


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Calls that closed long ago without their results, that ask for no certificate, or put small territories last."""
    calls = facts.all(CallForProjects)
    found = [finding for slug, one in sorted(calls.items()) for finding in _of_one(facts.today, slug, one)]
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(calls)))


def _of_one(today: date, slug: str, call: CallForProjects) -> list[Finding]:
    late = call.closes is not None and call.closes + timedelta(days=RESULT_DAYS) < today and call.published is None
    faults = {
        "results-late": ("results", late),
        "certificate-unasked": ("certificate", not call.certificate),
        "small-last": ("small_first", not call.small_first),
    }
    return [
        to_mend(CODE, code, WayOut(kind=CallForProjects.kind, slug=slug, field=field), Evidence.DECLARED, call=slug)
        for code, (field, fault) in faults.items()
        if fault
    ]


PROMISE = Promise(
    code=CODE,
    number="R46",
    title=_("Calls for projects reward openness"),
    text=_(
        "The criteria of a call come from these promises, applications are checked by certificate, small "
        "territories and groups come first, and results are published."
    ),
    why=_(
        "A call that pays for novelty gets novelty. One that pays for openness and results gets what others can use."
    ),
    unseen=_("Software cannot see the calls of others, nor how a jury weighed what it read."),
    basis=Basis.MODEL,
    references=(study("R46"),),
    effect=date(2021, 10, 1),
    codes=("criteria-missing", "results-late", "certificate-unasked", "small-last", "kept"),
    standing=with_commons(CallForProjects.kind, CallForProjects),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Calls without results, certificate or place for small territories"),
            examine=examine,
            reads=(CallForProjects,),
        ),
    ),
    liftable=False,
)
