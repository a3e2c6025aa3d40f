"""What a promise is for a territory: required by law, chosen, not concerned, or not to be checked yet; and why."""

from collections.abc import Callable

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Standing, Stands
from bocage.domain.declaration import Declaration
from bocage.domain.purpose import Purpose
from bocage.domain.source import Source

Value = str | int | float
StandingOf = Callable[[TerritoryFacts], Stands]


def required(reason: str = "by-law", **values: Value) -> Stands:
    """The law asks it of this territory."""
    return Stands(standing=Standing.REQUIRED, reason=reason, values=values)


def chosen(reason: str = "by-model", **values: Value) -> Stands:
    """No law asks it; the territory promised it with the model."""
    return Stands(standing=Standing.CHOSEN, reason=reason, values=values)


def not_concerned(reason: str, **values: Value) -> Stands:
    """It does not bind this territory: that is no fault."""
    return Stands(standing=Standing.NOT_CONCERNED, reason=reason, values=values)


def unchecked(reason: str, **values: Value) -> Stands:
    """Something lacks to check it against; nothing is said of it before."""
    return Stands(standing=Standing.UNCHECKED, reason=reason, values=values)


def always(stands: Stands) -> StandingOf:
    """The same for every territory."""
    return lambda facts: stands


def where_declared(*kinds: type[Declaration]) -> StandingOf:
    """Chosen by the model where anything of these kinds is declared; otherwise nothing is bound by it."""

    def standing(facts: TerritoryFacts) -> Stands:
        if any(facts.declared.get(kind.kind) for kind in kinds):
            return chosen()
        return not_concerned("none-declared", kind=kinds[0].kind)

    return standing


def with_commons(resource: str, *kinds: type[Declaration]) -> StandingOf:
    """Not to be checked while the commons hold nothing of that sort ("" for anything) and nothing is declared here."""

    def standing(facts: TerritoryFacts) -> Stands:
        shared = any(resource in ("", one.kind) for one in facts.commons)
        declared = any(facts.declared.get(kind.kind) for kind in kinds)
        return chosen() if shared or declared else unchecked("commons-empty")

    return standing


def where_persons_are_concerned(facts: TerritoryFacts) -> Stands:
    """Required by the GDPR where a purpose concerns persons; chosen where none does; open until all have said."""
    answers = {purpose.personal for purpose in facts.all(Purpose).values()}
    if True in answers:
        return required("persons-concerned")
    if None in answers or not answers:
        return unchecked("persons-unanswered")
    return chosen("no-person-concerned")


def where_persons_are_measured(facts: TerritoryFacts) -> Stands:
    """Required by the GDPR where a source serves a purpose on persons; nobody is concerned where no purpose is on
    persons; open until all have said, and until a source serves one that is."""
    stands = where_persons_are_concerned(facts)
    if stands.standing is Standing.CHOSEN:
        return not_concerned("nobody-concerned")
    served = (facts.one(Purpose, source.purpose) for source in facts.all(Source).values())
    if stands.standing is Standing.UNCHECKED or any(purpose and purpose.personal for purpose in served):
        return stands
    return unchecked("persons-unserved")
