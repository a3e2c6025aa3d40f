"""Where the measurements of a dataset come from: sources, licences, attributions, and whether they are replayed."""

from collections.abc import Iterable

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.organisation import Organisation
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import Text


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """One source as readers are told of it; licence and attribution are those of what it gives, as declared."""

    source: str
    title: Text
    operator: Text | None
    licence: str
    attribution: str
    replayed: bool


def provenance(facts: TerritoryFacts, streams: Iterable[Datastream]) -> tuple[Provenance, ...]:
    """The sources of these series, each once, by name."""
    slugs = sorted({stream.source for stream in streams if stream.source})
    return tuple(_told(facts, slug, source) for slug in slugs if (source := facts.one(Source, slug)))


def _told(facts: TerritoryFacts, slug: str, source: Source) -> Provenance:
    operator = facts.one(Organisation, source.operator)
    return Provenance(
        source=slug,
        title=source.title,
        operator=operator.title if operator else None,
        licence=source.licence,
        attribution=source.attribution,
        replayed=source.replayed,
    )
