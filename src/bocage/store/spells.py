"""How long a state lasted: each lasts until the next one of its datastream is known."""

import numpy as np

from bocage.domain.nature import ResultKind
from bocage.domain.observation import Columns, Ints, Numbers, Rollup


def shares(rows: Columns, marks: Ints) -> Rollup:
    """Share of the known time in a true or non-zero state, by period; rows sorted by (datastream, start).

    The last observation of a datastream says nothing of what follows it. A period without observation of its own
    is given too when the state before it lasted into it.
    """
    firsts = (
        np.flatnonzero(np.concatenate(([True], rows.datastream[1:] != rows.datastream[:-1])))
        if len(rows)
        else np.empty(0, np.int64)
    )
    lasts = np.append(firsts[1:], len(rows)) if len(firsts) else firsts
    found = [_one(rows, slice(int(a), int(b)), marks) for a, b in zip(firsts, lasts, strict=True)]
    names = ("datastream", "start", "end", "count", "value", "minimum", "maximum")
    types = (np.int32, np.int64, np.int64, np.int64, np.float64, np.float64, np.float64)
    return Rollup(
        **{
            name: np.concatenate([np.empty(0, dtype), *(getattr(part, name) for part in found)])
            for name, dtype in zip(names, types, strict=True)
        }
    )


def _one(rows: Columns, part: slice, marks: Ints) -> Rollup:
    start, kind, number = rows.start[part], rows.kind[part], rows.number[part]
    numeric = ((kind == ResultKind.NUMBER) | (kind == ResultKind.BOOLEAN)) & ~np.isnan(number)
    on = spent(start, numeric & (number != 0), marks)
    known = spent(start, numeric, marks)
    place = np.searchsorted(marks, start, "right") - 1
    inside = (start >= marks[0]) & (start < marks[-1])
    count = np.bincount(place[inside], minlength=len(marks) - 1)[: len(marks) - 1]
    low, high = np.full(len(count), np.nan), np.full(len(count), np.nan)
    np.fmin.at(low, place[inside & numeric], number[inside & numeric])
    np.fmax.at(high, place[inside & numeric], number[inside & numeric])
    value = np.divide(on, known, out=np.full(len(on), np.nan), where=known > 0)
    held = np.flatnonzero((count > 0) | (known > 0))
    return Rollup(
        datastream=np.full(len(held), rows.datastream[part.start], np.int32),
        start=marks[held],
        end=marks[held + 1],
        count=count[held].astype(np.int64),
        value=value[held],
        minimum=low[held],
        maximum=high[held],
    )


def spent(start: Ints, active: np.typing.NDArray[np.bool_], marks: Ints) -> Numbers:
    """Milliseconds between two marks during which the state that began at `start` was active."""
    lasted = np.diff(start) * active[:-1]
    total = np.concatenate(([0.0], np.cumsum(lasted, dtype=np.float64)))
    return np.diff(np.interp(marks, start, total))
