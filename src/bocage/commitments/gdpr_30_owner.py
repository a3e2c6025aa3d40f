"""GDPR articles 30 and 6, applicable since 25 May 2018: who answers for it, and on which basis for persons."""

from datetime import date

from bocage.commitments.answers import FEW, codes, kept, refusal, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import FLOW, Course, Flow, Sign, Strand, Strands
from bocage.commitments.persons import home_suspected, person_word
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_persons_are_concerned
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _

CODE = "gdpr_30_owner"
PERSON_PATTERNS = frozenset({"e-mail", "telephone", "social-security-number"})
FIELDS = {"owner-undeclared": "owner", "persons-unanswered": "personal", "basis-undeclared": "legal_basis"}


def lacking(purpose: Purpose) -> tuple[str, ...]:
    """What a purpose does not say yet; a legal basis is asked only where persons are concerned."""
    lacks = {
        "owner-undeclared": not purpose.owner,
        "persons-unanswered": purpose.personal is None,
        "basis-undeclared": purpose.personal is True and purpose.legal_basis is None,
    }
    return codes(lacks)


def asked_before_keeping(flow: Flow) -> tuple[Refusal, ...]:
    """What the purpose lacks; and, where it says that no person is concerned, the facts that say otherwise."""
    if flow.course.purpose is None:
        return ()
    missing = tuple(
        refusal(CODE, code, _field(flow, code), series=flow.series, purpose=flow.course.purpose_slug)
        for code in lacking(flow.course.purpose)
    )
    return (*missing, *(_denied(flow) if flow.course.purpose.personal is False else ()))


def _field(flow: Flow, code: str) -> WayOut:
    return WayOut(kind="purpose", slug=flow.course.purpose_slug, field=FIELDS[code])


def _denied(flow: Flow) -> tuple[Refusal, ...]:
    """Facts against the answer that no person is concerned: a name, or what the values showed."""
    way_out = WayOut(kind="purpose", slug=flow.course.purpose_slug, field="personal")
    found = []
    word = flow.strand.answered(person_word)
    if word:
        found.append(refusal(CODE, "name-speaks-of-persons", way_out, series=flow.series, word=word))
    count = sum(sign.count for sign in flow.strand.signs if sign.pattern in PERSON_PATTERNS)
    if count:
        found.append(refusal(CODE, "values-speak-of-persons", way_out, series=flow.series, count=count))
    return tuple(found)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Purposes that lack something, and consumptions at an address that are said to concern nobody."""
    purposes = facts.all(Purpose)
    found = [
        to_mend(
            CODE,
            f"purpose-{code}",
            WayOut(kind="purpose", slug=slug, field=FIELDS[code]),
            Evidence.MEASURED,
            purpose=slug,
        )
        for slug, body in sorted(purposes.items())
        for code in lacking(body)
    ]
    found += [one for course, strands in facts.courses() for one in _homes(course, strands)]
    if purposes and not found:
        concerned = sum(body.personal is True for body in purposes.values())
        return (kept(CODE, Evidence.DECLARED, count=len(purposes), concerned=concerned),)
    return tuple(found)


def _homes(course: Course, strands: Strands) -> tuple[Finding, ...]:
    """Consumptions at an address in a course that concerns nobody; many of them are told once."""
    if course.purpose is None or course.purpose.personal is not False:
        return ()
    way_out, found = WayOut(kind="purpose", slug=course.purpose_slug, field="personal"), strands.those(_home)
    if len(found) > FEW:
        values = {"source": course.source_slug, "purpose": course.purpose_slug}
        return (to_mend(CODE, "homes-suspected", way_out, Evidence.MEASURED, count=len(found), **values),)
    return tuple(to_mend(CODE, "home-suspected", way_out, Evidence.MEASURED, series=one.series) for one in found)


def _home(strand: Strand) -> bool:
    return strand.answered(home_suspected)


def _seen(strand: Strand) -> tuple[str, tuple[Sign, ...]]:
    return strand.answered(person_word), strand.signs


PROMISE = Promise(
    code=CODE,
    number="GDPR 30",
    title=_("Somebody answers for every measurement"),
    text=_(
        "Each purpose names the public body that answers for it and says whether persons are concerned. Where they "
        "are, it states the legal basis and stands in the register of processing activities. Where it says that "
        "nobody is concerned, the names of fields and the values themselves are checked against it."
    ),
    why=_(
        "When nobody answers for a measurement, nobody can be asked about it. One named public body can be "
        "written to, and held to its word."
    ),
    unseen=_("Software cannot see that a person could be recognised by combining several datasets."),
    basis=Basis.LAW,
    references=(gdpr("30"), gdpr("6")),
    effect=date(2018, 5, 25),
    codes=(
        *FIELDS,
        *(f"purpose-{code}" for code in FIELDS),
        "name-speaks-of-persons",
        "values-speak-of-persons",
        "home-suspected",
        "homes-suspected",
        "kept",
    ),
    standing=where_persons_are_concerned,
    gates={Moment.INGEST: asked_before_keeping},
    sees=_seen,
    duties=(
        Duty(
            name=_("Purposes that nobody answers for, or that do not say whether persons are concerned"),
            examine=examine,
            reads=FLOW,
        ),
    ),
)
