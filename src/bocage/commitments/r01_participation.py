"""Recommendation 1 of the study of October 2021: residents take part before a tool is deployed."""

from datetime import date, timedelta

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import chosen, where_declared
from bocage.commitments.texts import communities, study
from bocage.domain.consultation import Consultation
from bocage.domain.contract import Contract
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.governance_body import College, GovernanceBody
from bocage.domain.project import Project
from bocage.domain.territory import Level, Territory
from bocage.domain.text import message as _

CODE = "r01_participation"
# The model's choice: long enough for somebody on holiday to hear of it, and to be answered before it is forgotten.
LEAST_DAYS = 15
ANSWER_DAYS = 60
# Code général des collectivités territoriales, L1413-1: from more than so many inhabitants on, by level.
COMMISSION_ABOVE = {Level.COMMUNE: 10_000, Level.EPCI: 50_000, Level.DEPARTMENT: -1, Level.REGION: -1}
CONSULTATION = (
    *("consultation-missing", "consultation-open", "consultation-short"),
    *("consultation-unannounced", "consultation-unanswered"),
)


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A project is deployed, and a contract of a project signed, only after a consultation that deserves the name."""
    after = change.after
    if isinstance(after, Project) and after.deployed_since(change.before):
        held = _about(change.facts, change.slug)
        return faulty(CODE, change, _faults(held, change.today), "phase")
    if isinstance(after, Contract) and after.project and after.notified and not _signed(change.before):
        named = change.facts.one(Consultation, after.consultation)
        held = (named,) if named else _about(change.facts, after.project)
        codes = tuple(f"{code}-before-purchase" for code in _faults(held, after.notified))
        return faulty(CODE, change, codes, "consultation")
    return ()


def _signed(before: object) -> bool:
    return isinstance(before, Contract) and before.notified is not None


def _about(facts: TerritoryFacts, project: str) -> tuple[Consultation, ...]:
    return facts.naming(Consultation, "project", project)


def _faults(held: tuple[Consultation, ...], day: date) -> tuple[str, ...]:
    """What lacks in the best of these consultations; nothing as soon as one is in order."""
    lacks = [_lacks(one, day) for one in held]
    return min(lacks, key=len, default=("consultation-missing",))


def _lacks(one: Consultation, day: date) -> tuple[str, ...]:
    faults = {
        "consultation-open": one.closes is None or one.closes > day,
        "consultation-short": one.days < LEAST_DAYS,
        "consultation-unannounced": not one.publicity,
        "consultation-unanswered": one.answered is None or one.answered > day or one.answers is None,
    }
    return codes(faults)


def examine_projects(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Projects that run without a consultation in order; otherwise how many had theirs."""
    run = {slug: one for slug, one in sorted(facts.all(Project).items()) if one.runs}
    found = tuple(
        to_mend(CODE, "deployed-unconsulted", WayOut(kind=Project.kind, slug=slug), Evidence.DECLARED, project=slug)
        for slug in run
        if _faults(_about(facts, slug), facts.today)
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(run)))


