"""The log as it stood at a position: what was committed later, corrections too, is not seen."""

from collections.abc import Sequence

import msgspec
import numpy as np

from bocage.domain.instant import DAY, EARLIEST, LATEST
from bocage.domain.observation import Columns
from bocage.store import columns, rollups
from bocage.store.protocol import Store


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A log, and the position up to which it is seen; as it stands now when None."""

    store: Store
    until: int | None = None

    def rows(self, datastreams: Sequence[int], start: int, end: int) -> Columns:
        """The newest version of what starts in [start, end), by (datastream, start, end)."""
        rows = columns.joined(list(self.store.scan(datastreams, start, end)))
        if self.until is None or not len(rows) or int(rows.position.max()) <= self.until:
            return rows
        late = np.unique(rows.datastream[rows.position > self.until]).astype(np.int64)
        kept = [columns.picked(rows, ~columns.among(rows.datastream, late))]
        kept += [self._versions(int(one), start, end) for one in late]
        return columns.ordered(columns.joined(kept))

    def _versions(self, datastream: int, start: int, end: int) -> Columns:
        rows = self.store.versions(datastream, start, end)
        return columns.newest(columns.picked(rows, np.flatnonzero(rows.position <= (self.until or 0))))

    def next(self, datastream: int, at: int, *, numeric: bool = False) -> Columns:
        """The first observation that starts at `at` or later, if any; the first number when `numeric`."""
        if self.until is None and not numeric:
            return self.store.window(datastream, at, LATEST, limit=1)
        reach, last = DAY, self._extent(datastream)[1]
        while at <= last:
            rows = self.rows([datastream], at, at + reach)
            if numeric:
                rows = columns.picked(rows, ~np.isnan(rollups.numbers_of(rows)))
            if len(rows):
                return columns.picked(rows, slice(0, 1))
            at, reach = at + reach, 2 * reach
        return columns.empty()

    def previous(self, datastream: int, at: int) -> Columns:
        """The last observation that starts before `at`, if any."""
        if self.until is None:
            return self.store.window(datastream, EARLIEST, at, limit=1, newest_first=True)
        reach, first = DAY, self._extent(datastream)[0]
        while at > first:
            rows = self.rows([datastream], at - reach, at)
            if len(rows):
                return columns.picked(rows, slice(-1, None))
            at, reach = at - reach, 2 * reach
        return columns.empty()

    def _extent(self, datastream: int) -> tuple[int, int]:
        """First and last start it holds; the second before the first when it holds nothing."""
        found = self.store.extent([datastream])
        return (found[0].first, found[0].last) if found else (LATEST, EARLIEST)
