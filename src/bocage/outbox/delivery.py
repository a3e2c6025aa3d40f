"""Deliveries: each due parcel is handed to whoever delivers its kind, and what became of it is written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from bocage.outbox.parcels import Parcel, State, parcel
from bocage.outbox.schedule import back_off, given_up
from bocage.outbox.tables import ParcelRow

AT_ONCE: Final = 100
LONGEST_ERROR: Final = 2000
Deliver = Callable[[Parcel], None]


class Hopeless(Exception):
    """A carrier says that no later try can help: the parcel waits for a person at once."""


class Deliverer:
    """Tries what is due; a delivery interrupted by a crash is tried again with the same key.

    `only`: it tries no other kind than these. `besides`: it leaves these kinds to another one.
    """

    def __init__(
        self,
        carriers: Mapping[str, Deliver],
        clock: Callable[[], datetime],
        *,
        only: Sequence[str] = (),
        besides: Sequence[str] = (),
    ) -> None:
        self._carriers = dict(carriers)
        self._only, self._besides = tuple(only), tuple(besides)
        self._clock = clock
        self._stopping = False

    def stop(self) -> None:
        """Begin no other delivery: what is due waits for the next start."""
        self._stopping = True

    def run(self, at: datetime) -> str:
        """Try every due parcel once, oldest first, as the run of a job; how many arrived of how many tried."""
        due = ParcelRow.objects.filter(state__in=[State.WAITING, State.FAILED], next_try__lte=at)
        due = due.filter(kind__in=self._only) if self._only else due.exclude(kind__in=self._besides)
        rows = list(due.order_by("next_try", "id")[:AT_ONCE])
        outcomes = [self._try(row) for row in rows if not self._stopping]
        return f"{outcomes.count(State.DELIVERED)}/{len(outcomes)}"

    def _try(self, row: ParcelRow) -> State:
        began = self._clock()
        row.tries += 1
        row.next_try = began + back_off(row.tries)
        # Written before the try: if the machine stops in the middle, the next one waits its turn.
        row.save(update_fields=["tries", "next_try"])
        try:
            self._deliver(parcel(row))
        except Exception as error:  # the edge of the worker: whatever a receiver does is recorded and shown
            row.error = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
            over = isinstance(error, Hopeless) or given_up(row.since, self._clock())
            return self._written(row, State.GIVEN_UP if over else State.FAILED)
        # What arrived is not kept here too: it may hold the address of a person, or a link that opens an account.
        row.error, row.delivered_at, row.payload = "", self._clock(), b""
        return self._written(row, State.DELIVERED)

    def _deliver(self, one: Parcel) -> None:
        if one.kind not in self._carriers:
            raise LookupError(f"nobody delivers {one.kind}")
        self._carriers[one.kind](one)

    def _written(self, row: ParcelRow, state: State) -> State:
        row.state = str(state)
        if state in (State.DELIVERED, State.GIVEN_UP):
            row.next_try = None
        row.save(update_fields=["state", "error", "delivered_at", "next_try", "payload"])
        return state
