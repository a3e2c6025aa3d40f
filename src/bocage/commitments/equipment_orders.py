"""The model's protective and hybrid territory, from version 0.2 on: nobody acts on equipment alone, nor without a way
back."""

from collections.abc import Iterator
from datetime import date, timedelta

from bocage.commitments.acting import Acting
from bocage.commitments.answers import Value, codes, faulty, kept, or_kept, refusal, to_mend
from bocage.commitments.change import Change
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Moment, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.actuator import Actuator
from bocage.domain.decision import Evidence, Finding, Refusal, WayOut
from bocage.domain.human_channel import HumanChannel
from bocage.domain.sensing import Datastream
from bocage.domain.technology import Technology
from bocage.domain.text import message as _

CODE = "equipment_orders"
GRACE = timedelta(minutes=5)
"""How long a roll-back may be on its way before somebody has to go and see."""
_LACKS = {
    "safe-missing": "safe",
    "longest-missing": "longest_minutes",
    "hand-missing": "by_hand",
    "channel-missing": "channels",
    "address-missing": "address",
    "values-missing": "settings",
}
"""What equipment under orders cannot be without, and the field that says it."""


def lacks(facts: TerritoryFacts, body: Actuator) -> tuple[str, ...]:
    """What this equipment lacks before anybody may act on it from here."""
    faults = {
        "safe-missing": body.safe is None,
        "longest-missing": body.longest_minutes is None,
        "hand-missing": body.by_hand is None,
        "channel-missing": not any(facts.one(HumanChannel, slug) for slug in body.channels),
        "address-missing": not body.address,
        "values-missing": not (body.settings or body.ranges),
    }
    return codes(faults)


def asked_before_declaring(change: Change) -> tuple[Refusal, ...]:
    """The safe value can be set, values are a list or a range, and the series that shows it speaks of the same unit."""
    body = change.after
    if not isinstance(body, Actuator):
        return ()
    stream = change.facts.one(Datastream, body.datastream)
    faults = {
        "safe": ("safe-impossible", body.safe is not None and not body.takes(body.safe)),
        "minimum": ("list-and-range", bool(body.settings) and (body.minimum, body.maximum) != (None, None)),
        "maximum": ("range-reversed", not body.ranges and None not in (body.minimum, body.maximum)),
        "datastream": ("other-unit", stream is not None and stream.unit != body.unit),
    }
    found = [
        faulty(CODE, change, (code,), field, overridable=False) for field, (code, wrong) in faults.items() if wrong
    ]
    return tuple(one for each in found for one in each)


def asked_before_acting(order: Acting) -> tuple[Refusal, ...]:
    """A second person, a way back, a human way; equipment that is still declared as it was when the order was made."""
    body = order.actuator
    if body is None or not body.active:
        field = "active" if body else ""
        return (_refuse(order, "not-in-force", field),)
    return (*_of_equipment(order, body), *_of_order(order, body), *_of_persons(order))


def _of_equipment(order: Acting, body: Actuator) -> Iterator[Refusal]:
    for code in lacks(order.facts, body):
        yield _refuse(order, code, _LACKS[code])
    technology = order.facts.one(Technology, body.technology)
    if technology and technology.support_ends and technology.support_ends <= order.today:
        way_out = WayOut(kind=Technology.kind, slug=body.technology, field="support_ends")
        values: dict[str, Value] = {"technology": body.technology, "end_day": technology.support_ends.isoformat()}
        yield refusal(CODE, "support-ended", way_out, overridable=False, actuator=order.slug, **values)


def _of_order(order: Acting, body: Actuator) -> Iterator[Refusal]:
    if (body.settings or body.ranges) and not body.takes(order.value):
        yield _refuse(order, "value-impossible", "settings", value=order.value)
    if body.longest_minutes and order.minutes > body.longest_minutes:
        asked, longest = order.minutes * 60, body.longest_minutes * 60
        yield _refuse(order, "too-long", "longest_minutes", asked_seconds=asked, longest_seconds=longest)
    if order.held_by:
        yield _refuse(order, "already-held", "", number=order.held_by)


