"""An entity as a row and back: the columns lists and joins need, and the body with its number and shape."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from bocage.domain.errors import Missing
from bocage.domain.sensing import ENTITIES, Datastream, Entity, Thing
from bocage.domain.text import message as _
from bocage.sensing import tables

KINDS: Final[Mapping[str, type[Entity]]] = {entity.kind: entity for entity in ENTITIES}
TABLES: Final[Mapping[str, type[tables.Entity]]] = {
    entity.kind: getattr(tables, entity.__name__) for entity in ENTITIES
}


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An entity where it stands: `id` is its number within its kind, `version` counts its changes."""

    territory: str
    slug: str
    id: int
    entity: Entity
    at: datetime
    version: int = 1

    @property
    def kind(self) -> str:
        """The kind of the entity."""
        return self.entity.kind


def table_of(kind: str) -> type[tables.Entity]:
    """The table of a kind."""
    try:
        return TABLES[kind]
    except KeyError:
        raise Missing(_("a kind of sensing entity"), kind) from None


def placed(kind: str, row: tables.Entity) -> Placed:
    """The entity of a row, brought to the present shape."""
    return Placed(
        territory=row.territory,
        slug=row.slug,
        id=row.id,
        entity=read(KINDS[kind], row.schema, bytes(row.body)),
        at=row.at,
        version=row.version,
    )


def read(kind: type[Entity], schema: int, body: bytes) -> Entity:
    """The entity of these bytes, whatever the shape they were written in."""
    if schema == kind.schema:
        return msgspec.json.decode(body, type=kind)
    plain = msgspec.json.decode(body)
    for number in range(schema, kind.schema):
        plain = kind.upcasts[number](plain)
    return msgspec.convert(plain, type=kind)


def key_of(slug: str, datastream: Datastream) -> str:
    """What the source calls a datastream."""
    return datastream.key or slug


def columns(slug: str, entity: Entity) -> dict[str, Any]:
    """The values of the row's columns beside its key, number, version and instant."""
    title = entity.title  # type: ignore[attr-defined]  # every entity has one; the class they share does not say so
    found: dict[str, Any] = {
        "title_fr": title.fr,
        "title_en": title.en,
        "schema": entity.schema,
        "body": msgspec.json.encode(entity),
    }
    if isinstance(entity, Thing):
        longitude, latitude = entity.location or (None, None)
        found |= {"longitude": longitude, "latitude": latitude}
        found |= {"place": entity.place, "public_space": entity.public_space}
    if isinstance(entity, Datastream):
        found |= {name: getattr(entity, name) for name in ("thing", "sensor", "observed_property", "source", "dataset")}
        found |= {"key": key_of(slug, entity), "nature": str(entity.nature), "unit": entity.unit.symbol}
    return found
