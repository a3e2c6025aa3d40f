"""Orders to equipment: how each stands, what was done with it, and when it goes back."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bocage.commitments.measured import OrderState
from bocage.domain.errors import Missing
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.orders.tables import GIVEN, OrderRow, OrderStep, unended


class State(Labelled):
    """How far an order got."""

    PREPARED = "prepared", _("Waits for a second person")
    REFUSED = "refused", _("Not approved")
    LAPSED = "lapsed", _("Nobody approved it in time")
    SENT = "sent", _("On its way to the equipment")
    TAKEN = "taken", _("Taken by the equipment")
    OBEYED = "obeyed", _("In force, as the series shows")
    RETURNING = "returning", _("On its way back to the safe value")
    RETURNED = "returned", _("Back at the safe value")
    SEEN = "seen", _("Back, as somebody saw on the spot")

    @property
    def holds(self) -> bool:
        """Whether the equipment is, or may be, away from its safe value."""
        return self in (State.SENT, State.TAKEN, State.OBEYED, State.RETURNING)

    @property
    def given(self) -> bool:
        """Whether it ever left."""
        return self.holds or self in (State.RETURNED, State.SEEN)


class Why(Labelled):
    """Why it went back."""

    TIME = "time-over", _("Its time was over")
    UNTAKEN = "not-taken", _("The equipment did not take it in time")
    UNSHOWN = "not-obeyed", _("The series did not show in time that it obeyed")
    PERSON = "asked", _("Somebody sent it back")


class Action(Labelled):
    """What was done with an order."""

    PREPARE = "prepare", _("Prepared")
    APPROVE = "approve", _("Approved, and sent")
    REFUSE = "refuse", _("Not approved")
    LAPSE = "lapse", _("Lapsed: nobody approved it in time")
    TAKE = "take", _("Taken by the equipment")
    OBEY = "obey", _("The series shows that it obeyed")
    RETURN = "return", _("Sent back to the safe value")
    ARRIVE = "arrive", _("The equipment took the safe value")
    SHOW = "show", _("The series shows the safe value")
    SEE = "see", _("Seen on the spot: it is back")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what when; `account` is a pseudonym, empty when it happened by itself."""

    at: datetime
    account: str
    action: Action


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order. `known`: an identity provider knows both persons, as two. `unshown`: a series should show that it is
    back, and does not yet."""

    territory: str
    number: int
    actuator: str
    value: float
    minutes: int
    reason: str
    state: State
    prepared_by: str
    prepared_at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    known: bool = False
    refused: str = ""
    safe: float = 0.0
    until: datetime | None = None
    why: Why | None = None
    returning_at: datetime | None = None
    returned_at: datetime | None = None
    unshown: bool = False
    parcel: int = 0
    steps: tuple[Step, ...] = ()


def listed(territory: str, *, actuator: str = "", before: int = 0, limit: int = 200) -> list[Order]:
    """Those of a territory or of one actuator, the newest first. `before`: older than the order of this number."""
    rows = OrderRow.objects.filter(territory=territory).order_by("-number").prefetch_related("steps")
    rows = rows.filter(actuator=actuator) if actuator else rows
    return [of(row) for row in (rows.filter(number__lt=before) if before else rows)[:limit]]


def find(territory: str, number: int) -> Order:
    """One order; Missing when there is none of that number."""
    return of(row_of(territory, number))


def waiting(territory: str, account: str) -> int:
    """How many wait for a second person, who may be this account: those it prepared itself are left out."""
    rows = OrderRow.objects.filter(territory=territory, state=State.PREPARED.value)
    return rows.exclude(prepared_by=account).count()


def states(territory: str) -> tuple[OrderState, ...]:
    """Those that did not come to their end, without who gave them; what a promise looks at."""
    return tuple(
        OrderState(
            number=row.number,
            actuator=row.actuator,
            returning_since=row.returning_at if row.state == State.RETURNING.value else None,
            unshown_since=row.returned_at if row.state == State.RETURNED.value else None,
        )
        for row in unended(territory)
    )


def given(territory: str) -> int:
    """How many ever left."""
    return OrderRow.objects.filter(territory=territory, state__in=GIVEN).count()


def done_by(territory: str, account: str) -> list[dict[str, object]]:
    """What one account did with orders, oldest first: for a request of access."""
    rows = OrderStep.objects.filter(order__territory=territory, account=account).select_related("order")
    return [
        {"order": row.order.number, "at": row.at, "action": row.action, "text": _written(row)}
        for row in rows.order_by("id")
    ]


def _written(step: OrderStep) -> str:
    """The words that came with it: why it is wanted, why it is not approved."""
    said = {Action.PREPARE.value: step.order.reason, Action.REFUSE.value: step.order.refused}
    return str(said.get(step.action, ""))


def row_of(territory: str, number: int) -> OrderRow:
    """Its row; Missing when there is none."""
    row = OrderRow.objects.filter(territory=territory, number=number).first()
    if row is None:
        raise Missing(_("an order of that number"), str(number))
    return row


def note(row: OrderRow, action: Action, at: datetime, account: str = "") -> None:
    """Add what was done."""
    OrderStep.objects.create(order=row, at=at, account=account, action=action.value)


def of(row: OrderRow) -> Order:
    """The order of a row."""
    same = ("territory", "number", "actuator", "value", "minutes", "reason", "prepared_by", "prepared_at")
    later = ("decided_by", "decided_at", "known", "refused", "safe", "until", "returning_at", "returned_at", "parcel")
    return Order(
        **{name: getattr(row, name) for name in (*same, *later)},
        state=State.of(row.state),
        why=Why.of(row.why) if row.why else None,
        unshown=_unshown(row),
        steps=_steps(row.steps.all()),
    )


def _unshown(row: OrderRow) -> bool:
    return row.state == State.RETURNED.value and row.series > 0 and row.shown_at is None


def _steps(rows: Iterable[OrderStep]) -> tuple[Step, ...]:
    ordered = sorted(rows, key=lambda one: one.id)
    return tuple(Step(at=one.at, account=one.account, action=Action.of(one.action)) for one in ordered)
