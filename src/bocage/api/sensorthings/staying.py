"""HistoricalLocations written by hand: where a thing stood, and since when."""

from collections.abc import Sequence
from typing import Any

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import STAY, THING
from bocage.api.sensorthings.stating import Document, wrong
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft
from bocage.domain.errors import BocageError
from bocage.domain.instant import to_datetime, to_ms
from bocage.domain.saying import instant
from bocage.domain.text import message as _
from bocage.evidence import PutStay, RemoveStay


def since(draft: Draft, value: Any) -> int:
    """UTC milliseconds of a time at which somebody stood somewhere; 400 when it is none, or lies in the future."""
    if not isinstance(value, str):
        raise wrong("time")
    try:
        at = instant(value)
    except (ValueError, OverflowError, BocageError) as error:
        raise wrong("time") from error
    if at > to_ms(draft.sender.at):
        raise Stopped(400, _("Where a thing will stand is not written down before it does."))
    return at


def put(draft: Draft, thing: str, places: Sequence[str], at: int, number: int = 0) -> None:
    """A thing stood at these locations from then on; where that is the newest that is known of it, it stands there.
    `number`: of the stay that becomes this one."""
    if not places:
        raise Stopped(400, _("{type} needs {names}."), type=STAY, names="Locations")
    item = draft.view.town.named(THING, thing)
    stays = draft.view.town.stays(item) if item else []
    others = [to_ms(one.at) for one in stays if (one.beside or one.number) != number]
    newest = not others or at >= max(others)
    if newest:
        draft.stand(thing, list(places))
    held = tuple(places)
    draft.past(PutStay(thing=thing, locations=held, since=to_datetime(at), number=number, standing=newest))


def changed(draft: Draft, item: Item, document: Document) -> None:
    """Another time, or other places, for a stay."""
    town = draft.view.town
    [thing] = town.linked(item, THING)
    draft.mine(thing)
    if THING in document:
        raise Stopped(400, _("This link must hold as long as the entity does: change it, or delete the entity."))
    held = document.get("Locations")
    if held is not None and not isinstance(held, list):
        raise wrong("Locations")
    places = list(town.linked(item, "Locations")) if held is None else [_named(draft, one) for one in held]
    slugs = [one.slug for one in places]
    if not all(slugs):
        raise Stopped(409, _("This entity follows from where its thing stands: give the thing a Location."))
    assert item.stay is not None
    at = since(draft, document["time"]) if "time" in document else to_ms(item.stay.at)
    put(draft, thing.slug, slugs, at, item.id)


def _named(draft: Draft, value: Any) -> Item:
    if not isinstance(value, dict) or "@iot.id" not in value:
        raise Stopped(400, _("Related entities are named by their id when an entity is changed."))
    return draft.item("Location", value["@iot.id"])


def removed(draft: Draft, item: Item) -> None:
    """Forget a stay; where the thing stands now does not change."""
    [thing] = draft.view.town.linked(item, THING)
    draft.mine(thing)
    draft.past(RemoveStay(number=item.id))
    draft.made()
