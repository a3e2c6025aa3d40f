"""What is known around an indicator: what it measures and where, what for, who answers, which rules watch it."""

from collections.abc import Collection, Iterable

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measures import within
from bocage.domain.dataset import Dataset
from bocage.domain.nature import Nature
from bocage.domain.purpose import Purpose
from bocage.domain.role import Role
from bocage.domain.sensing import Datastream, ObservedProperty, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.publish.indicators import Followed, unit_of
from bocage.publish.provenance import provenance
from bocage.publish.story.subject import Subject
from bocage.steer.measuring import Figure


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads, and when (UTC ms). `told`: the things they are told of; others are not named."""

    now: int
    told: Collection[str]


def subject(facts: TerritoryFacts, one: Followed, line: str, figures: tuple[Figure, ...], reader: Reader) -> Subject:
    """What the story of one of its figures is told of; none are given to whoever may not see them."""
    streams = [stream for _slug, stream in one.of(line)]
    datasets = [body for slug in _each(s.dataset for s in streams) if (body := facts.one(Dataset, slug))]
    return Subject(
        measure=one.measure,
        nature=streams[0].nature if streams else Nature.GAUGE,
        unit=unit_of(one, line),
        zone=facts.zone,
        now=reader.now,
        figures=figures,
        observed=_titles(facts, ObservedProperty, (s.observed_property for s in streams)),
        places=_titles(facts, Thing, (s.thing for s in streams if s.thing in reader.told)),
        series=len(streams),
        purposes=_purposes(facts, streams),
        target=one.indicator.target,
        provenance=provenance(facts, streams),
        licences=tuple(dict.fromkeys(body.licence for body in datasets if figures)),
        stewards=_titles(facts, Role, (body.steward for body in datasets)),
        rules=_rules(facts, {slug for slug, _stream in one.of(line)}),
    )


def _each(slugs: Iterable[str]) -> list[str]:
    return [slug for slug in dict.fromkeys(slugs) if slug]


Titled = type[ObservedProperty] | type[Thing] | type[Role] | type[Purpose]


def _titles(facts: TerritoryFacts, kind: Titled, slugs: Iterable[str]) -> tuple[Text, ...]:
    bodies = facts.declared.get(kind.kind, {})
    found = (getattr(bodies.get(slug), "title", None) for slug in _each(slugs))
    return tuple(title for title in found if isinstance(title, Text))


def _purposes(facts: TerritoryFacts, streams: list[Datastream]) -> tuple[Text, ...]:
    sources = (facts.one(Source, slug) for slug in _each(stream.source for stream in streams))
    return _titles(facts, Purpose, (source.purpose for source in sources if source))


def _rules(facts: TerritoryFacts, series: set[str]) -> tuple[Text, ...]:
    """The alert rules in force that look at one of these series."""
    found: list[Text] = []
    for body in facts.declared.get("rule", {}).values():
        title = getattr(body, "title", None)
        named = {slug for _path, measure in within(body) for slug in measure.datastreams}
        if isinstance(title, Text) and getattr(body, "active", True) and named & series:
            found.append(title)
    return tuple(found)
