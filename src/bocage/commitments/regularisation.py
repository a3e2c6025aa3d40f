"""Rule of the model: a promise is lifted only for a time, by an act, signed, in public; a regularisation is never
renewed."""

from datetime import date

from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.exception import ExceptionNature, ReasonedException
from bocage.domain.source import Source
from bocage.domain.text import message as _

CODE = "regularisation"
# The model's choice: long enough for a contract to be amended, short enough to be remembered.
LONGEST_DAYS = 366
MOST_EXCEPTIONS = 3  # reasoned exceptions of one promise for one source or dataset, the first included
WARNING_DAYS = 30
Exceptions = list[tuple[str, ReasonedException]]


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """An exception rests on an act, is signed and dated, and is not a way round the rule that it has an end."""
    before = change.before if isinstance(change.before, ReasonedException) else None
    after = change.after if isinstance(change.after, ReasonedException) else None
    if after is None:
        started = before is not None and before.starts <= change.facts.today
        return (_refuse(change, "withdrawn", "ends"),) if started else ()
    faults = {
        **_own_faults(change, after),
        **_signature(before, after),
        **_renewals(change, after),
        **_rewritten(change, before, after),
    }
    return tuple(_refuse(change, code, field) for code, (field, fault) in faults.items() if fault)


def _own_faults(change: Change, body: ReasonedException) -> dict[str, tuple[str, bool]]:
    source = change.facts.one(Source, body.source)
    regularises = body.nature is ExceptionNature.REGULARISATION
    return {
        "never-lifted": ("promise", body.promise not in change.liftable),
        "act-missing": ("act", not body.act),
        "too-long": ("ends", (body.ends - body.starts).days > LONGEST_DAYS),
        "not-running-before": ("source", regularises and not (source is not None and source.running_since)),
    }


def _signature(before: ReasonedException | None, after: ReasonedException) -> dict[str, tuple[str, bool]]:
    """Somebody signs it; a signature that was erased since, as a personal value may be, is not asked for again."""
    erased = before is not None and not before.signed_by
    return {"signature-missing": ("signed_by", not after.signed_by.strip() and not erased)}


def _renewals(change: Change, body: ReasonedException) -> dict[str, tuple[str, bool]]:
    others = [other for slug, other in _alike(change.facts, body) if slug != change.slug]
    regularised = any(other.nature is ExceptionNature.REGULARISATION for other in others)
    regularises = body.nature is ExceptionNature.REGULARISATION
    return {
        "renewed": ("promise", regularises and regularised),
        "too-many": ("promise", not regularises and len(others) >= MOST_EXCEPTIONS),
    }


def _rewritten(
    change: Change, before: ReasonedException | None, after: ReasonedException
) -> dict[str, tuple[str, bool]]:
    """Once it runs, only an earlier end may be written: a later one would be a renewal."""
    if before is None or before.starts > change.facts.today:
        return {}
    same = (before.promise, before.objects, before.nature, before.starts) == (
        after.promise,
        after.objects,
        after.nature,
        after.starts,
    )
    return {"extended": ("ends", after.ends > before.ends), "rewritten": ("promise", not same)}


def _alike(facts: TerritoryFacts, body: ReasonedException) -> Exceptions:
    """Exceptions of the same promise for one and the same thing."""
    return [
        (slug, other)
        for slug, other in sorted(facts.all(ReasonedException).items())
        if other.promise == body.promise and not set(other.objects).isdisjoint(body.objects)
    ]


def _refuse(change: Change, code: str, field: str) -> Refusal:
    way_out = WayOut(kind="exception", slug=change.slug, field=field)
    return refusal(CODE, code, way_out, overridable=False, exception=change.slug)


def cumulated_days(facts: TerritoryFacts, body: ReasonedException) -> int:
    """Days, up to today, during which this promise was lifted for this source or dataset, all exceptions together."""
    days = {
        day
        for _slug, other in _alike(facts, body)
        for day in range(other.starts.toordinal(), min(other.ends, facts.today).toordinal() + 1)
    }
    return len(days)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Each exception that runs, with its end and the days it has lasted in all; those about to end are to be mended."""
    running = [(slug, body) for slug, body in sorted(facts.all(ReasonedException).items()) if body.runs(facts.today)]
    return tuple(_running(facts, slug, body) for slug, body in running) or _none_runs(facts)


def _none_runs(facts: TerritoryFacts) -> tuple[Finding, ...]:
    ended = len(facts.all(ReasonedException))
    return (kept(CODE, Evidence.MEASURED, count=ended),) if ended else ()


def _running(facts: TerritoryFacts, slug: str, body: ReasonedException) -> Finding:
    before = sum(other.starts < body.starts for _slug, other in _alike(facts, body))
    values: dict[str, str | int | float] = {
        "exception": slug,
        "end_day": body.ends.isoformat(),
        "days": cumulated_days(facts, body),
    }
    kind, named = body.objects[0]
    if (body.ends - facts.today).days <= WARNING_DAYS:
        return to_mend(CODE, "ending", WayOut(kind=kind, slug=named), Evidence.MEASURED, **values)
    if before:
        way_out = WayOut(kind=kind, slug=named)
        return to_mend(CODE, "again", way_out, Evidence.MEASURED, count=before + 1, most=MOST_EXCEPTIONS, **values)
    return kept(CODE, Evidence.MEASURED, code="running", **values)


PROMISE = Promise(
    code=CODE,
    number="",
    title=_("A promise is lifted only for a time, in public"),
    text=_(
        "A flow that already ran may be taken in under a regularisation period: dated, public, never renewed. Any "
        "other exception rests on an official act with its reason, its end and a signature. Nothing lifts the refusal "
        "of forbidden practices, nor what protects persons in publications."
    ),
    why=_(
        "A rule that can be set aside in silence is no rule. An exception with a reason, an end and a "
        "signature can be judged by everyone."
    ),
    unseen=_("Software cannot see whether the time was used to put things right."),
    basis=Basis.MODEL,
    references=(study(""),),
    effect=date(2021, 10, 1),
    codes=(
        "never-lifted",
        "act-missing",
        "signature-missing",
        "too-long",
        "not-running-before",
        "renewed",
        "too-many",
        "extended",
        "rewritten",
        "withdrawn",
        "running",
        "again",
        "ending",
        "kept",
    ),
    standing=where_declared(ReasonedException),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(Duty(name=_("Exceptions that run, and those about to end"), examine=examine, reads=(ReasonedException,)),),
    liftable=False,
)
