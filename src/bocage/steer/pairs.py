"""Datastreams paired with a day or a month, each pair once: what followers count by."""

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.observation import Ints

LEAST = -(1 << 31)  # of what a datastream may be paired with
BITS = 32


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
    key = (datastream.astype(np.int64) << BITS) | (other - LEAST)
    found, place = np.unique(key, return_inverse=True)
    return Pairs(datastream=found >> BITS, other=(found & ((1 << BITS) - 1)) + LEAST, place=place)
