"""Does what one writing request asks for: POST, PATCH, PUT, DELETE, and links."""

from typing import Any

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings import changing, several
from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings.address import Address, Step
from bocage.api.sensorthings.address import read as address_of
from bocage.api.sensorthings.answering import Found, found
from bocage.api.sensorthings.inserting import Inserting, Noted
from bocage.api.sensorthings.model import (
    DATASTREAM,
    FEATURE,
    ID,
    LOCATION,
    MULTI,
    OBSERVATION,
    SINGULAR,
    STAY,
    THING,
    TYPES,
)
from bocage.api.sensorthings.noting import Noting
from bocage.api.sensorthings.options import Options
from bocage.api.sensorthings.parsing import unread
from bocage.api.sensorthings.patching import MEDIA_TYPE as JSON_PATCH
from bocage.api.sensorthings.reading import Reading, Shown
from bocage.api.sensorthings.removing import removed
from bocage.api.sensorthings.rendering import Rendering
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft, Sender
from bocage.domain.errors import BocageError, Missing
from bocage.domain.instant import to_ms
from bocage.domain.observation import Columns
from bocage.domain.saying import SAID
from bocage.domain.text import message as _


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked. `body`: of JSON, read; `media_type`: what the sender calls it; `id`: the $id of a link."""

    method: str
    path: str
    body: Any = None
    media_type: str = "application/json"
    id: str = ""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: the status, where what was made is, and how it stands now."""

    status: int
    location: str = ""
    document: Any = None


def executed(sender: Sender, request: Request) -> Done:
    """Do it; what cannot be done is raised, and then nothing was."""
    where = address_of(request.path)
    if where.reference:
        return _linking(sender, request, where)
    if where.property:
        raise Stopped(405, _("Properties are changed by PATCH of their entity."))
    at = found(reading(sender), where.steps)
    if request.method == "POST":
        return _posted(sender, request, where)
    if where.many or at.scope is not None:
        raise Stopped(405, _("A collection takes new entities by POST; entities are changed one by one."))
    if request.method == "DELETE":
        return _deleted(sender, at)
    return _changed(sender, request, at)


def reading(sender: Sender) -> Reading:
    """What the sender may read as things stand now."""
    return Reading(views=(sender.view,), store=sender.parts.store, base=sender.base, now=to_ms(sender.at))


def _posted(sender: Sender, request: Request, where: Address) -> Done:
    if not where.many:
        raise Stopped(405, _("A collection takes new entities by POST; entities are changed one by one."))
    draft = Draft(sender)
    inserting = Inserting(draft)
    holder = _holder(sender, where.steps)
    if where.type == OBSERVATION:
        return _observed(inserting, request.body, holder)
    name = where.steps[-1].name
    if holder is None or where.type in (DATASTREAM, MULTI, STAY):
        slug = inserting.entity(where.type, request.body, {holder.type: holder.slug} if holder is not None else None)
    else:
        slug = inserting.entity(where.type, request.body)
        if {where.type, holder.type} != {LOCATION, THING}:
            raise Stopped(501, _("This link follows from others and is not written."))
        thing, place = (draft.mine(holder).slug, slug) if holder.type == THING else (slug, holder.slug)
        draft.stand(thing, [place])
    numbers = draft.made()
    number = numbers[TYPES[SINGULAR[name]].kind, slug] if slug else numbers["", "0"]
    _noted(inserting, numbers)
    return _told(sender, where.type, number, 201)


def _holder(sender: Sender, steps: tuple[Step, ...]) -> Item | None:
    """The entity in whose collection something is made; None at the root."""
    if len(steps) < 2:
        return None
    at = found(reading(sender), steps[:-1])
    if at.row is not None:
        raise Stopped(501, _("This link follows from others and is not written."))
    return at.items[0][1]


def _observed(inserting: Inserting, document: Any, holder: Item | None) -> Done:
    """One observation with the entities it makes."""
    draft, sender = inserting.draft, inserting.draft.sender
    if not isinstance(document, dict):
        raise Stopped(400, _("An entity is a JSON object."))
    if holder is not None and holder.type == FEATURE:
        document, holder = {**document, "FeatureOfInterest": {ID: holder.id}}, None
    parts: tuple[str, ...] = ()
    if holder is not None:
        parts = tuple(one.slug for one in draft.mine(holder).parts)
        stream = parts[0] if parts else holder.slug
    elif MULTI in document:
        parts = inserting.joint(document[MULTI])
        stream = parts[0]
    elif DATASTREAM in document:
        stream = inserting.linked(DATASTREAM, document[DATASTREAM])
    else:
        raise Stopped(400, _("{type} needs {names}."), type=OBSERVATION, names=DATASTREAM)
    inserting.observation(stream, document, parts)
    numbers = draft.made()
    kept = _noted(inserting, numbers)
    return Done(status=201, location=f"{sender.base}/Observations({kept[-1]})")


def _noted(inserting: Inserting, numbers: Any) -> list[int]:
    """Keep the observations of a deep insert; when one is refused, what was made for them goes again."""
    draft = inserting.draft
    noting, kept = Noting(draft.sender), []
    try:
        for one in inserting.observations:
            each = [numbers.get(("datastream", slug)) or draft.body("datastream", slug).id for slug in one.parts]
            number = numbers.get(("datastream", one.stream)) or draft.body("datastream", one.stream).id
            about = _about(draft, numbers, one)
            kept.append(
                noting.note_several(each, one.document, about) if each else noting.note(number, one.document, about)
            )
    except BocageError:
        undone(draft)
        raise
    return kept


