"""Readings that passed the gate, in columns: what the log keeps and gives back."""

import enum

import msgspec
import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Objects = npt.NDArray[np.object_]

COUNTER_BITS = 29
DATASTREAM_BITS = 24


def observation_id(datastream: int, counter: int) -> int:
    """24 bits of datastream number and 29 of counter: stable, sortable, exact in JavaScript (< 2^53)."""
    return (datastream << COUNTER_BITS) | counter


class Outcome(enum.IntEnum):
    """What became of one element of a batch."""

    STORED = 0
    KNOWN = 1  # same identity, same value: accepted, nothing stored
    CONFLICT = 2  # same identity, other value, and the source may not correct
    CORRECTED = 3  # a new version with its reason
    REFUSED = 4  # by the gate, before the log


class Given(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What another log gave n observations: id: int64[n], position: int64[n], version: int32[n], reason: object[n]
    or None. They stay what they were: whoever noted one of them finds it again."""

    id: Ints
    position: Ints
    version: npt.NDArray[np.int32]
    reason: Objects | None = None


class ObservationBatch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """n observations to keep. Made by `gate.admit` and `store.restored` only (a test lists them).

    datastream: int32[n]; start, end: int64[n] UTC ms; kind: uint8[n] ResultKind; number: float64[n];
    text: object[n] or None; origin: uint8[n]; original: int64[n] UTC ms of the original time of what is
    replayed, or None; beside: object[n] or None, what else the sender said (`domain.beside`).
    `correcting` says whether the source may correct, and `reason` why it does. `given`: what another log gave them,
    where a log takes over what another one held (`store.restored` only).
    """

    datastream: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    kind: Bytes
    number: Numbers
    origin: Bytes
    text: Objects | None = None
    original: Ints | None = None
    beside: Objects | None = None
    correcting: bool = False
    reason: str = ""
    given: Given | None = None

    def __len__(self) -> int:
        return len(self.datastream)


class Receipt(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the log did: durable when it is given. `outcome`: uint8[n]; `position`: of the commit; `id`: int64[n];
    `version`: int64[n], of what is kept of each identity after it."""

    position: int
    outcome: Bytes
    id: Ints
    version: Ints


class Columns(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """m observations read from the log, in the order the call promises.

    Fields as in ObservationBatch, and id: int64[m], position: int64[m] (commit order), version: int32[m]
    (1, or more where corrected; only the newest is given unless versions are asked), reason: object[m] or None.
    """

    datastream: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    kind: Bytes
    number: Numbers
    origin: Bytes
    id: Ints
    position: Ints
    version: npt.NDArray[np.int32]
    text: Objects | None = None
    original: Ints | None = None
    reason: Objects | None = None
    beside: Objects | None = None

    def __len__(self) -> int:
        return len(self.datastream)


class Rollup(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One row per datastream and period that holds something, sorted by (datastream, start).

    value: what the nature says: mean (gauge), sum (amount), difference with resets known (index), circular mean
    in degrees (direction), share of the time in a true or non-zero state, 0 to 1 (state). NaN where there is
    none. minimum, maximum: of the numbers seen. count: observations. start, end: UTC ms edges of the period.
    """

    datastream: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    count: Ints
    value: Numbers
    minimum: Numbers
    maximum: Numbers

    def __len__(self) -> int:
        return len(self.datastream)
