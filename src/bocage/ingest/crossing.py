"""Takes readings through the gate into the log, and tells in the event loop what became of them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from bocage.domain.observation import Receipt
from bocage.domain.reading import ReadingBatch
from bocage.ingest.clashes import clashing, joined
from bocage.ingest.compiled import Compiled
from bocage.ingest.gate import Admitted, Gate
from bocage.store.protocol import Store

Counting = Callable[[Compiled, ReadingBatch, Admitted], None]


class Crossed(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What became of some readings: what the gate and the log declined, and the receipt of what is durable now.

    `receipt` is None where the gate let nothing through, and where `fault` says why the log kept nothing.
    """

    admitted: Admitted
    receipt: Receipt | None = None
    fault: BaseException | None = None


Told = Callable[[Crossed], None]


class Crossing:
    """The way through the gate into the log for whoever works in an event loop."""

    def __init__(self, gate: Gate, store: Store, count: Counting) -> None:
        self._gate = gate
        self._store = store
        self._count = count

    def cross(self, by: Compiled, readings: ReadingBatch, told: Told) -> None:
        """Judge and keep; `told` is called once, in the running loop, when everything permitted is durable."""
        loop = asyncio.get_running_loop()
        admitted = self._gate.admit(by, readings)
        if admitted.declined:
            self._count(by, readings, admitted)
        if admitted.batch is None:
            told(Crossed(admitted=admitted))
            return

        def done(written: "Future[Receipt]") -> None:
            try:
                self._gate.settle(admitted.ticket)
                crossed = self._judged(by, readings, admitted, written)
            except BaseException as error:  # whatever failed, whoever waits is told
                crossed = Crossed(admitted=admitted, fault=error)
            loop.call_soon_threadsafe(told, crossed)

        self._store.append(admitted.batch).add_done_callback(done)

    def _judged(self, by: Compiled, readings: ReadingBatch, admitted: Admitted, written: "Future[Receipt]") -> Crossed:
        """What was admitted, with what clashed with the log among what was declined."""
        fault = written.exception()
        if fault is not None:
            return Crossed(admitted=admitted, fault=fault)
        receipt = written.result()
        clashes = clashing(by, readings, admitted, receipt)
        if clashes is not None:
            self._count(by, readings, clashes)
        return Crossed(admitted=joined(admitted, clashes), receipt=receipt)
