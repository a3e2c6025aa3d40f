"""GDPR article 5(1)(b), applicable since 25 May 2018: a measurement has a declared purpose before it is kept."""

from datetime import date

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Basis, Moment, Promise
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, Standing, WayOut
from bocage.domain.source import Source
from bocage.domain.text import message as _

CODE = "gdpr_05_purpose"


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The first link that lacks in: source, datastream, purpose."""
    names: dict[str, str | int | float] = {"source": flow.source_slug, "series": flow.series}
    if flow.source is None:
        return (_refusal("source-undeclared", WayOut(kind="source", slug=flow.source_slug), names),)
    if flow.datastream is None:
        return (_refusal("series-undeclared", WayOut(kind="datastream"), names),)
    if not flow.purpose_slug:
        return (_refusal("purpose-missing", WayOut(kind="source", slug=flow.source_slug, field="purpose"), names),)
    if flow.purpose is None:
        named = {**names, "purpose": flow.purpose_slug}
        return (_refusal("purpose-undeclared", WayOut(kind="purpose", slug=flow.purpose_slug), named),)
    return ()


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Sources without a purpose, one by one; otherwise that all have theirs."""
    sources = facts.all(Source)
    lacking = [slug for slug, body in sorted(sources.items()) if not body.purpose]
    found = [
        Finding(
            promise=CODE,
            code="source-without-purpose",
            kept=False,
            evidence=Evidence.MEASURED,
            way_out=WayOut(kind="source", slug=slug, field="purpose"),
            values={"source": slug},
        )
        for slug in lacking
    ]
    if sources and not lacking:
        values: dict[str, str | int | float] = {"count": len(sources)}
        found.append(Finding(promise=CODE, code="kept", kept=True, evidence=Evidence.MEASURED, values=values))
    return tuple(found)


def _refusal(code: str, way_out: WayOut, values: dict[str, str | int | float]) -> Refusal:
    return Refusal(promise=CODE, code=code, way_out=way_out, values=values, overridable=code.startswith("purpose"))


PROMISE = Promise(
    code=CODE,
    number="GDPR 5",
    title=_("Every measurement has a declared purpose"),
    text=_(
        "Nothing is kept before somebody in charge has written, in one sentence a resident understands, "
        "what it is for. What no purpose names is refused."
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
    standing=lambda facts: Standing.REQUIRED,
    gates={Moment.INGEST: asked_before_keeping},
    duty=examine,
)
