"""Counts of a feed of GBFS, at the time it says it was updated: stations, and vehicles that stand at none.

No number of a vehicle is read: it would follow whoever rides it.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec
import numpy as np

from bocage.domain.errors import PayloadError
from bocage.domain.plugin import Arrival
from bocage.domain.reading import Decoded, numbers
from bocage.domain.row_errors import RowErrors
from bocage.domain.source import Mapping
from bocage.domain.text import message as _
from bocage.sources.gbfs.document import document

Count = tuple[int, str, float]  # the place in the list, the key, the number
Item = dict[str, Any]

# Of each count of a station: its name in version 3, and before.
STATUS: Final = {
    "vehicles": ("num_vehicles_available", "num_bikes_available"),
    "vehicles-disabled": ("num_vehicles_disabled", "num_bikes_disabled"),
    "docks": ("num_docks_available",),
    "docks-disabled": ("num_docks_disabled",),
}
AFIELD: Final = "free"  # vehicles that stand at no station
MOST: Final = 2**31


def decode(sent: bytes, mapping: Mapping, arrival: Arrival) -> Decoded:
    """The counts of one feed; gbfs.json itself holds none."""
    found = document(sent)
    errors = RowErrors()
    counts = list(_counts(found.data, errors))
    places: dict[str, int] = {}
    key = [places.setdefault(name, len(places)) for _place, name, _number in counts]
    at = np.full(len(counts), found.at, dtype=np.int64)
    readings = numbers(tuple(places), key, at, [number for _place, _name, number in counts])
    row = np.array([place for place, _name, _number in counts], dtype=np.int64)
    return Decoded(readings=msgspec.structs.replace(readings, row=row), errors=errors.told())


def _counts(data: Item, errors: RowErrors) -> Iterator[Count]:
    feeds: dict[str, Callable[[list[tuple[int, Item]], RowErrors], Iterator[Count]]] = {
        "stations": _stations,
        "vehicles": _vehicles,
        "bikes": _vehicles,
    }
    for name, read in feeds.items():
        items = data.get(name)
        if isinstance(items, list):
            yield from read(list(_objects(items, errors)), errors)
            return
    if "feeds" not in data and not any(isinstance(one, dict) and "feeds" in one for one in data.values()):
        raise PayloadError(_("a feed of stations or of vehicles"), found=", ".join(data)[:80])


def _objects(items: list[Any], errors: RowErrors) -> Iterator[tuple[int, Item]]:
    for place, item in enumerate(items):
        if isinstance(item, dict):
            yield place, item
        else:
            errors.one(place, column="", found=type(item).__name__, code="element")


def _stations(items: list[tuple[int, Item]], errors: RowErrors) -> Iterator[Count]:
    """What each station has now, and how many vehicles it can hold."""
    for place, item in items:
        station = item.get("station_id")
        if not isinstance(station, str) or not station.strip():
            errors.one(place, column="station_id", found=type(station).__name__, code="key")
            continue
        for name, fields in (*STATUS.items(), ("capacity", ("capacity",))):
            field = next((field for field in fields if field in item), "")
            if field:
                yield from _one((place, f"{station}/{name}", item[field]), field, errors)
        for one in _list(item, "vehicle_types_available"):
            kind = one.get("vehicle_type_id")
            if isinstance(kind, str) and kind:
                yield from _one((place, f"{station}/vehicles/{kind}", one.get("count")), "count", errors)


def _vehicles(items: list[tuple[int, Item]], errors: RowErrors) -> Iterator[Count]:
    """How many vehicles may be taken that stand at no station, all and of each type."""
    kinds: Counter[str] = Counter()
    total = disabled = 0
    for _place, item in items:
        if item.get("station_id"):
            continue
        if item.get("is_disabled") is True:
            disabled += 1
        elif item.get("is_reserved") is not True:
            total += 1
            kind = item.get("vehicle_type_id")
            kinds.update([kind] if isinstance(kind, str) and kind else [])
    yield 0, f"{AFIELD}/vehicles", float(total)
    yield 0, f"{AFIELD}/vehicles-disabled", float(disabled)
    for kind, count in sorted(kinds.items()):
        yield 0, f"{AFIELD}/vehicles/{kind}", float(count)


def _one(found: tuple[int, str, Any], field: str, errors: RowErrors) -> Iterator[Count]:
    place, key, number = found
    if isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < MOST:
        yield place, key, float(number)
    else:
        errors.one(place, column=field, found=str(number), code="number")


def _list(item: Item, name: str) -> list[Item]:
    found = item.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
