"""How many may listen at once, in all and from one place: a stranger's open connections never keep others out."""

import ipaddress
from collections import Counter
from typing import Final

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from bocage.api.problem import Stopped
from bocage.domain.text import message as _

MOST: Final = 1_000
MOST_OF_ONE: Final = 60  # a town hall behind one address has many readers; a person signed in counts by account


def place(host: str) -> str:
    """Where somebody is: their address; of IPv6, the network a household or an office is given."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else host


class Seats:
    """The connections of one event loop."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._taken: Counter[str] = Counter()

    def total(self) -> int:
        """How many there are."""
        return self._taken.total()

    def ask(self, who: str) -> None:
        """Nothing when there is room for one more; 503 otherwise."""
        if self._taken.total() >= self._most or self._taken[who] >= self._most_of_one:
            raise Stopped(503, _("Too many pages listen from here: close some, or come back later."))

    def take(self, who: str) -> None:
        """One more connection."""
        self._taken[who] += 1

    def leave(self, who: str) -> None:
        """One less."""
        self._taken[who] -= 1
        if self._taken[who] <= 0:
            del self._taken[who]


class Seated(StreamingResponse):
    """An answer that keeps a seat for as long as it is being sent."""

    seats: Seats
    who: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; the seat is left however that ends."""
        self.seats.take(self.who)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.seats.leave(self.who)
