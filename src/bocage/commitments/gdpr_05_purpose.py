"""GDPR article 5(1)(b), applicable since 25 May 2018: a measurement has a declared purpose before it is kept."""

from datetime import date

from bocage.commitments.answers import kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.source import Source
from bocage.domain.text import message as _

CODE = "gdpr_05_purpose"


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The first link that lacks in: source, datastream, purpose.

    An exception may stand for a purpose for a time, never for a source or a series that nobody declared.
    """
    source, series = flow.source_slug, flow.series
    of_source = WayOut(kind="source", slug=source)
    if flow.source is None:
        return (refusal(CODE, "source-undeclared", of_source, overridable=False, source=source, series=series),)
    if flow.datastream is None:
        new = WayOut(kind="datastream")
        return (refusal(CODE, "series-undeclared", new, overridable=False, source=source, series=series),)
    if not flow.purpose_slug:
        way_out = WayOut(kind="source", slug=source, field="purpose")
        return (refusal(CODE, "purpose-missing", way_out, source=source, series=series),)
    if flow.purpose is None:
        way_out = WayOut(kind="purpose", slug=flow.purpose_slug)
        return (refusal(CODE, "purpose-undeclared", way_out, series=series, purpose=flow.purpose_slug),)
    return ()


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
        "kept",
    ),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping},
    duties=(Duty(name=_("Sources without a declared purpose"), examine=examine, reads=(Source,)),),
)
