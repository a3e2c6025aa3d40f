"""All that a territory declares at one moment, and the facts of one flow or one dataset drawn from it."""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

import msgspec

from bocage.commitments.flow import EVERY, SHARED, Covering, Earlier, Flow, Hosting, Sign, paired, reached, series_of
from bocage.commitments.measured import Arrived, OrderState, Past, RequestState, Resource, Usage
from bocage.commitments.release import Release
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
Place = tuple[str, str]
"""Kind and slug."""
_SERIES = Datastream.kind
_FOUND = {
    "claims": {Datastream.kind},
    "keys": {Datastream.kind},
    "borne": {Thing.kind},
    "notices": {SensorNotice.kind},
    "_lifting": {ReasonedException.kind},
    "_covering": {Contract.kind, Clause.kind},
    "_measuring": {Experiment.kind},
    "_places": {Datastream.kind},
}
"""What is worked out once, and the kinds it is worked out from."""


class TerritoryFacts(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Current declarations and sensing entities of one territory, by kind and slug.

    `signs`: what the values of a datastream showed so far, by its slug. `arrived`: what came of sources that a
    contract holds to a rhythm, by their slug. `commons`: what territories share. `requests`: those of persons about
    their data. `orders`: those given to equipment. `moment`: when it is looked at. `usage`: what was taken of the
    machine, None where nobody asks. `past`: what is held past its retention, by purpose; None while nobody looked.
    """

    slug: str
    today: date
    declared: Mapping[str, Mapping[str, Declaration]]
    signs: Mapping[str, tuple[Sign, ...]] = {}
    arrived: Mapping[str, Arrived] = {}
    commons: tuple[Resource, ...] = ()
    requests: tuple[RequestState, ...] = ()
    orders: tuple[OrderState, ...] = ()
    moment: datetime | None = None
    usage: Usage | None = None
    past: Mapping[str, Past] | None = None

    def beside(self, **now: Any) -> "TerritoryFacts":
        """The same declarations with what they do not say, by the names of its fields; what was worked out stays."""
        if self.territory is not None:
            _found = self.flows(), self._places  # so that the next change finds them here
        found = msgspec.structs.replace(self, **now)
        found.__dict__.update(self.__dict__)
        return found

    def moved(self, changes: Mapping[Place, Declaration | None]) -> "TerritoryFacts":
        """The territory with these changes (None is taken away); what they do not touch is taken over as it is."""
        declared, kinds = dict(self.declared), {kind for kind, _slug in changes}
        before = self.all(Datastream)
        for kind in kinds:
            named = {slug: body for (one, slug), body in changes.items() if one == kind}
            bodies = {slug: body for slug, body in declared.get(kind, {}).items() if slug not in named}
            declared[kind] = {**bodies, **{slug: body for slug, body in named.items() if body is not None}}
        moved = msgspec.structs.replace(self, declared=declared)
        same = all(paired(before.get(slug), after) for (kind, slug), after in changes.items() if kind == _SERIES)
        telling = kinds - {_SERIES} if same else kinds
        taken = {name for name, known in _FOUND.items() if name in self.__dict__ and telling.isdisjoint(known)}
        moved.__dict__.update({name: self.__dict__[name] for name in taken})
        since = self._earlier if "_flows" not in self.__dict__ else Earlier(self._flows)
        touched = since.touched | changes.keys() | self._named(changes)
        moved.__dict__["_earlier"] = Earlier(since.flows, touched, since.paired and same)
        return moved

    def _named(self, changes: Mapping[Place, Declaration | None]) -> frozenset[Place]:
        """The sources, datasets and things that what changes names, before and after."""
        bodies = ((after, self.declared.get(kind, {}).get(slug)) for (kind, slug), after in changes.items())
        return frozenset(place for pair in bodies for body in pair if body is not None for place in reached(body))

    @cached_property
    def _earlier(self) -> Earlier:
        return Earlier()

    def all(self, kind: type[D]) -> Mapping[str, D]:
        """The current declarations of a kind, by slug."""
        return cast(Mapping[str, D], self.declared.get(kind.kind, {}))

    def one(self, kind: type[D], slug: str) -> D | None:
        """The current declaration of that name, if any."""
        return self.all(kind).get(slug) if slug else None

    @property
    def territory(self) -> Territory | None:
        """What the territory says of itself."""
        return self.one(Territory, self.slug)

    @property
    def zone(self) -> str:
        """The time zone of the territory."""
        return self.territory.time_zone if self.territory else "Europe/Paris"

    @property
    def now(self) -> datetime:
        """The moment it is looked at; the first of the day where none is known."""
        first = datetime(self.today.year, self.today.month, self.today.day, tzinfo=ZoneInfo(self.zone))
        return self.moment or first

    @cached_property
    def claims(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """The datastreams that claim each (source, key); more than one is a fault."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for slug, body in sorted(self.all(Datastream).items()):
            if body.source:
                pair = (body.source, body.key or slug)
                found[pair] = (*found.get(pair, ()), slug)
        return found

    @cached_property
    def keys(self) -> Mapping[tuple[str, str], str]:
        """The datastream that each (source, key) names."""
        return {pair: slugs[0] for pair, slugs in self.claims.items()}

    @cached_property
    def borne(self) -> Mapping[str, str]:
        """The thing that bears each name of a thing that turned out to be this one."""
        return {name: slug for slug, thing in self.all(Thing).items() for name in thing.merged}

    @cached_property
    def notices(self) -> Mapping[str, tuple[tuple[str, SensorNotice], ...]]:
        """The notices that stand for each thing."""
        found: dict[str, tuple[tuple[str, SensorNotice], ...]] = {}
        for slug, notice in self.all(SensorNotice).items():
            for thing in notice.things:
                found[thing] = (*found.get(thing, ()), (slug, notice))
        return found

    @cached_property
    def _lifting(self) -> Mapping[tuple[str, str], tuple[tuple[str, ReasonedException], ...]]:
        """The exceptions for each thing they name."""
        found: dict[tuple[str, str], tuple[tuple[str, ReasonedException], ...]] = {}
        for slug, body in sorted(self.all(ReasonedException).items()):
            for named in body.objects:
                found[named] = (*found.get(named, ()), (slug, body))
        return found

    def lifting(self, kind: str, slug: str) -> tuple[tuple[str, ReasonedException], ...]:
        """The exceptions, at any date, that name this declaration."""
        return self._lifting.get((kind, slug), ())

    def subjects(self, contract: Contract) -> frozenset[ClauseSubject]:
        """What the clauses of a contract are about, those of the library that it names."""
        held = (self.one(Clause, one.clause) for one in contract.clauses)
        return frozenset(one.subject for one in held if one is not None)

    @cached_property
    def _covering(self) -> Mapping[str, tuple[Covering, ...]]:
        found: dict[str, tuple[Covering, ...]] = {}
        for slug, body in sorted(self.all(Contract).items()):
            covering = Covering(slug=slug, body=body, subjects=self.subjects(body)) if body.covered else None
            for source in sorted(body.covered):
                found[source] = (*found.get(source, ()), *((covering,) if covering else ()))
        return found

    def contracts_of(self, source: str) -> tuple[Covering, ...]:
        """The contracts that a source comes under today."""
        held = self._covering.get(source, ())
        return tuple(one for one in held if one.body.runs(self.today))

    @cached_property
    def _measuring(self) -> Mapping[str, tuple[tuple[str, Experiment], ...]]:
        """The experiments that each source measures for and that are not closed."""
        found: dict[str, tuple[tuple[str, Experiment], ...]] = {}
        for slug, body in sorted(self.all(Experiment).items()):
            for source in body.sources if body.closed is None else ():
                found[source] = (*found.get(source, ()), (slug, body))
        return found

    def flow(self, source_slug: str, key: str) -> Flow:
        """The facts of one key of one source; Missing pieces stay None. Needs a declared territory."""
        source = self.one(Source, source_slug)
        stream_slug = self.keys.get((source_slug, key), "") if source else ""
        stream = self.one(Datastream, stream_slug)
        dataset = self.one(Dataset, stream.dataset) if stream else None
        return Flow(
            territory=self._territory(),
            today=self.today,
            source_slug=source_slug,
            key=key,
            source=source,
            datastream=stream,
            datastream_slug=stream_slug,
            thing=self.one(Thing, stream.thing) if stream else None,
            observed_property=self.one(ObservedProperty, stream.observed_property) if stream else None,
            purpose=self.one(Purpose, source.purpose) if source else None,
            purpose_slug=source.purpose if source else "",
            dataset=dataset,
            dataset_slug=stream.dataset if stream else "",
            hosting=self._hosting(dataset.hosting) if dataset else None,
            sender=self._hosting(source.hosting) if source else None,
            notices=self.notices.get(stream.thing, ()) if stream else (),
            exceptions=self._exceptions(source_slug, stream.dataset if stream else ""),
            signs=self.signs.get(stream_slug, ()),
            running_since=source.running_since if source else None,
            operator=self.one(Organisation, source.operator) if source else None,
            contracts=self.contracts_of(source_slug),
            experiments=self._measuring.get(source_slug, ()),
        )

    def flows(self) -> tuple[Flow, ...]:
        """The facts of every declared datastream that has a source, by slug."""
        return self._flows

    @cached_property
    def _flows(self) -> tuple[Flow, ...]:
        flows, touched, kinds = self._earlier.flows, self._earlier.touched, self._earlier.kinds
        stands = bool(flows) and flows[0].today == self.today and kinds.isdisjoint(SHARED)
        if stands and kinds.isdisjoint(EVERY):
            return flows
        if stands and self._earlier.paired and kinds & EVERY == {_SERIES}:
            return self._again(flows, [slug for kind, slug in touched if kind == _SERIES])
        if stands and self._earlier.paired:
            drawn = self._repurposed if kinds & EVERY == {Purpose.kind} else self._redrawn
            return tuple(drawn(flow) if flow.touched(touched) else flow for flow in flows)
        earlier = {flow.datastream_slug: flow for flow in flows if stands and not flow.touched(touched)}
        pairs = sorted((slug, pair) for pair, slug in self.keys.items())
        return tuple(self._drawn(earlier.get(slug), pair) for slug, pair in pairs)

    def _again(self, flows: tuple[Flow, ...], streams: list[str]) -> tuple[Flow, ...]:
        """The same flows, those of these series drawn anew."""
        found = list(flows)
        for slug in streams:
            place = bisect_left(found, slug, key=series_of)
            if place < len(found) and found[place].datastream_slug == slug:
                found[place] = self.flow(found[place].source_slug, found[place].key)
        return tuple(found)

    def _repurposed(self, flow: Flow) -> Flow:
        return msgspec.structs.replace(flow, purpose=self.one(Purpose, flow.purpose_slug))

    def _redrawn(self, flow: Flow) -> Flow:
        return self.flow(flow.source_slug, flow.key)

    def _drawn(self, earlier: Flow | None, pair: tuple[str, str]) -> Flow:
        """The flow as it was drawn before where it still names the same series; drawn anew otherwise."""
        same = earlier is not None and (earlier.source_slug, earlier.key) == pair
        return earlier if earlier is not None and same else self.flow(*pair)

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """Where the flows of each dataset stand among all flows."""
        found: dict[str, list[int]] = {}
        for place, flow in enumerate(self._flows):
            found.setdefault(flow.dataset_slug, []).append(place)
        return found

    def release(self, dataset_slug: str) -> Release:
        """The facts of one dataset and of all its datastreams."""
        return Release(
            territory=self._territory(),
            dataset_slug=dataset_slug,
            today=self.today,
            dataset=self.one(Dataset, dataset_slug),
            flows=tuple(self._flows[place] for place in self._places.get(dataset_slug, ())),
            exceptions=self._exceptions("", dataset_slug),
        )

    def _territory(self) -> Territory:
        found = self.territory
        if found is None:
            raise ValueError(f"the territory {self.slug!r} declares nothing of itself yet")
        return found

    def _hosting(self, slug: str) -> Hosting | None:
        site = self.one(HostingSite, slug)
        return Hosting(slug=slug, site=site, operator=self.one(Organisation, site.operator)) if site else None

    def _exceptions(self, source: str, dataset: str) -> tuple[tuple[str, ReasonedException], ...]:
        found = {*self.lifting("source", source), *self.lifting("dataset", dataset)}
        return tuple(sorted(found, key=lambda pair: pair[0]))
