"""Recommendation 16 of the study of October 2021: contracts frame and ease innovation."""

from datetime import date, timedelta

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.charter_article import CharterArticle
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.contract import Contract, Scheme
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.text import message as _

CODE = "r16_contracts"
_ALL = frozenset({ClauseSubject.DATA, ClauseSubject.SECURITY, ClauseSubject.REVERSIBILITY})
_NEW = _ALL | {ClauseSubject.INNOVATION, ClauseSubject.INTELLECTUAL_PROPERTY}
_LONG = _ALL | {ClauseSubject.SOBRIETY, ClauseSubject.ECONOMICS}
EXPECTED: dict[Scheme, frozenset[ClauseSubject]] = {
    Scheme.CONTRACT: _ALL,
    Scheme.GLOBAL_PERFORMANCE: _LONG,
    Scheme.INNOVATION_PARTNERSHIP: _NEW,
    Scheme.INNOVATIVE_PURCHASE: _NEW,
    Scheme.RESEARCH: _NEW,
    Scheme.CONCESSION: _LONG,
    Scheme.DELEGATION: _LONG,
    Scheme.REGIE: frozenset(),
    Scheme.PUBLIC_COMPANY: _ALL,
    Scheme.PURCHASING_BODY: _ALL,
    Scheme.GROUP_OF_ORDERS: _ALL,
    Scheme.PUBLIC_SPACE: frozenset({ClauseSubject.DATA, ClauseSubject.ETHICS}),
}
"""What the model expects of each legal form, beside the clauses of the library that name it themselves."""
PREPARED = timedelta(days=731)  # 24 months before the end


def lacking(facts: TerritoryFacts, contract: Contract) -> tuple[ClauseSubject, ...]:
    """The subjects of clauses that a contract lacks for its legal form; nothing while the form is not said."""
    if contract.scheme is None:
        return ()
    library = facts.all(Clause).values()
    wanted = {one.subject for one in library if one.in_force and contract.scheme in one.schemes}
    held = facts.subjects(contract)
    return tuple(one for one in ClauseSubject if one in (wanted | EXPECTED[contract.scheme]) - held)


def fitting(facts: TerritoryFacts, contract: Contract) -> dict[ClauseSubject, tuple[str, ...]]:
    """What a contract lacks, with the clauses of the library in force on that subject: its own form's first, then those
    of any form."""
    library = sorted(facts.all(Clause).items())
    found = {}
    for subject in lacking(facts, contract):
        about = [(slug, one) for slug, one in library if one.in_force and one.subject is subject]
        own = tuple(slug for slug, one in about if contract.scheme in one.schemes)
        found[subject] = own or tuple(slug for slug, one in about if not one.schemes)
    return found


def examine_clauses(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Running contracts that lack clauses for their form, one clause after the other, or that do not say their form."""
    run = {slug: one for slug, one in sorted(facts.all(Contract).items()) if one.runs(facts.today)}
    found = []
    for slug, one in run.items():
        if one.scheme is None:
            form = WayOut(kind=Contract.kind, slug=slug, field="scheme")
            found.append(to_mend(CODE, "form-unsaid", form, Evidence.MEASURED, contract=slug))
        for subject in lacking(facts, one):
            way_out = WayOut(kind=Contract.kind, slug=slug, field="clauses")
            found.append(to_mend(CODE, f"lacks-{subject.value}", way_out, Evidence.DECLARED, contract=slug))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(run)))


def examine_ends(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Contracts that end within 24 months and whose end nobody prepares."""
    return tuple(
        to_mend(
            CODE,
            "end-unprepared",
            WayOut(kind=Contract.kind, slug=slug, field="succession"),
            Evidence.MEASURED,
            contract=slug,
            end_day=(one.end - timedelta(days=1)).isoformat(),
        )
        for slug, one in sorted(facts.all(Contract).items())
        if one.end and facts.today < one.end <= facts.today + PREPARED and one.succession is None
    )


def examine_charters(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Articles of charters that no clause carries into contracts."""
    carried = {article for one in facts.all(Clause).values() if one.in_force for article in one.articles}
    return tuple(
        to_mend(CODE, "article-uncarried", WayOut(kind=Clause.kind, field="articles"), Evidence.MEASURED, article=slug)
        for slug in sorted(facts.all(CharterArticle))
        if slug not in carried
    )


PROMISE = Promise(
    code=CODE,
    number="R16",
    title=_("Contracts frame innovation and leave room for it"),
    text=_(
        "A library holds the clauses on innovation, data, ethics, sobriety, sovereignty, security and "
        "reversibility, version by version. Each contract names those it carries; what it lacks for its type is "
        "shown."
    ),
    why=_(
        "What a contract does not say cannot be asked for afterwards. Clauses that are written once and shared "
        "spare each service from writing them again, less well."
    ),
    unseen=_("Software cannot see whether a clause is applied, nor the text that was really signed."),
    basis=Basis.MODEL,
    references=(study("R16"),),
    effect=date(2021, 10, 1),
    codes=(
        *(f"lacks-{one.value}" for one in ClauseSubject),
        "form-unsaid",
        "kept",
        "end-unprepared",
        "article-uncarried",
    ),
    standing=where_declared(Contract, CharterArticle),
    duties=(
        Duty(
            name=_("Contracts that lack a clause for their legal form"),
            examine=examine_clauses,
            reads=(Contract, Clause),
            codes=(*(f"lacks-{one.value}" for one in ClauseSubject), "form-unsaid", "kept"),
        ),
        Duty(
            name=_("Contracts whose end nobody prepares"),
            examine=examine_ends,
            reads=(Contract,),
            codes=("end-unprepared",),
        ),
        Duty(
            name=_("Articles of charters that no clause carries"),
            examine=examine_charters,
            reads=(Clause, CharterArticle),
            codes=("article-uncarried",),
        ),
    ),
    liftable=False,
)
