"""Arrays of nothing but times and numbers, as most senders write them, read without a look at each value."""

from itertools import chain
from operator import attrgetter
from typing import Final

import msgspec
import numpy as np

from bocage.api.sensorthings.sent import Arrived, Reference, read_together
from bocage.api.sensorthings.targets import Target
from bocage.domain.reading import ReadingBatch

FORM: Final = ("phenomenonTime", "result")


class Line(msgspec.Struct, array_like=True, gc=False, forbid_unknown_fields=True):
    """One row of an array."""

    time: str
    result: float


class Lines(msgspec.Struct, frozen=True, gc=False):
    """Observations of one series."""

    stream: Reference = msgspec.field(name="Datastream")
    components: tuple[str, ...]
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
    if -1 in places or any(one.components != FORM for one in found):
        return None
    rows = list(chain.from_iterable([one.rows for one in found]))
    start, bad = read_together(list(map(attrgetter("time"), rows)))
    if bad.any():
        return None
    readings = ReadingBatch(
        keys=target.names,
        key=np.repeat(np.array(places, dtype=np.int32), [len(one.rows) for one in found]),
        start=start,
        end=start,
        kind=np.zeros(len(rows), dtype=np.uint8),
        number=np.fromiter(map(attrgetter("result"), rows), np.float64, len(rows)),
    )
    return Arrived(total=len(rows), rows=np.arange(len(rows)), readings=readings)
