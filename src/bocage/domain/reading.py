"""What a source claims, in columns, before the gate."""

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.nature import ResultKind

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]


class ReadingBatch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """n readings: `key[i]` points into `keys`, the names the source gives to its series.

    start, end: int64[n], UTC milliseconds; equal for an instant, start < end for an interval.
    kind: uint8[n], a ResultKind; number: float64[n] (0/1 for booleans, NaN where not a number).
    text: object[n] or None when no result is text. row: int64[n], the place in what was sent (line, element).
    """

    keys: tuple[str, ...]
    key: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    kind: Bytes
    number: Numbers
    text: npt.NDArray[np.object_] | None = None
    row: Ints | None = None

    def __post_init__(self) -> None:
        n = len(self.key)
        if not (len(self.start) == len(self.end) == len(self.kind) == len(self.number) == n):
            raise PayloadError("columns of one length")

    def __len__(self) -> int:
        return len(self.key)

    def at(self, rows: slice | npt.NDArray[np.intp]) -> "ReadingBatch":
        """The readings at these places, in this order."""
        return ReadingBatch(
            keys=self.keys,
            key=self.key[rows],
            start=self.start[rows],
            end=self.end[rows],
            kind=self.kind[rows],
            number=self.number[rows],
            text=None if self.text is None else self.text[rows],
            row=None if self.row is None else self.row[rows],
        )


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """One row that could not be read: where, which column, what was found (shortened), what was expected."""

    row: int
    column: str
    found: str
    code: str


class Decoded(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a plug-in made of some bytes: readings, and the rows it could not read."""

    readings: ReadingBatch
    errors: tuple[RowError, ...] = ()


def numbers(
    keys: tuple[str, ...],
    key: npt.ArrayLike,
    start: npt.ArrayLike,
    number: npt.ArrayLike,
    end: npt.ArrayLike | None = None,
) -> ReadingBatch:
    """A batch of plain numbers; `end` defaults to `start` (instants)."""
    at = np.asarray(start, dtype=np.int64)
    value = np.asarray(number, dtype=np.float64)
    kind = np.where(np.isnan(value), ResultKind.NULL, ResultKind.NUMBER).astype(np.uint8)
    return ReadingBatch(
        keys=keys,
        key=np.asarray(key, dtype=np.int32),
        start=at,
        end=at if end is None else np.asarray(end, dtype=np.int64),
        kind=kind,
        number=value,
    )
