"""Recommendation 36 of the study of October 2021: projects are evaluated in figures and in words."""

from datetime import date

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.economics import Economics
from bocage.domain.evaluation import Evaluation
from bocage.domain.indicator import Indicator
from bocage.domain.project import Phase, Project
from bocage.domain.taken_decision import TakenDecision
from bocage.domain.text import message as _

CODE = "r36_evaluation"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """An evaluation is closed with figures and words, never with one of them alone."""
    before, after = change.before, change.after
    closed = isinstance(before, Evaluation) and before.closed is not None
    if not isinstance(after, Evaluation) or after.closed is None or closed:
        return ()
    faults = {
        "figures-missing": not any(one.observed is not None for one in after.figures),
        "words-missing": not after.effects,
        "method-missing": any(one.method is None for one in after.effects),
    }
    return faulty(CODE, change, codes(faults), "closed")


def examine_projects(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Projects in operation or ended that nobody has evaluated; otherwise how many were."""
    old = {slug for slug, one in facts.all(Project).items() if one.phase in (Phase.OPERATION, Phase.ENDED)}
    told = {one.project for one in facts.all(Evaluation).values() if one.closed}
    found = tuple(
        to_mend(CODE, "never-evaluated", WayOut(kind=Evaluation.kind, field="project"), Evidence.DECLARED, project=slug)
        for slug in sorted(old - told)
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(old)))


def examine_indicators(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Indicators of projects without the value they started from, or without a target."""
    followed = sorted({slug for one in facts.all(Project).values() for slug in one.indicators})
    found = []
    for slug in followed:
        body = facts.one(Indicator, slug)
        for code, field in (("baseline-missing", "baseline"), ("target-missing", "target")):
            if body is not None and getattr(body, field) is None:
                way_out = WayOut(kind=Indicator.kind, slug=slug, field=field)
                found.append(to_mend(CODE, code, way_out, Evidence.MEASURED, indicator=slug))
    return tuple(found)


def examine_decisions(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Decisions whose day to look at them again has come, and that do not say what came of them."""
    decisions = sorted(facts.all(TakenDecision).items())
    found = tuple(
        to_mend(
            CODE,
            "decision-due",
            WayOut(kind=TakenDecision.kind, slug=slug, field="observed"),
            Evidence.MEASURED,
            decision=slug,
            due_day=one.review.isoformat(),
        )
        for slug, one in decisions
        if one.review is not None and one.review <= facts.today and one.observed is None
    )
    told = sum(one.observed is not None for _slug, one in decisions)
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="decisions-told", count=told))


def examine_scaling(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Projects where less of the money went to scaling up than the territory itself had said; no other bar is set."""
    shares = {
        slug: tuple(round(share * 100) for share in both)
        for slug, one in sorted(facts.all(Economics).items())
        if (both := one.scaling_compared) is not None
    }
    found = tuple(
        to_mend(
            CODE,
            "scaling-below",
            WayOut(kind=Economics.kind, slug=slug, field="lines"),
            Evidence.DECLARED,
            economics=slug,
            percent=observed,
            expected=expected,
        )
        for slug, (expected, observed) in shares.items()
        if observed < expected
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="scaling-held", count=len(shares)))


PROMISE = Promise(
    code=CODE,
    number="R36",
    title=_("Projects are judged in figures and in words"),
    text=_(
        "An evaluation sets what was measured beside what people lived: where it started from, what was aimed at, "
        "costs and revenues, effects good and bad. It is closed only with both, and never summed up in one figure "
        "of return."
    ),
    why=_("Figures alone miss what people feel; stories alone miss how many feel it. A single ratio hides both."),
    unseen=_("Software cannot see the effects that nobody thought of measuring or of asking about."),
    basis=Basis.MODEL,
    references=(study("R36"),),
    effect=date(2021, 10, 1),
    codes=(
        "figures-missing",
        "words-missing",
        "method-missing",
        "never-evaluated",
        "kept",
        "baseline-missing",
        "target-missing",
        *("decision-due", "decisions-told", "scaling-below", "scaling-held"),
    ),
    standing=where_declared(Project, Evaluation, TakenDecision, Economics),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Projects in operation that nobody evaluated"),
            examine=examine_projects,
            reads=(Project, Evaluation),
            codes=("never-evaluated", "kept"),
        ),
        Duty(
            name=_("Indicators of projects without a baseline or a target"),
            examine=examine_indicators,
            reads=(Project, Indicator),
            codes=("baseline-missing", "target-missing"),
        ),
        Duty(
            name=_("Decisions whose day to look at them again has come"),
            examine=examine_decisions,
            reads=(TakenDecision,),
            codes=("decision-due", "decisions-told"),
        ),
        Duty(
            name=_("Money for scaling up, against what had been said"),
            examine=examine_scaling,
            reads=(Economics,),
            codes=("scaling-below", "scaling-held"),
        ),
    ),
)
