"""Gathers what several senders sent within one turn of the event loop into one batch, and shares out the answers."""

import asyncio
from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from bocage.domain import row_errors
from bocage.domain.observation import Ints, Outcome, Receipt
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.ingest.answer import Answer, Declines, Places, Share, answered
from bocage.ingest.compiled import Compiled
from bocage.ingest.crossing import Crossed, Crossing
from bocage.ingest.gate import Admitted
from bocage.ingest.turns import Turns


class Waiting(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One sender's readings and the future that will hold its answer; `placed`: told one by one."""

    decoded: Decoded
    answer: "asyncio.Future[Answer]"
    placed: bool = False


class Gathering:
    """One per event loop. Many small messages of a source pay the gate and the log once.

    What comes while a turn is on its way to the disk waits for the next one: a disk that takes its time gets more
    at once, not more to do.
    """

    def __init__(self, crossing: Crossing) -> None:
        self._crossing = crossing
        self._waiting: dict[int, tuple[Compiled, list[Waiting]]] = {}
        self._count = 0  # of those who wait
        self._under_way: set[int] = set()
        self._answered = 0  # those of the turn that is under way
        self._turns = Turns(self._turn)

    def put(self, by: Compiled, decoded: Decoded, *, placed: bool = False) -> "asyncio.Future[Answer]":
        """Queue some readings; the future holds their answer once they are durable. `placed`: one by one."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(id(by), (by, []))[1].append(Waiting(decoded=decoded, answer=future, placed=placed))
        self._count += 1
        self._turns.came(self._count)
        return future

    def _turn(self) -> None:
        waiting, self._waiting = self._waiting, {}
        self._answered, self._count = self._count, 0
        self._under_way = set(waiting)
        for turn, (by, senders) in waiting.items():
            try:
                self._cross(turn, by, senders)
            except Exception as error:  # whatever failed, every sender of the batch must be answered
                self._over(turn)
                _fail(senders, error)

    def _cross(self, turn: int, by: Compiled, senders: list[Waiting]) -> None:
        def told(crossed: Crossed) -> None:
            self._over(turn)
            if crossed.fault is not None:
                _fail(senders, crossed.fault)
                return
            try:
                share_out(senders, crossed.admitted, crossed.receipt)
            except Exception as error:  # whatever failed, every sender must be answered
                _fail(senders, error)

        self._crossing.cross(by, merged([one.decoded.readings for one in senders]), told)

    def _over(self, turn: int) -> None:
        """A batch is on the disk, or given up; when it was the last of its turn, whoever waits has theirs."""
        self._under_way.discard(turn)
        if not self._under_way:
            self._turns.over(self._answered, self._count)


def share_out(senders: Sequence[Waiting], admitted: Admitted, receipt: Receipt | None) -> None:
    """Answer every sender of a batch."""
    if receipt is not None and not admitted.declined and not receipt.outcome.any():
        _share_out_kept(senders, receipt)
        return
    total = sum(len(one.decoded.readings) for one in senders)
    outcomes = np.full(total, Outcome.REFUSED, dtype=np.uint8)
    if receipt is not None:
        outcomes[admitted.rows] = receipt.outcome
    position = receipt.position if receipt else 0
    ids = placed(admitted, receipt, total) if any(one.placed for one in senders) else None
    declines = Declines(admitted.declined)
    first = 0
    for one in senders:
        last = first + len(one.decoded.readings)
        share = Share(readings=one.decoded.readings, first=first, last=last, errors=one.decoded.errors)
        answer = answered(share, outcomes, declines, position)
        if one.placed and ids is not None:
            answer = replace(answer, places=Places(outcome=outcomes[first:last], id=ids[first:last]))
        if not one.answer.done():
            one.answer.set_result(answer)
        first = last


def _share_out_kept(senders: Sequence[Waiting], receipt: Receipt) -> None:
    """The same where all is new and nothing is to be said of any reading, as nearly always."""
    kept_one = Answer(accepted=1, position=receipt.position)  # what most senders are told
    first = 0
    for one in senders:
        last = first + len(one.decoded.readings)
        answer, errors = kept_one, one.decoded.errors
        if last - first != 1 or errors:
            unreadable = row_errors.count(errors) if errors else 0
            answer = Answer(accepted=last - first, unreadable=unreadable, position=receipt.position, errors=errors)
        if one.placed:
            answer = replace(answer, places=Places(outcome=receipt.outcome[first:last], id=receipt.id[first:last]))
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
    keys, key = _keys(batches)
    texts = None
    if any(one.text is not None for one in batches):
        blank = [np.full(len(one), None, dtype=np.object_) if one.text is None else one.text for one in batches]
        texts = np.concatenate(blank)
    besides = None
    if any(one.beside is not None for one in batches):
        silent = [np.full(len(one), None, dtype=np.object_) if one.beside is None else one.beside for one in batches]
        besides = np.concatenate(silent)
    return ReadingBatch(
        keys=keys,
        key=key,
        start=np.concatenate([one.start for one in batches]),
        end=np.concatenate([one.end for one in batches]),
        kind=np.concatenate([one.kind for one in batches]),
        number=np.concatenate([one.number for one in batches]),
        text=texts,
        beside=besides,
    )


def _keys(batches: Sequence[ReadingBatch]) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """The names of all, and which one each reading has."""
    names = batches[0].keys
    if all(one.keys is names for one in batches):
        return names, np.concatenate([one.key for one in batches])
    widths = [len(one.keys) for one in batches]
    shifts = np.cumsum([0, *widths[:-1]])
    key = np.concatenate([one.key + shift for one, shift in zip(batches, shifts, strict=True)])
    return tuple(name for one in batches for name in one.keys), key.astype(np.int32)
