"""Gathers what several senders sent within one turn of the event loop into one batch, and shares out the answers."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import msgspec
import numpy as np
from msgspec.structs import replace

from bocage.domain.observation import Ints, Outcome, Receipt
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.ingest.answer import Answer, Places, Share, answered
from bocage.ingest.clashes import clashing, joined
from bocage.ingest.compiled import Compiled
from bocage.ingest.gate import Admitted, Gate
from bocage.store.protocol import Store

Counting = Callable[[Compiled, ReadingBatch, Admitted], None]


class Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One sender's readings and the future that will hold its answer; `placed`: told one by one."""

    decoded: Decoded
    answer: "asyncio.Future[Answer]"
    placed: bool = False


class Gathering:
    """One per event loop. Many small messages of a source pay the gate and the log once."""

    def __init__(self, gate: Gate, store: Store, count: Counting) -> None:
        self._gate = gate
        self._store = store
        self._count = count
        self._waiting: dict[int, tuple[Compiled, list[Waiting]]] = {}

    def put(self, by: Compiled, decoded: Decoded, *, placed: bool = False) -> "asyncio.Future[Answer]":
        """Queue some readings; the future holds their answer once they are durable. `placed`: one by one."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            loop.call_soon(self._turn, loop)
        future: asyncio.Future[Answer] = loop.create_future()
        self._waiting.setdefault(id(by), (by, []))[1].append(Waiting(decoded=decoded, answer=future, placed=placed))
        return future

    def _turn(self, loop: asyncio.AbstractEventLoop) -> None:
        waiting, self._waiting = self._waiting, {}
        for by, senders in waiting.values():
            try:
                self._admit(by, senders, loop)
            except Exception as error:  # whatever failed, every sender of the batch must be answered
                _fail(senders, error)

    def _admit(self, by: Compiled, senders: list[Waiting], loop: asyncio.AbstractEventLoop) -> None:
        readings = merged([one.decoded.readings for one in senders])
        admitted = self._gate.admit(by, readings)
        if admitted.declined:
            self._count(by, readings, admitted)
        if admitted.batch is None:
            share_out(senders, admitted, None)
            return
        written = self._store.append(admitted.batch)

        def done(receipt: "Future[Receipt]") -> None:
            self._gate.settle(admitted.ticket)
            told = admitted if receipt.exception() else self._judged(by, readings, admitted, receipt.result())
            loop.call_soon_threadsafe(_settle, senders, told, receipt)

        written.add_done_callback(done)

    def _judged(self, by: Compiled, readings: ReadingBatch, admitted: Admitted, receipt: Receipt) -> Admitted:
        """What was admitted, with what clashed with the log among what was declined."""
        clashes = clashing(by, readings, admitted, receipt)
        if clashes is not None:
            self._count(by, readings, clashes)
        return joined(admitted, clashes)


def _settle(senders: Sequence[Waiting], admitted: Admitted, receipt: "Future[Receipt]") -> None:
    error = receipt.exception()
    if error is not None:
        _fail(senders, error)
    else:
        share_out(senders, admitted, receipt.result())


def share_out(senders: Sequence[Waiting], admitted: Admitted, receipt: Receipt | None) -> None:
    """Answer every sender of a batch."""
    total = sum(len(one.decoded.readings) for one in senders)
    outcomes = np.full(total, Outcome.REFUSED, dtype=np.uint8)
    if receipt is not None:
        outcomes[admitted.rows] = receipt.outcome
    position = receipt.position if receipt else 0
    ids = placed(admitted, receipt, total) if any(one.placed for one in senders) else None
    kept_one = Answer(accepted=1, position=position)  # what most senders are told
    plain = not admitted.declined and len(senders) > 1
    first = 0
    for one in senders:
        last = first + len(one.decoded.readings)
        if plain and last - first == 1 and not one.decoded.errors and outcomes[first] == Outcome.STORED:
            answer = kept_one
        else:
            share = Share(readings=one.decoded.readings, first=first, last=last, errors=one.decoded.errors)
            answer = answered(share, outcomes, admitted.declined, position)
        if one.placed and ids is not None:
            answer = replace(answer, places=Places(outcome=outcomes[first:last], id=ids[first:last]))
        if not one.answer.done():
            one.answer.set_result(answer)
        first = last


def placed(admitted: Admitted, receipt: Receipt | None, total: int) -> Ints:
    """The id of each reading in the log, -1 of what is not kept."""
    ids = np.full(total, -1, dtype=np.int64)
    if receipt is not None:
        kept = receipt.outcome != Outcome.CONFLICT
        ids[admitted.rows[kept]] = receipt.id[kept]
    return ids


def _fail(senders: Sequence[Waiting], error: BaseException) -> None:
    for one in senders:
        if not one.answer.done():
            one.answer.set_exception(error)


def merged(batches: Sequence[ReadingBatch]) -> ReadingBatch:
    """Readings of several senders one after the other; a key may stand twice."""
    if len(batches) == 1:
        return batches[0]
    widths = [len(one.keys) for one in batches]
    shifts = np.cumsum([0, *widths[:-1]])
    texts = None
    if any(one.text is not None for one in batches):
        blank = [np.full(len(one), None, dtype=np.object_) if one.text is None else one.text for one in batches]
        texts = np.concatenate(blank)
    besides = None
    if any(one.beside is not None for one in batches):
        silent = [np.full(len(one), None, dtype=np.object_) if one.beside is None else one.beside for one in batches]
        besides = np.concatenate(silent)
    return ReadingBatch(
        keys=tuple(key for one in batches for key in one.keys),
        key=np.concatenate([one.key + shift for one, shift in zip(batches, shifts, strict=True)]).astype(np.int32),
        start=np.concatenate([one.start for one in batches]),
        end=np.concatenate([one.end for one in batches]),
        kind=np.concatenate([one.kind for one in batches]),
        number=np.concatenate([one.number for one in batches]),
        text=texts,
        beside=besides,
    )
