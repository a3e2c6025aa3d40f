"""The last group commits in memory: those not in columns yet, and some more for whoever follows closely.

Commits that are in columns are kept many together: one of a few rows takes a hundred times what its rows take.
"""

from collections import deque
from collections.abc import Callable

import numpy as np

from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store.columns import Flags

KEPT = 786_432  # rows kept at most after they are in columns: followers must not read columns for what came lately
LATELY = 6  # drains whose rows are kept, up to that
CALM = 65_536  # rows kept in any case
SMALL = 4_096  # parts smaller than this are joined


class Commits:
    """Parts are rows of one commit or of several, in order of position. Not safe for threads by itself."""

    def __init__(self, position: int) -> None:
        self.floor = position  # every commit after it is here
        self._kept: deque[Columns] = deque()  # in columns already
        self._rows = 0  # of them
        self._undrained: list[Columns] = []
        self._lately: deque[int] = deque(maxlen=LATELY)  # rows of the last drains
        self.waiting = 0  # rows not in columns yet

    def add(self, rows: Columns) -> None:
        """A commit, newer than all before."""
        self._undrained.append(rows)
        self.waiting += len(rows)

    def undrained(self) -> list[Columns]:
        """What is not in columns yet, in order of position."""
        if len(self._undrained) > 8:
            self._undrained = _together(self._undrained)
        return list(self._undrained)

    def drained(self, position: int) -> None:
        """What was committed up to `position` is in columns now."""
        cuts = [(rows, _after(rows, position)) for rows in self._undrained]
        self._undrained = [columns.picked(rows, slice(cut, None)) for rows, cut in cuts if cut < len(rows)]
        self.waiting = sum(len(rows) for rows in self._undrained)
        self._keep([columns.picked(rows, slice(0, cut)) for rows, cut in cuts if cut])
        self._lately.append(sum(cut for _rows, cut in cuts))
        self._let_go(min(KEPT, max(CALM, sum(self._lately))))

    def calm(self) -> None:
        """Nothing waits: followers have had the time to take what was kept for them."""
        self._let_go(CALM)

    def _keep(self, parts: list[Columns]) -> None:
        if self._kept and len(self._kept[-1]) < SMALL:
            parts = [self._kept.pop(), *parts]
        self._kept.extend(_together(parts))
        self._rows = sum(len(rows) for rows in self._kept)

    def _let_go(self, most: int) -> None:
        while self._rows > most:
            oldest = self._kept.popleft()
            self.floor = int(oldest.position[-1])
            self._rows -= len(oldest)

    def after(self, position: int, limit: int) -> list[Columns] | None:
        """Whole commits after `position`, at least one, about `limit` rows, in parts to be joined by whoever holds no
        lock; None when some are not here any more."""
        if position < self.floor:
            return None
        found: list[Columns] = []
        room = limit
        for rows in self._later(position):
            taken = columns.picked(rows, slice(0, _whole(rows, room, least=not found)))
            found.append(taken)
            room -= len(taken)
            if len(taken) < len(rows):
                break
        return found

    def _later(self, position: int) -> list[Columns]:
        found = []
        for part in reversed((*self._kept, *self._undrained)):
            cut = _after(part, position)
            if cut < len(part):
                found.append(columns.picked(part, slice(cut, None)))
            if cut:
                break
        return found[::-1]

    def drop(self, struck: Callable[[Columns], Flags]) -> None:
        """Forget rows for good."""
        kept = (columns.picked(one, ~struck(one)) for one in self._kept)
        self._kept = deque(rows for rows in kept if len(rows))
        self._undrained = [rows for rows in (columns.picked(one, ~struck(one)) for one in self._undrained) if len(rows)]
        self._rows = sum(len(rows) for rows in self._kept)
        self.waiting = sum(len(rows) for rows in self._undrained)


def _after(rows: Columns, position: int) -> int:
    """Where the rows of later commits begin."""
    return int(np.searchsorted(rows.position, position, "right"))


def _whole(rows: Columns, room: int, *, least: bool) -> int:
    """How many rows of whole commits there is room for; `least`: those of the first one in any case."""
    if len(rows) <= room:
        return len(rows)
    fits = int(np.searchsorted(rows.position, rows.position[max(room, 0)], "left"))
    return fits or (_after(rows, int(rows.position[0])) if least else 0)


def _together(parts: list[Columns]) -> list[Columns]:
    found: list[Columns] = []
    small: list[Columns] = []
    for part in parts:
        small.append(part)
        if sum(len(one) for one in small) >= SMALL:
            found.append(columns.joined(small))
            small = []
    return [*found, columns.joined(small)] if small else found
