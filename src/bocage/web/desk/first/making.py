"""What the first measurements need to be declared: their source, the places, what is measured, the series."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration, Key
from bocage.domain.nature import Nature
from bocage.domain.plugin import Described
from bocage.domain.public_service import Competence, PublicService
from bocage.domain.quantity import QUANTITIES, Quantity, folded
from bocage.domain.sensing import Datastream, ObservedProperty, Thing, Unit
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.evidence.asked import Asked
from bocage.web.desk import proposals
from bocage.web.desk.changes import placing
from bocage.web.desk.first.reading import Line
from bocage.web.forms.slugs import free

UNNAMED = "…"  # until somebody says where it is measured; never recorded
SERVICES: Mapping[Competence, Text] = {
    Competence.BUILDINGS: Text(fr="Bâtiments publics", en="Public buildings"),
    Competence.MOBILITY: Text(fr="Voirie et déplacements", en="Roads and mobility"),
    Competence.ENVIRONMENT: Text(fr="Environnement", en="Environment"),
}


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """The changes, the slug of the source, and the datastream of each key."""

    changes: tuple[Asked, ...]
    source: str
    streams: Mapping[str, str]


def made(  # noqa: PLR0913 - what is measured, where, and by which source
    facts: TerritoryFacts,
    source: Source,
    lines: tuple[Line, ...],
    places: Mapping[str, str],
    *,
    slug: str = "",
    version: int = 0,
) -> Made:
    """Everything these lines need beside the answers; what stands already is used again. `places`: the name of the
    place of each site. `slug`, `version`: of a source that stands already, to be changed."""
    making, alike = _Making(facts), Counter(_what(line) for line in lines)
    slug = making.source(source, slug, version)
    streams = {
        line.key: making.line(slug, line, places.get(line.site) or line.site or UNNAMED, alone=alike[_what(line)] == 1)
        for line in lines
    }
    return Made(changes=tuple(making.out.values()), source=slug, streams=streams)


def _what(line: Line) -> tuple[str, str]:
    """What tells a line from the others."""
    return line.site, line.said.property if line.said else line.quantity


class _Making:
    def __init__(self, facts: TerritoryFacts) -> None:
        self.facts = facts
        self.out: dict[tuple[str, str], Asked] = {}
        self.taken: dict[str, set[str]] = {kind: set(bodies) for kind, bodies in facts.declared.items()}
        self.known: dict[tuple[str, str], str] = {}
        for name, thing in facts.all(Thing).items():
            self.known[Thing.kind, folded(thing.title.fr)] = name
        for name, observed in facts.all(ObservedProperty).items():
            self.known[ObservedProperty.kind, folded(observed.title.fr)] = name

    def source(self, body: Source, slug: str, version: int) -> str:
        """The source: a new one, or that of this slug, changed where it stands otherwise."""
        if not slug:
            return self._new(body, body.title.fr)
        if self.facts.one(Source, slug) == body:
            return slug
        key = Key(territory=self.facts.slug, kind=Source.kind, slug=slug)
        self.out[Source.kind, slug] = placing(key, body, version)
        return slug

    def line(self, source: str, line: Line, place: str, *, alone: bool) -> str:
        """The series of a line, with its place and what it measures; its slug. Not `alone`: its column is named."""
        quantity = QUANTITIES.get(line.quantity)
        if quantity is not None:
            self._service(quantity.competence)
        thing = self._named(Thing(title=Text(fr=place)))
        said = line.said or _said(line, quantity)
        title = said.title
        measured = self._named(ObservedProperty(title=title))
        body = Datastream(
            title=_title(title, place if alone else f"{place} ({line.column})"),
            thing=thing,
            observed_property=measured,
            unit=said.unit,
            nature=said.nature,
            source=source,
            key=line.key,
            cadence_seconds=said.cadence_seconds,
        )
        return self._new(body, body.title.fr)

    def _service(self, competence: Competence) -> None:
        if not proposals.service(self.facts, competence) and (PublicService.kind, competence.value) not in self.known:
            body = PublicService(title=SERVICES[competence], competence=competence)
            self.known[PublicService.kind, competence.value] = self._new(body, body.title.fr)

    def _named(self, body: Thing | ObservedProperty) -> str:
        """The one of that name that stands, or a new one."""
        place = (body.kind, folded(body.title.fr))
        if place not in self.known:
            self.known[place] = self._new(body, body.title.fr)
        return self.known[place]

    def _new(self, body: Declaration, title: str) -> str:
        taken = self.taken.setdefault(body.kind, set())
        slug = free(title, taken)
        taken.add(slug)
        self.out[body.kind, slug] = placing(Key(territory=self.facts.slug, kind=body.kind, slug=slug), body, 0)
        return slug


def _said(line: Line, quantity: Quantity | None) -> Described:
    """What a line measures, as its quantity says; without one as its column is called."""
    if quantity is None:
        return Described(meter="", property="", title=Text(fr=line.column), unit=Unit(), nature=Nature.GAUGE)
    return Described(meter="", property=quantity.code, title=quantity.title, unit=quantity.unit, nature=quantity.nature)


def _title(measured: Text, place: str) -> Text:
    return Text(fr=f"{measured.fr}, {place}", en=f"{measured.en}, {place}" if measured.en else "")
