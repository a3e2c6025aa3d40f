"""GDPR article 5(1)(c), applicable since 25 May 2018: no finer cadence than the purpose needs."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Flow
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.text import message as _

CODE = "gdpr_05_minimisation"


def permitted_cadence(flow: Flow) -> int:
    """The least number of seconds between two observations; 0 when the purpose needs them all."""
    return (flow.purpose.cadence_seconds or 0) if flow.purpose else 0


def too_fine(flow: Flow) -> Refusal:
    """The refusal of a reading that comes sooner after the last kept one than the purpose needs."""
    way_out = WayOut(kind="purpose", slug=flow.purpose_slug, field="cadence_seconds")
    return refusal(CODE, "finer-than-needed", way_out, series=flow.series, cadence_seconds=permitted_cadence(flow))


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The purpose says how fine a cadence it needs; what is finer is refused reading by reading."""
    if flow.purpose is None or flow.purpose.cadence_seconds is not None:
        return ()
    way_out = WayOut(kind="purpose", slug=flow.purpose_slug, field="cadence_seconds")
    return (refusal(CODE, "cadence-undeclared", way_out, series=flow.series, purpose=flow.purpose_slug),)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series whose usual cadence is finer than their purpose needs: what they send too much is refused."""
    flows = [flow for flow in facts.flows() if flow.purpose is not None]
    finer = tuple(_finer(flow, usual) for flow in flows if (usual := _usual(flow)) and usual < permitted_cadence(flow))
    return or_kept(finer, kept(CODE, Evidence.MEASURED, count=len(flows)))


def _usual(flow: Flow) -> int:
    return (flow.datastream.cadence_seconds or 0) if flow.datastream else 0


def _finer(flow: Flow, usual: int) -> Finding:
    return to_mend(
        CODE,
        "series-finer",
        WayOut(kind="datastream", slug=flow.datastream_slug, field="cadence_seconds"),
        Evidence.DECLARED,
        series=flow.series,
        usual_seconds=usual,
        cadence_seconds=permitted_cadence(flow),
    )


PROMISE = Promise(
    code=CODE,
    number="GDPR 5",
    title=_("No finer measurement than needed"),
    text=_(
        "Each purpose says how often it needs a measurement. What comes more often is refused at the door, "
        "and never kept to be thinned out later."
    ),
    why=_(
        "A measurement every second tells more about people's lives than a measurement every hour. What is "
        "not needed cannot leak, and costs neither energy nor money."
    ),
    unseen=_("Software cannot see what the sender keeps on its own side before it sends."),
    basis=Basis.LAW,
    references=(gdpr("5(1)(c)"),),
    effect=date(2018, 5, 25),
    codes=("cadence-undeclared", "finer-than-needed", "series-finer", "kept"),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping},
    duties=(Duty(name=_("Series that measure more often than their purpose needs"), examine=examine, reads=FLOW),),
)
