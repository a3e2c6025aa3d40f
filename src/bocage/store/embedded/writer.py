"""The one thread that gives positions: takes what has arrived, judges it, makes it durable, answers everyone."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from bocage.domain.errors import BocageError, Unavailable
from bocage.domain.observation import ObservationBatch, Receipt
from bocage.store import identity
from bocage.store.answers import receipts, unfit
from bocage.store.embedded.fresh import Fresh
from bocage.store.embedded.journal import Journal
from bocage.store.identity import Lookup

GROUP = 131_072  # rows of a group commit, about
CROWD = 1_000_000  # rows that may wait for columns before the writer waits for them too


class Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A batch and the one who waits for its receipt."""

    batch: ObservationBatch
    future: "Future[Receipt]"


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """What the writer calls: the look-up of older identities, and the drain."""

    lookup: Lookup
    drain: Callable[[], None]
    crowded: Callable[[], None]  # says that there is enough for the next drain not to wait for its time


class Writer:
    """Group commit: whatever arrived while the last commit was written goes into the next one."""

    def __init__(self, journal: Journal, fresh: Fresh, ways: Ways) -> None:
        self._journal, self._fresh, self._ways = journal, fresh, ways
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._told: tuple[Callable[[int], None], ...] = ()
        self._closed = False
        self.fault: Exception | None = None  # the last one a listener raised
        self._door = threading.Lock()
        self.still = threading.Lock()  # held by whoever needs that nothing is committed meanwhile
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        """Queue a batch."""
        future: Future[Receipt] = Future()
        fault: BocageError | None = unfit(batch)
        with self._door:
            if fault is None and self._closed:
                fault = Unavailable("an open log", found="closed")
            if fault is None:
                self._queue.put(Waiting(batch=batch, future=future))
                return future
        future.set_exception(fault)
        return future

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        """Call `told` after each commit; returns the way to stop."""
        with self._door:
            self._told = (*self._told, told)

        def stop() -> None:
            with self._door:
                self._told = tuple(one for one in self._told if one is not told)

        return stop

    def close(self) -> None:
        """Write what was queued and stop."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while True:
            group, last = self._group()
            if group:
                with self.still:
                    self._commit(group)
            if last:
                return

    def _group(self) -> tuple[list[Waiting], bool]:
        group: list[Waiting] = []
        rows = 0
        one = self._queue.get()
        while one is not None:
            if one.future.set_running_or_notify_cancel():
                group.append(one)
                rows += len(one.batch)
            if rows >= GROUP:
                return group, False
            try:
                one = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[Waiting]) -> None:
        try:
            given = self._given(group)
        except BocageError as error:
            if len(group) == 1:
                group[0].future.set_exception(error)
                return
            for one in group:  # what one sender did wrong must not fail the others
                self._commit([one])
            return
        except Exception as error:  # the outermost loop of a worker: whoever waits must hear of any failure
            for one in group:
                one.future.set_exception(error)
            return
        for one, receipt in zip(group, given, strict=True):
            one.future.set_result(receipt)

    def _given(self, group: list[Waiting]) -> list[Receipt]:
        if self._fresh.commits.waiting > CROWD:
            self._ways.drain()
        arrived = identity.gathered([one.batch for one in group])
        position = self._fresh.position
        verdict = identity.judged(arrived, self._fresh.known(arrived.rows.datastream), self._ways.lookup)
        rows = identity.kept_rows(arrived, verdict, position + 1)
        if len(rows):
            position += 1
            self._journal.write(position, rows, self._fresh.drained)
            self._fresh.take(rows)
            if self._fresh.commits.waiting >= GROUP:
                self._ways.crowded()
            self._tell(position)
        return receipts(arrived, verdict, position)

    def _tell(self, position: int) -> None:
        for tell in self._told:
            try:
                tell(position)
            except Exception as fault:  # what is durable must be acknowledged, whatever a listener does
                self.fault = fault
