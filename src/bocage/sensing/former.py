"""Where things stood, written by hand: a stay that nobody saw begin, another time or place for one, or none."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bocage import relational
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.sensing import Location, Thing
from bocage.domain.text import message as _
from bocage.sensing import tables
from bocage.sensing.reading import find
from bocage.sensing.revisions import grow
from bocage.sensing.shape import Placed
from bocage.sensing.staying import NOWHERE, middle, write


def forget_begun(place: Key, at: datetime) -> None:
    """Forget what a change began of a thing at this instant: it says itself since when the thing stands there."""
    thing = _found(place.territory, Thing.kind, place.slug)
    tables.HistoricalLocation.objects.filter(thing=thing.id, since=at).delete()


def write_stay(place: Key, locations: Sequence[str], since: datetime, number: int = 0) -> int:
    """A thing stood at these locations from an instant on; the number of the stay. `place`: of the thing; `number`: of
    the stay that becomes this one, 0 for a new one."""
    thing = _found(place.territory, Thing.kind, place.slug)
    stays = tables.HistoricalLocation.objects
    with relational.transaction():
        rows = [_row(thing.id, _found(place.territory, Location.kind, slug), since) for slug in locations]
        if number:
            stays.filter(beside=number).delete()
            stays.update_or_create(id=number, defaults={**rows[0], "beside": None})
            stays.bulk_create(tables.HistoricalLocation(**one, beside=number) for one in rows[1:])
        else:
            number = write([tables.HistoricalLocation(**one) for one in rows])
        grow(place.territory)
    return number


def _row(thing: int, location: Placed, since: datetime) -> dict[str, Any]:
    held = location.entity.geometry if isinstance(location.entity, Location) else {}
    longitude, latitude = middle(held) or NOWHERE
    return {
        "thing": thing,
        "location": location.id,
        "longitude": longitude,
        "latitude": latitude,
        "since": since,
    }


def _found(territory: str, kind: str, slug: str) -> Placed:
    found = find(territory, kind, slug)
    if found is None:
        raise Missing(_("an entity of this name"), f"{kind}/{slug}")
    return found


def remove_stay(territory: str, number: int) -> None:
    """Forget that a thing stood somewhere."""
    with relational.transaction():
        tables.HistoricalLocation.objects.filter(beside=number).delete()
        tables.HistoricalLocation.objects.filter(id=number).delete()
        grow(territory)
