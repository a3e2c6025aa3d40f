"""Which things and values the public sees: all that stands in public space, never the place of a dwelling's meter."""

from collections import defaultdict
from typing import Any, TypeVar

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset, Sensitivity
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Notes, fields
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, Location, ObservedProperty, Sensor, Thing
from bocage.domain.source import Source
from bocage.publish.publication import Streams

NOT_SHOWN = "not-shown"
D = TypeVar("D", bound=msgspec.Struct)
PLACED = (Thing.kind, Datastream.kind, Location.kind)
_CLOSE = (Sensitivity.PERSONAL, Sensitivity.SENSITIVE)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A thing everyone is told of, with its series; `shown` are the numbers of those whose values are open."""

    slug: str
    thing: Thing
    streams: Streams
    shown: frozenset[int]


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """What the public sees of the things, by slug, and how many are withheld because persons live behind them."""

    seen: dict[str, Seen]
    withheld: int


def sight(facts: TerritoryFacts, opened: frozenset[int]) -> Sight:
    """What stands in public space is always told; elsewhere, a thing whose series concern persons is not placed.

    `opened` are the numbers of the series whose values everyone may see.
    """
    streams: defaultdict[str, list[tuple[str, Datastream]]] = defaultdict(list)
    for slug, stream in sorted(facts.all(Datastream).items()):
        streams[stream.thing].append((slug, stream))
    seen, withheld = {}, 0
    for slug, thing in sorted(facts.all(Thing).items(), key=lambda pair: pair[1].title.fr.casefold()):
        carried = tuple(streams[slug])
        if not thing.public_space and any(concerns_persons(facts, stream) for _, stream in carried):
            withheld += 1
            continue
        shown = frozenset(stream.id for _, stream in carried) & opened
        seen[slug] = Seen(slug=slug, thing=thing, streams=carried, shown=shown)
    return Sight(seen=seen, withheld=withheld)


def told(facts: TerritoryFacts, sight: Sight, kind: str, slug: str) -> bool:
    """Whether everyone is told of an entity. A place with a thing that is withheld is withheld, too, and so is what
    nothing says whom it concerns."""
    if kind == Thing.kind:
        return slug in sight.seen
    if kind == Datastream.kind:
        stream = facts.one(Datastream, slug)
        return stream is not None and stream.thing in sight.seen
    if kind == Location.kind:
        location = facts.one(Location, slug)
        return location is not None and bool(location.things) and set(location.things) <= set(sight.seen)
    return kind in (Sensor.kind, ObservedProperty.kind)


def named_openly(facts: TerritoryFacts, sight: Sight, body: D) -> D:
    """A declaration, or a part of one, where `not-shown` stands for things, series and places nobody is told of."""

    def openly(note: Notes, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(openly(note, one) for one in value)
        if isinstance(value, msgspec.Struct):
            return named_openly(facts, sight, value)
        closed = note.reference in PLACED and value and not told(facts, sight, note.reference, value)
        return NOT_SHOWN if closed else value

    notes = fields(type(body))
    return msgspec.structs.replace(body, **{note.name: openly(note, getattr(body, note.name)) for note in notes})


def discreet(facts: TerritoryFacts, sight: Sight, refusals: tuple[Refusal, ...]) -> tuple[Refusal, ...]:
    """The same refusals without the names of things, series and places that nobody is told of."""
    untold = {slug for kind in PLACED for slug in facts.declared.get(kind, {}) if not told(facts, sight, kind, slug)}

    def blank(refusal: Refusal) -> Refusal:
        values = {name: "…" if value in untold else value for name, value in refusal.values.items()}
        way_out = (
            msgspec.structs.replace(refusal.way_out, slug="") if refusal.way_out.slug in untold else refusal.way_out
        )
        return msgspec.structs.replace(refusal, values=values, way_out=way_out)

    return tuple(blank(refusal) for refusal in refusals)


def concerns_persons(facts: TerritoryFacts, stream: Datastream) -> bool:
    """Whether a series says something of persons, by its purpose or its dataset; unsaid counts as yes."""
    dataset = facts.one(Dataset, stream.dataset)
    if dataset is not None and dataset.sensitivity in _CLOSE:
        return True
    source = facts.one(Source, stream.source)
    purpose = facts.one(Purpose, source.purpose) if source else None
    return purpose is not None and purpose.personal is not False
