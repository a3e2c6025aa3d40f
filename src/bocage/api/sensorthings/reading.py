"""What one request may read: the territories as its reader sees them, the log, and where links begin."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.binding import Section, sections
from bocage.api.sensorthings.images import Images
from bocage.api.sensorthings.model import DATASTREAM, FEATURE, MULTI
from bocage.api.sensorthings.observing import Scope
from bocage.api.sensorthings.properties import properties
from bocage.api.sensorthings.sight import View
from bocage.api.sensorthings.town import Item
from bocage.domain import beside
from bocage.domain.observation import COUNTER_BITS, DATASTREAM_BITS, Columns
from bocage.domain.text import message as _
from bocage.store.protocol import Extent, Store
from bocage.store.query import Call, Constant, Field, ObservationQuery

Shown = tuple[View, Item]
MOST: Final = 200_000  # entities looked at or rendered for one answer
FEW: Final = 50  # series whose extent is asked for one by one


class Reading(msgspec.Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """`base`: the address of the service, without a slash at its end; `now`: UTC milliseconds; `images`: how newest
    observations were written last."""

    views: tuple[View, ...]
    store: Store
    base: str
    now: int
    images: Images = msgspec.field(default_factory=Images)

    @cached_property
    def _extents(self) -> dict[int, Extent | None]:
        return {}

    @cached_property
    def _known(self) -> dict[int, tuple[Item, dict[str, Any]]]:
        return {}

    @cached_property
    def _spent(self) -> list[int]:
        return [0]

    def spend(self, steps: int = 1) -> None:
        """Count steps of work; 400 for a question whose answer would take many of them."""
        self._spent[0] += steps
        if self._spent[0] > MOST:
            raise Stopped(400, _("This question asks for too much at once: expand less, or ask for fewer entities."))

    def extent(self, view: View, number: int) -> Extent | None:
        """How much a series holds whose observations are shown; many are asked for together."""
        return self.stretch(number) if number in view.level.readable else None

    def stretch(self, number: int) -> Extent | None:
        """How much one of the series holds whose observations are shown."""
        if number not in self._extents:
            wanted = [number] if len(self._extents) < FEW else [one for each in self.views for one in each.readable]
            self._extents.update(dict.fromkeys(wanted))
            self._extents.update({one.datastream: one for one in self.store.extent(wanted)})
        return self._extents[number]

    def properties(self, item: Item) -> Mapping[str, Any]:
        """The properties of an entity as they are answered."""
        kept = self._known.get(id(item))
        if kept is None:
            view = next(one for one in self.views if one.town.items[item.type].get(item.id) is item)
            stream = item.parts[0].id if item.parts else item.id
            extent = self.extent(view, stream) if item.type in (DATASTREAM, MULTI) else None
            kept = self._known[id(item)] = (item, properties(item, view.full(item), extent))
        return kept[1]

    def every(self, type_name: str) -> list[Shown]:
        """All entities of a type that are shown, by number."""
        if len(self.views) == 1:
            return list(self.views[0].by_number[type_name])
        found = [one for view in self.views for one in view.by_number[type_name]]
        return sorted(found, key=lambda one: one[1].id)

    def one(self, type_name: str, number: int) -> Shown | None:
        """The entity of that number, when it is shown."""
        for view in self.views:
            item = view.items[type_name].get(number)
            if item is not None:
                return view, item
        return None

    def scope(self, shown: Shown) -> Scope:
        """The observations of a series, or of what is observed."""
        view, item = shown
        parted = item.type == FEATURE
        return [(view, section) for section in sections(view, item, parted)]

    def observation(self, number: int) -> tuple[Shown, Columns] | None:
        """An observation by its number, with its series; None when there is none that is shown."""
        stream = number >> COUNTER_BITS
        found = self._of_series(stream) if 0 < stream < 1 << DATASTREAM_BITS else None
        if found is None:
            return None
        latest = self.store.latest([stream])
        if len(latest) and int(latest.id[0]) == number:
            return found, latest
        where = Call("eq", (Field("id"), Constant(number)))
        rows = self.store.select(ObservationQuery(datastreams=(stream,), where=where, limit=1))
        return (found, rows) if len(rows) else None

    def _of_series(self, number: int) -> Shown | None:
        """The series of that number, when its observations are shown: of those told as one, the first."""
        for view in self.views:
            if view.reads(number):
                return view, view.town.items[DATASTREAM][number]
        return None

    def joint(self, shown: Shown) -> Item | None:
        """What tells a series together with others."""
        return shown[0].leads.get(shown[1].id)

    @cached_property
    def leads(self) -> Mapping[int, Item]:
        """What tells several series as one, by the number of its first one."""
        return {number: item for view in self.views for number, item in view.leads.items()}

    def hung(self, shown: Shown, rows: Columns, name: str) -> Shown | None:
        """What the first of these observations of a series hangs on, by navigation."""
        if name == FEATURE:
            return self.about(shown, rows)
        joint = self.joint(shown)
        if name == MULTI:
            return None if joint is None else (shown[0], joint)
        return shown if joint is None else None

    def about(self, shown: Shown, rows: Columns) -> Shown | None:
        """What the first of these observations is about."""
        view, item = shown
        named = beside.read(rows.beside[0]).feature if rows.beside is not None else 0
        feature = view.town.items[FEATURE].get(named) if named else None
        feature = feature or view.town.feature_at(item.id, int(rows.start[0]))
        return (view, feature) if feature is not None and view.shows(feature) else None

    def link(self, item: Item, collection: str) -> str:
        """The address of an entity."""
        return f"{self.base}/{collection}({item.id})"


def whole_scope(views: Sequence[View]) -> Scope:
    """Every observation that is shown, series by series."""
    return [
        (view, Section(stream=view.town.items[DATASTREAM][number], joint=view.leads.get(number)))
        for view in views
        for number in view.readable
    ]
