"""What a territory declares, by kind and slug, and what is found of it for one source or one series."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

import msgspec

from bocage.commitments.flow import Course, Covering, Hosting, Sign, Strand
from bocage.domain.clause import Clause, ClauseSubject
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.exception import ReasonedException
from bocage.domain.experiment import Experiment
from bocage.domain.hosting_site import HostingSite
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.territory import Territory

D = TypeVar("D", bound=Declaration)
K = TypeVar("K")
V = TypeVar("V")
Claim = tuple[str, str]
"""A source, and what it calls one of its series."""


def claim(slug: str, body: Declaration | None) -> Claim | None:
    """What a series claims; None where it names no source."""
    return (body.source, body.key or slug) if isinstance(body, Datastream) and body.source else None


def _grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """What comes of each key, in order."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}


class Declared(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Current declarations and sensing entities of one territory, by kind and slug. `signs`: what the values of a
    datastream showed so far, by its slug."""

    slug: str
    today: date
    declared: Mapping[str, Mapping[str, Declaration]]
    signs: Mapping[str, tuple[Sign, ...]] = {}

    def all(self, kind: type[D]) -> Mapping[str, D]:
        """The current declarations of a kind, by slug."""
        return cast(Mapping[str, D], self.declared.get(kind.kind, {}))

    def one(self, kind: type[D], slug: str) -> D | None:
        """The current declaration of that name, if any."""
        return self.all(kind).get(slug) if slug else None

    def naming(self, kind: type[D], field: str, slug: str) -> tuple[D, ...]:
        """The current declarations of a kind, by their own slug, whose field names this one."""
        held = self._naming.get((kind.kind, field))
        if held is None:
            held = {}
            for _slug, body in sorted(self.all(kind).items()):
                held.setdefault(getattr(body, field), []).append(body)
            self._naming[kind.kind, field] = held
        return cast(tuple[D, ...], tuple(held.get(slug, ())))

    @cached_property
    def _naming(self) -> dict[tuple[str, str], dict[str, list[Declaration]]]:
        return {}

    def series_of(self, dataset: str) -> tuple[tuple[str, Datastream], ...]:
        """The series of a dataset with their slugs, in the order of these."""
        return self._series_of.get(dataset, ())

    @cached_property
    def _series_of(self) -> dict[str, tuple[tuple[str, Datastream], ...]]:
        return _grouped((body.dataset, (slug, body)) for slug, body in sorted(self.all(Datastream).items()))

    @property
    def territory(self) -> Territory | None:
        """What the territory says of itself."""
        return self.one(Territory, self.slug)

    @property
    def zone(self) -> str:
        """The time zone of the territory."""
        return self.territory.time_zone if self.territory else "Europe/Paris"

    @cached_property
    def claims(self) -> Mapping[Claim, tuple[str, ...]]:
        """The datastreams that claim each key of a source, by slug; more than one is a fault."""
        claimed = ((claim(slug, body), slug) for slug, body in sorted(self.all(Datastream).items()))
        return _grouped((one, slug) for one, slug in claimed if one is not None)

    @cached_property
    def keys(self) -> Mapping[Claim, str]:
        """The datastream that each key of a source names."""
        return {claimed: slugs[0] for claimed, slugs in self.claims.items()}

    @cached_property
    def notices(self) -> Mapping[str, tuple[tuple[str, SensorNotice], ...]]:
        """The notices that stand for each thing."""
        notices = sorted(self.all(SensorNotice).items())
        return _grouped((thing, (slug, notice)) for slug, notice in notices for thing in notice.things)

    @cached_property
    def _lifting(self) -> Mapping[tuple[str, str], tuple[tuple[str, ReasonedException], ...]]:
        """The exceptions for each thing they name."""
        exceptions = sorted(self.all(ReasonedException).items())
        return _grouped((named, (slug, body)) for slug, body in exceptions for named in body.objects)

    def lifting(self, kind: str, slug: str) -> tuple[tuple[str, ReasonedException], ...]:
        """The exceptions, at any date, that name this declaration."""
        return self._lifting.get((kind, slug), ())

    def subjects(self, contract: Contract) -> frozenset[ClauseSubject]:
        """What the clauses of a contract are about, those of the library that it names."""
        held = (self.one(Clause, one.clause) for one in contract.clauses)
        return frozenset(one.subject for one in held if one is not None)

    @cached_property
    def _covering(self) -> Mapping[str, tuple[Covering, ...]]:
        covers = (covering for _slug, covering in sorted(self._covers.items()))
        return _grouped((source, covering) for covering in covers for source in covering.sources)

    @cached_property
    def _covers(self) -> Mapping[str, Covering]:
        """What each contract covers."""
        return {slug: self.covering(slug, body) for slug, body in self.all(Contract).items()}

    def covering(self, slug: str, body: Contract) -> Covering:
        """The sources that a contract covers, and the subjects of its clauses."""
        return Covering(slug=slug, body=body, sources=body.covered, subjects=self.subjects(body))

    def contracts_of(self, source: str) -> tuple[Covering, ...]:
        """The contracts that a source comes under today."""
        held = self._covering.get(source, ())
        return tuple(one for one in held if one.body.runs(self.today))

    @cached_property
    def _measuring(self) -> Mapping[str, tuple[tuple[str, Experiment], ...]]:
        """The experiments that each source measures for and that are not closed."""
        held = ((slug, body) for slug, body in sorted(self.all(Experiment).items()) if body.closed is None)
        return _grouped((source, (slug, body)) for slug, body in held for source in body.sources)

    def strand(self, source_slug: str, key: str) -> Strand:
        """One key of a source; bare while the source or the series is not declared."""
        claimants = self.claims.get((source_slug, key), ()) if self.one(Source, source_slug) else ()
        slug = claimants[0] if claimants else ""
        stream = self.one(Datastream, slug)
        if stream is None:
            return Strand(key=key)
        return Strand(
            key=key,
            slug=slug,
            datastream=stream,
            thing=self.one(Thing, stream.thing),
            observed_property=self.one(ObservedProperty, stream.observed_property),
            notices=self.notices.get(stream.thing, ()),
            signs=self.signs.get(slug, ()),
        )

    def course(self, source_slug: str, dataset_slug: str) -> Course:
        """What the series of a source that go to a dataset share. Needs a declared territory."""
        source, dataset = self.one(Source, source_slug), self.one(Dataset, dataset_slug)
        return Course(
            territory=self._territory(),
            today=self.today,
            source_slug=source_slug,
            source=source,
            purpose=self.one(Purpose, source.purpose) if source else None,
            purpose_slug=source.purpose if source else "",
            dataset=dataset,
            dataset_slug=dataset_slug,
            hosting=self._hosting(dataset.hosting) if dataset else None,
            sender=self._hosting(source.hosting) if source else None,
            exceptions=self.lifted(source_slug, dataset_slug),
            running_since=source.running_since if source else None,
            operator=self.one(Organisation, source.operator) if source else None,
            contracts=self.contracts_of(source_slug),
            experiments=self._measuring.get(source_slug, ()),
        )

    def _territory(self) -> Territory:
        found = self.territory
        if found is None:
            raise ValueError(f"the territory {self.slug!r} declares nothing of itself yet")
        return found

    def _hosting(self, slug: str) -> Hosting | None:
        site = self.one(HostingSite, slug)
        return Hosting(slug=slug, site=site, operator=self.one(Organisation, site.operator)) if site else None

    def lifted(self, source: str, dataset: str) -> tuple[tuple[str, ReasonedException], ...]:
        """The exceptions, at any date, that name the source or the dataset."""
        found = {*self.lifting("source", source), *self.lifting("dataset", dataset)}
        return tuple(sorted(found, key=lambda pair: pair[0]))