def _of_persons(order: Acting) -> Iterator[Refusal]:
    """Asked once somebody approves; there is no exception, and none for an administrator either."""
    if order.approved_by is None:
        return
    if not order.approved_by or order.approved_by == order.prepared_by:
        yield _refuse(order, "alone", "")
    if order.changed:
        yield _refuse(order, "changed-since", "")
    if order.waited:
        yield _refuse(order, "waited-too-long", "")


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Equipment in force that nobody could act on safely."""
    bodies = {slug: body for slug, body in sorted(facts.all(Actuator).items()) if body.active}
    found = (
        to_mend(
            CODE,
            code,
            WayOut(kind=Actuator.kind, slug=slug, field=_LACKS[code]),
            Evidence.DECLARED,
            actuator=slug,
        )
        for slug, body in bodies.items()
        for code in lacks(facts, body)
    )
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(bodies)))


def examine_orders(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Orders whose way back did not arrive, or is not shown; otherwise how many were given and ended."""
    found = []
    for one in facts.orders:
        way_out = WayOut(kind="", slug=one.actuator)
        if one.returning_since and facts.now - one.returning_since > GRACE:
            found.append(
                to_mend(CODE, "not-back", way_out, Evidence.MEASURED, number=one.number, actuator=one.actuator)
            )
        elif one.unshown_since and facts.now - one.unshown_since > GRACE:
            found.append(
                to_mend(CODE, "back-unshown", way_out, Evidence.MEASURED, number=one.number, actuator=one.actuator)
            )
    return or_kept(found, kept(CODE, Evidence.MEASURED, code="orders-kept", count=facts.orders_given))


def _refuse(order: Acting, code: str, field: str, **values: Value) -> Refusal:
    way_out = WayOut(kind=Actuator.kind, slug=order.slug, field=field)
    return refusal(CODE, code, way_out, overridable=False, actuator=order.slug, **values)


PROMISE = Promise(
    code=CODE,
    number="",
    title=_("Nobody acts on equipment alone"),
    text=_(
        "An order to equipment is prepared by one person with a reason and approved by another, never the same, an "
        "administrator neither. It ends by itself: at the stated time, or when the equipment does not show that it "
        "obeyed, it goes back to its safe value. Anybody on duty may send it back at once, and it can always be done "
        "by hand. No rule and no program gives an order."
    ),
    why=_(
        "A mistake typed alone at night can darken a street or close a valve. Two persons, a time limit and a hand on "
        "the switch keep machines in the service of people."
    ),
    unseen=_(
        "Software cannot see whether two accounts are two persons unless an identity provider says so, nor what the "
        "equipment really does where no series shows it, nor orders given by other tools."
    ),
    basis=Basis.MODEL,
    references=(study(""),),
    effect=date(2021, 10, 1),
    codes=(
        *("safe-impossible", "list-and-range", "range-reversed", "other-unit", "not-in-force", *_LACKS),
        *("support-ended", "value-impossible", "too-long", "already-held", "alone", "changed-since"),
        *("waited-too-long", "not-back", "back-unshown", "orders-kept", "kept"),
    ),
    standing=where_declared(Actuator),
    gates={Moment.DECLARE: asked_before_declaring, Moment.ACT: asked_before_acting},
    duties=(
        Duty(
            name=_("Equipment without a safe value, a longest time or a way by hand"),
            examine=examine,
            reads=(Actuator, HumanChannel),
            codes=(*_LACKS, "kept"),
        ),
        Duty(
            name=_("Orders that did not go back"),
            examine=examine_orders,
            measured=True,
            codes=("not-back", "back-unshown", "orders-kept"),
        ),
    ),
    liftable=False,
)
