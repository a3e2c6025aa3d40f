"""The observation log as changes need it: how much a series holds, and the columns the log mirrors."""

import threading
from collections.abc import Mapping, Sequence

from bocage import civic, registers, sensing
from bocage.domain.declaration import Key
from bocage.domain.territory import Territory
from bocage.store.protocol import Extent, Store
from bocage.store.withholding import Withholding, whole


class Log:
    """The log of this process once assembly connected it; without one (before serving), nothing is held."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._readers: Withholding | None = None
        self._lock = threading.Lock()

    def connect(self, store: Store | None) -> None:
        """Use this log from now on, and mirror every series into it; None lets go of it.

        Of one that withholds series from its readers, what is counted here is everything it holds.
        """
        with self._lock:
            self._readers = store if isinstance(store, Withholding) else None
            self._store = whole(store) if store is not None else None
        if store is not None:
            zones = {territory: zone(territory) for territory in registers.territories()}
            store.mirror(sensing.series(None, zones=zones))
        self.withhold()

    def withhold(self) -> None:
        """Withhold from readers the series whose use is restricted now, and no others."""
        if self._readers is not None:
            self._readers.withhold(civic.withheld())

    @property
    def withheld(self) -> frozenset[int]:
        """The datastreams that readers get nothing of."""
        return self._readers.withheld if self._readers is not None else frozenset()

    @property
    def connected(self) -> bool:
        """Whether there is a log to ask."""
        return self._store is not None

    def holds_back(self, number: int) -> bool:
        """Whether the use of a datastream is restricted: kept, and read by nobody."""
        return number in self.withheld

    def extents(self, numbers: Sequence[int]) -> Sequence[Extent]:
        """How much each of these datastreams holds, and from when to when."""
        return self._store.extent(numbers) if self._store is not None and numbers else ()

    def count(self, numbers: Sequence[int], start: int, end: int) -> int:
        """How many observations these datastreams hold of a range (UTC ms)."""
        if self._store is None or not numbers:
            return 0
        return self._store.holding(numbers, start, end).count

    def whole(self) -> tuple[int, int]:
        """How many observations the log holds of everybody, and its bytes on disk."""
        if self._store is None:
            return 0, 0
        return sum(extent.count for extent in self._store.extent()), self._store.size()

    def held(self, number: int) -> int:
        """How many observations the log holds of a datastream."""
        if self._store is None or not number:
            return 0
        return sum(extent.count for extent in self._store.extent([number]))

    def follow(self, territory: str, numbers: Sequence[int] | None) -> None:
        """Mirror these datastreams of a territory, or all of them when None."""
        if self._store is None:
            return
        zones: Mapping[str, str] = {territory: zone(territory)}
        asked = None if numbers is None else set(numbers)
        series = sensing.series(territory, zones=zones)
        self._store.mirror([one for one in series if asked is None or one.number in asked])


def zone(territory: str) -> str:
    """The zone a territory declares; the default of the struct when it declares nothing of itself."""
    entry = registers.find(Key(territory=territory, kind=Territory.kind, slug=territory))
    body = entry.body if entry else None
    return body.time_zone if isinstance(body, Territory) else "Europe/Paris"


# One process owns the log (see assembly.lock), so one connection to it serves every change.
LOG = Log()
