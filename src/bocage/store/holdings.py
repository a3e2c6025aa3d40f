"""What a part of the log holds, put together from its pieces."""

from collections.abc import Iterable

from bocage.domain.observation import Columns
from bocage.store.protocol import Holding

Held = tuple[int, int, int]
"""Observations, rows with former versions, greatest position."""
NOTHING: Held = (0, 0, 0)


def measured(rows: Columns) -> Held:
    """What these rows are; every version of them is there."""
    return (int((rows.version == 1).sum()), len(rows), int(rows.position.max())) if len(rows) else NOTHING


def holding(parts: Iterable[Held], log: str) -> Holding:
    """The pieces together."""
    count, rows, position = 0, 0, 0
    for part in parts:
        count, rows, position = count + part[0], rows + part[1], max(position, part[2])
    return Holding(log=log, count=count, rows=rows, position=position)
