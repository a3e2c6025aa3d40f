"""Recommendation 20 of the study of October 2021: an audit before wide deployment, the basics everywhere else."""

from datetime import date

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.audit import Audit, AuditNature, Severity
from bocage.domain.checklist import Checklist
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.organisation import Organisation
from bocage.domain.project import Project, Scale
from bocage.domain.text import message as _

CODE = "r20_security_audit"
_GRAVE = frozenset({Severity.HIGH, Severity.CRITICAL})


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A project reaches the whole territory only after an audit of its security, with its grave findings closed."""
    before, after = change.before, change.after
    if not isinstance(after, Project) or after.scale is not Scale.WHOLE:
        return ()
    if isinstance(before, Project) and before.scale is Scale.WHOLE:
        return ()
    return faulty(CODE, change, lacking(change.facts, change.slug), "scale")


def lacking(facts: TerritoryFacts, project: str) -> tuple[str, ...]:
    """What the best audit of a project lacks."""
    audits = [one for one in facts.naming(Audit, "project", project) if one.nature is AuditNature.SECURITY]
    return min((_lacks(facts, one) for one in audits), key=len, default=("audit-missing",))


def _lacks(facts: TerritoryFacts, audit: Audit) -> tuple[str, ...]:
    auditor = facts.one(Organisation, audit.auditor)
    faults = {
        "audit-unfinished": audit.done is None or audit.done > facts.today,
        "audit-out-of-date": audit.review is not None and audit.review <= facts.today,
        "auditor-unknown": auditor is None or not auditor.siren,
        "scope-missing": audit.scope is None,
        "grave-findings": any(one.severity in _GRAVE for one in audit.open),
    }
    return codes(faults)


def examine_projects(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Projects at full scale without an audit in order, and others in service without their basics checked."""
    run = {slug: one for slug, one in sorted(facts.all(Project).items()) if one.runs}
    listed = {one.project for one in facts.all(Checklist).values() if one.checked}
    found = []
    for slug, one in run.items():
        unaudited = bool(lacking(facts, slug))
        if one.scale is Scale.WHOLE and unaudited:
            way_out = WayOut(kind=Audit.kind, field="project")
            found.append(to_mend(CODE, "scaled-unaudited", way_out, Evidence.DECLARED, project=slug))
        elif unaudited and slug not in listed:
            way_out = WayOut(kind=Checklist.kind, field="project")
            found.append(to_mend(CODE, "basics-unchecked", way_out, Evidence.DECLARED, project=slug))
    own = any(lacking(facts, slug) for slug in run)  # what only the territory's own list shows
    level = Evidence.DECLARED if own else Evidence.ATTESTED
    return or_kept(found, kept(CODE, level, count=len(run)))


def examine_audits(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Audits to be done again, and findings that are open past their day."""
    found = []
    for slug, one in sorted(facts.all(Audit).items()):
        late = sum(bool(finding.due and finding.due < facts.today) for finding in one.open)
        if late:
            way_out = WayOut(kind=Audit.kind, slug=slug, field="findings")
            found.append(to_mend(CODE, "findings-late", way_out, Evidence.ATTESTED, audit=slug, count=late))
        if one.review and one.review <= facts.today:
            day, again = one.review.isoformat(), WayOut(kind=Audit.kind, slug=slug, field="review")
            found.append(to_mend(CODE, "audit-due", again, Evidence.MEASURED, audit=slug, review_day=day))
    return tuple(found)


def examine_basics(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Measures said to be done without anything that shows it."""
    return tuple(
        to_mend(
            CODE,
            "basics-unproved",
            WayOut(kind=Checklist.kind, slug=slug, field="items"),
            Evidence.DECLARED,
            checklist=slug,
            count=len(one.unproved),
        )
        for slug, one in sorted(facts.all(Checklist).items())
        if one.unproved
    )


PROMISE = Promise(
    code=CODE,
    number="R20",
    title=_("Security is audited before a tool spreads"),
    text=_(
        "A project is scaled up only after a security audit by a named auditor, with its scope, its date and what "
        "was corrected since. Everywhere else the basics are checked one by one, with their evidence."
    ),
    why=_(
        "A weakness in one sensor is an incident; the same in a thousand is a disaster. It costs least to find it "
        "while few are installed."
    ),
    unseen=_("Software cannot see what an audit did not look at, nor whether a box was ticked in good faith."),
    basis=Basis.MODEL,
    references=(study("R20"),),
    effect=date(2021, 10, 1),
    codes=(
        *(
            "audit-missing",
            "audit-unfinished",
            "audit-out-of-date",
            "auditor-unknown",
            "scope-missing",
            "grave-findings",
        ),
        *("scaled-unaudited", "basics-unchecked", "kept", "findings-late", "audit-due", "basics-unproved"),
    ),
    standing=where_declared(Project, Audit, Checklist),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Projects in service without an audit or the basics"),
            examine=examine_projects,
            reads=(Project, Audit, Checklist, Organisation),
            codes=("scaled-unaudited", "basics-unchecked", "kept"),
        ),
        Duty(
            name=_("Audits to be done again, findings open past their day"),
            examine=examine_audits,
            reads=(Audit,),
            codes=("findings-late", "audit-due"),
        ),
        Duty(
            name=_("Basics said to be done without evidence"),
            examine=examine_basics,
            reads=(Checklist,),
            codes=("basics-unproved",),
        ),
    ),
)
