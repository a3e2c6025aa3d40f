"""SensorThings entities: what carries sensors, what is measured, and the number of each series."""

from bocage.sensing.former import forget_begun, remove_stay, write_stay
from bocage.sensing.placing import put, put_all, remove
from bocage.sensing.reading import (
    Position,
    by_key,
    by_number,
    changed,
    count,
    datastreams,
    find,
    positions,
    ranges,
    referring,
    series,
)
from bocage.sensing.reading import every as all
from bocage.sensing.revisions import REVISIONS
from bocage.sensing.shape import Placed
from bocage.sensing.standing import Stood, stand_again, stood
from bocage.sensing.staying import Stay, middle, stays

revision = REVISIONS.of

__all__ = [
    "REVISIONS",
    "Placed",
    "Position",
    "Stay",
    "Stood",
    "all",
    "by_key",
    "by_number",
    "changed",
    "count",
    "datastreams",
    "find",
    "forget_begun",
    "middle",
    "positions",
    "put",
    "put_all",
    "ranges",
    "referring",
    "remove",
    "remove_stay",
    "revision",
    "series",
    "stand_again",
    "stays",
    "stood",
    "write_stay",
]
