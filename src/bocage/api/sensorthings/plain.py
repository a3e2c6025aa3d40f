"""Arrays of nothing but times and numbers, as most senders write them, read without a look at each value."""

from itertools import chain
from typing import Final, Literal

import msgspec
import numpy as np

from bocage.api.sensorthings.sent import Arrived, Flags, Reference, read_together
from bocage.api.sensorthings.targets import Target
from bocage.domain.reading import Ints, ReadingBatch


class Line(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    """One row of an array."""

    time: str
    result: float


class Lines(msgspec.Struct, frozen=True, gc=False):
    """Observations of one series."""

    stream: Reference = msgspec.field(name="Datastream")
    components: tuple[Literal["phenomenonTime"], Literal["result"]]
    rows: list[Line] = msgspec.field(name="dataArray")


_LINES: Final = msgspec.json.Decoder(list[Lines])


def plain(body: bytes, target: Target) -> Arrived | None:
    """The readings of a CreateObservations whose rows are all a time and a number of series of the sender; None when
    it must be read otherwise."""
    try:
        found = _LINES.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    place = target.places.get
    places = [place(one.stream.id, -1) for one in found]
    if -1 in places:
        return None
    arrays = [one.rows for one in found]
    rows = list(chain.from_iterable(arrays))
    start, bad = _starts([row.time for row in rows], len(arrays[0]) if arrays else 0)
    if bad.any():
        return None
    readings = ReadingBatch(
        keys=target.names,
        key=np.repeat(np.array(places, dtype=np.int32), list(map(len, arrays))),
        start=start,
        end=start,
        kind=np.zeros(len(rows), dtype=np.uint8),
        number=np.array([row.result for row in rows], np.float64),
    )
    return Arrived(total=len(rows), rows=np.arange(len(rows)), readings=readings)


def _starts(times: list[str], lot: int) -> tuple[Ints, Flags]:
    """Instants of texts, and which are none; what every array of a lot of rows says alike is read once."""
    if lot and times == times[:lot] * (len(times) // lot):
        every = np.empty((len(times) // lot, lot), np.int64)
        every[:], bad = read_together(times[:lot])
        return every.reshape(-1), bad
    return read_together(times)
