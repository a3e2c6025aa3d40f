"""Recommendation 39 of the study of October 2021: a shared resource centre."""

from datetime import date

from bocage.commitments.answers import kept
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import with_commons
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding
from bocage.domain.text import message as _

CODE = "r39_resource_centre"


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """How much the commons hold, and how much of it this territory gave."""
    given = sum(one.territory == facts.slug for one in facts.commons)
    return (kept(CODE, Evidence.MEASURED, count=len(facts.commons), given=given),) if facts.commons else ()


PROMISE = Promise(
    code=CODE,
    number="R39",
    title=_("What territories learn is shared"),
    text=_(
        "Use cases, rules, clauses, schemas, results of experiments and indicators are plain files of the commons: "
        "read, adopted in one step, and given back."
    ),
    why=_("What one territory wrote, another need not write again. As plain files, it outlives tools and vendors."),
    unseen=_("Software cannot see what is shared elsewhere, nor how well it serves those who took it."),
    basis=Basis.MODEL,
    references=(study("R39"),),
    effect=date(2021, 10, 1),
    codes=("kept",),
    standing=with_commons(""),
    duties=(
        Duty(name=_("What the commons hold, and what was given to them"), examine=examine, reads=(), measured=True),
    ),
    liftable=False,
)
