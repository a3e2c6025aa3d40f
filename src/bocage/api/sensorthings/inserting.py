"""POST of entities: with all that hangs on them, linked to what is there already, all or none."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from bocage.api.problem import Stopped
from bocage.api.sensorthings import staying, together
from bocage.api.sensorthings.model import (
    DATASTREAM,
    FEATURE,
    ID,
    LOCATION,
    MULTI,
    OBSERVATION,
    PROPERTY,
    SENSOR,
    STAY,
    THING,
    TYPES,
)
from bocage.api.sensorthings.stating import Document, stated, whole, wrong
from bocage.api.sensorthings.town import Item
from bocage.api.sensorthings.writing import Draft
from bocage.domain.sensing import Datastream, FeatureOfInterest, MultiDatastream, ObservedProperty
from bocage.domain.text import Text
from bocage.domain.text import message as _

NEEDED: Final = {THING: "thing", SENSOR: "sensor", PROPERTY: "observed_property"}
"""What a series hangs on, and the field that says so."""
Given = Mapping[str, str]


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """An observation that waits for the entities it hangs on. `stream` and `feature`: their slugs; `about`: the number
    of its feature where it has one already; `parts`: the slugs of all series that it is told of as one."""

    stream: str
    document: Document
    feature: str = ""
    about: int = 0
    parts: tuple[str, ...] = ()


class Inserting:
    """One deep insert: the entities go to the draft, the observations wait until those have their numbers."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.observations: list[Noted] = []

    def entity(self, type_name: str, document: Any, given: Given | None = None) -> str:
        """State a new entity and all that hangs on it; its slug. `given`: what it hangs on already, by navigation."""
        if not isinstance(document, dict):
            raise Stopped(400, _("An entity is a JSON object."))
        if type_name == STAY:
            return self._stood(document, given or {})
        whole(type_name, document)
        if type_name == MULTI:
            return self._together(document, given or {})
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

    def _stood(self, document: Document, given: Given) -> str:
        """Where a thing stood, and since when."""
        lacking = [name for name in ("time", THING, "Locations") if name not in document and name not in given]
        if lacking:
            raise Stopped(400, _("{type} needs {names}."), type=STAY, names=", ".join(lacking))
        if THING in given:
            thing = given[THING]
        else:
            thing = self.linked(THING, document[THING])
            known = self.draft.view.town.named(THING, thing)
            if known is not None:
                self.draft.mine(known)
        places = [self.linked(LOCATION, one) for one in _list(document, "Locations")]
        places += [given[LOCATION]] if LOCATION in given else []
        staying.put(self.draft, thing, places, staying.since(self.draft, document.get("time")))
        return ""

    def _together(self, document: Document, given: Given) -> str:
        """State the series that are told as one, then what tells them."""
        links = {**self._links(MULTI, document), **given}
        held = document.get("ObservedProperties")
        named = [self.linked(PROPERTY, one) for one in held] if isinstance(held, list) else []
        lacking = [name for name in (THING, SENSOR) if name not in links] + ([] if named else ["ObservedProperties"])
        if lacking:
            raise Stopped(400, _("{type} needs {names}."), type=MULTI, names=", ".join(lacking))
        on: dict[str, Any] = {NEEDED[name]: links[name] for name in (THING, SENSOR)}
        slugs = []
        for slug, one in zip(named, together.fields(document, len(named)), strict=True):
            observed = self.draft.body(ObservedProperty.kind, slug)
            assert isinstance(observed, ObservedProperty)
            title = Text(fr=f"{document['name']} – {observed.title.fr}")
            body = Datastream(title=title, observed_property=slug, **on, **together.natured(one))
            slugs.append(self.draft.add(self.draft.series(body)))
        slug = self.draft.add(stated(MULTI, document, datastreams=tuple(slugs)))
        self._observations(slugs[0], _list(document, "Observations"), tuple(slugs))
        return slug

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
                self._several(type_name, slug, way.target, _list(document, name))

    def _several(self, type_name: str, slug: str, target: str, documents: Sequence[Any]) -> None:
        if target == OBSERVATION and type_name != DATASTREAM:
            raise Stopped(501, _("Observations are made in their Datastream."))
        if target == OBSERVATION:
            self._observations(slug, documents)
        elif target == LOCATION:
            self.draft.stand(slug, [self.linked(LOCATION, one) for one in documents])
        else:
            for one in documents:
                self._below_it(type_name, slug, target, one)

    def _below_it(self, type_name: str, slug: str, target: str, document: Any) -> None:
        if target in (DATASTREAM, MULTI):
            self._series(type_name, slug, target, document)
        elif target == THING:
            self.draft.stand(self.linked(THING, document), [slug])
        else:
            self._past(type_name, slug, document)

    def _past(self, type_name: str, slug: str, document: Any) -> None:
        if type_name not in (THING, LOCATION) or not isinstance(document, dict) or ID in document:
            raise Stopped(501, _("This link follows from others and is not written."))
        self.entity(STAY, document, {type_name: slug})

    def _series(self, type_name: str, slug: str, target: str, document: Any) -> None:
        if isinstance(document, dict) and ID in document:
            item = self.draft.mine(self.draft.item(target, document[ID]))
            for one in item.parts or (item,):
                body = self.draft.body(Datastream.kind, one.slug)
                self.draft.put(one.slug, msgspec.structs.replace(body, **{NEEDED[type_name]: slug}))
            return
        self.entity(target, document, {type_name: slug})

    def _observations(self, stream: str, documents: Sequence[Any], parts: tuple[str, ...] = ()) -> None:
        for one in documents:
            self.observation(stream, one, parts)

    def joint(self, document: Any) -> tuple[str, ...]:
        """The series, by their slugs, that are told as one by an entity that is named by its id, or made here."""
        if isinstance(document, dict) and ID in document:
            return tuple(one.slug for one in self.draft.mine(self.draft.item(MULTI, document[ID])).parts)
        body = self.draft.body(MultiDatastream.kind, self.entity(MULTI, document))
        return body.datastreams if isinstance(body, MultiDatastream) else ()

    def observation(self, stream: str, document: Any, parts: tuple[str, ...] = ()) -> None:
        """An observation of a series, with the feature it names."""
        if not isinstance(document, dict):
            raise Stopped(400, _("An entity is a JSON object."))
        about, slug = 0, ""
        named = document.get(FEATURE)
        if isinstance(named, dict) and ID in named:
            item = self.draft.item(FEATURE, named[ID])
            about, slug = item.id, self.lead(stream, item)
        elif named is not None:
            slug = self.entity(FEATURE, named)
            self._leading(stream, slug)
        self.observations.append(Noted(stream=stream, document=document, feature=slug, about=about, parts=parts))

    def lead(self, stream: str, item: Item) -> str:
        """Let observations of a series be about a feature that is there; its slug where somebody declared it."""
        town, number = self.draft.view.town, self.draft.body(Datastream.kind, stream).id
        known = [*(one for _since, one in town.features(number)), *town.others(number)]
        declared = item.slug if isinstance(item.body, FeatureOfInterest) else ""
        if item not in known:
            if not declared:
                raise elsewhere()
            self._leading(stream, declared)
        return declared

    def _leading(self, stream: str, slug: str) -> None:
        """Observations of a series may be about this: all of them, when it is the first that anyone names."""
        body = self.draft.body(Datastream.kind, stream)
        assert isinstance(body, Datastream)
        if slug in (body.feature, *body.features):
            return
        begun = any(one.stream == stream for one in self.observations)
        holds = begun or bool(body.id and self.draft.sender.parts.store.extent([body.id]))
        if body.feature or holds:
            self.draft.put(stream, msgspec.structs.replace(body, features=(*body.features, slug)))
        else:
            self.draft.put(stream, msgspec.structs.replace(body, feature=slug))


def _list(document: Document, name: str) -> list[Any]:
    held = document.get(name, [])
    if not isinstance(held, list):
        raise wrong(name)
    return held


def elsewhere() -> Stopped:
    """What is said of an observation about a place of other things."""
    return Stopped(
        400, _("An observation is about a feature that was made as one, or about a place where its thing stood.")
    )
