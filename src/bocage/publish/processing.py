"""The register of processing activities (GDPR, article 30): a view of the purposes that run, never typed again."""

from collections.abc import Iterable, Mapping

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.gdpr_13_information import lacking
from bocage.commitments.gdpr_28_processors import processing_for
from bocage.commitments.r19_hosting import EUROPE
from bocage.domain.agreement import Agreement, AgreementForm
from bocage.domain.contract import Contract
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


class Processor(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who processes for the controller: `under` is the contract or agreement (kind, slug, title) that says
    so, None where nothing does. `hosts`: they keep the data, and run no source."""

    body: Named
    under: tuple[str, str, Text] | None = None
    hosts: bool = False


class Processing(msgspec.Struct, frozen=True, kw_only=True):
    """One purpose with what serves it.

    `measured` are the observed properties; `operators` run the sources; `processors` are those of them, and of the
    hosts, that are not the controller. `joint`: the agreements by which others decide with the controller (GDPR 26),
    with their parties.
    """

    slug: str
    purpose: Purpose
    service: Named | None
    controller: Named | None
    operators: tuple[Named, ...]
    processors: tuple[Processor, ...]
    joint: tuple[tuple[Named, tuple[Named, ...]], ...]
    datasets: tuple[Named, ...]
    recipients: tuple[Named, ...]
    sources: tuple[Named, ...]
    measured: tuple[Named, ...]
    hosting: tuple[tuple[str, HostingSite], ...]
    series: int

    @property
    def outside_eu(self) -> tuple[tuple[str, HostingSite], ...]:
        """Sites that lie outside the European Economic Area, or whose operator answers to the law of such a country."""
        return tuple(pair for pair in self.hosting if pair[1].operator_outside_eu or pair[1].country not in EUROPE)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What persons are owed and nobody has said; nothing where no person is concerned."""
        return lacking(self.purpose) if self.purpose.personal else ()


def processing(facts: TerritoryFacts, slug: str, purpose: Purpose) -> Processing:
    """What runs under one purpose now."""
    sources = {name: source for name, source in facts.all(Source).items() if source.purpose == slug}
    streams = [stream for stream in facts.all(Datastream).values() if stream.source in sources]
    datasets = {name: one for name in sorted({s.dataset for s in streams}) if (one := facts.one(Dataset, name))}
    sites = {*(d.hosting for d in datasets.values()), *(source.hosting for source in sources.values())}
    hosting = tuple((site, found) for site in sorted(sites) if (found := facts.one(HostingSite, site)))
    return Processing(
        slug=slug,
        purpose=purpose,
        service=_named(facts, PublicService, purpose.service),
        controller=_named(facts, Organisation, purpose.owner),
        operators=_all(facts, Organisation, (source.operator for source in sources.values())),
        processors=_processors(facts, slug, purpose, (sources, hosting)),
        joint=_joint(facts, slug),
        datasets=tuple((name, one.title) for name, one in datasets.items()),
        recipients=_all(facts, Organisation, purpose.recipients),
        sources=tuple((name, source.title) for name, source in sorted(sources.items())),
        measured=_all(facts, ObservedProperty, (stream.observed_property for stream in streams)),
        hosting=hosting,
        series=len(streams),
    )


def register(facts: TerritoryFacts) -> tuple[Processing, ...]:
    """Every purpose: those that concern persons first (they are the register of article 30), then by title."""
    found = [processing(facts, slug, purpose) for slug, purpose in facts.all(Purpose).items()]
    return tuple(sorted(found, key=lambda p: (p.purpose.personal is False, p.purpose.title.fr.casefold())))


def _processors(
    facts: TerritoryFacts,
    slug: str,
    purpose: Purpose,
    running: tuple[Mapping[str, Source], tuple[tuple[str, HostingSite], ...]],
) -> tuple[Processor, ...]:
    """Who else than the controller runs the sources, hosts what they give, or is named by an agreement."""
    sources, hosting = running
    ran: dict[str, list[str]] = {}
    for name, source in sorted(sources.items()):
        ran.setdefault(source.operator, []).append(name)
    agreed = {one.leader for one in facts.all(Agreement).values() if processing_for(one, one.leader, slug, facts.today)}
    kept = {site.operator for _name, site in hosting} - set(ran)
    found = []
    for operator in sorted({*ran, *(agreed if sources else ()), *kept} - {"", purpose.owner}):
        body = _named(facts, Organisation, operator)
        if body is not None:
            under = _under(facts, operator, slug, ran.get(operator, []))
            found.append(Processor(body=body, under=under, hosts=operator in kept))
    return tuple(found)


def _under(facts: TerritoryFacts, operator: str, purpose: str, sources: list[str]) -> tuple[str, str, Text] | None:
    """The contract or the agreement that makes somebody a processor."""
    for slug, one in sorted(facts.all(Agreement).items()):
        if processing_for(one, operator, purpose, facts.today):
            return Agreement.kind, slug, one.title
    for slug, contract in sorted(facts.all(Contract).items()):
        runs = contract.end is None or contract.end > facts.today
        if runs and contract.personal and (operator in contract.holders or not contract.covered.isdisjoint(sources)):
            return Contract.kind, slug, contract.title
    return None


def _joint(facts: TerritoryFacts, purpose: str) -> tuple[tuple[Named, tuple[Named, ...]], ...]:
    return tuple(
        ((slug, one.title), _all(facts, Organisation, one.parties))
        for slug, one in sorted(facts.all(Agreement).items())
        if one.form is AgreementForm.JOINT and purpose in one.purposes and one.runs(facts.today)
    )


Titled = type[Organisation] | type[PublicService] | type[ObservedProperty]


def _named(facts: TerritoryFacts, kind: Titled, slug: str) -> Named | None:
    found: Organisation | PublicService | ObservedProperty | None = facts.one(kind, slug)
    return (slug, found.title) if found else None


def _all(facts: TerritoryFacts, kind: Titled, slugs: Iterable[str]) -> tuple[Named, ...]:
    return tuple(found for slug in sorted(set(slugs)) if slug and (found := _named(facts, kind, slug)))
