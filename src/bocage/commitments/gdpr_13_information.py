"""GDPR articles 13 and 14, applicable since 25 May 2018: persons are told what is done with data about them."""

from datetime import date

from bocage.commitments.answers import codes, kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_persons_are_measured
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.purpose import Collected, LegalBasis, Purpose
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import message as _

CODE = "gdpr_13_information"
FIELDS = {
    "controller": "owner",
    "basis": "legal_basis",
    "retention": "retention_months",
    "persons": "information.persons",
    "data": "information.data",
    "collected": "information.collected",
    "origin": "information.origin",
    "needed": "information.needed",
    "interests": "information.interests",
    "automated": "information.automated",
    "logic": "information.logic",
}
"""What an information notice is made of, and the field of the purpose that says it."""
PLACES = {"officer-unreachable": "officer", "territory-unreachable": "contact"}


def lacking(purpose: Purpose) -> tuple[str, ...]:
    """What the notice of a purpose cannot say yet."""
    told, here = purpose.information, purpose.information.collected is Collected.FROM_PERSONS
    lacks = {
        "controller": not purpose.owner,
        "basis": purpose.legal_basis is None,
        "retention": purpose.retention_months is None,
        "persons": told.persons is None,
        "data": told.data is None,
        "collected": told.collected is None,
        "origin": told.collected is Collected.ELSEWHERE and told.origin is None,
        "needed": here and told.needed is None,
        "interests": purpose.legal_basis is LegalBasis.LEGITIMATE_INTERESTS and told.interests is None,
        "automated": told.automated is None,
        "logic": told.automated is True and told.logic is None,
    }
    return codes(lacks)


def unreachable(territory: Territory | None) -> tuple[str, ...]:
    """Whom the notices of a territory cannot name: the officer, the controller."""
    return tuple(code for code, field in PLACES.items() if territory is None or getattr(territory, field) is None)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Purposes on persons that serve, and whose notice lacks something; addresses that every notice gives."""
    served = {source.purpose for source in facts.all(Source).values()}
    about = {slug: one for slug, one in sorted(facts.all(Purpose).items()) if one.personal and slug in served}
    if not about:
        return ()
    place = WayOut(kind=Territory.kind, slug=facts.slug)
    found = [to_mend(CODE, code, place, Evidence.MEASURED) for code in unreachable(facts.territory)]
    for slug, one in about.items():
        lacks = lacking(one)
        if lacks:
            way_out = WayOut(kind=Purpose.kind, slug=slug, field=FIELDS[lacks[0]])
            found.append(to_mend(CODE, "incomplete", way_out, Evidence.MEASURED, purpose=slug, count=len(lacks)))
    return tuple(found) or (kept(CODE, Evidence.DECLARED, count=len(about)),)


PROMISE = Promise(
    code=CODE,
    number="GDPR 13",
    title=_("Persons are told what is done with data about them"),
    text=_(
        "Where a purpose concerns persons, a notice says who answers for it, how to reach the data protection officer, "
        "the legal basis, who receives the data, how long they are kept, which rights one has and where to complain. "
        "It is made from what is declared, and says what lacks."
    ),
    why=_(
        "Nobody can object to what they do not know of. A notice made from the declarations themselves cannot say "
        "something else than what runs."
    ),
    unseen=_("Software cannot see whether the notice was put where persons read it."),
    basis=Basis.LAW,
    references=(gdpr("13"), gdpr("14")),
    effect=date(2018, 5, 25),
    codes=(*PLACES, "incomplete", "kept"),
    standing=where_persons_are_measured,
    duties=(
        Duty(
            name=_("Purposes on persons whose information notice lacks something"),
            examine=examine,
            reads=(Purpose, Source, Territory),
        ),
    ),
    liftable=False,
)
