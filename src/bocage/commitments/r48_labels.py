"""Recommendation 48 of the study of October 2021: labels for technologies, with requirements and evidence."""

from datetime import date

from bocage.commitments.answers import codes, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.labelling import Found, Met, required
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.label_award import LabelAward
from bocage.domain.label_scheme import LabelScheme
from bocage.domain.text import message as _

CODE = "r48_labels"


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A label is granted under a scheme with requirements, on evidence, until a day."""
    before, after = change.before, change.after
    granted = isinstance(before, LabelAward) and before.granted is not None
    if not isinstance(after, LabelAward) or after.granted is None or granted:
        return ()
    scheme = change.facts.one(LabelScheme, after.scheme)
    faults = {
        "scheme-missing": scheme is None or not scheme.requirements,
        "evidence-missing": after.evidence is None,
        "end-missing": after.ends is None,
    }
    return faulty(CODE, change, codes(faults), "granted", overridable=False) or _unmet(change, after)


def _unmet(change: Change, after: LabelAward) -> tuple[Refusal, ...]:
    """Requirements that the facts do not bear out; a signed exception may grant it all the same, in public."""
    if change.found is None:
        return ()
    return tuple(
        refusal
        for one in required(change.facts, after, change.found)
        if one.met is not Met.KEPT
        for refusal in faulty(CODE, change, (f"requirement-{one.met.value}",), "proofs", requirement=one.number)
    )


def suspended(facts: TerritoryFacts, found: Found) -> tuple[Finding, ...]:
    """Labels that the facts do not bear out any more: suspended until they do, or until they are withdrawn."""
    awards = ((slug, one) for slug, one in sorted(facts.all(LabelAward).items()) if one.in_force(facts.today))
    return tuple(
        to_mend(
            CODE,
            "label-suspended",
            WayOut(kind=LabelAward.kind, slug=slug, field="proofs"),
            Evidence.MEASURED,
            label=slug,
            requirement=each.number,
        )
        for slug, one in awards
        if not _granted_all_the_same(facts, slug)
        for each in required(facts, one, found)
        if each.met is not Met.KEPT
    )


def _granted_all_the_same(facts: TerritoryFacts, slug: str) -> bool:
    lifting = facts.lifting(LabelAward.kind, slug)
    return any(one.promise == CODE and one.runs(facts.today) for _slug, one in lifting)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Labels that are shown although their end has come, or that were withdrawn without a reason."""
    awards = {slug: one for slug, one in sorted(facts.all(LabelAward).items()) if one.granted}
    found = []
    for slug, one in awards.items():
        if one.withdrawn is not None and one.reason is None:
            way_out = WayOut(kind=LabelAward.kind, slug=slug, field="reason")
            found.append(to_mend(CODE, "reason-missing", way_out, Evidence.MEASURED, label=slug))
        if one.withdrawn is None and one.ends and one.ends <= facts.today:
            way_out, day = WayOut(kind=LabelAward.kind, slug=slug, field="withdrawn"), one.ends.isoformat()
            found.append(to_mend(CODE, "label-ended", way_out, Evidence.MEASURED, label=slug, end_day=day))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(awards)))


PROMISE = Promise(
    code=CODE,
    number="R48",
    title=_("Labels say what a technology really keeps"),
    text=_(
        "A label has its requirements, its evidence, its date and its end. It is granted in public, and withdrawn "
        "when what it rests on ends."
    ),
    why=_("A badge that nobody checks misleads those who buy. One that ends has to be earned again."),
    unseen=_("Software cannot see more of a product than the evidence that was declared."),
    basis=Basis.MODEL,
    references=(study("R48"),),
    effect=date(2021, 10, 1),
    codes=(
        *("scheme-missing", "evidence-missing", "end-missing", "reason-missing", "label-ended", "label-suspended"),
        *("requirement-broken", "requirement-weak", "requirement-unshown", "requirement-ended"),
        *("requirement-unchecked", "kept"),
    ),
    standing=where_declared(LabelAward, LabelScheme),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(Duty(name=_("Labels past their end"), examine=examine, reads=(LabelAward,)),),
)
