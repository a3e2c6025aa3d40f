"""GDPR articles 26 and 28, applicable since 25 May 2018: who processes for whom, who decides together, is agreed."""

from collections.abc import Iterator
from datetime import date

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_persons_are_measured
from bocage.commitments.texts import gdpr
from bocage.domain.agreement import Agreement, AgreementForm
from bocage.domain.contract import Contract
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.purpose import Purpose
from bocage.domain.source import Source
from bocage.domain.text import message as _

CODE = "gdpr_28_processors"


def processing_for(agreement: Agreement, operator: str, purpose: str, today: date) -> bool:
    """Whether a running agreement makes somebody the processor of a purpose; it covers all where it names none."""
    named = operator == agreement.leader or operator in agreement.parties
    covers = not agreement.purposes or purpose in agreement.purposes
    return agreement.form is AgreementForm.PROCESSOR and agreement.runs(today) and named and covers


def examine_processors(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Whoever runs a source on persons for the controller, without a contract or an agreement that says so; otherwise
    how many are covered, or how many the controller runs itself where nobody else runs one."""
    found, covered, others = [], 0, _by_others(facts)
    for slug, source in others:
        contracts = facts.contracts_of(slug)
        agreed = any(
            processing_for(one, source.operator, source.purpose, facts.today) for one in facts.all(Agreement).values()
        )
        if agreed or any(one.body.personal for one in contracts):
            covered += 1
            continue
        values = {"source": slug, "organisation": source.operator}
        name = contracts[0].slug if contracts else ""
        way_out = WayOut(kind=Contract.kind, slug=name, field="personal") if name else WayOut(kind=Agreement.kind)
        code = "contract-silent" if name else "uncovered"
        found.append(to_mend(CODE, code, way_out, Evidence.DECLARED, **values))
    if others:
        return or_kept(found, kept(CODE, Evidence.DECLARED, count=covered))
    return or_kept((), kept(CODE, Evidence.DECLARED, code="own-hands", count=len(_on_persons(facts))))


def _on_persons(facts: TerritoryFacts) -> list[tuple[str, Source, Purpose]]:
    """Sources that serve a purpose on persons, with that purpose."""
    every = ((slug, one, facts.one(Purpose, one.purpose)) for slug, one in sorted(facts.all(Source).items()))
    return [(slug, one, purpose) for slug, one, purpose in every if purpose is not None and purpose.personal]


def _by_others(facts: TerritoryFacts) -> list[tuple[str, Source]]:
    """Sources on persons that somebody else than the controller runs."""
    return [(slug, one) for slug, one, purpose in _on_persons(facts) if one.operator not in ("", purpose.owner)]


def examine_agreements(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Agreements on personal data that do not say who, what or which processing; joint ones nobody can read of."""
    found = []
    for slug, one in sorted(facts.all(Agreement).items()):
        for code, field in _faults(one):
            found.append(
                to_mend(
                    CODE, code, WayOut(kind=Agreement.kind, slug=slug, field=field), Evidence.DECLARED, agreement=slug
                )
            )
    return tuple(found)


def _faults(body: Agreement) -> Iterator[tuple[str, str]]:
    if body.form not in (AgreementForm.PROCESSOR, AgreementForm.JOINT):
        return
    if not body.purposes:
        yield "purposes-missing", "purposes"
    if len(body.parties) < 2:
        yield "parties-missing", "parties"
    if body.form is AgreementForm.JOINT and body.object is None:
        yield "essence-missing", "object"
    if body.form is AgreementForm.PROCESSOR and not body.leader:
        yield "processor-missing", "leader"


PROMISE = Promise(
    code=CODE,
    number="GDPR 28",
    title=_("Who processes data for whom is agreed"),
    text=_(
        "Whoever processes personal data for the territory does so under a contract or an agreement that says it. "
        "Public bodies that decide together say who does what, and everyone may read the essence of it."
    ),
    why=_(
        "Data that pass from hand to hand are lost sight of unless somebody wrote down who holds them and for whom. "
        "A person who asks must not be sent from one to the other."
    ),
    unseen=_("Software cannot see a processor that no source names, nor what the processor passes on."),
    basis=Basis.LAW,
    references=(gdpr("26"), gdpr("28")),
    effect=date(2018, 5, 25),
    codes=(
        *("uncovered", "contract-silent", "purposes-missing", "parties-missing", "essence-missing"),
        *("processor-missing", "own-hands", "kept"),
    ),
    standing=where_persons_are_measured,
    duties=(
        Duty(
            name=_("Processors without a contract or an agreement that says so"),
            examine=examine_processors,
            reads=(Source, Purpose, Contract, Agreement),
            codes=("uncovered", "contract-silent", "own-hands", "kept"),
        ),
        Duty(
            name=_("Agreements on personal data that do not say all they must"),
            examine=examine_agreements,
            reads=(Agreement,),
            codes=("purposes-missing", "parties-missing", "essence-missing", "processor-missing"),
        ),
    ),
    liftable=False,
)
