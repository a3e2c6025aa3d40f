"""All that a territory declares at one moment, and the facts of one flow or one dataset drawn from it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bocage.commitments.courses import Drawn, Since, drawn, reached
from bocage.commitments.declared import Claim, Declared, claim
from bocage.commitments.flow import Course, Covering, Flow, Strands
from bocage.commitments.measured import Arrived, OrderState, Past, RequestState, Resource, Usage
from bocage.commitments.release import Release
from bocage.domain.clause import Clause
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.exception import ReasonedException
from bocage.domain.experiment import Experiment
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.sensor_notice import SensorNotice

Place = tuple[str, str]
"""Kind and slug."""
_FOUND = {
    "claims": {Datastream.kind},
    "keys": {Datastream.kind},
    "borne": {Thing.kind},
    "notices": {SensorNotice.kind},
    "_lifting": {ReasonedException.kind},
    "_covers": {Contract.kind, Clause.kind},
    "_covering": {Contract.kind, Clause.kind},
    "_measuring": {Experiment.kind},
}
"""What is worked out once, and the kinds it is worked out from."""


class TerritoryFacts(Declared, frozen=True, kw_only=True, dict=True):
    """Current declarations and sensing entities of one territory, by kind and slug, and what they do not say.

    `arrived`: what came of sources that a contract holds to a rhythm, by their slug. `commons`: what territories share.
    `requests`: those of persons about their data. `orders`: those to equipment that did not come to their end;
    `orders_given`: how many ever left. `moment`: when it is looked at.
    `usage`: what was taken of the machine, None where nobody asks. `past`: what is held past its retention, by purpose;
    None while nobody looked.
    """

    arrived: Mapping[str, Arrived] = {}
    commons: tuple[Resource, ...] = ()
    requests: tuple[RequestState, ...] = ()
    orders: tuple[OrderState, ...] = ()
    orders_given: int = 0
    moment: datetime | None = None
    usage: Usage | None = None
    past: Mapping[str, Past] | None = None

    def beside(self, **now: Any) -> "TerritoryFacts":
        """The same declarations with what they do not say, by the names of its fields; what was worked out stays."""
        if self.territory is not None:
            _found = self._drawn  # so that the next change finds it here
        found = msgspec.structs.replace(self, **now)
        found.__dict__.update(self.__dict__)
        return found

    def moved(self, changes: Mapping[Place, Declaration | None]) -> "TerritoryFacts":
        """The territory with these changes (None is taken away); what they do not touch is taken over as it is."""
        kinds = {kind for kind, _slug in changes}
        fresh = {kind: dict(self.declared.get(kind, {})) for kind in kinds}
        for (kind, slug), body in changes.items():
            if body is None:
                fresh[kind].pop(slug, None)
            else:
                fresh[kind][slug] = body
        moved = msgspec.structs.replace(self, declared={**self.declared, **fresh})
        taken = {name for name, known in _FOUND.items() if name in self.__dict__ and kinds.isdisjoint(known)}
        moved.__dict__.update({name: self.__dict__[name] for name in taken})
        if "claims" in self.__dict__ and Datastream.kind in kinds:
            moved.__dict__["claims"] = self._claimed(changes)
        if "_covers" in self.__dict__ and Contract.kind in kinds and Clause.kind not in kinds:
            moved.__dict__["_covers"] = self._covered(moved, {slug for kind, slug in changes if kind == Contract.kind})
        moved.__dict__["_since"] = self._and(changes)
        return moved

    def _claimed(self, changes: Mapping[Place, Declaration | None]) -> Mapping[Claim, tuple[str, ...]]:
        """What is claimed after these changes."""
        found = dict(self.claims)
        for (kind, slug), after in changes.items():
            if kind != Datastream.kind:
                continue
            before, now = claim(slug, self.all(Datastream).get(slug)), claim(slug, after)
            if before is not None and before != now:
                found[before] = tuple(one for one in found[before] if one != slug)
                if not found[before]:
                    del found[before]
            if now is not None:
                found[now] = tuple(sorted({*found.get(now, ()), slug}))
        return found

    def _covered(self, now: "TerritoryFacts", changed: set[str]) -> Mapping[str, Covering]:
        """What contracts cover once these have changed."""
        held = now.all(Contract)
        again = {slug: now.covering(slug, held[slug]) for slug in changed if slug in held}
        return {slug: one for slug, one in {**self._covers, **again}.items() if slug in held}

    def _and(self, changes: Mapping[Place, Declaration | None]) -> Since:
        """What was drawn, and all that has changed since then, these changes included."""
        since = Since(self._drawn) if "_drawn" in self.__dict__ else self._since
        pairs = [(place, body) for place, body in changes.items()]
        pairs += [((kind, slug), self.declared.get(kind, {}).get(slug)) for kind, slug in changes]
        claims = {one for (_kind, slug), body in pairs if (one := claim(slug, body)) is not None}
        named = {place for _place, body in pairs for place in reached(body)}
        return Since(since.drawn, since.touched | changes.keys() | named, since.claims | claims)

    @cached_property
    def _since(self) -> Since:
        return Since()

    @property
    def now(self) -> datetime:
        """The moment it is looked at; the first of the day where none is known."""
        first = datetime(self.today.year, self.today.month, self.today.day, tzinfo=ZoneInfo(self.zone))
        return self.moment or first

    @cached_property
    def borne(self) -> Mapping[str, str]:
        """The thing that bears each name of a thing that turned out to be this one."""
        return {name: slug for slug, thing in self.all(Thing).items() for name in thing.merged}

    @cached_property
    def _drawn(self) -> Drawn:
        return drawn(self, self._since)

    def courses(self) -> tuple[tuple[Course, Strands], ...]:
        """What the declared series that have a source share, and the series of each, by source and dataset."""
        return self._courses

    @cached_property
    def _courses(self) -> tuple[tuple[Course, Strands], ...]:
        return tuple((self._drawn.courses[pair], each) for pair, each in sorted(self._drawn.groups.items()))

    def flow(self, source_slug: str, key: str) -> Flow:
        """The facts of one key of one source; missing pieces stay None. Needs a declared territory."""
        strand = self._drawn.strands.get((source_slug, key)) or self.strand(source_slug, key)
        pair = source_slug, strand.datastream.dataset if strand.datastream else ""
        return Flow(self._drawn.courses.get(pair) or self.course(*pair), strand)

    def flows(self) -> tuple[Flow, ...]:
        """The facts of every declared datastream that has a source, by source and dataset."""
        return tuple(Flow(course, strand) for course, strands in self._courses for strand in strands.each)

    def release(self, dataset_slug: str) -> Release:
        """The facts of one dataset and of all its datastreams."""
        return Release(
            territory=self._territory(),
            dataset_slug=dataset_slug,
            today=self.today,
            dataset=self.one(Dataset, dataset_slug),
            courses=self._releases.get(dataset_slug, ()),
            exceptions=self.lifted("", dataset_slug),
        )

    @cached_property
    def _releases(self) -> Mapping[str, tuple[tuple[Course, Strands], ...]]:
        found: dict[str, tuple[tuple[Course, Strands], ...]] = {}
        for course, strands in self._courses:
            found[course.dataset_slug] = (*found.get(course.dataset_slug, ()), (course, strands))
        return found
