"""Recommendation 6 of the study of October 2021: experiments are documented against a benchmark defined before."""

from datetime import date

from bocage.commitments.answers import codes, faulty, kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.experiment import Experiment, ExperimentForm, Outcome, Verdict
from bocage.domain.text import message as _

CODE = "r06_experiments"


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """Nothing is measured for an experiment before its protocol is fixed."""
    return tuple(
        refusal(
            CODE,
            "measured-too-early",
            WayOut(kind=Experiment.kind, slug=slug, field="frozen"),
            series=flow.series,
            experiment=slug,
        )
        for slug, one in flow.course.experiments
        if one.frozen is None or one.frozen > flow.course.today
    )


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A protocol is fixed whole, never changed afterwards; an experiment is closed with what it showed."""
    before, after = change.before, change.after
    earlier = before if isinstance(before, Experiment) else None
    if not isinstance(after, Experiment):
        fixed = earlier is not None and earlier.frozen is not None and change.kind == Experiment.kind
        return faulty(CODE, change, ("taken-away",) if fixed else (), "", overridable=False)
    found = [*_of_protocol(earlier, after)]
    firm = faulty(CODE, change, tuple(found), "protocol", overridable=False)
    closes = after.closed is not None and (earlier is None or earlier.closed is None)
    return (*firm, *(faulty(CODE, change, _unclosable(after), "outcome") if closes else ()))


def _of_protocol(before: Experiment | None, after: Experiment) -> tuple[str, ...]:
    fixed = before is not None and before.frozen is not None
    if before is not None and fixed:
        moved = (before.protocol, before.frozen) != (after.protocol, after.frozen)
        return ("protocol-changed",) if moved else ()
    light = after.form is ExperimentForm.LIGHT and after.learns_from is not None and after.protocol.ends is not None
    return ("protocol-incomplete",) if after.frozen and not (after.protocol.whole or light) else ()


def _unclosable(body: Experiment) -> tuple[str, ...]:
    """What lacks for an experiment to be closed, whatever came of it."""
    outcome = body.outcome or Outcome()
    told = {one.criterion for one in outcome.results if one.value is not None}
    due = set(range(1, len(body.protocol.criteria) + 1))
    stopped = outcome.verdict is Verdict.STOPPED
    faults = {
        "never-fixed": body.frozen is None,
        "results-missing": not stopped and bool(due - told),
        "cost-missing": outcome.cost is None,
        "lessons-missing": outcome.lessons is None,
        "verdict-missing": outcome.verdict is None,
    }
    return codes(faults)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Experiments past their end without a result, begun without a fixed protocol, or kept from the commons."""
    experiments = facts.all(Experiment)
    found = [finding for slug, one in sorted(experiments.items()) for finding in _of_one(facts.today, slug, one)]
    closed = [one for one in experiments.values() if one.closed]
    if closed:
        missed = sum(_failed(one) for one in closed)
        found.append(kept(CODE, Evidence.DECLARED, code="told", count=len(closed), missed=missed))
    return (*found, *_unoffered(facts))


def _unoffered(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Closed experiments that the commons do not hold; nothing is said while these are empty."""
    given = {one.slug for one in facts.commons if one.kind == Experiment.kind and one.territory == facts.slug}
    kept_back = sorted(slug for slug, one in facts.all(Experiment).items() if one.closed and slug not in given)
    return tuple(
        to_mend(
            CODE, "not-offered", WayOut(kind=Experiment.kind, slug=slug, field=""), Evidence.MEASURED, experiment=slug
        )
        for slug in (kept_back if facts.commons else ())
    )


def _of_one(today: date, slug: str, body: Experiment) -> tuple[Finding, ...]:
    protocol, way_out = body.protocol, WayOut(kind=Experiment.kind, slug=slug, field="outcome")
    if body.closed is not None:
        return ()
    if protocol.ends and protocol.ends < today:
        day = protocol.ends.isoformat()
        return (to_mend(CODE, "past-its-end", way_out, Evidence.MEASURED, experiment=slug, end_day=day),)
    if protocol.starts and protocol.starts <= today and body.frozen is None:
        fix = WayOut(kind=Experiment.kind, slug=slug, field="frozen")
        return (to_mend(CODE, "begun-unfixed", fix, Evidence.MEASURED, experiment=slug),)
    return (kept(CODE, Evidence.MEASURED, code="running", experiment=slug),) if body.frozen else ()


def _failed(body: Experiment) -> bool:
    return body.outcome is not None and body.outcome.verdict in (Verdict.MISSED, Verdict.STOPPED)


PROMISE = Promise(
    code=CODE,
    number="R6",
    title=_("Experiments are told, failures as well as successes"),
    text=_(
        "What would count as a success is written and frozen before the first measurement: hypothesis, indicators, "
        "thresholds, end, cost. An experiment is closed only with its results measured against that, its cost and "
        "its lessons; it is published whatever came of it."
    ),
    why=_(
        "A failure that is told spares the next town from paying for it again. A bar set after the jump proves nothing."
    ),
    unseen=_(
        "Software cannot see what is tried without being declared, nor whether the lesson that was drawn is the "
        "right one."
    ),
    basis=Basis.MODEL,
    references=(study("R6"),),
    effect=date(2021, 10, 1),
    codes=(
        *("measured-too-early", "taken-away", "protocol-changed", "protocol-incomplete", "never-fixed"),
        *("results-missing", "cost-missing", "lessons-missing", "verdict-missing"),
        *("told", "past-its-end", "begun-unfixed", "running", "not-offered"),
    ),
    standing=where_declared(Experiment),
    gates={Moment.INGEST: asked_before_keeping, Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Experiments past their end, or begun without a fixed protocol"),
            examine=examine,
            reads=(Experiment,),
            measured=True,
        ),
    ),
)
