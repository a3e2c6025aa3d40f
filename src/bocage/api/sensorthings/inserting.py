"""POST of entities: with all that hangs on them, linked to what is there already, all or none."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings.model import (
    BODIES,
    DATASTREAM,
    FEATURE,
    ID,
    LOCATION,
    OBSERVATION,
    PROPERTY,
    SENSOR,
    STAY,
    THING,
    TYPES,
)
from bocage.api.sensorthings.stating import Document, stated, whole, wrong
from bocage.api.sensorthings.writing import Draft
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _

NEEDED: Final = {THING: "thing", SENSOR: "sensor", PROPERTY: "observed_property"}
"""What a series hangs on, and the field that says so."""
Given = Mapping[str, str]


class Inserting:
    """One deep insert: the entities go to the draft, the observations wait until those have their numbers."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.observations: list[tuple[str, Document]] = []

    def entity(self, type_name: str, document: Any, given: Given | None = None) -> str:
        """State a new entity and all that hangs on it; its slug. `given`: what it hangs on already, by navigation."""
        if not isinstance(document, dict):
            raise Stopped(400, _("An entity is a JSON object."))
        if type_name == STAY:
            raise Stopped(501, _("Where things stood is written down by itself, when they move."))
        whole(type_name, document)
        links = {**self._links(type_name, document), **(given or {})}
        slug = self._stated(type_name, document, links)
        self._below(type_name, slug, document)
        return slug

    def linked(self, type_name: str, document: Any) -> str:
        """An entity that is named by its id, or made of what is written in its place; its slug."""
        if isinstance(document, dict) and ID in document:
            item = self.draft.item(type_name, document[ID])
            if not item.slug:
                raise Stopped(409, _("This entity follows from where its thing stands: give the thing a Location."))
            return item.slug
        return self.entity(type_name, document)

    def _links(self, type_name: str, document: Document) -> dict[str, str]:
        """What the entity hangs on, by navigation."""
        ways = TYPES[type_name].navigation
        return {
            name: self.linked(ways[name].target, document[name])
            for name in ways
            if name in document and not ways[name].many
        }

    def _stated(self, type_name: str, document: Document, links: Given) -> str:
        more: dict[str, Any] = {}
        if type_name == DATASTREAM:
            lacking = [name for name in NEEDED if name not in links]
            if lacking:
                raise Stopped(400, _("{type} needs {names}."), type=type_name, names=", ".join(lacking))
            more = {field: links[name] for name, field in NEEDED.items()}
        body = stated(type_name, document, **more)
        return self.draft.add(self.draft.series(body))

    def _below(self, type_name: str, slug: str, document: Document) -> None:
        for name, way in TYPES[type_name].navigation.items():
            if way.many and name in document:
                held = document[name]
                if not isinstance(held, list):
                    raise wrong(name)
                self._several(type_name, slug, way.target, held)

    def _several(self, type_name: str, slug: str, target: str, documents: Sequence[Any]) -> None:
        if target == OBSERVATION:
            if type_name != DATASTREAM:
                raise Stopped(501, _("Observations are made in their Datastream."))
            self.observations += [(slug, one) for one in documents]
        elif target == DATASTREAM:
            for one in documents:
                self._series(type_name, slug, one)
        elif target == LOCATION:
            self.draft.stand(slug, [self.linked(LOCATION, one) for one in documents])
        elif target == THING:
            for one in documents:
                thing = self.linked(THING, one)
                self.draft.stand(thing, [slug])
        else:
            raise Stopped(501, _("Where things stood is written down by itself, when they move."))

    def _series(self, type_name: str, slug: str, document: Any) -> None:
        if isinstance(document, dict) and ID in document:
            item = self.draft.mine(self.draft.item(DATASTREAM, document[ID]))
            body = self.draft.body(Datastream.kind, item.slug)
            self.draft.put(item.slug, msgspec.structs.replace(body, **{NEEDED[type_name]: slug}))
            return
        self.entity(DATASTREAM, document, {type_name: slug})

    def feature(self, stream: str, document: Any) -> None:
        """Say what the observations of a series are about, where nothing says so yet or it is the same."""
        if isinstance(document, dict) and ID in document:
            item = self.draft.item(FEATURE, document[ID])
            number = self.draft.body(Datastream.kind, stream).id
            if any(one is item for _since, one in self.draft.view.town.features(number)):
                return
            slug = item.slug if item.type == FEATURE and isinstance(item.body, BODIES[FEATURE]) else ""
        else:
            slug = self.entity(FEATURE, document)
        body = self.draft.body(Datastream.kind, stream)
        holds = self.draft.sender.parts.store.extent([body.id]) if body.id else []
        if not slug or not isinstance(body, Datastream) or (body.feature not in ("", slug)) or holds:
            raise elsewhere()
        self.draft.put(stream, msgspec.structs.replace(body, feature=slug))


def elsewhere() -> Stopped:
    """What is said of an observation about something else than its series is."""
    return Stopped(
        400, _("All observations of a series are about the same: its feature of interest, or where its thing stands.")
    )
