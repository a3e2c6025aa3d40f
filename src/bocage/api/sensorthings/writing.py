"""What one sender writes in one request: the changes it asks for, put together and made all at once or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from bocage import evidence, sensing
from bocage.accounts.rights import Actor, Machine
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import FEATURE, TYPES
from bocage.api.sensorthings.sight import Sights, View
from bocage.api.sensorthings.town import Item, Town
from bocage.domain.declaration import LONGEST_SLUG
from bocage.domain.errors import Invalid, Missing
from bocage.domain.sensing import Datastream, Entity, Location, Thing
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.ingest.headings import slug_of

Place = tuple[str, str]  # kind and slug
BY_BROKER: Final = 0
"""No token has this number: who may write to a topic is said by the broker."""


class Sender(msgspec.Struct, frozen=True, kw_only=True):
    """Who writes: a machine, through the parts of this instance. `base`: the address of the service, for links;
    `within`: a transaction is open, whose changes nobody else sees yet; `creates`: whether it may make and change
    entities, or send observations alone."""

    parts: Parts
    sights: Sights
    machine: Machine
    base: str
    within: bool = False
    creates: bool = True

    @property
    def view(self) -> View:
        """The territory as the sender is shown it now."""
        return self.sights.view(self.territory, self.machine, within=self.within)

    @property
    def town(self) -> Town:
        """The territory's entities now."""
        return self.view.town

    @property
    def at(self) -> datetime:
        """The present."""
        return self.parts.clock()

    @property
    def territory(self) -> str:
        """The territory it writes in."""
        return self.machine.territory


