"""What one reader is shown: which entities of which territories, which fields of them, whose observations."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import msgspec

from bocage import registers
from bocage.accounts import rights
from bocage.accounts.rights import ANYONE, Machine, Right
from bocage.api.asking import Asking, known_of
from bocage.api.parts import Parts
from bocage.api.sensorthings.model import (
    DATASTREAM,
    FEATURE,
    LOCATION,
    MULTI,
    OBSERVATION,
    PROPERTY,
    SENSOR,
    STAY,
    THING,
    TYPES,
)
from bocage.api.sensorthings.remembered import Towns
from bocage.api.sensorthings.town import Item, Items, Town
from bocage.domain.dataset import Dataset
from bocage.domain.errors import Missing
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.text import message as _
from bocage.ingest.facts import gather
from bocage.publish.knowledge import Known
from bocage.publish.publication import State


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """How far a reader sees in a territory. `whole`: every entity with every field; `own`: numbers of the series it has
    a right on, seen with all that they hang on; `readable`: of those whose observations it may read; `source`: the one
    its token writes to."""

    whole: bool = False
    source: str = ""
    own: frozenset[int] = frozenset()
    readable: frozenset[int] = frozenset()


class View(msgspec.Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """A territory as a reader sees it."""

    town: Town
    level: Level

    @cached_property
    def items(self) -> Mapping[str, Mapping[int, Item]]:
        """Everything shown, by type and number."""
        return {name: self._shown(name) for name in (*TYPES,) if name != OBSERVATION}

    @cached_property
    def by_number(self) -> Mapping[str, Sequence[tuple["View", Item]]]:
        """The same as collections give them, by number."""
        return {name: [(self, held[number]) for number in sorted(held)] for name, held in self.items.items()}

    @cached_property
    def readable(self) -> tuple[int, ...]:
        """Numbers of the series whose observations are shown, sorted; of those told as one, the first."""
        return tuple(sorted((self.level.readable & set(self.items[DATASTREAM])) | set(self.leads)))

    def reads(self, number: int) -> bool:
        """Whether the observations of a series are shown, by its number."""
        return number in self._readable

    @property
    def ready(self) -> bool:
        """Whether what it shows was worked out."""
        return "_readable" in self.__dict__

    @cached_property
    def _readable(self) -> frozenset[int]:
        return frozenset(self.readable)

    @cached_property
    def leads(self) -> Mapping[int, Item]:
        """What tells several series as one and is shown with its observations, by the number of its first series."""
        return {
            item.parts[0].id: item
            for item in self.items[MULTI].values()
            if all(one.id in self.level.readable for one in item.parts)
        }

    def shows(self, item: Item) -> bool:
        """Whether an entity is shown."""
        return item.id in self.items[item.type]

    def linked(self, item: Item, navigation: str) -> Items:
        """What a navigation leads to, as far as it is shown."""
        return tuple(one for one in self.town.linked(item, navigation) if self.shows(one))

    def full(self, item: Item) -> bool:
        """Whether the fields are shown that agents write for themselves."""
        return self.level.whole or self.owns(item)

    def owns(self, item: Item) -> bool:
        """Whether the reader has a right on every series that hangs on an entity."""
        return all(one.id in self.level.own for one in self.streams(item)) and bool(self.level.own or self.level.source)

    def streams(self, item: Item) -> Items:
        """The series that hang on an entity."""
        if item.type in (DATASTREAM, MULTI):
            return item.parts or (item,)
        if item.type in (LOCATION, STAY):
            way = "Things" if item.type == LOCATION else THING
            things = self.town.linked(item, way)
            return tuple(stream for thing in things for stream in self.town.linked(thing, "Datastreams"))
        return self.town.linked(item, "Datastreams")

    def _shown(self, name: str) -> dict[int, Item]:
        found = self.town.items[name]
        if name == DATASTREAM and self.town.joint:  # what is told together is not told twice
            found = {number: item for number, item in found.items() if number not in self.town.joint}
        if self.level.whole:
            return dict(found)
        told = _TOLD[name]
        return {number: item for number, item in found.items() if told(self, item) or self._mine(item)}

    def _mine(self, item: Item) -> bool:
        """Whoever has a right on series sees what they hang on; a sender sees too what hangs on no series yet."""
        if not self.level.own and not self.level.source:
            return False
        streams = self.streams(item)
        return any(one.id in self.level.own for one in streams) or bool(not streams and self.level.source)

    def seen(self, slug: str) -> bool:
        """Whether everyone is told of a thing."""
        return slug in self.town.known.sight.seen

    def _thing_told(self, item: Item) -> bool:
        """Whether everyone is told of a thing; of one that carries nothing yet, nobody knows whom it concerns."""
        open_to_all = isinstance(item.body, Thing) and item.body.public_space
        return self.seen(item.slug) and (open_to_all or bool(self.streams(item)))

    def _stream_told(self, item: Item) -> bool:
        return all(isinstance(one.body, Datastream) and self.seen(one.body.thing) for one in self.streams(item))

    def _place_told(self, item: Item) -> bool:
        """A place is told when all things that stand or stood there are."""
        stood = [
            thing for one in self.town.linked(item, "HistoricalLocations") for thing in self.town.linked(one, THING)
        ]
        things = [*self.town.linked(item, "Things"), *stood]
        named = getattr(item.body, "things", ())
        return bool(things) and all(self.seen(one.slug) for one in things) and all(self.seen(one) for one in named)

    def _stay_told(self, item: Item) -> bool:
        return all(self.seen(one.slug) for one in self.town.linked(item, THING))

    def _feature_told(self, item: Item) -> bool:
        streams = self.streams(item)
        return bool(streams) and all(self._stream_told(one) for one in streams)


_TOLD = {
    THING: View._thing_told,
    DATASTREAM: View._stream_told,
    MULTI: View._stream_told,
    LOCATION: View._place_told,
    STAY: View._stay_told,
    SENSOR: lambda _view, _item: True,
    PROPERTY: lambda _view, _item: True,
    FEATURE: View._feature_told,
}


class Sights:
    """How readers see the towns of the instance.

    Changes of declarations and entities are known at once; the day, what values showed of persons and new territories
    within a second.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts, self._towns = parts, parts.shelf.of(Towns)

    def of(self, who: Asking, territory: str = "") -> tuple[View, ...]:
        """The territories a reader is shown: all of this instance, or one; Missing when there is none of that name."""
        parts = self._parts
        names = [territory] if territory else self._towns.names(parts.clock(), registers.territories)
        return tuple(self._view(name, who) for name in names)

    def ready(self, who: Asking, territory: str = "") -> tuple[View, ...]:
        """The same for readers whom memory knows, as far as it was worked out already: no table is looked at."""
        now = self._parts.clock()
        found = (self._towns.ready(name, now) for name in ([territory] if territory else self._towns.known(now)))
        views = (self._towns.seen(town, _level(town, who)) for town in found if town is not None)
        return tuple(view for view in views if view is not None and view.ready)

    def view(self, territory: str, machine: Machine, *, within: bool = False) -> View:
        """A territory as a machine is shown it. `within`: a transaction is open whose changes it is to see."""
        who = Asking(actor=ANYONE, machine=machine)
        if not within:
            return self._view(territory, who)
        town = Town(Known(facts=gather(territory, self.town(territory).known.facts.today)))
        return View(town=town, level=_level(town, who))

    def town(self, territory: str) -> Town:
        """The entities of a territory now."""
        return self._towns.town(territory, self._parts.clock(), lambda: known_of(self._parts, territory))

    def _view(self, territory: str, who: Asking) -> View:
        town = self.town(territory)
        level = _level(town, who)
        view: View = self._towns.view(town, level, lambda: View(town=town, level=level))
        return view


