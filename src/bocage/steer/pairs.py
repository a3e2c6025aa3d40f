"""Datastreams paired with a day or a month, each pair once: what followers count by."""

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.observation import Ints

CLOSE = 65_536  # values that lie within as many, or within four times as many as there are, are counted, not sorted


class Pairs(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The distinct pairs, sorted: datastream and other, int64[m] each; `place`: of the pair of each row, int64[n]."""

    datastream: Ints
    other: Ints
    place: Ints

    @property
    def count(self) -> int:
        """How many pairs there are."""
        return len(self.datastream)


def paired(datastream: npt.NDArray[np.int32], other: Ints) -> Pairs:
    """Each pair once. One number for both: sorting two columns takes ten times as long."""
    if not len(other):
        return Pairs(datastream=other, other=other, place=other)
    least, width = int(other.min()), int(other.max()) - int(other.min()) + 1
    found, place = distinct(datastream.astype(np.int64) * width + (other - least))
    return Pairs(datastream=found // width, other=found % width + least, place=place)


def distinct(values: Ints) -> tuple[Ints, Ints]:
    """Each value once, sorted, and the place of each among them."""
    least = int(values.min()) if len(values) else 0
    width = int(values.max()) - least + 1 if len(values) else 0
    if width > max(CLOSE, 4 * len(values)):
        return np.unique(values, return_inverse=True)
    there = np.zeros(width, np.bool_)
    there[values - least] = True
    return np.flatnonzero(there) + least, (np.cumsum(there) - 1)[values - least]
