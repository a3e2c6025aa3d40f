"""Which datasets everyone may take, and why the others may not be: the gate asked before anything goes out."""

import enum

import msgspec

from bocage.commitments import roll
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.dataset import Dataset, Openness
from bocage.domain.decision import Permit, Refusal
from bocage.domain.errors import Missing
from bocage.domain.sensing import Datastream

Streams = tuple[tuple[str, Datastream], ...]


class State(enum.StrEnum):
    """What everyone is told of a dataset."""

    OPEN = "open"
    CLOSED = "closed"  # declared so, with its reason
    REFUSED = "refused"  # by a commitment


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset with its series, and what the gate answered today."""

    slug: str
    dataset: Dataset
    streams: Streams
    state: State
    permit: Permit | None = None
    refusals: tuple[Refusal, ...] = ()

    @property
    def open(self) -> bool:
        """Whether everyone may take it."""
        return self.state is State.OPEN

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of its series in the log, sorted."""
        return tuple(sorted(stream.id for _, stream in self.streams if stream.id))


def publication(facts: TerritoryFacts, slug: str) -> Publication:
    """What may be done with this dataset today; Missing when nothing of that name is declared."""
    dataset = facts.one(Dataset, slug)
    if dataset is None:
        raise Missing("a declared dataset", slug)
    streams = facts.series_of(slug)
    if dataset.openness is Openness.CLOSED:
        return Publication(slug=slug, dataset=dataset, streams=streams, state=State.CLOSED)
    answers = roll.decide(Moment.PUBLISH, facts.release(slug))
    refusals = tuple(answer for answer in answers if isinstance(answer, Refusal))
    permit = next((answer for answer in answers if isinstance(answer, Permit)), None)
    state = State.REFUSED if refusals or permit is None else State.OPEN
    return Publication(slug=slug, dataset=dataset, streams=streams, state=state, permit=permit, refusals=refusals)


def catalogue(facts: TerritoryFacts) -> tuple[Publication, ...]:
    """Every declared dataset, open ones first, then by title."""
    found = [publication(facts, slug) for slug in facts.all(Dataset)]
    return tuple(sorted(found, key=lambda p: (not p.open, p.dataset.title.fr.casefold(), p.slug)))


def open_numbers(facts: TerritoryFacts) -> frozenset[int]:
    """Numbers of the series whose values everyone may see."""
    return frozenset(number for item in catalogue(facts) if item.open for number in item.numbers)
