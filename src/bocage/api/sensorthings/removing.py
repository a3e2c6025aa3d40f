"""DELETE: an entity goes with all that cannot be without it; observations only where they may be taken back."""

import msgspec

from bocage import evidence
from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import DATASTREAM, FEATURE, LOCATION, STAY, THING, TYPES
from bocage.api.sensorthings.noting import Noting
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft
from bocage.domain.errors import Refused
from bocage.domain.sensing import Datastream, Location
from bocage.domain.text import message as _


def removed(draft: Draft, item: Item) -> None:
    """Take an entity away, with its series and their observations."""
    if item.type == STAY:
        raise Stopped(501, _("Where things stood is written down by itself, when they move."))
    draft.mine(item)
    streams = [one for one in draft.view.streams(item) if item.type not in (LOCATION,)]
    numbers = [one.id for one in streams]
    noting = Noting(draft.sender)
    held = noting.may_erase(numbers)
    for stream in streams:
        if item.type == FEATURE:
            body = draft.body(Datastream.kind, stream.slug)
            draft.put(stream.slug, msgspec.structs.replace(body, feature=""))
        else:
            draft.remove(Datastream.kind, draft.mine(stream).slug)
    if item.type == THING:
        _away(draft, item)
    if item.type != DATASTREAM:
        draft.remove(TYPES[item.type].kind, item.slug)
    _agreed(draft)
    if held:
        noting.erase_series(numbers)
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