def examine_answers(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Consultations that closed long ago and wait for their answers."""
    return tuple(
        to_mend(
            CODE,
            "answers-late",
            WayOut(kind=Consultation.kind, slug=slug, field="answers"),
            Evidence.MEASURED,
            consultation=slug,
            closed_day=one.closes.isoformat(),
        )
        for slug, one in sorted(facts.all(Consultation).items())
        if one.closes and not one.answered and one.closes + timedelta(days=ANSWER_DAYS) < facts.today
    )


def examine_seats(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Bodies that speak of data without a seat for residents."""
    return tuple(
        to_mend(
            CODE, "no-seat", WayOut(kind=GovernanceBody.kind, slug=slug, field="seats"), Evidence.DECLARED, body=slug
        )
        for slug, one in sorted(facts.all(GovernanceBody).items())
        if not one.held_by(College.RESIDENTS)
    )


def examine_delegations(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Delegations that run and were signed without the opinion of the commission that stands for users."""
    signed = {slug: one for slug, one in sorted(facts.all(Contract).items()) if one.delegates and one.notified}
    return tuple(
        to_mend(
            CODE,
            "delegation-unadvised",
            WayOut(kind=Contract.kind, slug=slug, field="advised"),
            Evidence.DECLARED,
            contract=slug,
        )
        for slug, one in signed.items()
        if has_commission(facts) and one.runs(facts.today) and _unadvised(one)
    )


def _unadvised(contract: Contract) -> bool:
    """Whether no opinion was given before its signature, as far as it says."""
    return contract.advised is None or (contract.notified is not None and contract.advised > contract.notified)


def examine_purchases(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Contracts that run, buy technologies or run sources, and name no project: their gate has nothing to ask about."""
    return tuple(
        to_mend(
            CODE,
            "bought-unconsulted",
            WayOut(kind=Contract.kind, slug=slug, field="project"),
            Evidence.DECLARED,
            contract=slug,
            signed_day=one.notified.isoformat(),
        )
        for slug, one in sorted(facts.all(Contract).items())
        if one.notified and one.notified >= PROMISE.effect and one.runs(facts.today) and _escapes(facts, one)
    )


def _escapes(facts: TerritoryFacts, contract: Contract) -> bool:
    """Whether it buys tools for no project, and names no consultation in order by itself."""
    if contract.project or not (contract.technologies or contract.covered):
        return False
    named = facts.one(Consultation, contract.consultation)
    return contract.notified is None or named is None or bool(_lacks(named, contract.notified))


def standing(facts: TerritoryFacts) -> Stands:
    """Chosen by the model where a project, a consultation or a body is declared, or tools were bought without any."""
    declared = where_declared(Project, Consultation, GovernanceBody)
    return chosen() if examine_purchases(facts) else declared(facts)


def has_commission(facts: TerritoryFacts) -> bool:
    """Whether the law asks this territory for one; syndicates are not asked: it depends on their members."""
    here = facts.territory
    return here is not None and here.population > COMMISSION_ABOVE.get(here.level, here.population)


PROMISE = Promise(
    code=CODE,
    number="R1",
    title=_("Residents have their say before a tool is deployed"),
    text=_(
        "A project goes from design to deployment only once a consultation was published: long enough, announced, "
        "with answers to what was said. Where there was none, a reasoned waiver says why, in public. Residents are "
        "asked before a purchase, not after it."
    ),
    why=_(
        "Those who live with a tool know better than those who buy it what it changes. Asked before, they can still "
        "change it; asked after, they can only complain."
    ),
    unseen=_(
        "Software cannot see whether people really heard of a consultation, nor whether what they said weighed on "
        "the decision."
    ),
    basis=Basis.MODEL,
    references=(study("R1"), communities("L1413-1")),
    effect=date(2021, 10, 1),
    codes=(
        *CONSULTATION,
        *(f"{code}-before-purchase" for code in CONSULTATION),
        *("delegation-unadvised", "bought-unconsulted", "deployed-unconsulted", "kept", "answers-late", "no-seat"),
    ),
    standing=standing,
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Projects that run without a consultation"),
            examine=examine_projects,
            reads=(Project, Consultation),
            codes=("deployed-unconsulted", "kept"),
        ),
        Duty(
            name=_("Consultations whose answers are late"),
            examine=examine_answers,
            reads=(Consultation,),
            codes=("answers-late",),
        ),
        Duty(
            name=_("Bodies without a seat for residents"),
            examine=examine_seats,
            reads=(GovernanceBody,),
            codes=("no-seat",),
        ),
        Duty(
            name=_("Delegations signed without the opinion of users"),
            examine=examine_delegations,
            reads=(Contract, Territory),
            codes=("delegation-unadvised",),
        ),
        Duty(
            name=_("Tools bought for no declared project"),
            examine=examine_purchases,
            reads=(Contract, Consultation),
            codes=("bought-unconsulted",),
        ),
    ),
)
