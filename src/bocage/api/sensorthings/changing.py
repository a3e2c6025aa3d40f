"""PATCH, PUT, JSON Patch and links: an entity that is there becomes another, and hangs on others."""

from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings import staying, together
from bocage.api.sensorthings.inserting import NEEDED
from bocage.api.sensorthings.model import (
    BODIES,
    DATASTREAM,
    ID,
    LOCATION,
    MULTI,
    NAVIGATION,
    PROPERTY,
    STAY,
    THING,
    TYPES,
)
from bocage.api.sensorthings.patching import patched
from bocage.api.sensorthings.properties import properties
from bocage.api.sensorthings.stating import Document, stated, whole, wrong
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft
from bocage.domain.sensing import Datastream, Entity, Location
from bocage.domain.text import message as _

STRUCTURAL: Final = ("title", "description", "properties", "geometry", "metadata", "encoding", "definition", "unit")
"""Fields that PUT sets anew where the document says nothing of them."""


def merged(draft: Draft, item: Item, document: Any) -> None:
    """PATCH: what the document says replaces what was there; related entities are named, never written in it."""
    _object(document)
    if item.type == STAY:
        staying.changed(draft, item, document)
        return
    draft.mine(item)
    _linked(draft, item, document)
    body = draft.body(TYPES[item.type].kind, item.slug)
    draft.put(item.slug, stated(item.type, document, body))
    _parts(draft, item, document)


def _parts(draft: Draft, item: Item, document: Document) -> None:
    """What a document says of series that are told as one."""
    for part, fields in zip(item.parts, together.fields(document, len(item.parts)) if item.parts else (), strict=True):
        if fields:
            draft.put(part.slug, msgspec.structs.replace(draft.body(Datastream.kind, part.slug), **fields))


def replaced(draft: Draft, item: Item, document: Any) -> None:
    """PUT: what the document does not say goes back to nothing; 400 when something is missing that must be there."""
    _object(document)
    if item.type == STAY:
        staying.changed(draft, item, {"time": None, **document})
        return
    draft.mine(item)
    whole(item.type, document)
    _linked(draft, item, document)
    body = draft.body(TYPES[item.type].kind, item.slug)
    fresh: Entity = msgspec.structs.replace(body, **_empty(BODIES[item.type]))
    draft.put(item.slug, stated(item.type, document, fresh))
    _parts(draft, item, document)


def _empty(kind: type[Entity]) -> dict[str, Any]:
    """Fields of an entity of which nothing is said; mutable ones are made anew."""
    fields = [field for field in msgspec.structs.fields(kind) if field.name in STRUCTURAL and not field.required]
    return {
        field.name: field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        for field in fields
    }


def operated(draft: Draft, item: Item, operations: Any) -> None:
    """JSON Patch on the properties of an entity."""
    merged(draft, item, differing(properties(item, full=True), operations))


def differing(before: dict[str, Any], operations: Any) -> dict[str, Any]:
    """What operations of a JSON Patch change of a document; null for what they take away."""
    after = patched(before, operations)
    _object(after)
    said = {name: value for name, value in after.items() if before.get(name, msgspec.UNSET) != value}
    return {**said, **{name: None for name in before if name not in after}}


def _object(document: Any) -> None:
    if not isinstance(document, dict):
        raise Stopped(400, _("An entity is a JSON object."))


def _linked(draft: Draft, item: Item, document: Document) -> None:
    """Links the document names; 400 for an entity that is written in it."""
    ways = TYPES[item.type].navigation
    for name, value in document.items():
        plain = name.removesuffix(NAVIGATION)
        if plain not in ways or plain != name:
            continue
        for one in value if ways[name].many and isinstance(value, list) else (value,):
            if not isinstance(one, dict) or ID not in one:
                raise Stopped(400, _("Related entities are named by their id when an entity is changed."))
        if ways[name].many and not isinstance(value, list):
            raise wrong(name)
        numbers = [one[ID] for one in (value if ways[name].many else (value,))]
        link(draft, item, name, [draft.item(ways[name].target, number) for number in numbers])


def link(draft: Draft, item: Item, name: str, others: list[Item]) -> None:
    """Let an entity hang on others: one replaces the former, of many these come in addition."""
    if item.type in (DATASTREAM, MULTI) and name in NEEDED:
        _hang(draft, item, NEEDED[name], others[0].slug)
    elif item.type == MULTI and name == "ObservedProperties":
        _observing(draft, item, others)
    elif name == "Datastreams" or (name == "MultiDatastreams" and item.type != PROPERTY):
        for other in others:
            _hang(draft, other, NEEDED[item.type], item.slug)
    else:
        _standing(draft, item, name, others)


def _observing(draft: Draft, item: Item, properties: list[Item]) -> None:
    """Series that are told as one measure these, in their order."""
    if len(properties) != len(item.parts):
        raise Stopped(400, _("A MultiDatastream has as many units, types and observed properties."))
    for part, other in zip(item.parts, properties, strict=True):
        _hang(draft, part, NEEDED[PROPERTY], other.slug)


def _standing(draft: Draft, item: Item, name: str, others: list[Item]) -> None:
    """Things stand at locations."""
    if item.type == THING and name == "Locations":
        draft.stand(draft.mine(item).slug, [_declared(one).slug for one in others])
    elif item.type == LOCATION and name == "Things":
        for other in others:
            draft.stand(draft.mine(other).slug, [_declared(item).slug])
    else:
        raise Stopped(501, _("This link follows from others and is not written."))


def _hang(draft: Draft, series: Item, field: str, slug: str) -> None:
    """Let a series, or those that are told as one, hang on another entity."""
    for one in draft.mine(series).parts or (series,):
        draft.put(one.slug, msgspec.structs.replace(draft.body(Datastream.kind, one.slug), **{field: slug}))


def _declared(item: Item) -> Item:
    if not isinstance(item.body, Location):
        raise Stopped(409, _("This entity follows from where its thing stands: give the thing a Location."))
    return item


def unlink(draft: Draft, item: Item, name: str, other: Item) -> None:
    """Undo a link that may be undone: a thing stands no longer at a location."""
    thing, place = (item, other) if item.type == THING else (other, item)
    if {item.type, name} not in ({THING, "Locations"}, {LOCATION, "Things"}):
        raise Stopped(400, _("This link must hold as long as the entity does: change it, or delete the entity."))
    draft.mine(thing)
    body = draft.body(Location.kind, _declared(place).slug)
    if isinstance(body, Location):
        rest = tuple(one for one in body.things if one != thing.slug)
        draft.put(place.slug, msgspec.structs.replace(body, things=rest))
