"""The register of processing activities (GDPR, article 30): a view of the purposes that run, never typed again."""

from collections.abc import Iterable

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.dataset import Dataset
from bocage.domain.hosting_site import HostingSite
from bocage.domain.organisation import Organisation
from bocage.domain.public_service import PublicService
from bocage.domain.purpose import Purpose
from bocage.domain.sensing import Datastream, ObservedProperty
from bocage.domain.source import Source
from bocage.domain.text import Text

Named = tuple[str, Text]
"""Slug and title of a declaration that is one click away."""


class Processing(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose with what serves it; `measured` are the observed properties, `processors` who runs the sources."""

    slug: str
    purpose: Purpose
    service: Named | None
    controller: Named | None
    processors: tuple[Named, ...]
    recipients: tuple[Named, ...]
    sources: tuple[Named, ...]
    measured: tuple[Named, ...]
    hosting: tuple[tuple[str, HostingSite], ...]
    series: int

    @property
    def outside_eu(self) -> tuple[tuple[str, HostingSite], ...]:
        """Sites whose operator answers to the law of a country outside the European Union."""
        return tuple(pair for pair in self.hosting if pair[1].operator_outside_eu)


def processing(facts: TerritoryFacts, slug: str, purpose: Purpose) -> Processing:
    """What runs under one purpose now."""
    sources = {name: source for name, source in facts.all(Source).items() if source.purpose == slug}
    streams = [stream for stream in facts.all(Datastream).values() if stream.source in sources]
    datasets = [d for d in (facts.one(Dataset, s) for s in sorted({s.dataset for s in streams})) if d]
    sites = {*(d.hosting for d in datasets), *(source.hosting for source in sources.values())}
    return Processing(
        slug=slug,
        purpose=purpose,
        service=_named(facts, PublicService, purpose.service),
        controller=_named(facts, Organisation, purpose.owner),
        processors=_all(facts, Organisation, (source.operator for source in sources.values())),
        recipients=_all(facts, Organisation, purpose.recipients),
        sources=tuple((name, source.title) for name, source in sorted(sources.items())),
        measured=_all(facts, ObservedProperty, (stream.observed_property for stream in streams)),
        hosting=tuple((site, found) for site in sorted(sites) if (found := facts.one(HostingSite, site))),
        series=len(streams),
    )


def register(facts: TerritoryFacts) -> tuple[Processing, ...]:
    """Every purpose: those that concern persons first (they are the register of article 30), then by title."""
    found = [processing(facts, slug, purpose) for slug, purpose in facts.all(Purpose).items()]
    return tuple(sorted(found, key=lambda p: (p.purpose.personal is False, p.purpose.title.fr.casefold())))


Titled = type[Organisation] | type[PublicService] | type[ObservedProperty]


def _named(facts: TerritoryFacts, kind: Titled, slug: str) -> Named | None:
    found: Organisation | PublicService | ObservedProperty | None = facts.one(kind, slug)
    return (slug, found.title) if found else None


def _all(facts: TerritoryFacts, kind: Titled, slugs: Iterable[str]) -> tuple[Named, ...]:
    return tuple(found for slug in sorted(set(slugs)) if slug and (found := _named(facts, kind, slug)))
