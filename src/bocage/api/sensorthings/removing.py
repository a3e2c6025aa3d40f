"""DELETE: an entity goes with all that cannot be without it; observations only where they may be taken back."""

import msgspec

from bocage import evidence
from bocage.api.sensorthings import staying
from bocage.api.sensorthings.model import DATASTREAM, FEATURE, LOCATION, MULTI, STAY, THING, TYPES
from bocage.api.sensorthings.noting import Noting
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft
from bocage.domain.errors import Refused
from bocage.domain.sensing import Datastream, Location
from bocage.store.query import Call, Constant, Expression, Inner

NAMED = Inner(("f",), "number")


def removed(draft: Draft, item: Item) -> None:
    """Take an entity away, with its series and their observations."""
    if item.type == STAY:
        staying.removed(draft, item)
        return
    draft.mine(item)
    if item.type == FEATURE:
        _unobserved(draft, item)
        return
    streams = [one for one in draft.view.streams(item) if item.type not in (LOCATION,)]
    joint = [item] if item.parts else [one for one in draft.view.town.linked(item, "MultiDatastreams") if streams]
    streams = list(dict.fromkeys([*streams, *(part for one in joint for part in one.parts)]))
    numbers = [one.id for one in streams]
    noting = Noting(draft.sender)
    held = noting.may_erase(numbers)
    for stream in streams:
        draft.remove(Datastream.kind, draft.mine(stream).slug)
    if item.type == THING:
        _away(draft, item)
    for one in joint:
        draft.remove(TYPES[MULTI].kind, draft.mine(one).slug)
    if item.type not in (DATASTREAM, MULTI):
        draft.remove(TYPES[item.type].kind, item.slug)
    _agreed(draft)
    if held:
        noting.erase_series(numbers)
    draft.made()


def _unobserved(draft: Draft, feature: Item) -> None:
    """A feature goes with the observations about it: those that name it, and all that name none where it is what
    their series is about."""
    noting, town = Noting(draft.sender), draft.view.town
    about: dict[int, Expression | None] = {}
    for stream in draft.view.streams(feature):
        body = draft.body(Datastream.kind, draft.mine(stream).slug)
        assert isinstance(body, Datastream)
        named: Expression = Call("eq", (NAMED, Constant(feature.id)))
        whole = body.feature == feature.slug
        if whole:
            named = Call("or", (named, Call("missing", (NAMED,))))
        about[stream.id] = None if whole and not town.others(stream.id) else named
        rest = tuple(one for one in body.features if one != feature.slug)
        draft.put(stream.slug, msgspec.structs.replace(body, feature="" if whole else body.feature, features=rest))
    draft.remove(TYPES[FEATURE].kind, feature.slug)
    held = {number: where for number, where in about.items() if noting.holds(number, where)}
    _agreed(draft)
    for number, where in held.items():
        noting.erase_those(number, where)
    draft.made()


def _away(draft: Draft, thing: Item) -> None:
    """The thing stands nowhere any more."""
    for place in draft.view.town.linked(thing, "Locations"):
        if isinstance(place.body, Location):
            body = draft.body(Location.kind, place.slug)
            assert isinstance(body, Location)
            rest = tuple(one for one in body.things if one != thing.slug)
            draft.put(place.slug, msgspec.structs.replace(body, things=rest))


def _agreed(draft: Draft) -> None:
    """Nothing is erased unless everything else of the change will be made: only what is kept may stand in its way."""
    present = evidence.facts.present(draft.sender.territory, draft.sender.at)
    refusals = evidence.asked(present, draft.changes)
    others = tuple(one for one in refusals if one.code != "holds-data")
    if others:
        raise Refused(others)
