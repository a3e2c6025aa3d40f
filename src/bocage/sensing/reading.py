"""Questions about entities: one, all, the series of a source, who points to whom, what the log mirrors."""

import math
from collections.abc import Mapping
from datetime import datetime

import msgspec

from bocage.domain.nature import Nature
from bocage.domain.replacement import MeterChange
from bocage.domain.sensing import Datastream, Sensor, Thing
from bocage.domain.territory import Territory
from bocage.sensing import tables
from bocage.sensing.shape import KINDS, Placed, placed, table_of
from bocage.store.protocol import Series

# Where a territory declared no zone, days begin as the struct itself says.
_ZONE = next(field.default for field in msgspec.structs.fields(Territory) if field.name == "time_zone")


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a thing stood from an instant on; None when it had no position."""

    since: datetime
    location: tuple[float, float] | None


def find(territory: str, kind: str, slug: str) -> Placed | None:
    """One entity by its name."""
    row = tables.rows(table_of(kind)).filter(territory=territory, slug=slug).first()
    return placed(kind, row) if row else None


def every(territory: str, kind: str) -> list[Placed]:
    """All entities of a kind in a territory, by slug."""
    return [placed(kind, row) for row in tables.rows(table_of(kind)).filter(territory=territory).order_by("slug")]


def by_number(number: int) -> Placed | None:
    """The datastream of a number in the log."""
    row = tables.Datastream.objects.filter(id=number).first()
    return placed(Datastream.kind, row) if row else None


def datastreams(territory: str, *, thing: str = "", source: str = "", dataset: str = "") -> list[Placed]:
    """Datastreams of a territory, of one thing, one source, one dataset, or what is asked of these together."""
    asked = {name: slug for name, slug in (("thing", thing), ("source", source), ("dataset", dataset)) if slug}
    rows = tables.Datastream.objects.filter(territory=territory, **asked).order_by("slug")
    return [placed(Datastream.kind, row) for row in rows]


def by_key(territory: str, source: str) -> dict[str, Placed]:
    """Datastreams of a source by the name it gives them."""
    rows = tables.Datastream.objects.filter(territory=territory, source=source)
    return {row.key: placed(Datastream.kind, row) for row in rows}


def ranges(territory: str) -> dict[int, tuple[float, float]]:
    """The least and the greatest plausible value of each datastream that says one of them, by number."""
    found = ((one.id, one.entity) for one in every(territory, Datastream.kind))
    return {
        number: (
            -math.inf if entity.minimum is None else entity.minimum,
            math.inf if entity.maximum is None else entity.maximum,
        )
        for number, entity in found
        if isinstance(entity, Datastream) and (entity.minimum, entity.maximum) != (None, None)
    }


def numbers_of(row: tables.Entity) -> list[int]:
    """The number of a thing, and those of the things that turned out to be this one."""
    thing = placed(Thing.kind, row).entity
    merged = thing.merged if isinstance(thing, Thing) else ()
    former = tables.Retired.objects.filter(kind=Thing.kind, territory=row.territory, slug__in=merged)
    return [row.id, *former.values_list("number", flat=True)]


def positions(territory: str, thing: str) -> list[Position]:
    """Where a thing stood, under each of its names, oldest first."""
    row = tables.Thing.objects.filter(territory=territory, slug=thing).first()
    if row is None:
        return []
    rows = tables.HistoricalLocation.objects.filter(thing__in=numbers_of(row)).order_by("since", "id")
    return [
        Position(
            since=row.since,
            location=None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude),
        )
        for row in rows
    ]


def changed(territory: str, kind: str) -> datetime | None:
    """When the entities of a kind that are there were changed last."""
    found = tables.rows(table_of(kind)).filter(territory=territory)
    return found.order_by("-at").values_list("at", flat=True).first()


def count(territory: str) -> dict[str, int]:
    """How many entities of each kind."""
    return {kind: tables.rows(table_of(kind)).filter(territory=territory).count() for kind in KINDS}


def referring(territory: str, kind: str, slug: str) -> list[tuple[str, str]]:
    """(kind, slug) of the entities that point to this one, or to this source or dataset."""
    found: list[tuple[str, str]] = []
    column = kind.replace("-", "_")
    if column in ("thing", "sensor", "observed_property", "source", "dataset"):
        rows = tables.Datastream.objects.filter(territory=territory, **{column: slug})
        found += [(Datastream.kind, name) for name in rows.order_by("slug").values_list("slug", flat=True)]
    if kind == Sensor.kind:
        found += [
            (Datastream.kind, name) for name in _formerly(territory, slug) if (Datastream.kind, name) not in found
        ]
    if column == "thing":
        standing = tables.Standing.objects.filter(territory=territory, thing=slug)
        found += [("location", name) for name in standing.order_by("location").values_list("location", flat=True)]
    return found


def _formerly(territory: str, sensor: str) -> list[str]:
    """The series that a sensor measured before it was replaced."""
    streams = ((one.slug, one.entity) for one in every(territory, Datastream.kind))
    return [
        slug
        for slug, stream in streams
        if isinstance(stream, Datastream) and any(one.former == sensor for one in stream.replacements)
    ]


def series(territory: str | None = None, *, zones: Mapping[str, str]) -> list[Series]:
    """What the log mirrors of the datastreams of a territory, or of all; `zones` by territory, as declared."""
    asked = {"territory": territory} if territory is not None else {}
    things = {
        (place, slug): number
        for place, slug, number in tables.Thing.objects.filter(**asked).values_list("territory", "slug", "id")
    }
    natures = {str(nature): nature for nature in Nature}
    rows = tables.Datastream.objects.filter(**asked).order_by("id").values_list("id", "territory", "nature", "thing")
    changes = _changes(asked)
    return [
        Series(
            number=number,
            territory=place,
            nature=natures[nature],
            zone=zones.get(place, _ZONE),
            thing=things.get((place, thing), 0),
            changes=changes.get(number, ()),
        )
        for number, place, nature, thing in rows
    ]


def _changes(asked: Mapping[str, str]) -> dict[int, tuple[MeterChange, ...]]:
    """Where meters were changed, by number of the datastream."""
    rows = tables.Datastream.objects.filter(**asked, nature=Nature.INDEX.value)
    streams = ((row.id, placed(Datastream.kind, row).entity) for row in rows)
    return {number: stream.changes for number, stream in streams if isinstance(stream, Datastream) and stream.changes}
