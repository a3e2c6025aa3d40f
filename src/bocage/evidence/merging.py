"""Two things that turn out to be one: all that named the one that goes names the one that stays, in one change."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from bocage import relational
from bocage.accounts import Actor
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration, Key, fields
from bocage.domain.errors import Invalid, Missing
from bocage.domain.sensing import Entity, Thing
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.asked import Asked, PutEntity, RemoveEntity
from bocage.evidence.changing import Changed
from bocage.evidence.undoing import undoable
from bocage.registers import ANY, Put


def merge(territory: str, actor: Actor, gone: str, kept: str, at: datetime) -> tuple[Changed, int]:
    """Make one thing of two; what was written, and the number to take it back by.

    Raises Missing when one of them is not there, Invalid when they are the same, Refused when a gate refuses.
    """
    with relational.transaction():
        return undoable(territory, actor, merging(facts.present(territory, at), gone, kept), at)


def merging(present: TerritoryFacts, gone: str, kept: str) -> tuple[Asked, ...]:
    """The changes that make one thing of two: the words of the one kept stand, the other fills in what it lacks."""
    goes, stays = present.one(Thing, gone), present.one(Thing, kept)
    if goes is None or stays is None:
        raise Missing(_("two things that are declared"), gone if goes is None else kept)
    if gone == kept:
        raise Invalid(_("two different things"), gone, field="kept")
    return (
        PutEntity(slug=kept, entity=_one(stays, goes, gone)),
        *_renamed(present, gone, kept),
        RemoveEntity(kind=Thing.kind, slug=gone, merged=True),
    )


def _one(stays: Thing, goes: Thing, gone: str) -> Thing:
    return msgspec.structs.replace(
        stays,
        description=stays.description or goes.description,
        location=stays.location or goes.location,
        place=stays.place or goes.place,
        public_space=stays.public_space or goes.public_space,
        properties={**goes.properties, **stays.properties},
        merged=(*stays.merged, gone, *goes.merged),
    )


def _renamed(present: TerritoryFacts, gone: str, kept: str) -> Iterator[Asked]:
    """All that names the one that goes: series, notices, locations, and whatever kind comes to name things."""
    for kind, bodies in present.declared.items():
        for slug, body in bodies.items():
            after = _naming(body, gone, kept)
            if after == body:
                continue
            if isinstance(after, Entity):
                yield PutEntity(slug=slug, entity=after)
            else:
                key = Key(territory=present.slug, kind=kind, slug=slug)
                yield Put(key=key, body=after, expected=ANY)


def _naming(body: Declaration, gone: str, kept: str) -> Declaration:
    """The same with one name for the other, once in each list."""
    changed: dict[str, str | tuple[str, ...]] = {}
    for note in fields(type(body)):
        value = getattr(body, note.name)
        if note.reference != Thing.kind or (value != gone and (isinstance(value, str) or gone not in value)):
            continue
        named = (kept if one == gone else one for one in value)
        changed[note.name] = kept if isinstance(value, str) else tuple(dict.fromkeys(named))
    return msgspec.structs.replace(body, **changed) if changed else body
