"""What a cumulative meter counted between two readings: rollover of its dial and restarts from zero included."""

import numpy as np

from bocage.domain.nature import ResultKind
from bocage.domain.observation import Columns, Numbers

TOP = 0.9  # a dial that falls from above this share of its range to below the rest has gone round
REST = 1.0 - TOP


def increments(rows: Columns) -> Numbers:
    """Of rows sorted by (datastream, start): what was counted from each reading to the next, NaN where none follows.

    It belongs to the reading it starts from, as an amount belongs to the period where its interval starts.
    """
    found = np.full(len(rows), np.nan)
    valid = np.flatnonzero((rows.kind == ResultKind.NUMBER) & ~np.isnan(rows.number))
    if len(valid) < 2:
        return found
    here, there = valid[:-1], valid[1:]
    counted = _counted(rows.number[here], rows.number[there])
    followed = rows.datastream[here] == rows.datastream[there]
    found[here[followed]] = counted[followed]
    return found


def _counted(index: Numbers, following: Numbers) -> Numbers:
    """A rise is itself. A fall is a rollover when the dial was near the next power of ten; else a restart from zero."""
    rise = following - index
    fell = rise < 0
    if not fell.any():
        return rise
    dial = np.power(10.0, np.ceil(np.log10(np.maximum(np.where(fell, index, 1.0), 1.0) + 1e-9)))
    rolled = fell & (index >= TOP * dial) & (following <= REST * dial) & (dial >= 1000.0)
    return np.where(rolled, rise + dial, np.where(fell, np.maximum(following, 0.0), rise))
