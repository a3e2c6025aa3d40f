"""What everyone may read, published to a broker as it changes (OGC 18-088, clause 14): the newest value stays there.

Observations go to `v1.1/Datastreams(7)/Observations` and to `v1.1/Observations`, entities to `v1.1/Things(3)` and to
`v1.1/Things`, each of their properties to `v1.1/Things(3)/name`. A broker tells nobody which topics are subscribed to:
the selections of `$select` that are published are named beforehand. What is closed or erased later is taken off
the broker.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec
import numpy as np

from bocage.accounts import ANYONE
from bocage.api.asking import Asking
from bocage.api.parts import Parts
from bocage.api.sensorthings import options
from bocage.api.sensorthings.model import (
    DATASTREAM,
    FEATURE,
    ID,
    LOCATION,
    MULTI,
    NAVIGATION,
    OBSERVATION,
    PROPERTY,
    SENSOR,
    THING,
    TYPES,
)  # fmt: skip
from bocage.api.sensorthings.reading import Reading
from bocage.api.sensorthings.rendering import Rendering
from bocage.api.sensorthings.sight import Sights, View
from bocage.domain.instant import to_ms
from bocage.domain.observation import Columns
from bocage.store.columns import picked

ROOT = "/sta/v1.1"
AT_ONCE = 2_000  # rows of the log looked at together
_PASSING: Final = frozenset({"phenomenonTime", "resultTime", "observedArea"})  # these follow from observations
_TYPES = (THING, LOCATION, SENSOR, PROPERTY, DATASTREAM, MULTI, FEATURE)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One message; an empty one that is retained takes off what stood there."""

    topic: str
    body: bytes
    retained: bool = False


