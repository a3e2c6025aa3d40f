"""GDPR article 5(1)(c), applicable since 25 May 2018: no finer cadence than the purpose needs."""

from datetime import date

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Basis, Moment, Promise
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, Standing, WayOut
from bocage.domain.text import message as _

CODE = "gdpr_05_minimisation"


def permitted_cadence(flow: Flow) -> int:
    """The least number of seconds between two observations; 0 when the purpose needs them all."""
    return (flow.purpose.cadence_seconds or 0) if flow.purpose else 0


def too_fine(flow: Flow) -> Refusal:
    """The refusal of a reading that comes sooner after the last kept one than the purpose needs."""
    return Refusal(
        promise=CODE,
        code="finer-than-needed",
        way_out=WayOut(kind="purpose", slug=flow.purpose_slug, field="cadence_seconds"),
        values={"series": flow.series, "source": flow.source_slug, "cadence_seconds": permitted_cadence(flow)},
    )


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The purpose says how fine a cadence it needs; what is finer is refused reading by reading."""
    if flow.purpose is None or flow.purpose.cadence_seconds is not None:
        return ()
    return (
        Refusal(
            promise=CODE,
            code="cadence-undeclared",
            way_out=WayOut(kind="purpose", slug=flow.purpose_slug, field="cadence_seconds"),
            values={"series": flow.series, "source": flow.source_slug, "purpose": flow.purpose_slug},
        ),
    )


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series whose usual cadence is finer than their purpose needs: what they send too much is refused."""
    finer, checked = [], 0
    for flow in facts.flows():
        usual = flow.datastream.cadence_seconds if flow.datastream else None
        needed = permitted_cadence(flow)
        checked += flow.purpose is not None
        if usual and needed and usual < needed:
            finer.append(_finer(flow, usual, needed))
    if checked and not finer:
        values: dict[str, str | int | float] = {"count": checked}
        return (Finding(promise=CODE, code="kept", kept=True, evidence=Evidence.MEASURED, values=values),)
    return tuple(finer)


def _finer(flow: Flow, usual: int, needed: int) -> Finding:
    return Finding(
        promise=CODE,
        code="series-finer",
        kept=False,
        evidence=Evidence.DECLARED,
        way_out=WayOut(kind="datastream", slug=flow.datastream_slug, field="cadence_seconds"),
        values={"series": flow.series, "usual_seconds": usual, "cadence_seconds": needed},
    )


PROMISE = Promise(
    code=CODE,
    number="GDPR 5",
    title=_("No finer measurement than needed"),
    text=_(
        "Each purpose says how often it needs a measurement. What comes more often is refused at the door, "
        "and never kept to be thinned out later."
    ),
    unseen=_("Software cannot see what the sender keeps on its own side before it sends."),
    basis=Basis.LAW,
    references=(gdpr("5(1)(c)"),),
    effect=date(2018, 5, 25),
    codes=("cadence-undeclared", "finer-than-needed", "series-finer", "kept"),
    standing=lambda facts: Standing.REQUIRED,
    gates={Moment.INGEST: asked_before_keeping},
    duty=examine,
)
