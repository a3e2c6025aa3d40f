"""Recommendation 17 of the study of October 2021: contracts carry data clauses, and deliveries are held to them."""

from datetime import date, timedelta

import msgspec

from bocage.commitments.answers import kept, or_kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Flow
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import chosen, not_concerned, required
from bocage.commitments.texts import procurement, study
from bocage.domain.clause import ClauseSubject
from bocage.domain.contract import Contract, ContractNature, Delivery, Scheme
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.organisation import Organisation, Sector
from bocage.domain.source import Source, Transport
from bocage.domain.text import message as _

CODE = "r17_data_clause"
DELIVERIES = _("Data promised against data delivered")
TESTED_DAYS = 366
"""The model's choice: a way out that nobody walked for a year may be closed."""
_BY_LAW = frozenset({Scheme.CONCESSION, Scheme.DELEGATION})
_BY_NATURE = frozenset({ContractNature.PUBLIC_SERVICE_CONCESSION, ContractNature.DELEGATION})


def due_by_law(contract: Contract) -> bool:
    """Whether its data are due without any clause: a concession of a public service (CCP L3131-2)."""
    return contract.scheme in _BY_LAW or contract.nature in _BY_NATURE


def by_contractor(source: Source, operator: Organisation | None) -> bool:
    """Whether somebody who is no public body runs a source; an open address that everyone may read binds nobody."""
    if operator is None or operator.sector is Sector.PUBLIC:
        return False
    return not (source.transport is Transport.POLL and source.licence)


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """A contractor's source comes under a contract, and the contract says what becomes of the data.

    What a concession owes by law is taken without a clause, and marked: the refusal says that it is taken.
    """
    if flow.course.source is None or not (
        flow.course.contracts or by_contractor(flow.course.source, flow.course.operator)
    ):
        return ()
    if not flow.course.contracts:
        way_out = WayOut(kind=Contract.kind, field="sources")
        return (refusal(CODE, "contract-missing", way_out, series=flow.series, source=flow.course.source_slug),)
    if any(ClauseSubject.DATA in one.subjects for one in flow.course.contracts):
        return ()
    first = flow.course.contracts[0]
    way_out = WayOut(kind=Contract.kind, slug=first.slug, field="clauses")
    by_law = any(due_by_law(one.body) for one in flow.course.contracts)
    code = "due-by-law" if by_law else "clause-missing"
    said = refusal(CODE, code, way_out, series=flow.series, contract=first.slug)
    return (msgspec.structs.replace(said, taken=by_law),)


