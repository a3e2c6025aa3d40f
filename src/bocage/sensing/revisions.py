"""How far the entities of a territory have changed, told without asking the database again."""

import threading

from bocage import relational
from bocage.sensing.tables import Revision


class Revisions:
    """The revision of each territory as this process knows it; it only grows, and only after a commit.

    The gate asks from asynchronous code, which may not touch the database; the one process that owns the folder
    remembers. The first question about a territory reads the table.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._lock = threading.Lock()

    def of(self, territory: str) -> int:
        """The revision of a territory; 0 when it never had an entity."""
        known = self._known.get(territory)
        return self._read(territory) if known is None else known

    def grow(self, territory: str) -> None:
        """Count one more change, told once the present transaction is durable."""
        row, made = Revision.objects.get_or_create(territory=territory, defaults={"number": 1})
        if not made:
            row.number += 1
            row.save()
        relational.after_commit(lambda: self._read(territory))

    def _read(self, territory: str) -> int:
        found = Revision.objects.filter(territory=territory).values_list("number", flat=True).first() or 0
        with self._lock:
            known = self._known.get(territory)
            # Tables emptied or restored behind our back start again lower: readers must still see a change.
            self._known[territory] = found if known is None else max(found, known + 1)
            return self._known[territory]


REVISIONS = Revisions()
