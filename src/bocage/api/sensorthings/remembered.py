"""What is remembered of the towns between requests: made once, shared by all who answer."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from bocage import registers, sensing
from bocage.api.sensorthings.town import Town
from bocage.publish.knowledge import Known

FRESH: Final = timedelta(seconds=1)
KEPT: Final = 32  # readers of a territory whose sight is remembered


def revision(territory: str) -> tuple[int, int]:
    """How far what a town is made of has changed."""
    return registers.revision(territory), sensing.revision(territory)


class Sure(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A town, what it was made of, and when that was looked at last."""

    town: Town
    revision: tuple[int, int]
    at: datetime


class Towns:
    """The towns of the instance and how readers see them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._towns: dict[str, Sure] = {}
        self._views: dict[str, tuple[Town, dict[Any, Any]]] = {}
        self._names: tuple[datetime, list[str]] | None = None

    def names(self, now: datetime, read: Callable[[], list[str]]) -> list[str]:
        """The territories of this instance, as they were a moment ago at most."""
        found = self.known(now)
        if not found:
            found = read()
            self._names = (now, found)
        return found

    def known(self, now: datetime) -> list[str]:
        """The same as far as memory knows it."""
        return self._names[1] if self._names is not None and now - self._names[0] <= FRESH else []

    def ready(self, territory: str, now: datetime) -> Town | None:
        """The entities of a territory that are at hand while nothing moved; None when they must be read."""
        kept = self._towns.get(territory)
        fresh = kept is not None and now - kept.at < FRESH and kept.revision == revision(territory)
        return kept.town if kept is not None and fresh else None

    def town(self, territory: str, now: datetime, read: Callable[[], Known]) -> Town:
        """The entities of a territory."""
        found = self.ready(territory, now)
        if found is not None:
            return found
        kept, at = self._towns.get(territory), revision(territory)
        known = read()
        town = kept.town if kept is not None and kept.town.known is known else Town(known)
        with self._lock:
            self._towns[territory] = Sure(town=town, revision=at, at=now)
        return town

    def seen(self, town: Town, level: Any) -> Any:
        """How a reader of that level saw it before; None when nobody of that level looked yet."""
        kept = self._views.get(town.slug)
        return kept[1].get(level) if kept is not None and kept[0] is town else None

    def view(self, town: Town, level: Any, make: Callable[[], Any]) -> Any:
        """How a reader of that level sees it."""
        with self._lock:
            kept = self._views.get(town.slug)
            if kept is None or kept[0] is not town or len(kept[1]) >= KEPT:
                kept = (town, {})
                self._views[town.slug] = kept
            if level not in kept[1]:
                kept[1][level] = make()
            return kept[1][level]