def examine_sources(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Sources run by contractors without a contract or its data clause; otherwise how many have theirs."""
    found: dict[str, Finding] = {}
    run = [
        (course, some) for course, some in facts.courses() if course.source and (course.contracts or course.operator)
    ]
    for course, strands in run:
        for seen in asked_before_keeping(Flow(course, strands.each[0])):  # all series of a source share its contract
            values = {**seen.values, "source": course.source_slug}
            finding = to_mend(CODE, f"source-{seen.code}", seen.way_out, Evidence.DECLARED, **values)
            found.setdefault(course.source_slug, finding)
    covered = {course.source_slug for course, _strands in run if course.contracts}
    return or_kept(found.values(), kept(CODE, Evidence.DECLARED, count=len(covered)))


def examine_deliveries(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Deliveries that arrive late, or with gaps, against what the contract promises; measured in the log."""
    found = []
    for slug, contract in sorted(facts.all(Contract).items()):
        if contract.runs(facts.today):
            for delivery in contract.deliveries:
                found += _delivered(facts, slug, contract, delivery)
    return tuple(found)


def _delivered(facts: TerritoryFacts, slug: str, contract: Contract, delivery: Delivery) -> list[Finding]:
    arrived = facts.arrived.get(delivery.source)
    begins = delivery.since or contract.starts or contract.notified
    if arrived is None or delivery.every is None:
        return []
    source, way_out = delivery.source, WayOut(kind=Contract.kind, slug=slug, field="deliveries")
    allowed = delivery.every.seconds + 3600 * (delivery.delay_hours or 0)
    if begins and facts.today - begins < timedelta(seconds=allowed):
        return []  # nothing is due yet
    if arrived.silent_seconds is None:
        return [to_mend(CODE, "nothing-delivered", way_out, Evidence.MEASURED, contract=slug, source=source)]
    found = []
    if arrived.silent_seconds > allowed:
        late = {"late_seconds": arrived.silent_seconds, "allowed_seconds": allowed}
        found.append(to_mend(CODE, "delivery-late", way_out, Evidence.MEASURED, contract=slug, source=source, **late))
    least, share = delivery.least_percent, arrived.percent
    if least is not None and share is not None and share < least:
        rate = {"share": round(share, 1), "least": least, "days": arrived.days}
        found.append(to_mend(CODE, "delivery-gaps", way_out, Evidence.MEASURED, contract=slug, source=source, **rate))
    return found or [kept(CODE, Evidence.MEASURED, code="delivered", contract=slug, source=source)]


def examine_exits(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Running contracts that cover sources and whose way out was never walked, or not for a year."""
    return tuple(
        to_mend(
            CODE,
            "exit-untested",
            WayOut(kind=Contract.kind, slug=slug, field="exit_tested"),
            Evidence.DECLARED,
            contract=slug,
        )
        for slug, one in sorted(facts.all(Contract).items())
        if (one.exit_tested is None or one.exit_tested + timedelta(days=TESTED_DAYS) < facts.today)
        and one.covered
        and one.runs(facts.today)
    )


def standing(facts: TerritoryFacts) -> Stands:
    """Chosen where a contractor runs a source; what a concession owes is required by law."""
    if any(due_by_law(one) and one.covered for one in facts.all(Contract).values()):
        return required("concession")
    concerned = any(facts.contracts_of(slug) for slug in facts.all(Source)) or any(
        by_contractor(one, facts.one(Organisation, one.operator)) for one in facts.all(Source).values()
    )
    return chosen() if concerned or examine_operators(facts) else not_concerned("no-contractor")


def examine_operators(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Operators said to be public bodies, bound by no contract, whose SIREN is the one of a company."""
    found = []
    for slug, source in sorted(facts.all(Source).items()):
        operator = facts.one(Organisation, source.operator)
        if operator is not None and operator.seems_company and not facts.contracts_of(slug):
            way_out = WayOut(kind=Organisation.kind, slug=source.operator, field="sector")
            values = {"organisation": source.operator, "source": slug}
            found.append(to_mend(CODE, "operator-company", way_out, Evidence.MEASURED, **values))
    return tuple(found)


PROMISE = Promise(
    code=CODE,
    number="R17",
    title=_("Every contract says what becomes of the data"),
    text=_(
        "A source run by a contractor needs the data clause of its contract before its measurements are kept. What "
        "is due by law even without a clause is taken, marked and pointed out. What was promised (what, how often, "
        "how soon) is compared with what arrives."
    ),
    why=_(
        "Data born of a public service belong to the public, even when a company runs the service. Without a "
        "clause, they leave with the contractor."
    ),
    unseen=_("Software cannot see what the contractor keeps for itself, nor a contract that nobody declared."),
    basis=Basis.MODEL,
    references=(study("R17"), procurement("L3131-2")),
    effect=date(2021, 10, 1),
    codes=(
        *("contract-missing", "clause-missing", "due-by-law"),
        *("source-contract-missing", "source-clause-missing", "source-due-by-law", "kept"),
        *("nothing-delivered", "delivery-late", "delivery-gaps", "delivered", "exit-untested"),
        "operator-company",
    ),
    standing=standing,
    gates={Moment.INGEST: asked_before_keeping},
    duties=(
        Duty(
            name=_("Sources of contractors without a data clause"),
            examine=examine_sources,
            reads=FLOW,
            codes=("source-contract-missing", "source-clause-missing", "source-due-by-law", "kept"),
        ),
        Duty(
            name=DELIVERIES,
            examine=examine_deliveries,
            reads=(Contract,),
            measured=True,
            codes=("nothing-delivered", "delivery-late", "delivery-gaps", "delivered"),
        ),
        Duty(
            name=_("Reversibility that nobody tested"),
            examine=examine_exits,
            reads=(Contract,),
            codes=("exit-untested",),
        ),
        Duty(
            name=_("Operators said to be public whose SIREN says otherwise"),
            examine=examine_operators,
            reads=(Source, Organisation, Contract),
            codes=("operator-company",),
        ),
    ),
)
