"""What the outward side knows of a territory today, worked out once and kept until something moves."""

import threading
from collections.abc import Mapping
from datetime import date
from functools import cached_property

import msgspec

from bocage import registers, sensing
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Sign
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.ingest import seen
from bocage.ingest.facts import gather
from bocage.publish.disclosure import public_kind
from bocage.publish.publication import Publication, catalogue
from bocage.publish.search import Index, indexed
from bocage.publish.search.gathering import gathered
from bocage.publish.sight import Sight, sight, told


class Known(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The facts of a territory, and what follows from them for the public; each worked out when first asked."""

    facts: TerritoryFacts

    @cached_property
    def catalogue(self) -> tuple[Publication, ...]:
        """Every declared dataset, open ones first."""
        return catalogue(self.facts)

    @cached_property
    def publications(self) -> Mapping[str, Publication]:
        """The same by slug."""
        return {found.slug: found for found in self.catalogue}

    def publication(self, slug: str) -> Publication:
        """One dataset; Missing when nothing of that name is declared."""
        found = self.publications.get(slug)
        if found is None:
            raise Missing("a declared dataset", slug)
        return found

    @cached_property
    def opened(self) -> frozenset[int]:
        """Numbers of the series whose values everyone may see."""
        return frozenset(number for found in self.catalogue if found.open for number in found.numbers)

    @cached_property
    def sight(self) -> Sight:
        """The things everyone is told of."""
        return sight(self.facts, self.opened)

    def sees(self, kind: str, slug: str) -> bool:
        """Whether everyone may know of a declaration or an entity, and so of its title."""
        if kind in KINDS:
            return public_kind(kind) is not None
        return told(self.facts, self.sight, kind, slug)

    @cached_property
    def index(self) -> Index:
        """The words of everything public, to be looked for."""
        return indexed(gathered(self.facts, self.catalogue, self.sight))


_Stand = tuple[int, int, date, dict[str, tuple[Sign, ...]]]


class Memory:
    """The last knowledge of each territory; made once and shared by all who answer the public."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[_Stand, Known]] = {}

    def known(self, territory: str, today: date) -> Known:
        """What is known now: the same object until a declaration, an entity, the day or a sign in the values moves."""
        stand = (registers.revision(territory), sensing.revision(territory), today, seen.signs(territory))
        kept = self._kept.get(territory)
        if kept is not None and kept[0] == stand:
            return kept[1]
        known = Known(facts=gather(territory, today))
        with self._lock:
            self._kept[territory] = (stand, known)
        return known