class Draft:
    """Entities as they will stand, by kind and slug, until `made` writes them."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.view = sender.view
        self._puts: dict[Place, Entity] = {}
        self._gone: dict[Place, None] = {}
        self.new: list[Place] = []
        self._past: list[evidence.Asked] = []

    def item(self, type_name: str, number: Any) -> Item:
        """An entity that is there and shown to this sender; 400 for what is no id, 404 for what is not there."""
        if isinstance(number, bool) or not isinstance(number, int):
            raise Stopped(400, _("Ids of entities are whole numbers."))
        found = self.view.items[type_name].get(number)
        if found is None:
            raise Missing(_("an entity of this service"), f"{TYPES[type_name].collection}({number})")
        return found

    def mine(self, item: Item) -> Item:
        """The same entity, when this sender may change it: every series that hangs on it is of its source."""
        if item.body is None or not item.slug:
            raise Stopped(409, _("This entity follows from where its thing stands: give the thing a Location."))
        if item.type == FEATURE and isinstance(item.body, Location):
            raise Stopped(409, _("This feature is the Location of a thing: that Location is changed or deleted."))
        if not self.view.owns(item):
            raise Stopped(403, _("Series of other sources hang on this entity: it is changed at the desk."))
        return item

    def body(self, kind: str, slug: str) -> Entity:
        """An entity as it will stand."""
        held = self._puts.get((kind, slug))
        if held is not None:
            return held
        found = self.view.town.known.facts.declared.get(kind, {}).get(slug)
        if not isinstance(found, Entity):
            raise Missing(_("an entity of this service"), slug)
        return found

    def put(self, slug: str, entity: Entity) -> None:
        """State an entity."""
        self._puts[entity.kind, slug] = entity

    def add(self, entity: Entity) -> str:
        """State a new entity; its name follows from its title."""
        slug = self._free(entity.kind, slug_of(entity.title.fr))  # type: ignore[attr-defined]
        self.put(slug, entity)
        self.new.append((entity.kind, slug))
        return slug

    def former(self) -> Iterator[tuple[str, Entity]]:
        """Entities that were there and are changed, as they stood."""
        for kind, slug in self._puts:
            held = self.view.town.known.facts.declared.get(kind, {}).get(slug)
            if isinstance(held, Entity):
                yield slug, held

    def _free(self, kind: str, wished: str) -> str:
        first = (wished or kind)[: LONGEST_SLUG - 8].strip("-")
        taken = self.view.town.known.facts.declared.get(kind, {})
        slug, number = first, 1
        while slug in taken or (kind, slug) in self._puts:
            number += 1
            slug = f"{first}-{number}"
        return slug

    def past(self, asked: evidence.Asked) -> None:
        """Write down where a thing stood, or forget it."""
        self._past.append(asked)

    def remove(self, kind: str, slug: str) -> None:
        """Take an entity away."""
        self._puts.pop((kind, slug), None)
        self._gone[kind, slug] = None

    def series(self, entity: Entity) -> Entity:
        """A series of this sender: of its source, and of the dataset its source gives to."""
        if not isinstance(entity, Datastream):
            return entity
        source = self.sender.machine.source
        return msgspec.structs.replace(entity, source=source, dataset=entity.dataset or self.dataset())

    def dataset(self) -> str:
        """The dataset of new series: the one the source names, or the one all its series belong to; else none."""
        facts, name = self.view.town.known.facts, self.sender.machine.source
        source = facts.one(Source, name)
        if source is not None and source.dataset:
            return source.dataset
        held = {one.dataset for one in facts.all(Datastream).values() if one.source == name and one.dataset}
        return held.pop() if len(held) == 1 else ""

    def stand(self, thing: str, places: Sequence[str]) -> None:
        """Let a thing stand at these locations, and nowhere else any more."""
        for slug, location in self._locations():
            if thing in location.things and slug not in places:
                rest = tuple(one for one in location.things if one != thing)
                self.put(slug, msgspec.structs.replace(location, things=rest))
        for slug in places:
            body = self.body(Location.kind, slug)
            if isinstance(body, Location) and thing not in body.things:
                self.put(slug, msgspec.structs.replace(body, things=(*body.things, thing)))
        self._point(thing, places)

    def _point(self, thing: str, places: Sequence[str]) -> None:
        body, first = self.body(Thing.kind, thing), self.body(Location.kind, places[0])
        if isinstance(body, Thing) and isinstance(first, Location):
            spot = sensing.middle(first.geometry)
            self.put(thing, msgspec.structs.replace(body, location=spot))

    def _locations(self) -> Iterator[tuple[str, Location]]:
        held: dict[str, Entity] = dict(self.view.town.known.facts.all(Location))
        held |= {slug: one for (kind, slug), one in self._puts.items() if kind == Location.kind}
        for slug, body in held.items():
            if isinstance(body, Location) and (Location.kind, slug) not in self._gone:
                yield slug, body

    @property
    def changes(self) -> list[evidence.Asked]:
        """What is asked for: what goes, then what is stated."""
        gone = [evidence.RemoveEntity(kind=kind, slug=slug) for kind, slug in self._gone]
        puts = (evidence.PutEntity(slug=slug, entity=body) for (_kind, slug), body in self._puts.items())
        return [*gone, *puts, *self._past]

    @property
    def _named(self) -> list[str]:
        return [slug for _kind, slug in (*self._gone, *self._puts)]

    def made(self) -> Mapping[Place, int]:
        """Write everything, through the one door of changes; the number of each entity that was stated, and of each
        stay that was written by its place among them."""
        changes = self.changes
        if not changes:
            return {}
        if not self.sender.creates:
            raise Invalid(_("a source whose messages may create equipment and series"), ", ".join(self._named))
        done = evidence.change(self.sender.territory, acting(self.sender.machine), changes, self.sender.at)
        stays = {("", str(place)): number for place, number in enumerate(done.stays)}
        return {**{(one.kind, one.slug): one.id for one in done.placed}, **stays}


def acting(machine: Machine) -> Actor:
    """A machine never acts as a person: what it writes bears the number of its token, or that it came by a broker."""
    account = "broker" if machine.token == BY_BROKER else f"token {machine.token}"
    return Actor(account=account, name=machine.source)
