"""Which entities the paths of a condition lead to, one combination after the other.

A path over many entities means: there is one. All paths that begin alike speak of the same one, so that
`Datastreams/Observations/result gt 5 and Datastreams/name eq 'x'` asks for a series of that name with such a result.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import DATASTREAM, FEATURE, MULTI, TYPES
from bocage.api.sensorthings.sight import View
from bocage.api.sensorthings.syntax import Node, Path, walked
from bocage.api.sensorthings.town import Item
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.text import message as _

Prefix = tuple[str, ...]


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Any observation of a series that starts in [start, end). `stream`: None where it does not matter which; `named`:
    0 for those that name no feature themselves, its number for those that name that one, None for all; `joint`: what
    tells the series together with others."""

    stream: Item | None = None
    feature: Item | None = None
    start: int = EARLIEST
    end: int = LATEST
    named: int | None = None
    joint: Item | None = None


Bound = Item | Section | None
Bindings = Mapping[Prefix, Bound]


class Resolved(msgspec.Struct, frozen=True):
    """A path parted: over which entities, to which property. `type`: the type of the entity that has it."""

    entities: Prefix
    property: tuple[str, ...]
    type: str


def resolved(root: str, names: Sequence[str]) -> Resolved:
    """Where a path leads from an entity of this type; 400 when there is no such property."""
    at, kind = 0, TYPES[root]
    while at < len(names) and names[at] in kind.navigation:
        kind = TYPES[kind.navigation[names[at]].target]
        at += 1
    rest = tuple(names[at:])
    if not rest or (rest[0] not in kind.properties and rest[0] not in ("id", "@iot.id", "@iot.selfLink")):
        raise Stopped(400, _("{type} has no property {name}."), type=kind.name, name="/".join(names))
    return Resolved(tuple(names[:at]), rest, kind.name)


def prefixes(root: str, nodes: Sequence[Node]) -> tuple[Prefix, ...]:
    """The entities that these expressions speak of, shorter ones first."""
    found: set[Prefix] = set()
    for node in nodes:
        for one in walked(node):
            if isinstance(one, Path):
                entities = resolved(root, one.names).entities
                found |= {entities[: length + 1] for length in range(len(entities))}
    ordered = tuple(sorted(found, key=lambda one: (len(one), one)))
    if sum(1 for one in ordered if one[-1] == "Observations") > 1:
        raise Stopped(501, _("A condition speaks of observations by one path only."))
    return ordered


def bindings(
    view: View, root: Bound, ways: Sequence[Prefix], spend: Callable[[], None]
) -> Iterator[dict[Prefix, Bound]]:
    """Every combination of entities that these ways lead to; where one leads nowhere, nothing stands. `spend` hears of
    each."""
    if not ways:
        yield {(): root}
        return
    parted = any(len(one) > 1 and one[-1] == FEATURE for one in ways)
    for bound in _further(view, {(): root}, tuple(ways), parted):
        spend()
        yield bound


def _further(
    view: View, bound: dict[Prefix, Bound], ways: tuple[Prefix, ...], parted: bool
) -> Iterator[dict[Prefix, Bound]]:
    if not ways:
        yield bound
        return
    way, rest = ways[0], ways[1:]
    found = _led(view, bound.get(way[:-1]), way[-1], parted)
    for one in found or (None,):
        yield from _further(view, {**bound, way: one}, rest, parted)


def _led(view: View, source: Bound, navigation: str, parted: bool) -> tuple[Bound, ...]:
    if source is None:
        return ()
    if isinstance(source, Section):
        if navigation in (DATASTREAM, MULTI):
            one = source.joint if navigation == MULTI else source.stream
            return (one,) if one is not None and view.shows(one) else ()
        return (source.feature,) if source.feature is not None and view.shows(source.feature) else ()
    if navigation == "Observations":
        return tuple(sections(view, source, parted))
    return view.linked(source, navigation)


def sections(view: View, source: Item, parted: bool = True) -> Iterator[Section]:
    """The observations of a series, or of what is observed; `parted`: by what they are about."""
    if source.type in (DATASTREAM, MULTI):
        stream = source.parts[0] if source.parts else source
        if view.reads(stream.id):
            yield from _parts(view, stream) if parted else (Section(stream=stream, joint=view.leads.get(stream.id)),)
        return
    for stream in view.town.linked(source, "Datastreams"):
        if view.reads(stream.id):
            yield from (one for one in _parts(view, stream) if one.feature is source)


def _parts(view: View, stream: Item) -> Iterator[Section]:
    features, others = view.town.features(stream.id), view.town.others(stream.id)
    joint = view.leads.get(stream.id)
    about = {one.id: one for one in (*(one for _since, one in features), *others)}
    named = 0 if len(about) > 1 else None
    if not features:
        yield Section(stream=stream, named=named, joint=joint)
    for place, (since, feature) in enumerate(features):
        start = since if place else EARLIEST
        end = features[place + 1][0] if place + 1 < len(features) else LATEST
        yield Section(stream=stream, feature=feature, start=start, end=end, named=named, joint=joint)
    for feature in about.values() if named is not None else ():
        yield Section(stream=stream, feature=feature, named=feature.id, joint=joint)


def about_observations(ways: Sequence[Prefix]) -> bool:
    """Whether any of these lead to observations."""
    return any(one[-1] == "Observations" for one in ways)
