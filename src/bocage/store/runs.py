"""Which rows of the log one batch left there, as runs of ids that stand side by side."""

from collections.abc import Sequence

import numpy as np

from bocage.domain.observation import COUNTER_BITS, Columns, Ints, ObservationBatch, Receipt
from bocage.store.columns import Flags
from bocage.store.identity import stored_of
from bocage.store.protocol import Run

_MASK = (1 << COUNTER_BITS) - 1


def kept_by(batch: ObservationBatch, receipt: Receipt) -> tuple[Run, ...]:
    """The rows that the log keeps because of this batch: what was new, and what it corrected."""
    stored = np.flatnonzero(stored_of(receipt.outcome))
    return runs_of(receipt.id[stored], receipt.version[stored], np.full(len(stored), receipt.position, np.int64))


def runs_of(ids: Ints, versions: Ints, positions: Ints) -> tuple[Run, ...]:
    """Rows as runs, each row once."""
    if not len(ids):
        return ()
    order = np.lexsort((ids, versions, positions))
    found, version, position = ids[order], versions[order], positions[order]
    begins = np.ones(len(found), np.bool_)
    begins[1:] = (np.diff(found) != 1) | (np.diff(version) != 0) | (np.diff(position) != 0)
    begins[1:] |= (found[1:] >> COUNTER_BITS) != (found[:-1] >> COUNTER_BITS)
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(found)) - 1
    return tuple(
        Run(datastream=one >> COUNTER_BITS, position=at, version=nth, first=one & _MASK, last=end & _MASK)
        for one, end, nth, at in zip(
            found[first].tolist(), found[last].tolist(), version[first].tolist(), position[first].tolist(), strict=True
        )
    )


def count(runs: Sequence[Run]) -> int:
    """How many rows they are."""
    return sum(run.last - run.first + 1 for run in runs)


def within(rows: Columns, runs: Sequence[Run]) -> Flags:
    """Which rows belong to one of these runs."""
    flags = np.zeros(len(rows), np.bool_)
    commits: dict[tuple[int, int], list[Run]] = {}
    for run in runs:
        commits.setdefault((run.position, run.version), []).append(run)
    present = set(np.unique(rows.position).tolist())
    for (position, version), some in commits.items():
        if position in present:
            at = np.flatnonzero((rows.position == position) & (rows.version == version))
            flags[at] = _inside(rows.id[at], some)
    return flags


def _inside(ids: Ints, runs: Sequence[Run]) -> Flags:
    edges = np.array(sorted((run.datastream << COUNTER_BITS | run.first, run.last - run.first) for run in runs))
    place = np.searchsorted(edges[:, 0], ids, side="right") - 1
    return np.asarray((place >= 0) & (ids - edges[place, 0] <= edges[place, 1]), np.bool_)
