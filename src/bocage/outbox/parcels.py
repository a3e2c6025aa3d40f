"""Parcels: what is to leave the instance, put in the transaction of the change that causes it."""

import enum
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from bocage import relational
from bocage.domain.errors import Missing
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.outbox.tables import ParcelRow, by_state

MADE: Final = "%Y%m%dT%H%M%S%f"


@enum.unique
class State(Labelled):
    """How far a delivery got."""

    WAITING = "waiting", _("Waiting")
    FAILED = "failed", _("Failed, will be tried again")
    GIVEN_UP = "given-up", _("Given up, waits for a person")
    DELIVERED = "delivered", _("Delivered")


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery. `key` is the same at every try: who receives it can drop repeats."""

    id: int
    kind: str
    key: str
    payload: bytes
    made_at: datetime
    state: State
    tries: int
    next_try: datetime | None
    delivered_at: datetime | None
    error: str


def put(kind: str, payload: bytes | dict[str, Any], at: datetime, key: str = "") -> Parcel:
    """Put a parcel in the caller's transaction. One already put under the same `key` is given back, not doubled."""
    body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
    with relational.transaction():
        present = ParcelRow.objects.filter(key=key).first() if key else None
        if present:
            return parcel(present)
        row = ParcelRow(kind=kind, payload=body, made_at=at, since=at, state=State.WAITING, next_try=at)
        # The row's number alone would come again after a restore; with its instant it does not.
        row.key = key or f"{kind}-{at.strftime(MADE)}-{_following()}"
        row.save()
    return parcel(row)


def parcels(*, state: State | None = None, kind: str = "", limit: int = 100) -> list[Parcel]:
    """Parcels, newest first."""
    asked = {name: str(value) for name, value in (("state", state), ("kind", kind)) if value}
    return [parcel(row) for row in ParcelRow.objects.filter(**asked).order_by("-id")[:limit]]


def numbered(numbers: Sequence[int]) -> dict[int, Parcel]:
    """Parcels of these numbers, by number."""
    return {row.id: parcel(row) for row in ParcelRow.objects.filter(id__in=numbers)}


def counted() -> dict[State, int]:
    """How many parcels are in each state."""
    held = by_state()
    return {state: held.get(str(state), 0) for state in State}


def retry(number: int, at: datetime) -> Parcel:
    """Send again by hand what failed or was given up; its time begins anew."""
    stuck = ParcelRow.objects.filter(id=number, state__in=[State.FAILED, State.GIVEN_UP])
    if not stuck.update(state=State.WAITING, next_try=at, since=at):
        raise Missing(_("a delivery that failed"), str(number))
    return parcel(ParcelRow.objects.get(id=number))


def forget(before: datetime) -> int:
    """Erase what was delivered before this instant; what failed stays visible."""
    return ParcelRow.objects.filter(state=State.DELIVERED, delivered_at__lt=before).delete()[0]


def parcel(row: ParcelRow) -> Parcel:
    """The parcel of a row."""
    states = {str(state): state for state in State}
    return Parcel(
        id=row.id,
        kind=row.kind,
        key=row.key,
        payload=bytes(row.payload),
        made_at=row.made_at,
        state=states[row.state],
        tries=row.tries,
        next_try=row.next_try,
        delivered_at=row.delivered_at,
        error=row.error,
    )


def _following() -> int:
    newest = ParcelRow.objects.order_by("-id").values_list("id", flat=True).first()
    return (newest or 0) + 1
