"""Meters that nobody declared yet: the building, the property and the series, in one step, with what is known of them.

Only the name of the building is asked. A meter of a dwelling says so: the gate then wants a purpose that concerns
persons.
"""

from collections.abc import Iterable, Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.plugin import Described, Plugin
from bocage.domain.sensing import Datastream, Entity, ObservedProperty, Thing
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.evidence import facts as evidence_facts
from bocage.evidence.asked import PutEntity
from bocage.imports.labels import free
from bocage.imports.plan import Given, Proposal
from bocage.ingest.headings import slug_of
from bocage.registers import Put
from bocage.words import both

NAME, HOME = "name.", "home."
DWELLING = "logement"  # a word by which the gate knows a home; see docs/promises.md


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The source files come from; `proposals`: its declaration when it is new."""

    slug: str
    body: Source
    proposals: tuple[Proposal, ...] = ()


def title_of(plugin: Plugin) -> Text:
    """What a new source of this form is called."""
    return both(plugin.label)


def begun(given: Given, plugin: Plugin) -> Chosen:
    """A new source for files of this form, under the purpose that was chosen, if any."""
    title = title_of(plugin)
    body = Source(
        title=title,
        plugin=plugin.id,
        transport=Transport.FILE,
        purpose=given.choices.get("purpose", ""),
        may_correct=False,
    )
    slug = free(slug_of(title.fr), given.facts.all(Source))
    same = next((name for name, held in given.facts.all(Source).items() if held.plugin == plugin.id), "")
    if same:
        return Chosen(slug=same, body=given.facts.all(Source)[same])
    return Chosen(slug=slug, body=body, proposals=(Proposal(kind=Source.kind, slug=slug, bodies=(body,)),))


def unknown(facts: TerritoryFacts, source: str, said: Mapping[str, Described | None]) -> dict[str, list[str]]:
    """The keys that nobody declared, by the number of their meter."""
    found: dict[str, list[str]] = {}
    for key, one in sorted(said.items()):
        if one is not None and (source, key) not in facts.keys:
            found.setdefault(one.meter, []).append(key)
    return found


def building_of(facts: TerritoryFacts, source: str, meter: str, said: Mapping[str, Described | None]) -> str:
    """The thing that another series of the same meter stands on; empty when there is none."""
    for (origin, key), slug in facts.keys.items():
        one = said.get(key)
        stream = facts.one(Datastream, slug)
        if origin == source and stream is not None and (key.partition("/")[0] == meter or (one and one.meter == meter)):
            return stream.thing
    return ""


def proposals(given: Given, source: str, said: Mapping[str, Described | None]) -> tuple[Proposal, ...]:
    """What declares the meters whose building was named: things, properties, then series."""
    making = _Making(given, source)
    for meter, keys in unknown(given.facts, source, said).items():
        name = given.choices.get(NAME + meter, "").strip()
        known = building_of(given.facts, source, meter, said)
        if not (name or known):
            continue
        thing = making.thing(name, meter, known)
        for key in keys:
            one = said[key]
            if one is not None:
                making.series(key, thing, one)
    return making.proposals()


class _Making:
    """What is proposed so far, by kind and slug."""

    def __init__(self, given: Given, source: str) -> None:
        self._given, self._source = given, source
        self._made: dict[type[Entity], dict[str, Entity]] = {Thing: {}, ObservedProperty: {}, Datastream: {}}

    def proposals(self) -> tuple[Proposal, ...]:
        """Things before the series that stand on them."""
        return tuple(
            Proposal(kind=kind.kind, slug=slug, bodies=(body,))
            for kind, bodies in self._made.items()
            for slug, body in bodies.items()
        )

    def thing(self, name: str, meter: str, known: str) -> str:
        """The building of that name, there already or new."""
        held = {**self._given.facts.all(Thing), **self._made[Thing]}
        for slug, body in held.items():
            if slug == known or name in (slug, body.title.fr):  # type: ignore[attr-defined]
                return slug
        slug = free(slug_of(name) or slug_of(meter), held)
        home = {"usage": DWELLING} if self._given.choices.get(HOME + meter) else {}
        self._made[Thing][slug] = Thing(title=Text(fr=name), properties={"meter": meter, **home})
        return slug

    def series(self, key: str, thing: str, one: Described) -> None:
        """The series of one key on that building."""
        held = {**self._given.facts.all(ObservedProperty), **self._made[ObservedProperty]}
        if one.property not in held:
            self._made[ObservedProperty][one.property] = ObservedProperty(title=one.title)
        building = {**self._given.facts.all(Thing), **self._made[Thing]}[thing]
        name: Text = building.title  # type: ignore[attr-defined]
        english = f"{one.title.en}, {name.en or name.fr}" if one.title.en else ""
        taken = {**self._given.facts.all(Datastream), **self._made[Datastream]}
        slug = free(slug_of(f"{thing}-{one.property}"), taken)
        self._made[Datastream][slug] = Datastream(
            title=Text(fr=f"{one.title.fr}, {name.fr}", en=english),
            thing=thing,
            observed_property=one.property,
            unit=one.unit,
            nature=one.nature,
            source=self._source,
            key=key,
            dataset=self._given.choices.get("dataset", ""),
            cadence_seconds=one.cadence_seconds,
        )


def after(facts: TerritoryFacts, made: Iterable[Proposal]) -> TerritoryFacts:
    """The territory as it would stand with these."""
    changes = [
        PutEntity(slug=one.slug, entity=one.body)
        if isinstance(one.body, Entity)
        else Put(key=Key(territory=facts.slug, kind=one.kind, slug=one.slug), body=one.body)
        for one in made
    ]
    return evidence_facts.after(facts, changes) if changes else facts
