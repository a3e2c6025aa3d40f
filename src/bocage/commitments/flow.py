"""The facts of one series of measurements, gathered for the gate that is asked before a reading is kept."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

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
EVERY = frozenset(kind.kind for kind in FLOW)
SHARED = frozenset(kind.kind for kind in (Territory, HostingSite, Organisation, Clause))
"""Kinds that flows name through others: when one changes, all flows are drawn again."""


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
    """A running contract that a source comes under, with the subjects of its clauses."""

    slug: str
    body: Contract
    subjects: frozenset[ClauseSubject]


class Flow(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One key of one source. What is not declared is None; what is named but not declared has its slug only.

    `hosting`: of the dataset, where values are kept; `sender`: where the source itself keeps them, if it says so.
    `notices`: those that stand for the thing. `exceptions`: those that name the source or the dataset, at any date.
    `signs`: what the values themselves showed so far. `running_since`: when the flow ran before Bocage.
    `operator`: who runs the source; `contracts`: those it comes under today; `experiments`: those it measures for.
    """

    territory: Territory
    source_slug: str
    key: str
    today: date
    source: Source | None = None
    datastream: Datastream | None = None
    datastream_slug: str = ""
    thing: Thing | None = None
    observed_property: ObservedProperty | None = None
    purpose: Purpose | None = None
    purpose_slug: str = ""
    dataset: Dataset | None = None
    dataset_slug: str = ""
    hosting: Hosting | None = None
    sender: Hosting | None = None
    notices: tuple[tuple[str, SensorNotice], ...] = ()
    exceptions: tuple[tuple[str, ReasonedException], ...] = ()
    signs: tuple[Sign, ...] = ()
    running_since: date | None = None
    operator: Organisation | None = None
    contracts: tuple[Covering, ...] = ()
    experiments: tuple[tuple[str, Experiment], ...] = ()

    @property
    def series(self) -> str:
        """How to name the series to a person: its slug where declared, otherwise what the sender calls it."""
        return self.datastream_slug or self.key

    def touched(self, changed: frozenset[tuple[str, str]]) -> bool:
        """Whether one of the declarations it is drawn from by name is among these, by kind and slug."""
        stream = self.datastream
        drawn = (
            (Datastream.kind, self.datastream_slug),
            (Source.kind, self.source_slug),
            (Purpose.kind, self.purpose_slug),
            (Dataset.kind, self.dataset_slug),
            (Thing.kind, stream.thing if stream else ""),
            (ObservedProperty.kind, stream.observed_property if stream else ""),
        )
        return not changed.isdisjoint(drawn)

    def answered(self, asked: "Callable[[Flow], A]") -> A:
        """What a gate, or another question, says of it; asked once, for nothing of it ever changes."""
        if asked not in self._answers:
            self._answers[asked] = asked(self)
        answer: A = self._answers[asked]
        return answer

    @cached_property
    def _answers(self) -> dict[Any, Any]:
        return {}


class Earlier(msgspec.Struct, frozen=True):
    """The flows of the facts that others came from, and what has changed since, by kind and slug. `paired`: every
    series that changed stayed, with its source, key and dataset, so that flows stand in the same order."""

    flows: tuple[Flow, ...] = ()
    touched: frozenset[tuple[str, str]] = frozenset()
    paired: bool = True

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of what has changed."""
        return frozenset(kind for kind, _slug in self.touched)


def series_of(flow: Flow) -> str:
    """The slug of its series: flows stand in the order of these."""
    return flow.datastream_slug


def paired(before: Datastream | None, after: Declaration | None) -> bool:
    """Whether a series stays, with its source, key and dataset."""
    if before is None or not isinstance(after, Datastream):
        return False
    return (before.source, before.key, before.dataset) == (after.source, after.key, after.dataset)


def reached(body: Declaration) -> frozenset[tuple[str, str]]:
    """The sources, datasets and things whose flows are drawn from this declaration, that it names itself."""
    if isinstance(body, Contract):
        return frozenset((Source.kind, source) for source in body.covered)
    if isinstance(body, Experiment):
        return frozenset((Source.kind, source) for source in body.sources)
    if isinstance(body, SensorNotice):
        return frozenset((Thing.kind, thing) for thing in body.things)
    return frozenset(body.objects) if isinstance(body, ReasonedException) else frozenset()
