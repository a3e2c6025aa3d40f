"""Looks at every order that is not over: what obeyed, what must go back, what nobody approved in time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from bocage import outbox, relational
from bocage.domain.instant import to_ms
from bocage.orders.giving import WAITS, go_back
from bocage.orders.order import Action, State, Why, note
from bocage.orders.tables import HOLDING, OrderRow
from bocage.store.protocol import Store

HASTE: Final = timedelta(seconds=30)
"""A way back that did not arrive is tried again so soon, for as long as it takes."""
LOOKED_FOR: Final = timedelta(days=1)
"""For so long the series is watched for the safe value."""
_STUCK = (outbox.State.FAILED, outbox.State.GIVEN_UP)


class Turning:
    """Goes by what is written alone: after a stop of the machine it does what became due meanwhile."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def turn(self, at: datetime) -> frozenset[str]:
        """Do what is due; the territories in which something moved."""
        return frozenset(row.territory for row in _open(at) if self._turn(row.id, at))

    def _turn(self, order: int, at: datetime) -> bool:
        with relational.transaction():
            row = OrderRow.objects.get(id=order)
            if row.state == State.PREPARED.value:
                return _lapse(row, at)
            if row.state == State.RETURNING.value:
                return _hasten(row, at)
            if row.state == State.RETURNED.value:
                return self._show(row, at)
            moved = self._obey(row, at)
            why = _due(row, at)
            if why is not None:
                go_back(row, why, at)
            return moved or why is not None

    def _obey(self, row: OrderRow, at: datetime) -> bool:
        if row.state != State.TAKEN.value or not self._shows(row, row.value, row.taken_at):
            return False
        row.state, row.obeyed_at = State.OBEYED.value, at
        row.save()
        note(row, Action.OBEY, at)
        return True

    def _show(self, row: OrderRow, at: datetime) -> bool:
        if row.shown_at is not None or not self._shows(row, row.safe, row.returned_at):
            return False
        row.shown_at = at
        row.save()
        note(row, Action.SHOW, at)
        return True

    def _shows(self, row: OrderRow, value: float, since: datetime | None) -> bool:
        """Whether the newest value of its series is this one, measured since then."""
        if not row.series or since is None:
            return False
        newest = self._store.latest([row.series])
        if not len(newest):
            return False
        end, number = int(newest.end[0]), float(newest.number[0])
        return end >= to_ms(since) and abs(number - value) <= row.tolerance


def _open(at: datetime) -> Iterator[OrderRow]:
    """Those that are not over, and those whose return is still looked for."""
    yield from OrderRow.objects.filter(state__in=[State.PREPARED.value, *HOLDING]).order_by("id")
    back = OrderRow.objects.filter(state=State.RETURNED.value, shown_at=None, series__gt=0)
    yield from back.filter(returned_at__gte=at - LOOKED_FOR).order_by("id")


def _lapse(row: OrderRow, at: datetime) -> bool:
    if at - row.prepared_at < WAITS:
        return False
    row.state = State.LAPSED.value
    row.save()
    note(row, Action.LAPSE, at)
    return True


def _due(row: OrderRow, at: datetime) -> Why | None:
    """Why it goes back now, if it does."""
    if row.until is None or at >= row.until:
        return Why.TIME
    late = row.decided_at is not None and at - row.decided_at >= timedelta(minutes=row.within)
    if late and row.state == State.SENT.value:
        return Why.UNTAKEN
    return Why.UNSHOWN if late and row.state == State.TAKEN.value and row.series else None


def _hasten(row: OrderRow, at: datetime) -> bool:
    parcel = outbox.numbered([row.parcel]).get(row.parcel)
    if parcel is None or parcel.state not in _STUCK:
        return False
    outbox.retry(parcel.id, at + HASTE)
    return False
