"""Recommendation 38 of the study of October 2021: the public is told what sensors are there, why, and who to ask."""

from datetime import date, timedelta

from bocage.commitments.answers import kept, or_kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow, Strand
from bocage.commitments.persons import words_of
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import chosen, not_concerned
from bocage.commitments.texts import language, study
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.organisation import Organisation, itself
from bocage.domain.sensing import Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.sensor_report import ReportAnswer, SensorReport
from bocage.domain.territory import Territory
from bocage.domain.text import message as _

CODE = "r38_notice"
ANSWER = timedelta(days=30)
"""The model's choice: a month is enough to go and look."""
# Words that name public space in the title or place of a thing said to stand elsewhere.
STREET_WORDS = frozenset(
    [
        "rue",
        "avenue",
        "boulevard",
        "quai",
        "pont",
        "place",
        "square",
        "jardin",
        "parc",
        "carrefour",
        "giratoire",
        "trottoir",
        "street",
        "bridge",
        "park",
    ]
)


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """A series of a thing in public space has its notice before its first measurement is kept."""
    if (
        flow.strand.thing is None
        or flow.strand.datastream is None
        or not flow.strand.thing.public_space
        or flow.strand.notices
    ):
        return ()
    way_out = WayOut(kind="sensor-notice", field="things")
    return (refusal(CODE, "notice-missing", way_out, series=flow.series, thing=flow.strand.datastream.thing),)


def asked_before_printing(printing: Printing) -> tuple[Refusal, ...]:
    """A code that leads nowhere is not printed; a sign is in French alone, or in French and two other languages."""
    found, slug, title = [], printing.notice_slug, printing.notice.title.fr
    if not printing.public_url:
        setting = WayOut(kind="setting", field="public_url")
        found.append(refusal(CODE, "sign-without-address", setting, overridable=False, notice=title))
    if "fr" not in printing.languages or len(printing.languages) == 2:
        way_out = WayOut(kind="sensor-notice", slug=slug, field="translations")
        found.append(refusal(CODE, "sign-languages", way_out, overridable=False, notice=title))
    return tuple(found)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Things without notice, notices that do not say why or who to ask, things that seem to stand in the street."""
    things = facts.all(Thing)
    outside = [slug for slug, body in sorted(things.items()) if body.public_space]
    missing = [
        to_mend(
            CODE, "thing-without-notice", WayOut(kind="sensor-notice", field="things"), Evidence.MEASURED, thing=slug
        )
        for slug in outside
        if slug not in facts.notices
    ]
    found = (*missing, *_incomplete(facts), *_doubtful(facts))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(outside)))


def _incomplete(facts: TerritoryFacts) -> tuple[Finding, ...]:
    return tuple(
        to_mend(
            CODE,
            "notice-incomplete",
            WayOut(kind="sensor-notice", slug=slug, field="contact" if body.contact is None else "why"),
            Evidence.MEASURED,
            notice=slug,
        )
        for slug, body in sorted(facts.all(SensorNotice).items())
        if body.contact is None or body.why is None
    )


def _doubtful(facts: TerritoryFacts) -> tuple[Finding, ...]:
    return tuple(
        to_mend(
            CODE,
            "seems-public",
            WayOut(kind="thing", slug=slug, field="public_space"),
            Evidence.MEASURED,
            thing=slug,
        )
        for slug, body in sorted(facts.all(Thing).items())
        if not body.public_space
        and body.location
        and slug not in facts.notices
        and words_of(f"{body.title.fr} {body.place}") & STREET_WORDS
    )


def examine_supports(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Sensors in public space on the pole or wall of somebody else, whose agreement nobody has noted."""
    return tuple(
        to_mend(
            CODE,
            "support-unagreed",
            WayOut(kind=SensorNotice.kind, slug=slug, field="support.agreement"),
            Evidence.DECLARED,
            notice=slug,
            organisation=one.support.owner,
        )
        for slug, one in sorted(facts.all(SensorNotice).items())
        if unagreed(facts, one) and _outside(facts, one)
    )


