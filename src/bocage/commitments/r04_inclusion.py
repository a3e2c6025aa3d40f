"""Recommendation 4 of the study of October 2021: assessments cover inclusion, and a person stays within reach."""

from datetime import date, timedelta

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.assessment import Assessment, AssessmentNature
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.digital_service import DigitalService
from bocage.domain.human_channel import HumanChannel
from bocage.domain.project import Project
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _

CODE = "r04_inclusion"
BESIDE = (AssessmentNature.ENVIRONMENT, AssessmentNature.SECURITY)
"""Assessments that a service may open without, and that are asked for as long as they lack."""
TRIED_DAYS = 183
"""The model's choice: a telephone that nobody tried for half a year proves nothing."""


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A service opens with its assessments and a person beside it; a project is deployed once it was assessed."""
    before, after = change.before, change.after
    if (
        isinstance(after, DigitalService)
        and after.opened
        and not (isinstance(before, DigitalService) and before.opened)
    ):
        return faulty(CODE, change, lacking(change.facts, change.slug, after), "opened")
    if isinstance(after, Project) and after.deployed_since(before):
        done = [one for one in change.facts.naming(Assessment, "project", change.slug) if one.done]
        return faulty(CODE, change, () if done else ("project-unassessed",), "phase")
    return ()


def lacking(facts: TerritoryFacts, slug: str, service: DigitalService) -> tuple[str, ...]:
    """What a service lacks to be opened: assessments, groups of people not spoken of, a person to reach."""
    done = assessed(facts, slug, service)
    inclusion = done.get(AssessmentNature.INCLUSION)
    ruled_out = inclusion is not None and not inclusion.groups.unanswered and not inclusion.groups.left_out
    faults = {f"assessment-{nature.value}-missing": nature not in done for nature in _due(facts, service)}
    faults["groups-unanswered"] = inclusion is not None and bool(inclusion.groups.unanswered)
    faults["channel-missing"] = not service.channels and not ruled_out
    return codes(faults)


def _due(facts: TerritoryFacts, service: DigitalService) -> tuple[AssessmentNature, ...]:
    """Inclusion, and personal data where one of its purposes concerns persons. The others are looked at afterwards."""
    purposes = (facts.one(Purpose, slug) for slug in service.purposes)
    personal = any(one is not None and one.personal for one in purposes)
    return (*((AssessmentNature.PERSONAL_DATA,) if personal else ()), AssessmentNature.INCLUSION)


def assessed(facts: TerritoryFacts, slug: str, service: DigitalService) -> dict[AssessmentNature, Assessment]:
    """The finished assessments of a service, or of the project it belongs to."""
    beside = facts.naming(Assessment, "project", service.project) if service.project else ()
    held = (*beside, *facts.naming(Assessment, "digital_service", slug))
    return {one.nature: one for one in held if one.done}


def examine_services(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Open services that lack what opens them, or an assessment of environment or security; how many have all."""
    opened = {slug: one for slug, one in sorted(facts.all(DigitalService).items()) if one.opened and not one.closed}
    found = []
    for slug, one in opened.items():
        way_out = WayOut(kind=DigitalService.kind, slug=slug)
        done = assessed(facts, slug, one)
        codes = [f"{nature.value}-unassessed" for nature in BESIDE if nature not in done]
        for code in (*(("service-lacking",) if lacking(facts, slug, one) else ()), *codes):
            found.append(to_mend(CODE, code, way_out, Evidence.DECLARED, digital_service=slug))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(opened)))


def examine_channels(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Ways to reach a person that nobody tried for long, or that did not answer."""
    found = []
    for slug, one in sorted(facts.all(HumanChannel).items()):
        last, way_out = one.last_test, WayOut(kind=HumanChannel.kind, slug=slug, field="tests")
        if last is None or last.day is None or last.day + timedelta(days=TRIED_DAYS) < facts.today:
            found.append(to_mend(CODE, "channel-untried", way_out, Evidence.DECLARED, channel=slug))
        elif not last.answered:
            tried = last.day.isoformat()
            found.append(to_mend(CODE, "channel-silent", way_out, Evidence.DECLARED, channel=slug, tried_day=tried))
    return tuple(found)


def examine_assessments(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Assessments whose date to be done again has come."""
    return tuple(
        to_mend(
            CODE,
            "assessment-due",
            WayOut(kind=Assessment.kind, slug=slug, field="review"),
            Evidence.MEASURED,
            assessment=slug,
            review_day=one.review.isoformat(),
        )
        for slug, one in sorted(facts.all(Assessment).items())
        if one.review and one.review <= facts.today
    )


PROMISE = Promise(
    code=CODE,
    number="R4",
    title=_("A digital service leaves nobody behind"),
    text=_(
        "A digital service opens only with its assessments: personal data, inclusion group by group, environment, "
        "security. A person can be reached beside it, by a way that was tried, unless it was shown that nobody is "
        "left out."
    ),
    why=_(
        "A service that only works on a screen shuts its door on some of those who need it most. A counter or a "
        "telephone beside it keeps it a service for everyone."
    ),
    unseen=_(
        "Software cannot see whether somebody picks up the telephone, nor whether an assessment was made with those "
        "it speaks of."
    ),
    basis=Basis.MODEL,
    references=(study("R4"),),
    effect=date(2021, 10, 1),
    codes=(
        *("assessment-personal-data-missing", "assessment-inclusion-missing"),
        *(f"{nature.value}-unassessed" for nature in BESIDE),
        *("groups-unanswered", "channel-missing", "project-unassessed", "service-lacking", "kept"),
        *("channel-untried", "channel-silent", "assessment-due"),
    ),
    standing=where_declared(DigitalService, Project, HumanChannel),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Digital services without assessment or without a person to reach"),
            examine=examine_services,
            reads=(DigitalService, Assessment, Purpose),
            codes=(*(f"{nature.value}-unassessed" for nature in BESIDE), "service-lacking", "kept"),
        ),
        Duty(
            name=_("Ways to reach a person that nobody tried"),
            examine=examine_channels,
            reads=(HumanChannel,),
            codes=("channel-untried", "channel-silent"),
        ),
        Duty(
            name=_("Assessments to be done again"),
            examine=examine_assessments,
            reads=(Assessment,),
            codes=("assessment-due",),
        ),
    ),
)
