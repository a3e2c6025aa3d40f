"""Draws the courses and strands of a territory, and draws again only what a change touches."""

from collections.abc import Iterator, Mapping

import msgspec

from bocage.commitments.declared import Claim, Declared
from bocage.commitments.flow import Course, Strand, Strands, by_name
from bocage.domain.clause import Clause
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.exception import ReasonedException
from bocage.domain.experiment import Experiment
from bocage.domain.hosting_site import HostingSite
from bocage.domain.organisation import Organisation
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import ObservedProperty, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.source import Source
from bocage.domain.territory import Territory

Pair = tuple[str, str]
"""A source and a dataset."""
_SHARED = frozenset(
    kind.kind
    for kind in (
        *(Territory, Source, Purpose, Dataset, HostingSite),
        *(Organisation, ReasonedException, Contract, Clause, Experiment),
    )
)
"""The kinds that courses are drawn from."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """Every strand by what it claims, and by source and dataset; and the course of each of these."""

    strands: Mapping[Claim, Strand]
    groups: Mapping[Pair, Strands]
    courses: Mapping[Pair, Course]


class Since(msgspec.Struct, frozen=True):
    """What was drawn of the facts that others came from, and what has changed since, by kind and slug: with `claims`,
    those of series that changed, before and after."""

    drawn: Drawn | None = None
    touched: frozenset[tuple[str, str]] = frozenset()
    claims: frozenset[Claim] = frozenset()

    def slugs(self, kind: type[Declaration]) -> frozenset[str]:
        """Those of a kind that changed."""
        return frozenset(slug for one, slug in self.touched if one == kind.kind)


def reached(body: Declaration | None) -> frozenset[tuple[str, str]]:
    """The things whose strands are drawn from this declaration, that it names itself."""
    return frozenset((Thing.kind, thing) for thing in body.things) if isinstance(body, SensorNotice) else frozenset()


def drawn(facts: Declared, since: Since) -> Drawn:
    """Those of these facts; what did not change is the same object as before, so that what it answered stands."""
    before = since.drawn
    if before is None:
        return _anew(facts)
    stale = since.claims | frozenset(_touched(facts, before, since))
    strands, groups = before.strands, before.groups
    if stale:
        strands, groups = _again(facts, before, stale)
    kinds = {kind for kind, _slug in since.touched}
    if kinds.isdisjoint(_SHARED) and groups.keys() == before.courses.keys():
        return Drawn(strands=strands, groups=groups, courses=before.courses)
    courses = {pair: _kept(before.courses.get(pair), facts.course(*pair)) for pair in groups}
    return Drawn(strands=strands, groups=groups, courses=courses)


def _anew(facts: Declared) -> Drawn:
    strands = {claimed: facts.strand(*claimed) for claimed in facts.claims}
    groups = {pair: Strands(tuple(sorted(some, key=by_name))) for pair, some in _members(strands).items()}
    return Drawn(strands=strands, groups=groups, courses={pair: facts.course(*pair) for pair in groups})


def _kept(before: Course | None, now: Course) -> Course:
    return before if before is not None and before == now else now


def _touched(facts: Declared, before: Drawn, since: Since) -> Iterator[Claim]:
    """Strands that others than the series itself changed: its thing, what it observes, its source come or gone."""
    things, observed, sources = (since.slugs(kind) for kind in (Thing, ObservedProperty, Source))
    turned = {
        source
        for (source, _dataset), course in before.courses.items()
        if source in sources and (course.source is None) != (facts.one(Source, source) is None)
    }
    if not (things or observed or turned):
        return
    for claimed, strand in before.strands.items():
        stream = strand.datastream
        drawn = stream is not None and (stream.thing in things or stream.observed_property in observed)
        if drawn or claimed[0] in turned:
            yield claimed


def _again(
    facts: Declared, before: Drawn, stale: frozenset[Claim]
) -> tuple[Mapping[Claim, Strand], Mapping[Pair, Strands]]:
    """The strands as they were, the stale ones drawn anew; only groups that one of them left or joins are others."""
    new = {claimed: facts.strand(*claimed) for claimed in stale if claimed in facts.claims}
    old = {claimed: before.strands[claimed] for claimed in stale if claimed in before.strands}
    strands = dict(before.strands)
    for claimed in old.keys() - new.keys():
        del strands[claimed]
    strands.update(new)
    groups, joining = dict(before.groups), _members(new)
    for pair in {*_members(old), *joining}:
        gone = frozenset(key for source, key in old if source == pair[0])
        groups[pair] = before.groups.get(pair, Strands()).changed(gone, joining.get(pair, []))
        if not groups[pair].each:
            del groups[pair]
    return strands, groups


def _members(strands: Mapping[Claim, Strand]) -> dict[Pair, list[Strand]]:
    found: dict[Pair, list[Strand]] = {}
    for (source, _key), strand in strands.items():
        pair = source, strand.datastream.dataset if strand.datastream else ""
        found.setdefault(pair, []).append(strand)
    return found
