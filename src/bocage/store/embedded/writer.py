"""How the embedded home keeps a group: judged, given its position, written to the journal, held in memory."""

from collections.abc import Callable, Sequence

import msgspec

from bocage.domain.observation import ObservationBatch
from bocage.store import identity
from bocage.store.answers import receipts
from bocage.store.embedded.fresh import Fresh
from bocage.store.embedded.journal import Journal
from bocage.store.group import GROUP, Group, Kept
from bocage.store.identity import Lookup
from bocage.store.refilling import refilled

CROWD = 1_000_000  # rows that may wait for columns before the writer waits for them too


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """What the writer calls: the look-up of older identities, and the drain."""

    lookup: Lookup
    drain: Callable[[], None]
    crowded: Callable[[], None]  # says that there is enough for the next drain not to wait for its time


class Writer(Group):
    """The one thread that gives positions."""

    def __init__(self, journal: Journal, fresh: Fresh, ways: Ways) -> None:
        self._journal, self._fresh, self._ways = journal, fresh, ways
        super().__init__(self._kept)

    def _kept(self, batches: Sequence[ObservationBatch]) -> Kept:
        if self._fresh.commits.waiting > CROWD:
            self._ways.drain()
        arrived = identity.gathered(batches)
        position = self._fresh.position
        verdict = identity.judged(arrived, self._fresh.known(arrived.rows.datastream), self._ways.lookup)
        rows = identity.kept_rows(arrived, verdict, position + 1)
        if not len(rows):
            return Kept(receipts=receipts(arrived, verdict, position))
        self._journal.write(position + 1, rows, self._fresh.drained)
        self._fresh.take(rows, rising=verdict.rising)
        if self._fresh.commits.waiting >= GROUP:
            self._ways.crowded()
        return Kept(receipts=receipts(arrived, verdict, position + 1), position=position + 1)

    def refill(self, batch: ObservationBatch) -> None:
        """Keep commits of another log as they stand there."""
        with self.still:
            if self._fresh.commits.waiting > CROWD:
                self._ways.drain()
            rows = refilled(batch, self._fresh.position)
            if len(rows):
                self._journal.write(int(rows.position[-1]), rows, self._fresh.drained)
                self._fresh.take(rows)