def _level(town: Town, who: Asking) -> Level:
    known, territory = town.known, town.slug
    if who.machine is not None:
        machine = who.machine
        if machine.territory != territory:
            return Level(readable=known.opened)
        granted = _granted(known, machine.datasets)
        mine = town.of_sources.get(machine.source, frozenset()) if machine.source else granted
        return Level(source=machine.source, own=mine, readable=known.opened | granted if granted else known.opened)
    reach = rights.reach(who.actor, Right.READ_DATA, territory)
    if not reach.whole and not reach.grants:
        return Level(whole=rights.may(who.actor, Right.READ_REGISTERS, territory), readable=known.opened)
    mine = frozenset(
        stream.id
        for stream in known.facts.all(Datastream).values()
        if reach.covers(source=stream.source, service=_service(known, stream), dataset=stream.dataset)
    )
    whole = rights.may(who.actor, Right.READ_REGISTERS, territory)
    return Level(whole=whole, own=mine, readable=known.opened | mine)


def _granted(known: Known, datasets: Sequence[str]) -> frozenset[int]:
    """The series of granted datasets; what a commitment refuses leaves by this door for nobody."""
    found = (known.publications.get(slug) for slug in datasets)
    return frozenset(number for one in found if one and one.state is not State.REFUSED for number in one.numbers)


def _service(known: Known, stream: Datastream) -> str:
    dataset = known.facts.one(Dataset, stream.dataset)
    return dataset.service if dataset else ""


def owner(views: Sequence[View], item: Item) -> View:
    """The view an entity belongs to."""
    for view in views:
        if view.items[item.type].get(item.id) is item:
            return view
    raise Missing(_("an entity that is shown"), str(item.id))
