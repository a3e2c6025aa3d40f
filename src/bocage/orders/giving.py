"""Prepares orders, approves them, refuses them, sends equipment back: nothing leaves unless the gate permits it."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from bocage import outbox, registers, relational
from bocage.commitments import decide
from bocage.commitments.acting import Acting
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.actuator import Actuator
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Key
from bocage.domain.errors import Conflict, Invalid, Refused
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.orders.order import Action, Order, State, Why, note, of, row_of
from bocage.orders.sending import ACT, BACK, KIND, key_of, payload
from bocage.orders.tables import HOLDING, OrderRow

WAITS: Final = timedelta(hours=24)
"""A rule of Bocage: an order that nobody approved within a day was not urgent, and is looked at anew."""
LONGEST: Final = 1_000
"""Characters of a reason."""


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What one person wants set, for how long, and why."""

    actuator: str
    value: float
    minutes: int
    reason: str


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """Who does it when. `known`: an identity provider knows who they are."""

    account: str
    at: datetime
    known: bool = False


def prepare(facts: TerritoryFacts, wanted: Wanted, by: Doing) -> Order:
    """Write an order down; nothing leaves. Refused when no second person could approve it either, Invalid without a
    reason or a time."""
    _reasoned(wanted.reason)
    if wanted.minutes < 1:
        raise Invalid(_("how long the order holds"), str(wanted.minutes))
    _permitted(_acting(facts, wanted, by.account))
    with relational.transaction():
        numbers = OrderRow.objects.filter(territory=facts.slug).order_by("-number").values_list("number", flat=True)
        row = OrderRow.objects.create(
            territory=facts.slug,
            number=(numbers.first() or 0) + 1,
            actuator=wanted.actuator,
            version=_version(facts.slug, wanted.actuator),
            value=wanted.value,
            minutes=wanted.minutes,
            reason=wanted.reason.strip(),
            state=State.PREPARED.value,
            prepared_by=by.account,
            prepared_at=by.at,
            known=by.known,
        )
        note(row, Action.PREPARE, by.at, by.account)
    return of(row)


def approve(facts: TerritoryFacts, number: int, by: Doing) -> Order:
    """Let it leave, in the transaction that says so; Refused when the gate does not permit it."""
    with relational.transaction():
        row = row_of(facts.slug, number)
        if row.state != State.PREPARED.value:
            raise Conflict(_("an order that waits for a second person"), str(number))
        wanted = Wanted(actuator=row.actuator, value=row.value, minutes=row.minutes, reason=row.reason)
        other = OrderRow.objects.filter(territory=facts.slug, actuator=row.actuator, state__in=HOLDING).first()
        acting = msgspec.structs.replace(
            _acting(facts, wanted, row.prepared_by),
            approved_by=by.account,
            changed=row.version != _version(facts.slug, row.actuator),
            held_by=other.number if other else 0,
            waited=by.at - row.prepared_at >= WAITS,
        )
        _permitted(acting)
        _send(row, acting, by)
    return of(row)


def stop(territory: str, number: int, reason: str, by: Doing) -> Order:
    """Refuse an order that waits, with a reason; send one that was given back to the safe value, at once and alone."""
    with relational.transaction():
        row = row_of(territory, number)
        state = State.of(row.state)
        if state is State.PREPARED:
            _reasoned(reason)
            row.state, row.refused = State.REFUSED.value, reason.strip()
            row.decided_by, row.decided_at = by.account, by.at
            row.save()
            note(row, Action.REFUSE, by.at, by.account)
        elif state in (State.SENT, State.TAKEN, State.OBEYED):
            go_back(row, Why.PERSON, by.at, by.account)
        elif state is not State.RETURNING:
            raise Conflict(_("an order that waits or holds"), str(number))
    return of(row)


def see(territory: str, number: int, by: Doing) -> Order:
    """Somebody saw on the spot that it is back, whatever its way back or its series says; nothing is sent any more."""
    with relational.transaction():
        row = row_of(territory, number)
        if not (row.state == State.RETURNING.value or of(row).unshown):
            raise Conflict(_("an order whose return nothing shows"), str(number))
        row.state, row.shown_at, row.returned_at = State.SEEN.value, by.at, row.returned_at or by.at
        row.save()
        note(row, Action.SEE, by.at, by.account)
    return of(row)


def go_back(row: OrderRow, why: Why, at: datetime, account: str = "") -> None:
    """Put the way back into the outbox. In a transaction; the same key however often it is asked."""
    row.state, row.why, row.returning_at = State.RETURNING.value, why.value, at
    row.parcel = outbox.put(KIND, payload(row, BACK), at, key=key_of(row, BACK)).id
    row.save()
    note(row, Action.RETURN, at, account)


def _send(row: OrderRow, acting: Acting, by: Doing) -> None:
    """Keep with the order all that its way and its way back need, and put it into the outbox."""
    body = acting.actuator
    if body is None or body.safe is None:  # the gate has asked
        raise Conflict(_("equipment with a safe value"), row.actuator)
    stream = acting.facts.one(Datastream, body.datastream)
    row.address, row.sets, row.unit = body.address, body.sets, body.unit.ucum or body.unit.symbol or body.unit.name
    row.safe, row.tolerance, row.within = body.safe, body.tolerance, body.obeyed_minutes
    row.series = stream.id if stream else 0
    row.decided_by, row.decided_at, row.known = by.account, by.at, row.known and by.known
    row.until = by.at + timedelta(minutes=row.minutes)
    row.state = State.SENT.value
    row.parcel = outbox.put(KIND, payload(row, ACT), by.at, key=key_of(row, ACT)).id
    row.save()
    note(row, Action.APPROVE, by.at, by.account)


def _acting(facts: TerritoryFacts, wanted: Wanted, prepared_by: str) -> Acting:
    return Acting(
        facts=facts, slug=wanted.actuator, value=wanted.value, minutes=wanted.minutes, prepared_by=prepared_by
    )


def _permitted(acting: Acting) -> None:
    refusals = tuple(one for one in decide(Moment.ACT, acting) if isinstance(one, Refusal))
    if refusals:
        raise Refused(refusals)


def _version(territory: str, actuator: str) -> int:
    entry = registers.find(Key(territory=territory, kind=Actuator.kind, slug=actuator))
    return entry.version if entry else 0


def _reasoned(reason: str) -> None:
    if not reason.strip() or len(reason) > LONGEST:
        raise Invalid(_("a reason, in a few sentences"))
