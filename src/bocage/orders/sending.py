"""Carries orders and their ways back to equipment: signed, numbered, and never an order whose time is over."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import msgspec

from bocage import relational
from bocage.orders.order import Action, State, note
from bocage.orders.tables import OrderRow
from bocage.outbox import Hopeless, Parcel

KIND: Final = "order"
ACT: Final = "act"
BACK: Final = "back"

Post = Callable[[str, bytes, Mapping[str, str]], int]
"""Posts a body with headers to an address; the status of the answer."""


class Errand(msgspec.Struct, frozen=True, kw_only=True):
    """What a parcel holds: which order, and whether it leaves (`act`) or goes back (`back`)."""

    order: int
    step: str


class Signs(Protocol):
    """Signs what is sent, as Standard Webhooks asks."""

    def headers(self, number: str, seconds: int, body: bytes) -> Mapping[str, str]:
        """What goes with a body. `seconds`: since 1970."""


class Carrying:
    """Carries them. The same key stands in `webhook-id` at every try, so that a receiver does each thing once."""

    def __init__(self, signer: Signs, posting: Post, clock: Callable[[], datetime]) -> None:
        self._signer, self._post, self._clock = signer, posting, clock

    def carry(self, parcel: Parcel) -> None:
        """Send one; raises when the equipment did not take it."""
        errand = msgspec.json.decode(parcel.payload, type=Errand)
        row = OrderRow.objects.get(id=errand.order)
        if row.state == State.SEEN.value:
            raise Hopeless("somebody saw on the spot that it is back")
        if (row.taken_at if errand.step == ACT else row.returned_at) is not None:
            return  # it arrived, and the machine stopped before that was written beside the parcel
        if errand.step == ACT and not self._still(row):
            raise Hopeless("this order is over: it is not sent any more")
        body = message(row, errand.step, self._clock())
        headers = self._signer.headers(parcel.key, int(self._clock().timestamp()), body)
        status = self._post(row.address, body, {"content-type": "application/json", **headers})
        if not 200 <= status < 300:
            raise ConnectionError(f"the equipment answered {status}")
        self._arrived(row.id, errand.step)

    def _still(self, row: OrderRow) -> bool:
        return row.state == State.SENT.value and row.until is not None and self._clock() < row.until

    def _arrived(self, order: int, step: str) -> None:
        with relational.transaction():
            row, at = OrderRow.objects.get(id=order), self._clock()
            if step == ACT and row.state == State.SENT.value:
                row.state, row.taken_at = State.TAKEN.value, at
                note(row, Action.TAKE, at)
            elif step == BACK and row.state == State.RETURNING.value:
                row.state, row.returned_at = State.RETURNED.value, at
                note(row, Action.ARRIVE, at)
            row.save()


def message(row: OrderRow, step: str, at: datetime) -> bytes:
    """What the equipment is told: what to set, until when, and to what it goes back. Nothing of who gave it."""
    told: dict[str, Any] = {
        "territory": row.territory,
        "order": row.number,
        "actuator": row.actuator,
        "property": row.sets,
        "unit": row.unit,
        "value": row.value if step == ACT else row.safe,
    }
    if step == ACT and row.until is not None:
        told |= {"until": row.until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "back_to": row.safe}
    else:
        told["why"] = row.why
    stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return msgspec.json.encode({"type": f"order.{step}", "timestamp": stamp, "data": told})


def key_of(row: OrderRow, step: str) -> str:
    """The number of a message; with the instant of its preparation, since numbers come again after a restore."""
    return f"{KIND}-{row.territory}-{row.number}-{row.prepared_at.astimezone(UTC):%Y%m%dT%H%M%S}-{step}"


def payload(row: OrderRow, step: str) -> bytes:
    """What its parcel holds."""
    return msgspec.json.encode(Errand(order=row.id, step=step))
