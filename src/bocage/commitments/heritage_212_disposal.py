"""Code du patrimoine, L211-4 and L212-2: data are public archives, erased only as the archives agreed."""

from datetime import date, timedelta

from bocage.commitments.answers import Value, faulty, kept, or_kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Past
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import not_concerned, required
from bocage.commitments.texts import heritage
from bocage.domain.decision import Evidence, Finding, Refusal, Stands, WayOut
from bocage.domain.disposal_rule import DisposalRule
from bocage.domain.disposal_slip import DisposalSlip
from bocage.domain.instant import months_before
from bocage.domain.purpose import Fate, Purpose
from bocage.domain.text import message as _

CODE = "heritage_212_disposal"
PAST = _("Measurements kept beyond their retention period")
PATIENCE = timedelta(days=92)
"""The model's choice: without a rule one slip a quarter is enough, not one a day."""


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A rule is agreed with the archives, for what is to be eliminated; a slip asks for what is due, and is not changed
    once it has its visa."""
    if isinstance(change.after, DisposalRule):
        return _refused(change, _of_rule(change.facts, change.after))
    before = change.before if isinstance(change.before, DisposalSlip) else None
    signed = before is not None and before.visa.day is not None
    if isinstance(change.after, DisposalSlip):
        faults = _of_slip(change.facts, change.after)
        moved = before is not None and signed and _asked(before) != _asked(change.after)
        return _refused(change, {**faults, "visa-fixed": ("visa", moved)})
    return _refused(change, {"visa-fixed": ("visa", signed)})


def _refused(change: Change, faults: dict[str, tuple[str, bool]]) -> tuple[Refusal, ...]:
    found = ((code, field) for code, (field, fault) in faults.items() if fault)
    return tuple(one for code, field in found for one in faulty(CODE, change, (code,), field, overridable=False))


def _of_rule(facts: TerritoryFacts, rule: DisposalRule) -> dict[str, tuple[str, bool]]:
    fates = {body.fate for slug in rule.purposes if (body := facts.one(Purpose, slug))}
    return {
        "rule-unagreed": ("agreed", rule.agreed is None or not rule.archives),
        "rule-keeps": ("purposes", bool(fates - {Fate.ELIMINATE})),
    }


def _of_slip(facts: TerritoryFacts, slip: DisposalSlip) -> dict[str, tuple[str, bool]]:
    purpose, visa = facts.one(Purpose, slip.purpose), slip.visa
    months = purpose.retention_months if purpose else None
    return {
        "too-early": ("before", months is None or slip.before > months_before(facts.today, months)),
        "fate-differs": ("fate", purpose is not None and purpose.fate is not slip.fate),
        "visa-incomplete": ("visa", visa.day is not None and not (visa.number and visa.archives)),
    }


def _asked(slip: DisposalSlip) -> tuple[object, ...]:
    return slip.purpose, slip.before, slip.fate, slip.count, slip.visa


def lets_go(facts: TerritoryFacts, purpose: str) -> tuple[str, date | None]:
    """What lets measurements of a purpose go, as kind/slug: the rule agreed for it, without a day; or the slip with its
    visa that goes furthest, up to its day; empty when nothing does."""
    for slug, rule in sorted(facts.all(DisposalRule).items()):
        if purpose in rule.purposes and rule.holds(facts.today):
            return f"{DisposalRule.kind}/{slug}", None
    slips = [
        (slip.before, slug)
        for slug, slip in facts.all(DisposalSlip).items()
        if slip.purpose == purpose and slip.lets_go(facts.today)
    ]
    if not slips:
        return "", None
    day, slug = max(slips)
    return f"{DisposalSlip.kind}/{slug}", day


def waiting(facts: TerritoryFacts, purpose: str, past: Past) -> tuple[str, DisposalSlip] | None:
    """The slip for what is held of a purpose that has no visa yet, or whose files are not handed over."""
    found = (
        (slug, slip)
        for slug, slip in sorted(facts.all(DisposalSlip).items())
        if slip.purpose == purpose and not slip.lets_go(facts.today) and slip.before > past.first
    )
    return next(found, None)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What is held beyond its retention: without a slip, with a slip that waits, or gone this night."""
    if facts.past is None:
        return ()
    found = tuple(_of_purpose(facts, slug, past) for slug, past in sorted(facts.past.items()))
    timed = sum(bool(body.retention_months) for body in facts.all(Purpose).values())
    return or_kept(found, kept(CODE, Evidence.MEASURED, count=timed))


def _of_purpose(facts: TerritoryFacts, slug: str, past: Past) -> Finding:
    under, day = lets_go(facts, slug)
    held: dict[str, Value] = {"purpose": slug, "count": past.series, "first_day": past.first.isoformat()}
    if under and (day is None or day > past.first):
        return kept(CODE, Evidence.MEASURED, code="leaving", **held)
    slip = waiting(facts, slug, past)
    if slip is not None:
        code = "visa-waiting" if slip[1].visa.day is None else "hand-over-waiting"
        way_out = WayOut(kind=DisposalSlip.kind, slug=slip[0], field="visa")
        return to_mend(CODE, code, way_out, Evidence.MEASURED, slip=slip[0], **held)
    if past.before - past.first <= PATIENCE:
        return kept(CODE, Evidence.MEASURED, code="soon", **held)
    return to_mend(CODE, "retention-due", WayOut(kind=DisposalSlip.kind), Evidence.MEASURED, **held)


def standing(facts: TerritoryFacts) -> Stands:
    """Required of whoever keeps measurements: they are public archives."""
    return required("public-archives") if facts.all(Purpose) else not_concerned("none-declared", kind=Purpose.kind)


PROMISE = Promise(
    code=CODE,
    number="Patrimoine L212-2",
    title=_("Nothing is erased behind the back of the archives"),
    text=_(
        "Measurements of a public body are public archives. At the end of their retention period they are erased under "
        "a rule agreed with the archives for that category, or with their visa on a slip that lists them. What is to "
        "be kept is handed over first. Each erasure leaves a proof, which says what it does not cover."
    ),
    why=_(
        "What one generation throws away, another can no longer read. Somebody whose craft it is looks before anything "
        "goes."
    ),
    unseen=_("Software cannot see the files that somebody downloaded before, nor the copies that others keep."),
    basis=Basis.LAW,
    references=(heritage("L212-2"), heritage("L211-4")),
    effect=date(2008, 7, 17),
    codes=(
        *("rule-unagreed", "rule-keeps", "too-early", "fate-differs", "visa-incomplete", "visa-fixed"),
        *("retention-due", "visa-waiting", "hand-over-waiting", "soon", "leaving", "kept"),
    ),
    standing=standing,
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(Duty(name=PAST, examine=examine, reads=(Purpose, DisposalRule, DisposalSlip), measured=True),),
    liftable=False,
)
