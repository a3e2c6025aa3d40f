"""The roll of all promises, and what they answer together."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date

import msgspec

from bocage.commitments import (
    coherence,
    crpa_311_mention,
    crpa_330_access,
    equipment_orders,
    gdpr_05_minimisation,
    gdpr_05_purpose,
    gdpr_05_retention,
    gdpr_12_requests,
    gdpr_13_information,
    gdpr_25_pseudonyms,
    gdpr_28_processors,
    gdpr_30_owner,
    gdpr_33_violations,
    gdpr_37_officer,
    heritage_212_disposal,
    openness,
    prohibited_practices,
    publication,
    published_rules,
    r01_participation,
    r02_ecosystem,
    r03_sobriety,
    r04_inclusion,
    r06_experiments,
    r11_technologies,
    r16_contracts,
    r17_data_clause,
    r19_hosting,
    r20_security_audit,
    r23_challenges,
    r30_data_function,
    r33_funding,
    r36_evaluation,
    r38_notice,
    r39_resource_centre,
    r45_mature_technology,
    r46_calls,
    r47_data_standards,
    r48_labels,
    r49_start_ups,
    regularisation,
)
from bocage.commitments.acting import Acting
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow, Strand
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Duty, Moment, Promise
from bocage.commitments.release import Release
from bocage.commitments.standings import unchecked
from bocage.domain.decision import Finding, Permit, Refusal, Standing, Stands
from bocage.domain.exception import ReasonedException

Facts = Flow | Release | Change | Printing | Acting


_LAW = (
    gdpr_05_purpose,
    gdpr_05_minimisation,
    gdpr_05_retention,
    gdpr_12_requests,
    gdpr_13_information,
    gdpr_25_pseudonyms,
    gdpr_28_processors,
    gdpr_30_owner,
    gdpr_33_violations,
    gdpr_37_officer,
    prohibited_practices,
    heritage_212_disposal,
    openness,
    publication,
    crpa_330_access,
    crpa_311_mention,
)
_RECOMMENDATIONS = (
    r01_participation,
    r02_ecosystem,
    r03_sobriety,
    r04_inclusion,
    r06_experiments,
    r11_technologies,
    r16_contracts,
    r17_data_clause,
    r19_hosting,
    r20_security_audit,
    r23_challenges,
    r30_data_function,
    r33_funding,
    r36_evaluation,
    r38_notice,
    r39_resource_centre,
    r45_mature_technology,
    r46_calls,
    r47_data_standards,
    r48_labels,
    r49_start_ups,
)
_BESIDE = (published_rules, equipment_orders, regularisation, coherence)
_ALL = tuple(module.PROMISE for module in (*_LAW, *_RECOMMENDATIONS, *_BESIDE))
LIFTABLE = frozenset(promise.code for promise in _ALL if promise.liftable)
"""What an exception may lift; never what protects persons from forbidden practices or in publications."""
_ASKED = {moment: tuple(promise for promise in _ALL if moment in promise.gates) for moment in Moment}

NUMBERED = 53
"""The study numbers its recommendations up to this one. Its synthesis, our source, tells 21 of them."""


def all_promises() -> tuple[Promise, ...]:
    """Every promise, in the order pages show them: the law, the recommendations of the study, what holds them up."""
    return _ALL


def untold() -> tuple[int, ...]:
    """The numbers of the study's list that our source does not tell; nothing is invented for them."""
    told = {promise.recommendation for promise in _ALL}
    return tuple(number for number in range(1, NUMBERED + 1) if number not in told)


def find(code: str) -> Promise | None:
    """The promise of that code."""
    return next((promise for promise in all_promises() if promise.code == code), None)


def decide(moment: Moment, facts: Facts) -> tuple[Permit | Refusal, ...]:
    """All refusals that no exception lifts, or exactly one Permit.

    A promise refuses nothing before its date of effect. An exception lifts one promise for what it names,
    while it runs; it never lifts a refusal that says it cannot be lifted.
    """
    running = _running(facts)
    standing_refusals: list[Refusal] = []
    marks: list[Refusal] = []
    used: list[tuple[str, ReasonedException]] = []
    for promise in _ASKED[moment]:
        if facts.today < promise.effect:
            continue
        lifting = _lifting(promise, running)
        for refusal in promise.gates[moment](facts):
            if refusal.taken:
                marks.append(refusal)
            elif lifting and refusal.overridable:
                used.append(lifting)
            else:
                standing_refusals.append(refusal)
    if standing_refusals:
        return tuple(standing_refusals)
    permit = _permit(facts, running, used)
    return (msgspec.structs.replace(permit, marks=tuple(marks)) if marks else permit,)


def shown(strand: Strand) -> tuple[Hashable, ...]:
    """All that the gates before a measurement is kept look at of a series, beside its name: see `Promise.sees`."""
    return (strand.datastream is None, *(one.sees(strand) for one in _ASKED[Moment.INGEST] if one.sees))


def _permit(
    facts: Facts, running: tuple[tuple[str, ReasonedException], ...], used: list[tuple[str, ReasonedException]]
) -> Permit:
    """The permit, under the exception that ends first if several were needed."""
    soonest = min(used, key=lambda pair: (pair[1].ends, pair[0]), default=None)
    cadence = 0
    if isinstance(facts, Flow) and not _lifting(gdpr_05_minimisation.PROMISE, running):
        cadence = gdpr_05_minimisation.permitted_cadence(facts.course)
    if soonest is None:
        return Permit(cadence_seconds=cadence)
    return Permit(under=soonest[0], until=soonest[1].ends, cadence_seconds=cadence)


def _running(facts: Facts) -> tuple[tuple[str, ReasonedException], ...]:
    return tuple((slug, body) for slug, body in facts.exceptions if body.runs(facts.today))


def _lifting(
    promise: Promise, running: tuple[tuple[str, ReasonedException], ...]
) -> tuple[str, ReasonedException] | None:
    if not promise.liftable:
        return None
    return next((pair for pair in running if pair[1].promise == promise.code), None)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What every duty finds about the territory."""
    return tuple(finding for promise, duty in duties(facts.today) for finding in duty.examine(facts))


def duties(today: date) -> tuple[tuple[Promise, Duty], ...]:
    """Every duty of the promises in effect on that day, in their order."""
    return tuple((promise, duty) for promise in all_promises() if today >= promise.effect for duty in promise.duties)


def standing(promise: Promise, facts: TerritoryFacts) -> Stands:
    """What the promise is for this territory: required, chosen, not concerned, or not to be checked yet; and why."""
    return promise.standing(facts)


def borne_out(stands: Mapping[str, Stands], found: Iterable[Finding]) -> dict[str, Stands]:
    """What promises are, once their duties were asked: one that binds, has no gate and found nothing at all was not
    looked at, so that nothing says whether it is kept. By the codes of promises."""
    looked = {one.promise for one in found}
    empty = {promise.code for promise in all_promises() if not promise.gates} - looked
    bound = (Standing.REQUIRED, Standing.CHOSEN)
    return {
        code: unchecked("nothing-found") if code in empty and one.standing in bound else one
        for code, one in stands.items()
    }