def unagreed(facts: TerritoryFacts, notice: SensorNotice) -> bool:
    """Whether its support is said to be somebody else's, who has not agreed as far as it says."""
    here, organisations, owner = facts.territory, facts.all(Organisation), notice.support.owner
    own = itself(here.title, facts.slug, organisations) if here else ""
    return owner in organisations and owner != own and not notice.support.agreed_by(facts.today)


def _outside(facts: TerritoryFacts, notice: SensorNotice) -> bool:
    things = (facts.one(Thing, slug) for slug in notice.things)
    return any(thing.public_space for thing in things if thing)


def examine_reports(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What is declared against what residents report: reports that wait, sensors of ours that no register tells of."""
    reports = sorted(facts.all(SensorReport).items())
    found = []
    for slug, one in reports:
        if one.answer is None and one.received + ANSWER < facts.today:
            way_out, day = WayOut(kind=SensorReport.kind, slug=slug, field="answer"), one.received.isoformat()
            found.append(to_mend(CODE, "report-unanswered", way_out, Evidence.MEASURED, report=slug, received_day=day))
        if one.answer is ReportAnswer.OURS and not one.thing:
            way_out = WayOut(kind=SensorReport.kind, slug=slug, field="thing")
            found.append(to_mend(CODE, "report-undeclared", way_out, Evidence.DECLARED, report=slug))
    if not reports or found:
        return tuple(found)
    outside = sum(body.public_space for body in facts.all(Thing).values())
    ours = sum(one.answer is ReportAnswer.OURS for _slug, one in reports)
    return (kept(CODE, Evidence.DECLARED, code="coverage", count=outside, reported=len(reports), ours=ours),)


def standing(facts: TerritoryFacts) -> Stands:
    """Chosen by the model where something stands in public space, or is said to."""
    things = facts.all(Thing).values()
    seen = any(body.public_space for body in things) or bool(facts.all(SensorReport))
    return chosen() if seen else not_concerned("nothing-in-public-space")


def _told(strand: Strand) -> bool:
    return strand.thing is None or not strand.thing.public_space or bool(strand.notices)


PROMISE = Promise(
    code=CODE,
    number="R38",
    title=_("Every sensor in public space has its notice"),
    text=_(
        "Before the first measurement is kept, a notice says what is measured there, why, and which person to ask. "
        "All sensors are on one public map. Signs are in French, or in French and two other languages at least."
    ),
    why=_(
        "A sensor nobody knows of looks like surveillance, even when it only counts drops of rain. A notice "
        "on the spot says what is measured, and whom to ask."
    ),
    unseen=_(
        "Software cannot see whether the sign really hangs on the pole, nor a sensor that nobody declared: residents "
        "may report one."
    ),
    basis=Basis.MODEL,
    references=(study("R38"), language("3"), language("4")),
    effect=date(2021, 10, 1),
    codes=(
        "notice-missing",
        "thing-without-notice",
        "notice-incomplete",
        "seems-public",
        "kept",
        "sign-without-address",
        "sign-languages",
        "support-unagreed",
        *("report-unanswered", "report-undeclared", "coverage"),
    ),
    standing=standing,
    gates={Moment.INGEST: asked_before_keeping, Moment.PRINT: asked_before_printing},
    sees=_told,
    duties=(
        Duty(
            name=_("Sensors in public space without a complete notice"),
            examine=examine,
            reads=(Thing, SensorNotice),
            codes=("thing-without-notice", "notice-incomplete", "seems-public", "kept"),
        ),
        Duty(
            name=_("Sensors on the support of somebody whose agreement is not noted"),
            examine=examine_supports,
            reads=(Thing, SensorNotice, Organisation, Territory),
            codes=("support-unagreed",),
        ),
        Duty(
            name=_("Sensors declared against those that residents report"),
            examine=examine_reports,
            reads=(Thing, SensorReport),
            codes=("report-unanswered", "report-undeclared", "coverage"),
        ),
    ),
)
