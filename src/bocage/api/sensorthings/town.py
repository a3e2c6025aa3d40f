"""The entities of one territory as SensorThings knows them, and how they hang together; made again when they change."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

import msgspec

from bocage import sensing
from bocage.api.sensorthings.model import BODIES, DATASTREAM, FEATURE, LOCATION, MULTI, PROPERTY, SENSOR, STAY, THING
from bocage.domain.instant import EARLIEST, to_ms
from bocage.domain.sensing import (
    Datastream,
    Entity,
    FeatureOfInterest,
    Location,
    MultiDatastream,
    Thing,
)
from bocage.publish.knowledge import Known

PLACE: Final = 1 << 32  # locations that a thing's own position makes: 2^32 + the number of its stay
FEATURE_OF_LOCATION: Final = 1 << 32  # features that a location makes: 2^32 + its number
FEATURE_OF_PLACE: Final = 1 << 33  # features that a thing's own position makes: 2^33 + the number of its stay


class Item(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One entity. `body`: what is declared of it; `stay` and `thing`: what it is made of when nobody declared it;
    `parts`: the series that are told as one, in their order."""

    type: str
    id: int
    slug: str = ""
    body: Entity | None = None
    stay: sensing.Stay | None = None
    thing: "Item | None" = None
    parts: tuple["Item", ...] = ()


Items = tuple[Item, ...]
Since = tuple[int, Item]


