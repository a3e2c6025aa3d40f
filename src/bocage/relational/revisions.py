"""How far something of a territory has changed, told without asking the database again."""

import threading
from collections.abc import Callable

from bocage.relational.transactions import after_commit, say


class Revisions:
    """The revision of each territory as this process knows it; it only grows, and only after a commit.

    The gate asks before each commit of the log, from asynchronous code that may not touch the database: so the
    process remembers. The first question about a territory reads the table, by `read`. Where several processes share
    a database, each says what it changed (`name` tells whose revision it is), and the others `hear` it.
    """

    def __init__(self, name: str, read: Callable[[str], int]) -> None:
        self.name, self._read = name, read
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def of(self, territory: str) -> int:
        """The revision of a territory; 0 when nothing of it ever changed."""
        known = self._known.get(territory)
        return self._again(territory) if known is None else known

    def written(self, territory: str) -> int:
        """The revision as the database tells it now, with what the present transaction wrote."""
        return self._read(territory)

    def follow(self, territory: str) -> None:
        """Grow once the present transaction is durable, here and in every other process."""
        say(f"{self.name} {territory}")
        after_commit(lambda: self._again(territory))

    def hear(self, territory: str = "") -> None:
        """Another process changed something: of a territory, or perhaps of any when it is empty."""
        for one in [territory] if territory else list(self._known):
            found = self._read(one)
            with self._lock:
                self._known[one] = max(found, self._known.get(one, 0))

    def _again(self, territory: str) -> int:
        found = self._read(territory)
        with self._lock:
            known = self._known.get(territory)
            # A database emptied or restored behind our back starts again lower: readers must still see a change.
            self._known[territory] = found if known is None else max(found, known + 1)
            return self._known[territory]
