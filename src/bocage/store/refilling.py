"""What a log takes over from another one, as it stood there."""

from itertools import pairwise

import numpy as np

from bocage.domain.errors import Conflict, Invalid
from bocage.domain.observation import Columns, ObservationBatch
from bocage.store import columns


def refilled(batch: ObservationBatch, position: int) -> Columns:
    """The rows of a batch that carries what another log gave them; all lie after `position`, in its order."""
    given = batch.given
    if given is None:
        raise Invalid("observations with the ids and positions that a log gave them")
    if len(batch) and (int(given.position[0]) <= position or bool((np.diff(given.position) < 0).any())):
        raise Conflict("commits that come after all this log holds", f"{int(given.position.min())} <= {position}")
    rows = Columns(
        datastream=batch.datastream,
        start=batch.start,
        end=batch.end,
        kind=batch.kind,
        number=batch.number,
        origin=batch.origin,
        id=given.id,
        position=given.position,
        version=given.version,
        text=batch.text,
        original=batch.original,
        reason=given.reason,
        beside=batch.beside,
    )
    return columns.trimmed(rows)


def commits(rows: Columns) -> list[Columns]:
    """Rows sorted by position, one part for each commit."""
    if not len(rows) or rows.position[0] == rows.position[-1]:
        return [rows] if len(rows) else []
    edges = [0, *(np.flatnonzero(np.diff(rows.position)) + 1).tolist(), len(rows)]
    return [columns.picked(rows, slice(low, high)) for low, high in pairwise(edges)]