class Town:
    """All entities of a territory, whoever may see them."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.slug = known.facts.slug
        self.items: dict[str, dict[int, Item]] = {name: {} for name in (*BODIES, STAY)}
        self._named: dict[str, dict[str, Item]] = {name: {} for name in BODIES}
        self._links: dict[tuple[str, str, int], list[Item]] = {}
        self._stays: dict[int, list[sensing.Stay]] = {}
        self._features: dict[int, tuple[Since, ...]] = {}
        self._others: dict[int, Items] = {}
        self.joint: dict[int, Item] = {}
        """The entity that tells a series together with others, by the number of the series."""
        for name, body in BODIES.items():
            for slug, entity in known.facts.all(body).items():
                if name != MULTI:
                    self._add(Item(type=name, id=entity.id, slug=slug, body=entity), slug)
        self._series()
        self._together()
        self._standing()
        self._observed()

    def named(self, type_name: str, slug: str) -> Item | None:
        """The entity of that name, if any."""
        return self._named[type_name].get(slug)

    def linked(self, item: Item, navigation: str) -> Items:
        """What a navigation leads to; observations are not kept here."""
        return tuple(self._links.get((item.type, navigation, item.id), ()))

    def features(self, number: int) -> tuple[Since, ...]:
        """What the observations of a datastream are about, each from which time on; none when nothing says so."""
        return self._features.get(number, ())

    def others(self, number: int) -> Items:
        """What single observations of a datastream name instead."""
        return self._others.get(number, ())

    def feature_at(self, number: int, start: int) -> Item | None:
        """What an observation of that datastream, that starts then, is about."""
        found = None
        for since, item in self.features(number):
            if found is None or since <= start:
                found = item
        return found

    @cached_property
    def of_sources(self) -> Mapping[str, frozenset[int]]:
        """Numbers of the series of each source."""
        found: dict[str, set[int]] = {}
        for item in self.items[DATASTREAM].values():
            found.setdefault(item.body.source if isinstance(item.body, Datastream) else "", set()).add(item.id)
        return {source: frozenset(numbers) for source, numbers in found.items()}

    def _add(self, item: Item, slug: str = "") -> Item:
        self.items[item.type][item.id] = item
        if slug:
            self._named[item.type][slug] = item
        return item

    def _link(self, one: Item, navigation: str, other: Item, back: str) -> None:
        self._links.setdefault((one.type, navigation, one.id), []).append(other)
        self._links.setdefault((other.type, back, other.id), []).append(one)

    def _series(self) -> None:
        ways = ((THING, "thing"), (SENSOR, "sensor"), (PROPERTY, "observed_property"))
        for item in sorted(self.items[DATASTREAM].values(), key=lambda one: one.id):
            for name, field in ways:
                other = self.named(name, getattr(item.body, field))
                if other is not None:
                    self._link(item, name, other, "Datastreams")

    def _together(self) -> None:
        """Series that are told as one: all there, of one thing, and no other entity tells them."""
        for slug, body in sorted(self.known.facts.all(MultiDatastream).items(), key=lambda one: one[1].id):
            found = [self.named(DATASTREAM, name) for name in body.datastreams]
            parts = tuple(one for one in found if one is not None and one.id not in self.joint)
            if len(parts) < len(found) or len({getattr(one.body, "thing", "") for one in parts}) > 1:
                continue
            item = self._add(Item(type=MULTI, id=body.id, slug=slug, body=body, parts=parts), slug)
            self.joint |= {one.id: item for one in parts}
            for name, back in ((THING, THING), (SENSOR, SENSOR), (PROPERTY, "ObservedProperties")):
                every = [other for one in parts for other in self.linked(one, name)]
                held = every if name == PROPERTY else every[:1]
                self._links[MULTI, back, item.id] = held
                for other in dict.fromkeys(held):
                    self._links.setdefault((other.type, "MultiDatastreams", other.id), []).append(item)

    def stays(self, thing: Item) -> list[sensing.Stay]:
        """Where a thing stood, oldest first."""
        return self._stays.get(thing.id, [])

    def _standing(self) -> None:
        """Locations that hold, stays, and the places that things say of themselves."""
        for slug, stays in sensing.stays(self.slug, self.known.facts.borne).items():
            thing = self.named(THING, slug)
            if thing is not None:
                self._stood(thing, stays)
        standing: dict[str, list[Item]] = {}
        for place in list(self.items[LOCATION].values()):
            for slug in place.body.things if isinstance(place.body, Location) else ():
                standing.setdefault(slug, []).append(place)
        for thing in self.items[THING].values():
            for place in self._present(thing, standing.get(thing.slug, [])):
                self._link(thing, "Locations", place, "Things")

    def _stood(self, thing: Item, stays: list[sensing.Stay]) -> None:
        """The former places of a thing; what says together where it stood is one entity."""
        begun: dict[int, Item] = {}
        for stay in stays:
            if stay.location in self.items[LOCATION] or None not in stay.spot:
                self._stays.setdefault(thing.id, []).append(stay)
                number = stay.beside or stay.number
                if number not in begun:
                    begun[number] = self._add(Item(type=STAY, id=number, stay=stay))
                    self._link(begun[number], THING, thing, "HistoricalLocations")
                self._link(begun[number], "Locations", self._place(stay, thing), "HistoricalLocations")

    def _place(self, stay: sensing.Stay, thing: Item) -> Item:
        declared = self.items[LOCATION].get(stay.location or PLACE + stay.number)
        return declared or self._add(Item(type=LOCATION, id=PLACE + stay.number, stay=stay, thing=thing))

    def _present(self, thing: Item, standing: list[Item]) -> list[Item]:
        """Where a thing stands: its newest stay says whether locations do, or its own position."""
        stays = self._stays.get(thing.id, [])
        moved = isinstance(thing.body, Thing) and stays and thing.body.location == stays[-1].spot
        if moved and not stays[-1].location:
            return [self._place(stays[-1], thing)]
        return standing

    def _observed(self) -> None:
        """What each series is about: a feature it names, or the places of its thing as it stood."""
        for item in self.items[DATASTREAM].values():
            body = item.body
            named = self.named(FEATURE, body.feature) if isinstance(body, Datastream) and body.feature else None
            self._features[item.id] = ((EARLIEST, named),) if named else tuple(self._about(item))
            if isinstance(body, Datastream) and body.features:
                found = (self.named(FEATURE, slug) for slug in body.features)
                self._others[item.id] = tuple(one for one in found if one is not None)
            all_of = [*(one for _since, one in self._features[item.id]), *self.others(item.id)]
            for feature in {one.id: one for one in all_of}.values():
                self._link(feature, "Datastreams", item, "Features")

    def _about(self, stream: Item) -> Iterator[Since]:
        for thing in self.linked(stream, THING):
            stays = self._stays.get(thing.id, [])
            for stay in stays:
                yield to_ms(stay.at), self._feature(self._place(stay, thing))
            if not stays:
                for place in self.linked(thing, "Locations")[:1]:
                    yield EARLIEST, self._feature(place)

    def _feature(self, place: Item) -> Item:
        """What is observed where nothing else is named: the place of the thing."""
        number = FEATURE_OF_LOCATION + place.id if place.body else FEATURE_OF_PLACE - PLACE + place.id
        made = Item(type=FEATURE, id=number, slug=place.slug, body=place.body, stay=place.stay, thing=place.thing)
        return self.items[FEATURE].get(number) or self._add(made)


def geometry(item: Item) -> dict[str, Any]:
    """The GeoJSON of a location or of what is observed; empty when nobody gave one."""
    if isinstance(item.body, Location | FeatureOfInterest):
        return item.body.geometry
    if item.stay is not None and None not in item.stay.spot:
        return {"type": "Point", "coordinates": list(item.stay.spot)}
    return {}
