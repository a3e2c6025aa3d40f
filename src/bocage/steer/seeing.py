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
        return self.cut(columns.joined(list(self.store.scan(datastreams, start, end))), start, end)

    def cut(self, rows: Columns, start: int, end: int) -> Columns:
        """Of the newest versions of what starts in [start, end): those of the log as it is seen."""
        if self.until is None or not len(rows) or int(rows.position.max()) <= self.until:
            return rows
        late = rows.position > self.until
        corrected = np.unique(rows.datastream[late & (rows.version > 1)]).astype(np.int64)
        if not len(corrected):
            return columns.picked(rows, ~late)
        kept = [columns.picked(rows, ~late & ~columns.among(rows.datastream, corrected))]
        kept += [self._versions(int(one), start, end) for one in corrected]
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
        first, last = self._extent(datastream)
        reach, at = DAY, min(at, last + 1)
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
