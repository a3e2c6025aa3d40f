"""The facts of one series of measurements, gathered for the gate that is asked before a reading is kept.

Thousands of series share a source and a dataset: what they share is one object, so that it is judged once for all.
"""

from bisect import insort
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from typing import Any, Self, TypeVar

import msgspec

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

A = TypeVar("A")
FLOW: tuple[type[Declaration], ...] = (
    Territory,
    Source,
    Datastream,
    Thing,
    ObservedProperty,
    Purpose,
    Dataset,
    HostingSite,
    Organisation,
    SensorNotice,
    ReasonedException,
    Contract,
    Clause,
    Experiment,
)
"""The kinds that the facts of a flow are drawn from."""


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """What the values themselves showed: a pattern (see `behaviour`) and how many values showed it."""

    pattern: str
    count: int = 1


class Hosting(msgspec.Struct, frozen=True, kw_only=True):
    """A hosting site with its key and the organisation that runs it."""

    slug: str
    site: HostingSite
    operator: Organisation | None = None


class Covering(msgspec.Struct, frozen=True, kw_only=True):
    """A running contract that a source comes under, with the sources it covers and the subjects of its clauses."""

    slug: str
    body: Contract
    sources: frozenset[str]
    subjects: frozenset[ClauseSubject]


class _Asked(msgspec.Struct, frozen=True, dict=True):
    """What never changes, and so remembers what it was asked."""

    def answered(self, asked: "Callable[[Self], A]") -> A:
        """What a question says of it; asked once."""
        if asked not in self._answers:
            self._answers[asked] = asked(self)
        answer: A = self._answers[asked]
        return answer

    @cached_property
    def _answers(self) -> dict[Any, Any]:
        return {}


class Course(_Asked, frozen=True, kw_only=True):
    """What all series of one source and one dataset share. What is not declared is None; what is named but not declared
    has its slug only.

    `hosting`: of the dataset, where values are kept; `sender`: where the source itself keeps them, if it says so.
    `exceptions`: those that name the source or the dataset, at any date. `running_since`: when the source ran before
    Bocage. `operator`: who runs it; `contracts`: those it comes under today; `experiments`: those it measures for.
    """

    territory: Territory
    today: date
    source_slug: str
    source: Source | None = None
    purpose: Purpose | None = None
    purpose_slug: str = ""
    dataset: Dataset | None = None
    dataset_slug: str = ""
    hosting: Hosting | None = None
    sender: Hosting | None = None
    exceptions: tuple[tuple[str, ReasonedException], ...] = ()
    running_since: date | None = None
    operator: Organisation | None = None
    contracts: tuple[Covering, ...] = ()
    experiments: tuple[tuple[str, Experiment], ...] = ()


class Strand(_Asked, frozen=True, kw_only=True):
    """What one series has of its own. `key`: what the sender calls it; `notices`: those that stand for the thing;
    `signs`: what the values themselves showed so far."""

    key: str
    slug: str = ""
    datastream: Datastream | None = None
    thing: Thing | None = None
    observed_property: ObservedProperty | None = None
    notices: tuple[tuple[str, SensorNotice], ...] = ()
    signs: tuple[Sign, ...] = ()

    @property
    def series(self) -> str:
        """How to name the series to a person: its slug where declared, otherwise what the sender calls it."""
        return self.slug or self.key


class Strands(_Asked, frozen=True):
    """The series of one course, by slug."""

    each: tuple[Strand, ...] = ()

    def those(self, asked: "Callable[[Strand], bool]") -> tuple[Strand, ...]:
        """Those of which a question says yes; asked once of each, however its neighbours change."""
        if asked not in self._those:
            self._those[asked] = tuple(one for one in self.each if asked(one))
        return self._those[asked]

    def changed(self, gone: frozenset[str], come: "Sequence[Strand]") -> "Strands":
        """Without the series of these keys, and with others; what was asked of those that stay stands."""
        found = Strands(_replaced(self.each, gone, come))
        for asked, some in self._those.items():
            found._those[asked] = _replaced(some, gone, [one for one in come if asked(one)])
        return found

    @cached_property
    def _those(self) -> dict[Any, tuple[Strand, ...]]:
        return {}


def by_name(strand: Strand) -> tuple[str, str]:
    """The order of strands."""
    return strand.slug, strand.key


def _replaced(each: tuple[Strand, ...], gone: frozenset[str], come: "Sequence[Strand]") -> tuple[Strand, ...]:
    kept = [one for one in each if one.key not in gone]
    for one in come:
        insort(kept, one, key=by_name)
    return tuple(kept)


class Flow(msgspec.Struct, frozen=True):
    """One key of one source: what it shares with the series of its course, and what it has of its own."""

    course: Course
    strand: Strand

    @property
    def series(self) -> str:
        """How to name the series to a person."""
        return self.strand.series

    @property
    def today(self) -> date:
        """The civil day of the territory."""
        return self.course.today

    @property
    def exceptions(self) -> tuple[tuple[str, ReasonedException], ...]:
        """Those that name the source or the dataset, at any date."""
        return self.course.exceptions
