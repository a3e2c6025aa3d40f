"""The last group commits in memory: those not in columns yet, and some more for whoever follows closely."""

from collections import deque
from collections.abc import Callable

import numpy as np

from bocage.domain.observation import Columns
from bocage.store import columns
from bocage.store.columns import Flags

KEPT = 65_536  # rows kept for followers after they are in columns
SMALL = 4_096  # commits smaller than this are joined when they are read


class Commits:
    """Not safe for threads by itself."""

    def __init__(self, position: int) -> None:
        self.floor = position  # every commit after it is here
        self._all: deque[tuple[int, Columns]] = deque()
        self._rows = 0
        self._undrained: list[Columns] = []
        self.waiting = 0  # rows not in columns yet

    def add(self, position: int, rows: Columns) -> None:
        """A commit, newer than all before."""
        self._all.append((position, rows))
        self._undrained.append(rows)
        self._rows += len(rows)
        self.waiting += len(rows)

    def undrained(self) -> list[Columns]:
        """What is not in columns yet, in order of position."""
        if len(self._undrained) > 8:
            self._undrained = _together(self._undrained)
        return list(self._undrained)

    def drained(self, position: int) -> None:
        """What was committed up to `position` is in columns now."""
        self._undrained = [left for left in (_later(rows, position) for rows in self._undrained) if len(left)]
        self.waiting = sum(len(rows) for rows in self._undrained)
        while self._all and self._rows > KEPT and self._all[0][0] <= position:
            self.floor, rows = self._all.popleft()
            self._rows -= len(rows)

    def after(self, position: int, limit: int) -> Columns | None:
        """Whole commits after `position`, at least one, about `limit` rows; None when some are not here any more."""
        if position < self.floor:
            return None
        found: list[Columns] = []
        total = 0
        for rows in self._later(position):
            if found and total + len(rows) > limit:
                break
            found.append(rows)
            total += len(rows)
        return columns.joined(found)

    def _later(self, position: int) -> list[Columns]:
        found = []
        for at, rows in reversed(self._all):
            if at <= position:
                break
            found.append(rows)
        return found[::-1]

    def drop(self, struck: Callable[[Columns], Flags]) -> None:
        """Forget rows for good."""
        left = ((at, columns.picked(rows, ~struck(rows))) for at, rows in self._all)
        self._all = deque((at, rows) for at, rows in left if len(rows))
        self._undrained = [rows for rows in (columns.picked(one, ~struck(one)) for one in self._undrained) if len(rows)]
        self._rows = sum(len(rows) for _, rows in self._all)
        self.waiting = sum(len(rows) for rows in self._undrained)


def _later(rows: Columns, position: int) -> Columns:
    if int(rows.position[-1]) <= position:
        return columns.empty()
    return rows if int(rows.position[0]) > position else columns.picked(rows, np.flatnonzero(rows.position > position))


def _together(parts: list[Columns]) -> list[Columns]:
    found: list[Columns] = []
    small: list[Columns] = []
    for part in parts:
        small.append(part)
        if len(part) >= SMALL or sum(len(one) for one in small) >= SMALL:
            found.append(columns.joined(small))
            small = []
    return [*found, columns.joined(small)] if small else found
