"""The answers promises give, and the standing that several of them share."""

from collections.abc import Callable

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Evidence, Finding, Refusal, Standing, WayOut
from bocage.domain.purpose import Purpose

Value = str | int | float


def refusal(promise: str, code: str, way_out: WayOut, *, overridable: bool = True, **values: Value) -> Refusal:
    """A refusal with the values its sentence needs."""
    return Refusal(promise=promise, code=code, way_out=way_out, values=values, overridable=overridable)


def to_mend(promise: str, code: str, way_out: WayOut, evidence: Evidence, **values: Value) -> Finding:
    """A finding that somebody has to mend."""
    return Finding(promise=promise, code=code, kept=False, evidence=evidence, way_out=way_out, values=values)


def kept(promise: str, evidence: Evidence, *, code: str = "kept", **values: Value) -> Finding:
    """A finding that the promise is kept, with what was looked at."""
    return Finding(promise=promise, code=code, kept=True, evidence=evidence, values=values)


def where_persons_are_concerned(facts: TerritoryFacts) -> Standing:
    """Required by the GDPR where a purpose concerns persons; chosen where none does; open until all have said."""
    answers = {purpose.personal for purpose in facts.all(Purpose).values()}
    if True in answers:
        return Standing.REQUIRED
    if None in answers or not answers:
        return Standing.UNCHECKED
    return Standing.CHOSEN


def always(standing: Standing) -> Callable[[TerritoryFacts], Standing]:
    """A standing that is the same for every territory."""
    return lambda facts: standing