def _about(draft: Draft, numbers: Any, one: Noted) -> int:
    """The number of what an observation names itself; 0 when it names nothing."""
    if one.about or not one.feature:
        return one.about
    place = (TYPES[FEATURE].kind, one.feature)
    return int(numbers.get(place) or draft.body(*place).id)


def undone(draft: Draft) -> None:
    """Take back the entities that were made, in a change of its own; observations of new series with them."""
    store = draft.sender.parts.store
    again = Draft(draft.sender)
    made = draft.sender.town
    numbers = [item.id for kind, slug in draft.new if kind == "datastream" and (item := made.named(DATASTREAM, slug))]
    if store.extent(numbers):
        Noting(draft.sender).erase_series(numbers)
    for kind, slug in draft.new:
        again.remove(kind, slug)
    for slug, former in draft.former():
        again.put(slug, former)
    again.made()


def _changed(sender: Sender, request: Request, at: Found) -> Done:
    item = at.items[0][1]
    if at.row is not None:
        return _corrected(sender, request, at.items[0], at.row)
    draft = Draft(sender)
    if request.media_type == JSON_PATCH:
        changing.operated(draft, item, request.body)
    elif request.method == "PUT":
        changing.replaced(draft, item, request.body)
    else:
        changing.merged(draft, item, request.body)
    draft.made()
    return _told(sender, item.type, item.id, 200)


def _corrected(sender: Sender, request: Request, shown: Shown, rows: Columns) -> Done:
    """An observation with another result, or with something else said beside it."""
    document = request.body
    if request.media_type == JSON_PATCH:
        document = changing.differing(_told_of(sender, shown, rows), document)
    if not isinstance(document, dict):
        raise Stopped(400, _("An entity is a JSON object."))
    if request.method == "PUT" and "result" not in document:
        raise Stopped(400, _("{type} needs {names}."), type=OBSERVATION, names="result")
    if request.method == "PUT":
        document = {**dict.fromkeys(SAID), **document}
    feature, named = None, document.get(FEATURE)
    if named is not None:
        if not isinstance(named, dict) or ID not in named:
            raise Stopped(400, _("Related entities are named by their id when an entity is changed."))
        inserting = Inserting(Draft(sender))
        item = inserting.draft.item(FEATURE, named[ID])
        inserting.lead(inserting.draft.mine(shown[1]).slug, item)
        inserting.draft.made()
        feature = item.id
    number = Noting(sender).correct(shown, rows, document, feature)
    return Done(status=200, location=f"{sender.base}/Observations({number})")


def _told_of(sender: Sender, shown: Shown, rows: Columns) -> dict[str, Any]:
    """What an observation says, as a JSON Patch changes it."""
    found = {name: observed.value(rows, name) for name in ("result", *SAID)}
    joint = shown[0].town.joint.get(shown[1].id)
    if joint is not None:
        found["result"] = msgspec.json.decode(several.results(sender.parts.store, rows, joint)[0])
    return found


def _deleted(sender: Sender, at: Found) -> Done:
    if at.row is not None:
        Noting(sender).erase(at.items[0], at.row)
    else:
        removed(Draft(sender), at.items[0][1])
    return Done(status=200)


def _told(sender: Sender, type_name: str, number: int, status: int) -> Done:
    """How an entity stands after the change."""
    now = reading(sender)
    shown = now.one(type_name, number)
    location = f"{sender.base}/{TYPES[type_name].collection}({number})"
    return Done(status=status, location=location, document=Rendering(now).entity(shown, Options()) if shown else None)


def _linking(sender: Sender, request: Request, where: Address) -> Done:
    """Links on $ref: POST adds one, PUT replaces the one there is, DELETE undoes one."""
    *above, last = where.steps
    if not above:
        raise Stopped(405, _("A collection takes new entities by POST; entities are changed one by one."))
    at = found(reading(sender), tuple(above))
    if at.row is not None:
        return _about_else(sender, request, last, at)
    item, draft = at.items[0][1], Draft(sender)
    if request.method == "DELETE" and not TYPES[item.type].navigation[last.name].many:
        raise Stopped(400, _("This link must hold as long as the entity does: change it, or delete the entity."))
    if request.method == "DELETE":
        other = draft.item(where.type, last.number if last.number is not None else _named(request.id or request.body))
        changing.unlink(draft, item, last.name, other)
    else:
        changing.link(draft, item, last.name, [draft.item(where.type, _named(request.body))])
    draft.made()
    return Done(status=200)


def _about_else(sender: Sender, request: Request, last: Step, at: Found) -> Done:
    """An observation is about another feature from now on; its other links follow from its series."""
    assert at.row is not None
    if last.name != FEATURE or request.method == "DELETE":
        raise Stopped(501, _("This link follows from others and is not written."))
    change = msgspec.structs.replace(request, method="PATCH", body={FEATURE: {ID: _named(request.body)}})
    return _corrected(sender, change, at.items[0], at.row)


def _named(reference: Any) -> int:
    """The number of the entity a link names: by its number, or by its address."""
    held = reference
    if isinstance(reference, dict):
        held = next((reference[name] for name in (ID, "@odata.id", "@iot.selfLink") if name in reference), None)
    if isinstance(held, int) and not isinstance(held, bool):
        return held
    if not isinstance(held, str):
        raise Missing(_("the link to an entity"), "@iot.id")
    number = held.rpartition("(")[2].rstrip(")").strip("'")
    if not (number.isascii() and number.isdigit()):
        raise unread(held, 0)
    return int(number[:20])
