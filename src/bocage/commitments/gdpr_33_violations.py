"""GDPR articles 33 and 34, applicable since 25 May 2018: a violation is told within 72 hours, and written down."""

from collections.abc import Iterator
from datetime import date, datetime

from bocage.commitments.answers import codes, faulty, kept, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import always, required
from bocage.commitments.texts import gdpr
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.domain.violation import Danger, Violation

CODE = "gdpr_33_violations"
CLOSING = (
    *("undocumented", "danger-unjudged", "danger-unreasoned", "unnotified", "delay-unreasoned", "incomplete"),
    "persons-untold",
)
"""What keeps a violation from being closed."""
FIELDS = {
    "undocumented": "facts",
    "danger-unjudged": "danger",
    "danger-unreasoned": "danger_reason",
    "unnotified": "notifications",
    "notification-late": "notifications",
    "delay-unreasoned": "delay_reason",
    "incomplete": "notifications",
    "persons-untold": "told",
}


def lacking(body: Violation, zone: str, now: datetime) -> tuple[str, ...]:
    """What a violation lacks at that moment, whatever its clock says first."""
    due, first = body.deadline(zone), body.first_told(zone)
    owed = body.danger is not Danger.UNLIKELY and first is None
    faults = {
        "notification-late": owed and now > due,
        "unnotified": owed and now <= due,
        "delay-unreasoned": first is not None and first > due and body.delay_reason is None,
        "incomplete": first is not None and not body.complete,
        "danger-unjudged": body.danger is None,
        "danger-unreasoned": body.danger is Danger.UNLIKELY and body.danger_reason is None,
        "persons-untold": body.danger is Danger.HIGH and not _persons_told(body),
        "undocumented": not body.documented,
    }
    return codes(faults)


def _persons_told(body: Violation) -> bool:
    """Told, or a ground of article 34(3) with what shows it."""
    return body.told is not None or (body.untold is not None and body.untold_reason is not None)


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """A violation is and stays closed as long as it is documented and told; one that was is never taken away."""
    before, after = change.before, change.after
    earlier = before if isinstance(before, Violation) else None
    if isinstance(after, Violation):
        lacks = _open_ends(change.facts, after) if after.closed is not None else ()
        closing = (one for name in lacks for one in faulty(CODE, change, (f"closing-{name}",), FIELDS[name]))
        return (*_not_yet(change, after), *closing)
    gone = earlier is not None and (bool(earlier.notifications) or earlier.closed is not None)
    return faulty(CODE, change, ("kept-for-control",) if gone else (), "", overridable=False)


def _not_yet(change: Change, body: Violation) -> Iterator[Refusal]:
    """Days that have not come: nobody was told tomorrow."""
    days = {
        "aware": (body.aware,),
        "notifications": tuple(one.day for one in body.notifications),
        "told": (body.told,),
        "closed": (body.closed,),
    }
    for field, said in days.items():
        if any(day is not None and day > change.today for day in said):
            yield from faulty(CODE, change, ("aware-in-future" if field == "aware" else "day-in-future",), field)


def _open_ends(facts: TerritoryFacts, body: Violation) -> tuple[str, ...]:
    """What keeps a violation open; a notification that is late can still be sent, and its delay explained."""
    found = {"unnotified" if name == "notification-late" else name for name in lacking(body, facts.zone, facts.now)}
    return tuple(name for name in CLOSING if name in found)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """What violations lack, counted by reason: the register is closed, so that none is named here."""
    held = facts.all(Violation)
    if not held:
        return (kept(CODE, Evidence.DECLARED, code="none-known"),)
    lacks = [name for one in held.values() if one.closed is None for name in lacking(one, facts.zone, facts.now)]
    found = tuple(
        to_mend(CODE, name, WayOut(kind=Violation.kind, field=field), Evidence.DECLARED, count=lacks.count(name))
        for name, field in FIELDS.items()
        if name in lacks
    )
    return found or (
        kept(CODE, Evidence.DECLARED, count=len(held), told=sum(bool(one.notifications) for one in held.values())),
    )


PROMISE = Promise(
    code=CODE,
    number="GDPR 33",
    title=_("When personal data escape, those who must know are told"),
    text=_(
        "A violation of personal data is written down with its facts, effects and remedies. Unless a risk to persons "
        "is unlikely, the CNIL is told within 72 hours of becoming aware, in phases where not everything is known yet; "
        "where the risk is high, the persons are told too."
    ),
    why=_(
        "Whoever learns in time that their data escaped can still protect themselves. A register of what went wrong "
        "shows whether anything was learnt from it."
    ),
    unseen=_("Software cannot see a violation that nobody wrote down, nor whether it was known earlier than is said."),
    basis=Basis.LAW,
    references=(gdpr("33"), gdpr("34")),
    effect=date(2018, 5, 25),
    codes=(
        *FIELDS,
        *(f"closing-{code}" for code in CLOSING),
        "aware-in-future",
        "day-in-future",
        "kept-for-control",
        "kept",
        "none-known",
    ),
    standing=always(required("public-body")),
    gates={Moment.DECLARE: asked_before_declaring},
    duties=(
        Duty(
            name=_("Violations not told in time, not documented, or of which persons at high risk were not told"),
            examine=examine,
            reads=(Violation, Territory),
            measured=True,
        ),
    ),
    liftable=False,
)
