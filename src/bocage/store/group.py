"""Group commit: one thread takes what has arrived, has it kept by the home, and answers everyone."""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import msgspec

from bocage.domain.errors import BocageError, Unavailable
from bocage.domain.observation import ObservationBatch, Receipt
from bocage.store.answers import unfit

GROUP = 131_072  # rows of a group commit, about


class Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A batch and the one who waits for its receipt."""

    batch: ObservationBatch
    future: "Future[Receipt]"


class Kept(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What became of a group: a receipt for each batch, and the position told to those who listen (0: none)."""

    receipts: list[Receipt]
    position: int = 0


Keep = Callable[[Sequence[ObservationBatch]], Kept]
"""How a home judges a group and makes it durable, all or nothing; called by one thread."""


class Group:
    """Whatever arrived while the last commit was written goes into the next one."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
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
        kept = self._keep([one.batch for one in group])
        if kept.position:
            self.tell(kept.position)
        return kept.receipts

    def tell(self, position: int) -> None:
        """Tell those who listen."""
        for tell in self._told:
            try:
                tell(position)
            except Exception as fault:  # what is durable must be acknowledged, whatever a listener does
                self.fault = fault
