"""What a cumulative meter counted between two readings: its dial gone round, restarts, changes of meter included."""

from collections.abc import Mapping, Sequence

import numpy as np

from bocage.domain.nature import ResultKind
from bocage.domain.observation import Columns, Ints, Numbers
from bocage.domain.replacement import MeterChange

TOP = 0.9  # a dial that falls from above this share of its range to below the rest has gone round
REST = 1.0 - TOP


Changes = Mapping[int, Sequence[MeterChange]]
"""By number of datastream: where its meter was changed, in order of time."""


def increments(rows: Columns, changes: Changes | None = None) -> Numbers:
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
    for datastream, known in (changes or {}).items():
        own = valid[rows.datastream[valid] == datastream]
        _over_changes(rows, own, known, found)
    return found


def _over_changes(rows: Columns, own: Ints, changes: Sequence[MeterChange], found: Numbers) -> None:
    """Count anew from the last reading of an old meter to the first of the new one; `own`: rows of one datastream."""
    followers = np.searchsorted(rows.start[own], [change.at for change in changes], "left").tolist()
    for place in sorted(set(followers)):
        if not 0 < place < len(own):
            continue
        shown: float | None = float(rows.number[own[place - 1]])
        total = 0.0
        for change in (one for one, follower in zip(changes, followers, strict=True) if follower == place):
            total += between(shown, change.ended)
            shown = change.began
        found[own[place - 1]] = total + between(shown, float(rows.number[own[place]]))


def between(index: float | None, following: float | None) -> float:
    """What one meter counted between two of its indexes; nothing when one of them is not known."""
    if index is None or following is None:
        return 0.0
    return float(_counted(np.array([index]), np.array([following]))[0])


def _counted(index: Numbers, following: Numbers) -> Numbers:
    """A rise is itself. A fall is a rollover when the dial was near the next power of ten; else a restart from zero."""
    rise = following - index
    fell = rise < 0
    if not fell.any():
        return rise
    dial = np.power(10.0, np.ceil(np.log10(np.maximum(np.where(fell, index, 1.0), 1.0) + 1e-9)))
    rolled = fell & (index >= TOP * dial) & (following <= REST * dial) & (dial >= 1000.0)
    return np.where(rolled, rise + dial, np.where(fell, np.maximum(following, 0.0), rise))
