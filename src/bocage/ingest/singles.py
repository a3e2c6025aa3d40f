"""Single numbers of many senders as one batch, and what each of them is told."""

from collections.abc import Sequence
from itertools import accumulate

import msgspec
import numpy as np
from msgspec.structs import replace

from bocage.domain.observation import Ints, Outcome
from bocage.domain.reading import ReadingBatch
from bocage.ingest.answer import Answer, Declines, Places, Share, answered
from bocage.ingest.compiled import Compiled
from bocage.ingest.crossing import Crossed
from bocage.ingest.gathering import placed


class Singles(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of each sender: the place of its series in the decisions, its instant (UTC ms), its number."""

    places: list[int]
    starts: list[int]
    numbers: list[float]


def batch(by: Compiled, singles: Singles) -> ReadingBatch:
    """The same in columns."""
    start = np.array(singles.starts, dtype=np.int64)
    return ReadingBatch(
        keys=by.names,
        key=np.array(singles.places, dtype=np.int32),
        start=start,
        end=start,
        kind=np.zeros(len(start), dtype=np.uint8),
        number=np.array(singles.numbers, dtype=np.float64),
    )


def kept(crossed: Crossed) -> Ints | None:
    """The id of each, where all are new and nothing is to be said of any of them; None otherwise."""
    admitted, receipt = crossed.admitted, crossed.receipt
    return None if receipt is None or admitted.declined or receipt.outcome.any() else receipt.id


def answers(readings: ReadingBatch, crossed: Crossed, sizes: Sequence[int]) -> Sequence[Answer]:
    """What each sender is told of as many readings, with their places in the log."""
    admitted, receipt = crossed.admitted, crossed.receipt
    outcomes = np.full(len(readings), Outcome.REFUSED, dtype=np.uint8)
    if receipt is not None:
        outcomes[admitted.rows] = receipt.outcome
    given = placed(admitted, receipt, len(readings))
    declines, position = Declines(admitted.declined), receipt.position if receipt else 0
    found, first = [], 0
    for last in accumulate(sizes):
        share = Share(readings=readings, first=first, last=last)
        mine = Places(outcome=outcomes[first:last], id=given[first:last])
        found.append(replace(answered(share, outcomes, declines, position), places=mine))
        first = last
    return found
