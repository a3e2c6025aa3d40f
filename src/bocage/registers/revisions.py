"""How far the registers of a territory have changed, told without asking the database again."""

import threading

from bocage import relational
from bocage.registers.tables import Chain


class Revisions:
    """The revision of each territory as this process knows it; it only grows, and only after a commit.

    The gate asks before each commit of the log, from asynchronous code that may not touch the database: so the
    one process that owns the folder remembers. The first question about a territory reads the table.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def of(self, territory: str) -> int:
        """The revision of a territory; 0 when nothing was ever declared."""
        known = self._known.get(territory)
        return self._read(territory) if known is None else known

    def follow(self, territory: str) -> None:
        """Grow once the present transaction is durable."""
        relational.after_commit(lambda: self._read(territory))

    def _read(self, territory: str) -> int:
        found = Chain.objects.filter(territory=territory).values_list("revision", flat=True).first() or 0
        with self._lock:
            known = self._known.get(territory)
            # A database emptied or restored behind our back starts again lower: readers must still see a change.
            self._known[territory] = found if known is None else max(found, known + 1)
            return self._known[territory]


REVISIONS = Revisions()
