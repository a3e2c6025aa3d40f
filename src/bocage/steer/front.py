"""Which series are watched by whom, how far each has come, and from when on something of it may have to be judged."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from bocage.domain.instant import EARLIEST
from bocage.domain.observation import Columns, Ints
from bocage.steer.watching import Watch
from bocage.store import columns


def first_of(watch: Watch, firsts: Mapping[int, int]) -> int:
    """The first start of what a watch looks at; long ago when there is nothing yet."""
    return min((firsts[one] for one in watch.numbers if one in firsts), default=EARLIEST)


class Front:
    """numbers: int64[n] of the watched series, sorted; newest: the newest start of each, UTC ms, so far."""

    def __init__(self, watches: Iterable[Watch], newest: Mapping[int, int], firsts: Mapping[int, int]) -> None:
        self.by_number: dict[int, list[Watch]] = {}
        for watch in watches:
            for number in watch.numbers:
                self.by_number.setdefault(number, []).append(watch)
        self.numbers = np.array(sorted(self.by_number), np.int64)
        self.newest = np.array([newest[number] for number in sorted(self.by_number)], np.int64)
        self._dues = np.zeros(len(self.numbers), np.int64)
        self.look(self.numbers.tolist(), firsts)

    def known(self) -> dict[int, int]:
        """The newest start of each series."""
        return dict(zip(self.numbers.tolist(), self.newest.tolist(), strict=True))

    def look(self, numbers: Sequence[int], firsts: Mapping[int, int]) -> None:
        """Work out anew when these are due."""
        for number, place in zip(numbers, np.searchsorted(self.numbers, numbers).tolist(), strict=True):
            self._dues[place] = min(watch.due(first_of(watch, firsts)) for watch in self.by_number[number])

    def of(self, rows: Columns) -> Columns:
        """Those of the rows that somebody watches."""
        return columns.picked(rows, np.flatnonzero(columns.among(rows.datastream, self.numbers)))

    def advance(self, rows: Columns) -> tuple[Ints, list[Watch]]:
        """Come as far as these rows, all watched; the newest starts before them, and the watches that are due."""
        before, place = self.newest, np.searchsorted(self.numbers, rows.datastream)
        self.newest = before.copy()
        np.maximum.at(self.newest, place, rows.start)
        touched = np.zeros(len(before), np.bool_)
        touched[place] = True
        due = np.flatnonzero(touched & (self.newest >= self._dues))
        watches = {id(watch): watch for one in due for watch in self.by_number[int(self.numbers[one])]}
        return before, list(watches.values())
