"""GDPR article 5(1)(b), applicable since 25 May 2018: a measurement has a declared purpose before it is kept."""

from datetime import date

from bocage.commitments.answers import faulty, kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.measures import within
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _

CODE = "gdpr_05_purpose"


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The first link that lacks in: source, datastream, purpose.

    An exception may stand for a purpose for a time, never for a source or a series that nobody declared.
    """
    source, series = flow.course.source_slug, flow.series
    of_source = WayOut(kind="source", slug=source)
    if flow.course.source is None:
        return (refusal(CODE, "source-undeclared", of_source, overridable=False, source=source, series=series),)
    if flow.strand.datastream is None:
        new = WayOut(kind="datastream")
        return (refusal(CODE, "series-undeclared", new, overridable=False, source=source, series=series),)
    if not flow.course.purpose_slug:
        way_out = WayOut(kind="source", slug=source, field="purpose")
        return (refusal(CODE, "purpose-missing", way_out, source=source, series=series),)
    if flow.course.purpose is None:
        way_out = WayOut(kind="purpose", slug=flow.course.purpose_slug)
        return (refusal(CODE, "purpose-undeclared", way_out, series=series, purpose=flow.course.purpose_slug),)
    return ()


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A figure that joins series of two purposes, one of which concerns persons, is a use nobody declared."""
    if change.after is None:
        return ()
    joined = [measure for _path, measure in within(change.after) if measure.together]
    return tuple(found for measure in joined for found in _joined(change, measure.datastreams))


def _joined(change: Change, streams: tuple[str, ...]) -> tuple[Refusal, ...]:
    facts = change.facts
    sources = (stream.source for slug in streams if (stream := facts.one(Datastream, slug)))
    purposes = {source.purpose for slug in sources if (source := facts.one(Source, slug)) and source.purpose}
    personal = [slug for slug in sorted(purposes) if (body := facts.one(Purpose, slug)) and body.personal]
    if len(purposes) < 2 or not personal:
        return ()
    return faulty(CODE, change, ("joined",), "measure.datastreams", overridable=False, purpose=personal[0])


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Sources without a purpose, one by one; otherwise that all have theirs."""
    sources = facts.all(Source)
    lacking = [slug for slug, body in sorted(sources.items()) if not body.purpose]
    if sources and not lacking:
        return (kept(CODE, Evidence.MEASURED, count=len(sources)),)
    return tuple(
        to_mend(
            CODE,
            "source-without-purpose",
            WayOut(kind="source", slug=slug, field="purpose"),
            Evidence.MEASURED,
            source=slug,
        )
        for slug in lacking
    )


PROMISE = Promise(
    code=CODE,
    number="GDPR 5",
    title=_("Every measurement has a declared purpose"),
    text=_(
        "Nothing is kept before somebody in charge has written, in one sentence a resident understands, "
        "what it is for. What no purpose names is refused."
    ),
    why=_(
        "What is collected without a reason ends up being used for another one. A purpose written beforehand, "
        "in public, is what everyone can hold the territory to."
    ),
    unseen=_("Software cannot see whether the purpose that was written is the true one, nor what is done elsewhere."),
    basis=Basis.LAW,
    references=(gdpr("5(1)(b)"),),
    effect=date(2018, 5, 25),
    codes=(
        "source-undeclared",
        "series-undeclared",
        "purpose-missing",
        "purpose-undeclared",
        "source-without-purpose",
        "joined",
        "kept",
    ),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping, Moment.DECLARE: asked_before_declaring},
    duties=(Duty(name=_("Sources without a declared purpose"), examine=examine, reads=(Source,)),),
)
