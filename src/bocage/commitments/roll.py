"""The roll of all promises, and what they answer together."""

from bocage.commitments import (
    coherence,
    gdpr_05_minimisation,
    gdpr_05_purpose,
    gdpr_05_retention,
    gdpr_30_owner,
    gdpr_37_officer,
    openness,
    prohibited_practices,
    publication,
    published_rules,
    r19_hosting,
    r38_notice,
    regularisation,
)
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.printing import Printing
from bocage.commitments.promise import Moment, Promise
from bocage.commitments.release import Release
from bocage.domain.decision import Finding, Permit, Refusal, Standing
from bocage.domain.exception import ReasonedException

Facts = Flow | Release | Change | Printing


def all_promises() -> tuple[Promise, ...]:
    """Every promise, in the order pages show them."""
    modules = (
        gdpr_05_purpose,
        gdpr_05_minimisation,
        gdpr_05_retention,
        gdpr_30_owner,
        gdpr_37_officer,
        prohibited_practices,
        r19_hosting,
        r38_notice,
        openness,
        publication,
        published_rules,
        regularisation,
        coherence,
    )
    return tuple(module.PROMISE for module in modules)


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
    used: list[tuple[str, ReasonedException]] = []
    for promise in all_promises():
        gate = promise.gates.get(moment)
        if gate is None or facts.today < promise.effect:
            continue
        lifting = _lifting(promise, running)
        for refusal in gate(facts):
            if lifting and refusal.overridable:
                used.append(lifting)
            else:
                standing_refusals.append(refusal)
    return tuple(standing_refusals) or (_permit(facts, running, used),)


def _permit(
    facts: Facts, running: tuple[tuple[str, ReasonedException], ...], used: list[tuple[str, ReasonedException]]
) -> Permit:
    """The permit, under the exception that ends first if several were needed."""
    soonest = min(used, key=lambda pair: (pair[1].ends, pair[0]), default=None)
    cadence = 0
    if isinstance(facts, Flow) and not _lifting(gdpr_05_minimisation.PROMISE, running):
        cadence = gdpr_05_minimisation.permitted_cadence(facts)
    if soonest is None:
        return Permit(cadence_seconds=cadence)
    return Permit(under=soonest[0], until=soonest[1].ends, cadence_seconds=cadence)


def _running(facts: Facts) -> tuple[tuple[str, ReasonedException], ...]:
    return tuple((slug, body) for slug, body in facts.exceptions if body.starts <= facts.today <= body.ends)


def _lifting(
    promise: Promise, running: tuple[tuple[str, ReasonedException], ...]
) -> tuple[str, ReasonedException] | None:
    if not promise.liftable:
        return None
    return next((pair for pair in running if pair[1].promise == promise.code), None)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What every duty finds about the territory."""
    in_effect = (promise for promise in all_promises() if facts.today >= promise.effect)
    return tuple(finding for promise in in_effect if promise.duty for finding in promise.duty(facts))


def standing(promise: Promise, facts: TerritoryFacts) -> Standing:
    """What the promise is for this territory: required, chosen, not concerned, or not to be checked yet."""
    return promise.standing(facts)
