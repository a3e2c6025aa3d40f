"""The value chain of a project: who does what, from the decision to those who use it, as declarations tell it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor, Share
from bocage.domain.application import Application, ApplicationState
from bocage.domain.assessment import Assessment
from bocage.domain.consultation import Consultation
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.declaration import Declaration
from bocage.domain.digital_service import DigitalService
from bocage.domain.economics import Economics
from bocage.domain.evaluation import Evaluation
from bocage.domain.experiment import Experiment
from bocage.domain.hosting_site import HostingSite
from bocage.domain.label import Labelled
from bocage.domain.project import Project
from bocage.domain.public_service import PublicService
from bocage.domain.role import Role
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.technology import Technology
from bocage.domain.text import message as _
from bocage.publish.portfolio.directory import Directory, Named
from bocage.publish.portfolio.events import Sees

D = TypeVar("D", bound=Declaration)


class Stage(Labelled):
    """The links of the chain, in order."""

    DECIDES = "decides", _("Decides and pays")
    DESIGNS = "designs", _("Designs and gives advice")
    SUPPLIES = "supplies", _("Supplies and operates")
    MEASURES = "measures", _("Takes the measurements")
    KEEPS = "keeps", _("Keeps the data")
    PUBLISHES = "publishes", _("Answers for the data")
    USES = "uses", _("Uses it")
    CONTROLS = "controls", _("Controls and evaluates")


_SHARES = {
    Share.DECIDES: Stage.DECIDES,
    Share.PAYS: Stage.DECIDES,
    Share.DESIGNS: Stage.DESIGNS,
    Share.ADVISES: Stage.DESIGNS,
    Share.SUPPLIES: Stage.SUPPLIES,
    Share.OPERATES: Stage.SUPPLIES,
    Share.USES: Stage.USES,
    Share.CONTROLS: Stage.CONTROLS,
}


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody doing something: `who` (an actor, an organisation, a role, or empty where nobody is said), `by` what."""

    who: Named | None
    by: Named | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One link of the chain with all that are declared in it; none: nobody is declared there."""

    stage: Stage
    doings: tuple[Doing, ...]


def value_chain(facts: TerritoryFacts, slug: str, project: Project, sees: Sees) -> tuple[Link, ...]:
    """All links, of what a reader may know of."""
    around = Around(facts, slug, project)
    found: dict[Stage, dict[Doing, None]] = {stage: {} for stage in Stage}
    told = (*around.parts(), *around.paid(), *around.bought(), *around.measured(), *around.used())
    for stage, doing in told:
        seen = Doing(who=_seen(doing.who, sees), by=_seen(doing.by, sees))
        if seen.who or seen.by:
            found[stage][seen] = None
    return tuple(Link(stage=stage, doings=_plain(doings)) for stage, doings in found.items())


def _seen(named: Named | None, sees: Sees) -> Named | None:
    return named if named is not None and sees(*named) else None


def _plain(doings: Iterable[Doing]) -> tuple[Doing, ...]:
    """Without those said again with what they do it by."""
    told = list(doings)
    more = {one.who for one in told if one.by is not None}
    return tuple(one for one in told if one.by is not None or one.who not in more)


Told = Iterator[tuple[Stage, Doing]]


class Around:
    """What is declared around one project."""

    def __init__(self, facts: TerritoryFacts, slug: str, project: Project) -> None:
        self.facts, self.slug, self.project = facts, slug, project
        self.directory = Directory(facts)

    @cached_property
    def contracts(self) -> dict[str, Contract]:
        """Those that name the project."""
        return _of(self.facts.all(Contract), self.slug)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Those of its purposes, of its contracts and of its experiments."""
        named = {source for one in self.contracts.values() for source in one.covered}
        named |= {source for one in _of(self.facts.all(Experiment), self.slug).values() for source in one.sources}
        return {
            slug: one
            for slug, one in sorted(self.facts.all(Source).items())
            if slug in named or (one.purpose and one.purpose in self.project.purposes)
        }

    @cached_property
    def datasets(self) -> dict[str, Dataset]:
        """Those of the series that its sources feed."""
        named = {one.dataset for one in self.facts.all(Datastream).values() if one.source in self.sources}
        named |= {one.dataset for one in self.sources.values()}
        return {slug: one for slug, one in sorted(self.facts.all(Dataset).items()) if slug in named}

    def parts(self) -> Told:
        """What actors say they do, and what residents were asked."""
        for slug, actor in sorted(self.facts.all(Actor).items()):
            for part in actor.parts:
                if part.project == self.slug and part.share is not None:
                    yield _SHARES[part.share], Doing(who=(Actor.kind, slug))
        for slug in _of(self.facts.all(Consultation), self.slug):
            yield Stage.DESIGNS, Doing(who=None, by=(Consultation.kind, slug))

    def paid(self) -> Told:
        """Who pays by the economics of the project, and what a call granted."""
        for slug, money in _of(self.facts.all(Economics), self.slug).items():
            for payer in sorted({line.payer for line in money.lines if line.payer}):
                yield Stage.DECIDES, Doing(who=self.directory.find(payer), by=(Economics.kind, slug))
        for slug, asked in _of(self.facts.all(Application), self.slug).items():
            if asked.state is ApplicationState.FUNDED:
                yield Stage.DECIDES, Doing(who=None, by=(Application.kind, slug))

    def bought(self) -> Told:
        """Contracts and technologies with who supplies them."""
        for slug, contract in self.contracts.items():
            for holder in contract.holders or ("",):
                yield Stage.SUPPLIES, Doing(who=self.directory.find(holder), by=(Contract.kind, slug))
        for slug in self.project.technologies:
            technology = self.facts.one(Technology, slug)
            if technology is not None:
                yield Stage.SUPPLIES, Doing(who=self.directory.find(technology.supplier), by=(Technology.kind, slug))

    def measured(self) -> Told:
        """Sources, where their data lie, and who answers for them."""
        sites: dict[str, None] = {}
        for slug, source in self.sources.items():
            yield Stage.MEASURES, Doing(who=self.directory.find(source.operator), by=(Source.kind, slug))
            sites[source.hosting] = None
        for slug, dataset in self.datasets.items():
            steward: Named | None = (Role.kind, dataset.steward) if dataset.steward else None
            yield Stage.PUBLISHES, Doing(who=steward or self.directory.find(dataset.owner), by=(Dataset.kind, slug))
            sites[dataset.hosting] = None
        for slug in sites:
            site = self.facts.one(HostingSite, slug)
            if site is not None:
                yield Stage.KEEPS, Doing(who=self.directory.find(site.operator), by=(HostingSite.kind, slug))

    def used(self) -> Told:
        """Services that use it, and those who look at what it does."""
        service = self.facts.one(PublicService, self.project.service)
        if service is not None:
            yield (
                Stage.USES,
                Doing(who=self.directory.find(service.operator), by=(PublicService.kind, self.project.service)),
            )
        for slug in _of(self.facts.all(DigitalService), self.slug):
            yield Stage.USES, Doing(who=None, by=(DigitalService.kind, slug))
        for slug, evaluation in _of(self.facts.all(Evaluation), self.slug).items():
            yield Stage.CONTROLS, Doing(who=self.directory.find(evaluation.evaluator), by=(Evaluation.kind, slug))
        for slug in _of(self.facts.all(Assessment), self.slug):
            yield Stage.CONTROLS, Doing(who=None, by=(Assessment.kind, slug))


def _of(bodies: Mapping[str, D], project: str) -> dict[str, D]:
    """The declarations of a kind that name the project, by slug."""
    return {slug: body for slug, body in sorted(bodies.items()) if getattr(body, "project", "") == project}