class News:
    """What changed since it was last asked; the broker is nobody's business here."""

    def __init__(self, parts: Parts, prefix: str = "", select: Sequence[str] = ()) -> None:
        self._parts, self._sights = parts, Sights(parts)
        self._top = f"{prefix}v1.1"
        self._select = tuple((f"?$select={one}", tuple(one.split(","))) for one in select)
        self._held: dict[str, bytes] = {}  # what stands at the broker, by topic
        self._newest: dict[int, tuple[int, int]] = {}  # number and position of what stands there, by series
        self._views: tuple[View, ...] = ()

    def all(self) -> list[Letter]:
        """Every entity, and the newest value of every series: what a broker that may have forgotten is told. Where
        something stood that was erased meanwhile, nothing does any more."""
        stood, self._held, self._newest, self._views = set(self._newest), {}, {}, ()
        found = self._entities()
        newest = self._parts.store.latest(sorted(self._readable()))
        gone = stood - set(newest.datastream.tolist())
        return [*found, *self._off(gone), *self._observations(newest, self._reading(self._views))]

    def left(self) -> list[Letter]:
        """Once something was erased: what stood there is taken off, or what is the newest now takes its place."""
        newest = self._parts.store.latest(sorted(self._newest))
        held = zip(newest.datastream.tolist(), newest.id.tolist(), newest.position.tolist(), strict=True)
        other = np.array([self._newest[number] != (one, at) for number, one, at in held], np.bool_)
        gone = self._newest.keys() - set(newest.datastream.tolist())
        again = self._observations(picked(newest, other), self._reading(self._views))
        return [*self._off(gone), *(one for one in again if one.retained)]

    def _off(self, numbers: Iterable[int]) -> list[Letter]:
        """Nothing stands any more where observations of these series did."""
        ends = ("", *(end for end, _fields in self._select))
        topics = []
        for number in sorted(numbers):
            self._newest.pop(number, None)
            topics += [f"{self._topic(number)}{end}" for end in ends]
        for topic in topics:
            self._held.pop(topic, None)
        return [Letter(topic=topic, body=b"", retained=True) for topic in topics]

    def since(self, position: int) -> tuple[list[Letter], int]:
        """What changed, and what was kept after a position of the log; the position it goes up to."""
        found = self._entities()
        columns = self._parts.store.after(position, AT_ONCE)
        last = int(columns.position[-1]) if len(columns) else position
        rows = picked(columns, np.flatnonzero(np.isin(columns.datastream, list(self._readable()))))
        return [*found, *self._observations(rows, self._reading(self._views))], last

    def _readable(self) -> set[int]:
        return {number for view in self._views for number in view.readable}

    def _topic(self, number: int) -> str:
        """Where the observations of a series go; those told with others as one, where those go."""
        joint = next((view.leads[number] for view in self._views if number in view.leads), None)
        where = f"Datastreams({number})" if joint is None else f"MultiDatastreams({joint.id})"
        return f"{self._top}/{where}/Observations"

    def _reading(self, views: tuple[View, ...]) -> Reading:
        base = self._parts.public_url.rstrip("/") + ROOT
        return Reading(views=views, store=self._parts.store, base=base, now=to_ms(self._parts.clock()))

    def _entities(self) -> list[Letter]:
        """The entities that are told otherwise than before, and what is told no longer."""
        views = self._sights.of(Asking(actor=ANYONE))
        if views == self._views:
            return []
        self._views = views
        told, found = self._told(views), []
        ends = ("", *(end for end, _fields in self._select))
        kept = {f"{self._topic(number)}{end}" for number in self._readable() for end in ends}
        for topic, body in told.items():
            if self._held.get(topic) != body:
                found.append(Letter(topic=topic, body=body, retained=True))
                if topic.endswith(")"):
                    found.append(Letter(topic=topic.partition("(")[0], body=body))
        gone = [topic for topic in self._held if topic not in told and topic not in kept]
        found += [Letter(topic=topic, body=b"", retained=True) for topic in gone]
        self._held = {**{topic: b"" for topic in self._held if topic in kept}, **told}
        return found

    def _told(self, views: tuple[View, ...]) -> dict[str, bytes]:
        reading = self._reading(views)
        rendering = Rendering(reading)
        told = {}
        for name in _TYPES:
            for shown in reading.every(name):
                body = rendering.entity(shown, options.read("", name))
                topic = f"{self._top}/{TYPES[name].collection}({shown[1].id})"
                told[topic] = msgspec.json.encode(body)
                fields = (field for field in TYPES[name].properties if field in body and field not in _PASSING)
                told |= {f"{topic}/{field}": msgspec.json.encode({field: body[field]}) for field in fields}
        return told

    def _observations(self, rows: Columns, reading: Reading) -> list[Letter]:
        """Each as everyone reads it; the newest of its series is retained."""
        if not len(rows):
            return []
        newest = self._parts.store.latest(np.unique(rows.datastream).tolist())
        starts = dict(zip(newest.datastream.tolist(), newest.start.tolist(), strict=True))
        found = []
        bodies = Rendering(reading).rows(rows)
        places = zip(rows.id.tolist(), rows.position.tolist(), strict=True)
        each = zip(rows.datastream.tolist(), rows.start.tolist(), places, bodies, strict=True)
        for number, start, place, body in each:
            topic, content = self._topic(number), bytes(body)
            retained = start >= starts.get(number, start)
            if retained:
                self._newest[number] = place
            for end, part in (("", content), *self._selected(content)):
                if retained:
                    self._held[topic + end] = b""
                found.append(Letter(topic=topic + end, body=part, retained=retained))
                found.append(Letter(topic=f"{self._top}/Observations{end}", body=part))
        return found

    def _selected(self, observation: bytes) -> list[tuple[str, bytes]]:
        """The parts of an observation that are published beside it, by the end of their topics."""
        if not self._select:
            return []
        whole = msgspec.json.decode(observation)
        return [
            (end, msgspec.json.encode({name: whole[name] for name in map(_member, fields) if name in whole}))
            for end, fields in self._select
        ]


def _member(field: str) -> str:
    """The member of an observation that a selection means: of what it is about, of its series, the link."""
    return ID if field == "id" else field + NAVIGATION if field in TYPES[OBSERVATION].navigation else field
