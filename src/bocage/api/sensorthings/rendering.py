"""Entities as JSON: properties, links, and what was expanded below them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from bocage.api.sensorthings import newest, several
from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings.fetching import counted, fetched
from bocage.api.sensorthings.matching import arranged, compared, keyed, matching
from bocage.api.sensorthings.model import COUNT, DATASTREAM, ID, MULTI, NAVIGATION, NEXT, OBSERVATION, SELF, TYPES
from bocage.api.sensorthings.observing import Scope, planned
from bocage.api.sensorthings.options import Options, following, unsound
from bocage.api.sensorthings.reading import Reading, Shown
from bocage.domain.observation import Columns
from bocage.store.columns import picked

Document = dict[str, Any]
QUESTION: Final = 100  # entities that one question to the log counts as


class Rendering:
    """Answers with what one request may read."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def collection(self, type_name: str, items: Sequence[Shown], options: Options, address: str) -> Document:
        """A page of entities. `address`: of the collection, for the link to the next page."""
        found = matching(self.reading, type_name, items, options.filter)
        if not options.order and options.token is None:
            if not _arranged(address):
                found.sort(key=_number)
            page, rest = found[options.skip :][: options.page], len(found) - options.skip
            ending: tuple[Any, ...] = (_number(page[-1]),) if page else ()
        else:
            page, rest, ending = self._ordered(type_name, found, options)
        document = self._counted(options, lambda: len(found))
        document["value"] = self._entities(page, options)
        if rest > len(page) and page:
            document[NEXT] = following(address, options, ending)
        return document

    def _ordered(
        self, type_name: str, found: Sequence[Shown], options: Options
    ) -> tuple[list[Shown], int, tuple[Any, ...]]:
        """A page in the order asked for, how many there are from its beginning on, and the keys of its last one."""
        keys = keyed(self.reading, type_name, found, options.order)
        downs = [down for _node, down in options.order]
        places, token = arranged(keys, downs), options.token
        places = places[options.skip :] if token is None else _after(keys, places, downs, token)
        page = places[: options.page]
        return [found[place] for place in page], len(places), keys[page[-1]] if page else ()

    def _counted(self, options: Options, count: Any) -> Document:
        return {COUNT: count()} if options.count else {}

    def _entities(self, page: Sequence[Shown], options: Options) -> Any:
        inner = options.expand.get("Observations")
        if inner is None or not page or page[0][1].type != DATASTREAM or not newest.alone(inner):
            return [self.entity(shown, options) for shown in page]
        latest = newest.of(self.reading, page, inner)
        if len(options.expand) == 1 and set(options.select) in ({ID}, {"id"}):
            self.reading.spend(len(page))
            return latest.listed([item.id for _view, item in page])
        return [self.entity(shown, options, latest.documents) for shown in page]

    def entity(self, shown: Shown, options: Options, latest: Mapping[int, Document] | None = None) -> Document:
        """One entity with what was expanded. `latest`: observations that are at hand already, by series."""
        self.reading.spend()
        _view, item = shown
        kind = TYPES[item.type]
        address = self.reading.link(item, kind.collection)
        document: Document = {}
        wanted = options.select
        if not wanted or ID in wanted or "id" in wanted:
            document[ID] = item.id
        if not wanted or SELF in wanted:
            document[SELF] = address
        chosen = {one.partition("/")[0] for one in wanted}
        if not wanted or not chosen.isdisjoint(kind.properties):
            known = self.reading.properties(item)
            document |= {name: value for name, value in known.items() if not wanted or name in chosen}
        for name in kind.navigation:
            if name in options.expand:
                document |= self._expanded(shown, name, options.expand[name], latest)
            elif not wanted or name in chosen:
                document[name + NAVIGATION] = f"{address}/{name}"
        return document

    def _expanded(self, shown: Shown, name: str, options: Options, latest: Mapping[int, Document] | None) -> Document:
        view, item = shown
        way = TYPES[item.type].navigation[name]
        address = f"{self.reading.link(item, TYPES[item.type].collection)}/{name}"
        if way.target == OBSERVATION:
            if latest is not None:
                return latest.get(item.id) or {name: []}
            inner = self.observations(self.reading.scope(shown), options, address)
        else:
            linked = [(view, one) for one in view.linked(item, name)]
            if not way.many:
                return {name: self.entity(linked[0], options)} if linked else {name: None}
            inner = self.collection(way.target, linked, options, address)
        return {name if key == "value" else name + key: value for key, value in inner.items()}

    def observations(self, scope: Scope, options: Options, address: str) -> Document:
        """A page of observations."""
        self.reading.spend(QUESTION)
        plan = planned(scope, options.filter, options.order, self.reading)
        page = fetched(self.reading.store, plan, options.page, options.skip, options.token)
        document = self._counted(options, lambda: counted(self.reading.store, plan))
        if options.arrays:
            joint = self._joint(page.rows) if self.reading.leads else None
            document["value"] = observed.arrays(page.rows, self.reading.base, options.select, joint)
        elif options.expand or self.reading.leads:
            document["value"] = self._rows(scope, page.rows, options)
        else:
            document["value"] = observed.listed(page.rows, self.reading.base, options.select)
        if page.token:
            document[NEXT] = following(address, options, page.token)
        return document

    def rows(self, rows: Columns) -> list[msgspec.Raw]:
        """Observations as they are told to whoever asks nothing more of them."""
        return self._rows((), rows, Options())

    def _joint(self, rows: Columns) -> observed.Joint:
        """Of the series of these rows that are told with others: where, and the arrays that are their results."""
        found = {}
        for number in set(rows.datastream.tolist()) & set(self.reading.leads):
            item = self.reading.leads[number]
            mine = picked(rows, np.flatnonzero(rows.datastream == number))
            address = f"{TYPES[item.type].collection}({item.id})"
            found[number] = (address, several.results(self.reading.store, mine, item))
        return found

    def _rows(self, scope: Scope, rows: Columns, options: Options) -> list[msgspec.Raw]:
        if not self.reading.leads or set(rows.datastream.tolist()).isdisjoint(self.reading.leads):
            return self._plain(scope, rows, options)
        told: dict[int, msgspec.Raw] = {}
        for number in dict.fromkeys(rows.datastream.tolist()):
            at = np.flatnonzero(rows.datastream == number)
            mine, joint = picked(rows, at), self.reading.leads.get(number)
            results = None if joint is None else several.results(self.reading.store, mine, joint)
            told.update(zip(at.tolist(), self._plain(scope, mine, options, results), strict=True))
        return [told[place] for place in range(len(rows))]

    def _plain(
        self, scope: Scope, rows: Columns, options: Options, results: list[str] | None = None
    ) -> list[msgspec.Raw]:
        """Rows of which none or all are told with those of other series, whose `results` are arrays then."""
        if not options.expand or not len(rows):
            return observed.objects(rows, self.reading.base, options.select, results=results)
        streams = {section.stream.id: (view, section.stream) for view, section in scope if section.stream is not None}
        linked: dict[str, list[bytes]] = {}
        for name, inner in options.expand.items():
            if name == (MULTI if results is None else DATASTREAM):
                continue
            made: dict[int, bytes] = {}
            linked[name] = [
                self._row_linked(streams[number], picked(rows, slice(place, place + 1)), (name, inner), made)
                for place, number in enumerate(rows.datastream.tolist())
            ]
        return observed.objects(rows, self.reading.base, options.select, linked, results)

    def _row_linked(self, stream: Shown, row: Columns, way: tuple[str, Options], made: dict[int, bytes]) -> bytes:
        name, options = way
        found = self.reading.hung(stream, row, name)
        if found is None:
            return b"null"
        number = found[1].id
        if number not in made:
            made[number] = msgspec.json.encode(self.entity(found, options))
        return made[number]

    def observation(self, stream: Shown, row: Columns, options: Options) -> msgspec.Raw:
        """One observation."""
        view, item = stream
        scope = [(view, section) for _view, section in self.reading.scope((view, item))]
        return self._rows(scope, row, options)[0]


def _arranged(address: str) -> bool:
    """Whether entities have an order of their own: the properties that a MultiDatastream observes."""
    return address.endswith("/ObservedProperties") and f"/{TYPES[MULTI].collection}(" in address


def _number(shown: Shown) -> int:
    return shown[1].id


def _after(
    keys: Sequence[tuple[Any, ...]], places: list[int], downs: Sequence[bool], token: tuple[Any, ...]
) -> list[int]:
    if len(token) != len(downs) + 1 or any(isinstance(one, list | dict) for one in token):
        raise unsound()
    return [place for place in places if compared(keys[place], token, downs) > 0]
