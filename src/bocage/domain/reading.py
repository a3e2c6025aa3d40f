"""What a source claims, in columns, before the gate."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.errors import PayloadError
from bocage.domain.nature import ResultKind

Ints = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]
Objects = npt.NDArray[np.object_]
Result = float | bool | str | None


class ReadingBatch(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """n readings: `key[i]` points into `keys`, the names the source gives to its series.

    start, end: int64[n], UTC milliseconds; equal for an instant, start < end for an interval.
    kind: uint8[n], a ResultKind; number: float64[n] (0/1 for booleans, NaN where not a number).
    text: object[n] or None when no result is text. row: int64[n], the place in what was sent (line, element).
    beside: object[n] or None, what the sender said beside (`domain.beside`).
    """

    keys: tuple[str, ...]
    key: npt.NDArray[np.int32]
    start: Ints
    end: Ints
    kind: Bytes
    number: Numbers
    text: npt.NDArray[np.object_] | None = None
    row: Ints | None = None
    beside: npt.NDArray[np.object_] | None = None

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
            beside=None if self.beside is None else self.beside[rows],
        )


class RowError(msgspec.Struct, frozen=True, kw_only=True):
    """One row that could not be read: where, which column, what was found (shortened), what was expected."""

    row: int
    column: str
    found: str
    code: str


class Decoded(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a plug-in made of some bytes: readings, and the rows it could not read.

    `frame`: what makes it one frame of a radio, where the same may be told twice with another time; empty otherwise.
    """

    readings: ReadingBatch
    errors: tuple[RowError, ...] = ()
    frame: str = ""


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


def results(values: Sequence[Result]) -> tuple[Bytes, Numbers, Objects | None]:
    """Kind, number and text of each result, as a batch holds them; KeyError where one is none of the four kinds."""
    types = set(map(type, values))
    if types <= {float, int}:
        return np.full(len(values), ResultKind.NUMBER, np.uint8), np.array(values, dtype=np.float64), None
    kind = np.array([KINDS[type(value)] for value in values], dtype=np.uint8)
    number = np.array([np.nan if value is None or isinstance(value, str) else value for value in values], float)
    if str not in types:
        return kind, number, None
    words = np.full(len(values), None, dtype=np.object_)
    words[:] = [value if isinstance(value, str) else None for value in values]
    return kind, number, words


KINDS: Final[Mapping[type, ResultKind]] = {
    float: ResultKind.NUMBER,
    int: ResultKind.NUMBER,
    bool: ResultKind.BOOLEAN,
    str: ResultKind.TEXT,
    type(None): ResultKind.NULL,
}
