"""GDPR article 5(1)(c), applicable since 25 May 2018: no finer cadence than the purpose needs."""

from datetime import date

from bocage.commitments.answers import FEW, kept, or_kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Course, Flow, Strand, Strands
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.text import message as _

CODE = "gdpr_05_minimisation"


def permitted_cadence(course: Course) -> int:
    """The least number of seconds between two observations; 0 when the purpose needs them all."""
    return (course.purpose.cadence_seconds or 0) if course.purpose else 0


def too_fine(flow: Flow) -> Refusal:
    """The refusal of a reading that comes sooner after the last kept one than the purpose needs."""
    way_out = WayOut(kind="purpose", slug=flow.course.purpose_slug, field="cadence_seconds")
    return refusal(
        CODE, "finer-than-needed", way_out, series=flow.series, cadence_seconds=permitted_cadence(flow.course)
    )


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """The purpose says how fine a cadence it needs; what is finer is refused reading by reading."""
    if flow.course.purpose is None or flow.course.purpose.cadence_seconds is not None:
        return ()
    way_out = WayOut(kind="purpose", slug=flow.course.purpose_slug, field="cadence_seconds")
    return (refusal(CODE, "cadence-undeclared", way_out, series=flow.series, purpose=flow.course.purpose_slug),)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Series whose usual cadence is finer than their purpose needs: what they send too much is refused."""
    courses = [(course, strands) for course, strands in facts.courses() if course.purpose is not None]
    finer = [found for course, strands in courses for found in _of_course(course, strands)]
    return or_kept(finer, kept(CODE, Evidence.MEASURED, count=sum(len(strands.each) for _course, strands in courses)))


def _of_course(course: Course, strands: Strands) -> tuple[Finding, ...]:
    """What is finer in one course; a whole fleet is told once, with where all of it can be mended."""
    permitted = permitted_cadence(course)
    if not 0 < strands.answered(_finest) < permitted:
        return ()
    finer = [strand for strand in strands.those(_paced) if _usual(strand) < permitted]
    if len(finer) <= FEW:
        return tuple(_finer(strand, permitted) for strand in finer)
    way_out = WayOut(kind="purpose", slug=course.purpose_slug, field="cadence_seconds")
    seconds = {"usual_seconds": strands.answered(_finest), "cadence_seconds": permitted}
    found = to_mend(
        CODE, "fleet-finer", way_out, Evidence.DECLARED, source=course.source_slug, count=len(finer), **seconds
    )
    return (found,)


def _usual(strand: Strand) -> int:
    return (strand.datastream.cadence_seconds or 0) if strand.datastream else 0


def _finest(strands: Strands) -> int:
    """The least usual cadence among them; 0 where none says its own."""
    return min((_usual(strand) for strand in strands.those(_paced)), default=0)


def _paced(strand: Strand) -> bool:
    return bool(_usual(strand))


def _finer(strand: Strand, permitted: int) -> Finding:
    return to_mend(
        CODE,
        "series-finer",
        WayOut(kind="datastream", slug=strand.slug, field="cadence_seconds"),
        Evidence.DECLARED,
        series=strand.series,
        usual_seconds=_usual(strand),
        cadence_seconds=permitted,
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
    codes=("cadence-undeclared", "finer-than-needed", "series-finer", "fleet-finer", "kept"),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping},
    duties=(Duty(name=_("Series that measure more often than their purpose needs"), examine=examine, reads=FLOW),),
)
