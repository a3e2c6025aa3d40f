"""Arrays of nothing but times and numbers, as most senders write them, read without a look at each value."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final, Literal

import msgspec
import numpy as np

from bocage.api.sensorthings.sent import Arrived, Flags, Reference, read_together
from bocage.api.sensorthings.targets import Target
from bocage.domain.reading import Ints, ReadingBatch


class Line(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    """One row. A struct that is not looked at by the collector of garbage: tuples would be, by thousands."""

    time: str
    result: float


class Block(msgspec.Struct, frozen=True, gc=False):
    """Observations of one series."""

    stream: Reference = msgspec.field(name="Datastream")
    components: tuple[Literal["phenomenonTime"], Literal["result"]]
    rows: list[Line] = msgspec.field(name="dataArray")


_BLOCKS: Final = msgspec.json.Decoder(list[Block])


class Lines(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one request holds: how many numbers of the series at each place, then instant and number of each."""

    places: list[int]
    counts: list[int]
    starts: Ints
    numbers: list[float]


def lines(body: bytes, target: Target) -> Lines | None:
    """The readings of a CreateObservations whose rows are all a time and a number of series of the sender; None when
    it must be read otherwise."""
    try:
        found = _BLOCKS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    place = target.places.get
    places = [place(one.stream.id, -1) for one in found]
    if -1 in places:
        return None
    arrays = [one.rows for one in found]
    rows = list(chain.from_iterable(arrays))
    starts, bad = _starts([row.time for row in rows], len(arrays[0]) if arrays else 0)
    if bad.any():
        return None
    return Lines(places=places, counts=list(map(len, arrays)), starts=starts, numbers=[row.result for row in rows])


def batch(names: tuple[str, ...], held: Sequence[Lines]) -> ReadingBatch:
    """What several requests hold in columns; `names`: of the series, by place."""
    key = np.fromiter(chain.from_iterable([one.places for one in held]), np.int32)
    counts = list(chain.from_iterable([one.counts for one in held]))
    start = np.concatenate([one.starts for one in held])
    return ReadingBatch(
        keys=names,
        key=key if counts.count(1) == len(counts) else np.repeat(key, counts),
        start=start,
        end=start,
        kind=np.zeros(len(start), dtype=np.uint8),
        number=np.fromiter(chain.from_iterable([one.numbers for one in held]), np.float64, len(start)),
    )


def plain(body: bytes, target: Target) -> Arrived | None:
    """The same as the application takes it in, one request alone."""
    found = lines(body, target)
    if found is None:
        return None
    readings = batch(target.names, [found])
    return Arrived(total=len(readings), rows=np.arange(len(readings)), readings=readings)


def _starts(times: list[str], lot: int) -> tuple[Ints, Flags]:
    """Instants of texts, and which are none; what every array of a lot of rows says alike is read once."""
    if lot and times == times[:lot] * (len(times) // lot):
        once, bad = _read(tuple(times[:lot]))
        return np.full(len(times), once[0]) if lot == 1 else np.tile(once, len(times) // lot), bad
    return read_together(times)


@lru_cache(maxsize=8)
def _read(times: tuple[str, ...]) -> tuple[Ints, Flags]:
    """The same for a lot; those who measure at the same times say them one after the other."""
    return read_together(list(times))
