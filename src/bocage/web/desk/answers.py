"""From the answers on the declare page to the changes they ask for, all to be made at once."""

from collections.abc import Mapping
from typing import Any, TypeVar, cast

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration, Key
from bocage.domain.hosting_site import HostingSite
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.evidence.asked import Asked
from bocage.web.desk.changes import placing
from bocage.web.desk.registers import held
from bocage.web.desk.sections import Section
from bocage.web.forms.read import Sent, read
from bocage.web.forms.slugs import free, slug

D = TypeVar("D", bound=Declaration)


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """The changes, or what is wrong by path; `typed` are the trees of each section, to show them again."""

    changes: tuple[Asked, ...]
    errors: dict[str, str]
    typed: Mapping[str, dict[str, Any]]


def answered(
    facts: TerritoryFacts, source: str, keys: tuple[str, ...], sections: tuple[Section, ...], sent: Sent
) -> Answered:
    """Read every section this person may answer, then tie the answers together, for all these series."""
    reader = _Reader(facts, sent)
    for section in sections:
        if section.may:
            reader.section(section)
    if reader.errors:
        return Answered(changes=(), errors=reader.errors, typed=reader.typed)
    return Answered(changes=_Tying(reader, source, keys).changes(), errors={}, typed=reader.typed)


class _Reader:
    """Reads sections one by one: `chosen` slugs of what exists, `made` new bodies and completed ones."""

    def __init__(self, facts: TerritoryFacts, sent: Sent) -> None:
        self.facts, self.sent = facts, sent
        self.errors: dict[str, str] = {}
        self.typed: dict[str, dict[str, Any]] = {}
        self.chosen: dict[str, str] = {}
        self.made: dict[str, tuple[str, Declaration]] = {}

    def section(self, section: Section) -> None:
        picked = str(self.sent.get(f"{section.kind}.choice", ""))
        if picked and picked in section.known:
            self.chosen[section.kind] = picked
            return
        known = self.facts.declared.get(section.kind, {})
        body = known.get(section.completing)
        before = _plain(body) if body else _ahead(section)
        found = read(section.struct, self.sent, before, prefix=f"{section.kind}.", only=frozenset(section.only))
        self.typed[section.kind] = found.tree
        self.errors.update(found.errors)
        if found.body is not None:
            body = cast(Declaration, found.body)
            name = section.completing or free(_title(body), set(known))
            self.chosen[section.kind] = name
            self.made[section.kind] = (name, body)

    def take(self, kind: type[D]) -> tuple[str, D] | None:
        """What was made of a kind."""
        return cast("tuple[str, D] | None", self.made.get(kind.kind))


class _Tying:
    """Ties new declarations to each other and to the series; a series that lacks is made for the first key."""

    def __init__(self, reader: _Reader, source: str, keys: tuple[str, ...]) -> None:
        self.reader, self.facts, self.source, self.keys = reader, reader.facts, source, keys
        self.flow = self.facts.flow(source, keys[0])
        self.out: list[Asked] = []

    def changes(self) -> tuple[Asked, ...]:
        for kind in (HostingSite, Purpose, Thing, ObservedProperty):
            self._as_made(kind)
        self._dataset()
        self._source()
        self._datastream()
        self._notice()
        return tuple(self.out)

    def _put(self, kind: str, name: str, body: Declaration) -> None:
        present = held(self.facts.slug, kind, name)
        key = Key(territory=self.facts.slug, kind=kind, slug=name)
        self.out.append(placing(key, body, present.version if present else 0))

    def _as_made(self, kind: type[Declaration]) -> None:
        made = self.reader.take(kind)
        if made:
            self._put(kind.kind, *made)

    def _dataset(self) -> None:
        made = self.reader.take(Dataset)
        sites = sorted(self.facts.all(HostingSite))
        site = self.reader.chosen.get(HostingSite.kind) or (sites[0] if len(sites) == 1 else "")
        if made:
            name, body = made
            self._put(Dataset.kind, name, body if body.hosting else msgspec.structs.replace(body, hosting=site))
        elif self.flow.course.dataset is not None and not self.flow.course.dataset.hosting and site:
            self._put(
                Dataset.kind,
                self.flow.course.dataset_slug,
                msgspec.structs.replace(self.flow.course.dataset, hosting=site),
            )

    def _source(self) -> None:
        purpose = self.reader.chosen.get(Purpose.kind, "")
        body = self.flow.course.source
        if body is not None and purpose and body.purpose != purpose:
            self._put(Source.kind, self.source, msgspec.structs.replace(body, purpose=purpose))

    def _datastream(self) -> None:
        chosen = self.reader.chosen
        made = self.reader.take(Datastream)
        tied = {
            field: chosen[kind.kind]
            for field, kind in (("thing", Thing), ("observed_property", ObservedProperty), ("dataset", Dataset))
            if kind.kind in chosen
        }
        if made:
            key = self.keys[0]
            name = free(slug(key) or made[0], set(self.facts.all(Datastream)))
            self._put(Datastream.kind, name, msgspec.structs.replace(made[1], source=self.source, key=key, **tied))
            return
        for flow in (self.facts.flow(self.source, key) for key in self.keys):
            if flow.strand.datastream is not None and tied:
                self._put(Datastream.kind, flow.strand.slug, msgspec.structs.replace(flow.strand.datastream, **tied))

    def _notice(self) -> None:
        name = self.reader.chosen.get(SensorNotice.kind, "")
        thing = self.reader.chosen.get(Thing.kind) or (
            self.flow.strand.datastream.thing if self.flow.strand.datastream else ""
        )
        if not name or not thing:
            return
        made = self.reader.take(SensorNotice)
        body = made[1] if made else self.facts.one(SensorNotice, name)
        if body is not None and thing not in body.things:
            self._put(SensorNotice.kind, name, msgspec.structs.replace(body, things=(*body.things, thing)))


def _plain(body: Declaration) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(body)
    return found


def _ahead(section: Section) -> dict[str, Any]:
    """Names a new series needs before the answers are tied: they are replaced at once."""
    return {"thing": "x", "observed_property": "x"} if section.struct is Datastream else {}


def _title(body: Declaration) -> str:
    found = getattr(body, "title", None)
    return found.fr if isinstance(found, Text) else body.kind
