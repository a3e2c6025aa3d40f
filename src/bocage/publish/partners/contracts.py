"""The contracts: between whom, what they cover, when they end, what comes after them; and what is missing."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.contract import Contract
from bocage.domain.dataset import Dataset
from bocage.domain.label import Labelled
from bocage.domain.public_service import PublicService
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.text import message as _
from bocage.publish.partners.stakeholders import Lack
from bocage.publish.portfolio.directory import Directory, Named
from bocage.publish.portfolio.events import Sees

AHEAD = timedelta(days=731)
"""The end of a contract is prepared 24 months before."""


class Standing(Labelled):
    """Where a contract stands in time."""

    RUNNING = "running", _("Runs")
    COMING = "coming", _("Not begun yet")
    OVER = "over", _("Has ended")
    UNKNOWN = "unknown", _("Its days are not declared")


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """One contract. `last`: its last day; `covers`: services, sources and datasets (kind, slug) it is about.

    `followed`: contracts on the same sources that begin once it is over; `prepare`: its end is near, and nothing is
    said of what comes after it.
    """

    slug: str
    contract: Contract
    standing: Standing
    buyer: Named | None
    holders: tuple[Named, ...]
    covers: tuple[Named, ...]
    start: date | None = None
    last: date | None = None
    followed: tuple[str, ...] = ()
    prepare: bool = False


def contracts(facts: TerritoryFacts, sees: Sees) -> tuple[Bound, ...]:
    """Those a reader may know of: running ones that end first before the others, those that are over last."""
    around = _Around(facts, sees)
    found = [around.bound(slug, one) for slug, one in facts.all(Contract).items() if sees(Contract.kind, slug)]
    return tuple(sorted(found, key=lambda one: (one.standing is Standing.OVER, one.last or date.max, one.slug)))


def uncovered(facts: TerritoryFacts, sees: Sees) -> tuple[Lack, ...]:
    """Sources that somebody else runs, and contracts that name nobody: where the map has a hole."""
    return tuple(one for one in (*_sources(facts), *_nameless(facts)) if sees(one.kind, one.slug))


def _sources(facts: TerritoryFacts) -> Iterator[Lack]:
    owner = {one.buyer for one in facts.all(Contract).values()}
    for slug, source in sorted(facts.all(Source).items()):
        if source.operator and source.operator not in owner and not facts.contracts_of(slug):
            yield Lack(code="source-alone", kind=Source.kind, slug=slug)


def _nameless(facts: TerritoryFacts) -> Iterator[Lack]:
    for slug, one in sorted(facts.all(Contract).items()):
        if not one.holders:
            yield Lack(code="no-holder", kind=Contract.kind, slug=slug)


class _Around:
    """What is declared around contracts, found by source."""

    def __init__(self, facts: TerritoryFacts, sees: Sees) -> None:
        self.facts, self.sees, self.directory = facts, sees, Directory(facts)
        self.begins: dict[str, list[tuple[date, str]]] = {}
        for slug, one in facts.all(Contract).items():
            begin = one.starts or one.notified
            if begin is not None:
                for source in one.covered:
                    self.begins.setdefault(source, []).append((begin, slug))
        for held in self.begins.values():
            held.sort()
        self.made: dict[str, set[str]] = {}
        for stream in facts.all(Datastream).values():
            self.made.setdefault(stream.source, set()).add(stream.dataset)

    def bound(self, slug: str, contract: Contract) -> Bound:
        """One contract with what is around it."""
        start, end, today = contract.starts or contract.notified, contract.end, self.facts.today
        followed = self._followed(contract, end)
        near = end is not None and today < end <= today + AHEAD
        parties = [self.directory.find(one) for one in (contract.buyer, *contract.holders)]
        buyer, *holders = [one if one and self.sees(*one) else None for one in parties]
        return Bound(
            slug=slug,
            contract=contract,
            standing=_standing(start, end, today),
            buyer=buyer,
            holders=tuple(one for one in holders if one),
            covers=tuple(one for one in self._covers(contract) if self.sees(*one)),
            start=start,
            last=end - timedelta(days=1) if end else None,
            followed=tuple(name for name in followed if self.sees(Contract.kind, name)),
            prepare=near and contract.succession is None and not followed,
        )

    def _followed(self, contract: Contract, end: date | None) -> tuple[str, ...]:
        """The contracts on the same sources that begin once this one is over."""
        if end is None:
            return ()
        held = [self.begins.get(source, []) for source in contract.covered]
        return tuple(sorted({name for each in held for _day, name in each[bisect_left(each, (end, "")) :]}))

    def _covers(self, contract: Contract) -> Iterator[Named]:
        """Services, then sources, then the datasets that their series make."""
        yield from ((PublicService.kind, slug) for slug in contract.services if self.facts.one(PublicService, slug))
        sources = sorted(slug for slug in contract.covered if self.facts.one(Source, slug))
        yield from ((Source.kind, slug) for slug in sources)
        made = {dataset for source in sources for dataset in self.made.get(source, ())}
        yield from ((Dataset.kind, slug) for slug in sorted(made) if self.facts.one(Dataset, slug))


def _standing(start: date | None, end: date | None, today: date) -> Standing:
    if start is None:
        return Standing.UNKNOWN
    if start > today:
        return Standing.COMING
    return Standing.OVER if end is not None and end <= today else Standing.RUNNING
