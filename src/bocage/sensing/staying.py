"""Where things stand and stood: which location each is at, and since when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bocage.domain.sensing import Entity, Location
from bocage.sensing import tables
from bocage.sensing.numbers import CHUNK

Spot = tuple[float | None, float | None]
NOWHERE: Spot = (None, None)


class Stay(msgspec.Struct, frozen=True, kw_only=True):
    """Where a thing stood from an instant on. `thing`: its number then; `location`: the number of the location that
    said so, 0 when the thing itself did; `number`: of the stay, once it is kept; `beside`: of the stay that says with
    it where the thing stood, 0 when it stands alone or first."""

    thing: int
    at: datetime
    spot: Spot
    location: int = 0
    number: int = 0
    beside: int = 0


def begin(stays: Sequence[Stay]) -> None:
    """Write down that things stand elsewhere now; what a thing and its location say in the same change is said once,
    by the location."""
    told: dict[tuple[int, datetime], int] = {}
    for some in (stays[at : at + CHUNK] for at in range(0, len(stays), CHUNK)):
        rows = tables.HistoricalLocation.objects.filter(thing__in=[one.thing for one in some], location=None)
        told |= {(row.thing, row.since): row.id for row in rows if any(one.location for one in some)}
    own = [told[one.thing, one.at] for one in stays if one.location and (one.thing, one.at) in told]
    tables.HistoricalLocation.objects.filter(id__in=own).delete()
    write([_row(one) for one in stays])


def write(rows: Sequence[tables.HistoricalLocation]) -> int:
    """Keep some stays; those of one thing are one. The number of the first."""
    kept = tables.HistoricalLocation.objects.bulk_create(rows)
    first: dict[int, int] = {}
    later = [row for row in kept if first.setdefault(row.thing, row.id) != row.id]
    for row in later:
        row.beside = first[row.thing]
    tables.HistoricalLocation.objects.bulk_update(later, ["beside"])
    return kept[0].id if kept else 0


def _row(stay: Stay) -> tables.HistoricalLocation:
    longitude, latitude = stay.spot
    return tables.HistoricalLocation(
        thing=stay.thing, location=stay.location or None, longitude=longitude, latitude=latitude, since=stay.at
    )


def stand(territory: str, placed: Mapping[str, tuple[int, datetime, Entity]]) -> None:
    """Things stand at these locations now, by slug: (number, since when, the location); a new one begins a stay."""
    before = set()
    for slug in placed:
        held = tables.Standing.objects.filter(territory=territory, location=slug)
        before |= {(row.location, row.thing) for row in held}
        held.delete()
    pairs = [
        (slug, thing)
        for slug, (_number, _at, location) in placed.items()
        if isinstance(location, Location)
        for thing in dict.fromkeys(location.things)
    ]
    tables.Standing.objects.bulk_create(
        tables.Standing(territory=territory, location=slug, thing=thing) for slug, thing in pairs
    )
    new = [(slug, thing) for slug, thing in pairs if (slug, thing) not in before]
    numbers = _numbers(territory, sorted({thing for _slug, thing in new}))
    begin([_stay(placed[slug], numbers[thing]) for slug, thing in new if thing in numbers])


def _stay(placed: tuple[int, datetime, Entity], thing: int) -> Stay:
    number, at, location = placed
    geometry = location.geometry if isinstance(location, Location) else {}
    return Stay(thing=thing, at=at, spot=middle(geometry) or NOWHERE, location=number)


def _numbers(territory: str, things: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in (things[at : at + CHUNK] for at in range(0, len(things), CHUNK)):
        rows = tables.Thing.objects.filter(territory=territory, slug__in=some)
        found |= dict(rows.values_list("slug", "id"))
    return found


def middle(geometry: Mapping[str, Any]) -> tuple[float, float] | None:
    """The point of a GeoJSON geometry or feature, or the mean of all its points; None when it has none."""
    held = geometry.get("geometry") if geometry.get("type") == "Feature" else geometry
    points = list(_points(held.get("coordinates") if isinstance(held, Mapping) else None))
    if not points:
        return None
    return sum(x for x, _y in points) / len(points), sum(y for _x, y in points) / len(points)


def _points(coordinates: Any) -> Iterator[tuple[float, float]]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or not coordinates:
        return
    if isinstance(coordinates[0], int | float):
        if len(coordinates) > 1 and isinstance(coordinates[1], int | float):
            yield float(coordinates[0]), float(coordinates[1])
        return
    for one in coordinates:
        yield from _points(one)


def stays(territory: str, borne: Mapping[str, str]) -> dict[str, list[Stay]]:
    """Where each thing stood, oldest first, by its slug. `borne`: the things that bear the names of those merged."""
    things = tables.Thing.objects.filter(territory=territory)
    former = tables.Retired.objects.filter(kind="thing", territory=territory, slug__in=list(borne))
    bearers = dict(things.values_list("id", "slug"))
    bearers |= {number: borne[slug] for number, slug in former.values_list("number", "slug")}
    rows = [
        *tables.HistoricalLocation.objects.filter(thing__in=things.values("id")),
        *tables.HistoricalLocation.objects.filter(thing__in=former.values("number")),
    ]
    found: dict[str, list[Stay]] = {}
    for row in rows:
        found.setdefault(bearers[row.thing], []).append(_kept(row))
    return {slug: sorted(held, key=lambda one: (one.at, one.number)) for slug, held in found.items()}


def _kept(row: tables.HistoricalLocation) -> Stay:
    spot = (row.longitude, row.latitude)
    place = {"location": row.location or 0, "number": row.id, "beside": row.beside or 0}
    return Stay(thing=row.thing, at=row.since, spot=spot, **place)
