"""The gate's decision for every series of one source, worked out once and looked up for every reading."""

from collections.abc import Hashable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bocage import commitments
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Course, Flow, Strand, Strands
from bocage.commitments.promise import Moment
from bocage.domain.codec import Codec
from bocage.domain.decision import Permit, Refusal, WayOut
from bocage.domain.instant import day_bounds, to_datetime
from bocage.domain.nature import Nature, Origin, ResultKind
from bocage.domain.observation import Ints, Numbers
from bocage.domain.source import Source
from bocage.ingest.traits import Traits, traits
from bocage.ingest.windows import spacing

Reasons = tuple[Refusal, ...]

# Every reason the gate itself can give, beside those of the promises; each has its sentence in the catalogues.
CODES = (
    "undeclared",
    "time-out-of-range",
    "future",
    "kind",
    "identifier-number",
    "long-text",
    "implausible",
    "conflict",
    "replayed-elsewhere",
    "unreadable-message",
    "unreadable-row",
    "codec-fails",
    "codec-lacks",
    "entity-refused",
)

REMEMBERED = 2_000  # series nobody declared whose refusal is kept at hand, for each source
_NUMBERS = 1 << ResultKind.NUMBER | 1 << ResultKind.NULL
_ANYTHING = _NUMBERS | 1 << ResultKind.TEXT | 1 << ResultKind.BOOLEAN


def technical(code: str, source: str, series: str, **values: str | int | float) -> Refusal:
    """A refusal of the gate itself, which no promise stands behind; nothing lifts it."""
    return Refusal(
        promise="ingest",
        code=code,
        way_out=WayOut(kind="datastream", slug="" if code == "undeclared" else series),
        values={"source": source, "series": series, **values},
        overridable=False,
    )


class Compiled(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Decisions of one source. Arrays have one element per declared series, in the order of `keys`.

    number: int32, of the log; permitted: bool; least: int64, milliseconds between two readings, 0 when not limited;
    kinds: uint8, a bit for each ResultKind the series may hold; low, high: float64, plausible values; marked: bool,
    taken although something is wrong. `elsewhere`: why nothing of the source is permitted here. `revision` and `today`:
    what it was worked out from.
    """

    territory: str
    slug: str
    source: Source | None
    zone: str
    revision: tuple[int, int]
    today: date
    origin: Origin
    facts: TerritoryFacts
    keys: Mapping[str, int]
    flows: tuple[Flow, ...]
    elsewhere: Reasons
    marked: npt.NDArray[np.bool_]
    number: npt.NDArray[np.int32]
    permitted: npt.NDArray[np.bool_]
    least: Ints
    kinds: npt.NDArray[np.uint8]
    low: Numbers
    high: Numbers

    @cached_property
    def numbered(self) -> Mapping[str, str]:
        """The key of each series by its number, as SensorThings names it."""
        keys = zip(self.number.tolist(), self.flows, strict=True)
        return {f"Datastreams({number})": flow.strand.key for number, flow in keys}

    @cached_property
    def since(self) -> datetime:
        """When the day began, in the territory, for which the decisions were worked out."""
        return to_datetime(day_bounds(self.today, self.zone)[0])

    @cached_property
    def until(self) -> datetime:
        """When that day ends: an exception may end, a promise take effect, with the next one."""
        return to_datetime(day_bounds(self.today, self.zone)[1])

    @cached_property
    def correcting(self) -> bool:
        """Whether the source may correct what it sent."""
        return self.source is not None and self.source.may_correct

    @cached_property
    def replayed(self) -> bool:
        """Whether it gives measurements of elsewhere, moved in time."""
        return self.origin is Origin.REPLAYED

    @cached_property
    def any_permitted(self) -> bool:
        """Whether any of its series may be kept, and so its unreadable messages for a few days."""
        return bool(self.permitted.any())

    @cached_property
    def hides(self) -> bool:
        """Whether its words identify somebody, and are replaced before anything looks at them."""
        return self.source is not None and self.source.pseudonyms

    @cached_property
    def codecs(self) -> Mapping[str, Codec]:
        """The codecs declared for the source."""
        return {slug: codec for slug, codec in self.facts.all(Codec).items() if codec.source == self.slug}

    @cached_property
    def traits(self) -> Traits:
        """What is true of every series, or of any."""
        return traits(self)

    def reasons(self, place: int) -> Reasons:
        """Why a series is not permitted; none when it is."""
        if self.permitted[place]:
            return ()
        return self.elsewhere + tuple(one for one in self._decided(place) if isinstance(one, Refusal))

    def marks(self, place: int) -> Reasons:
        """What is wrong with a series that is taken all the same."""
        return _marks(self._decided(place)) if self.marked[place] else ()

    def _decided(self, place: int) -> tuple[Permit | Refusal, ...]:
        """What the gates say of one series by its name; the answer stands as long as the decisions do."""
        if place not in self._named:
            self._named[place] = commitments.decide(Moment.INGEST, self.flows[place])
        return self._named[place]

    def reasons_of_unknown(self, key: str) -> Reasons:
        """Why a series that nobody declared is refused; the answer stands as long as the decisions do."""
        found = self._unknown.get(key)
        if found is None:
            found = decide(self.facts.flow(self.slug, key)) or (technical("undeclared", self.slug, key),)
            if len(self._unknown) < REMEMBERED:
                self._unknown[key] = found
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The keys in their order: readings that point into it need no look-up by name."""
        return tuple(flow.strand.key for flow in self.flows)

    @cached_property
    def place_of(self) -> Mapping[int, int]:
        """The place of each series in the decisions, by its number in the log."""
        return {number: place for place, number in enumerate(self.number.tolist())}

    @cached_property
    def key_of(self) -> Mapping[int, str]:
        """What the source calls each of its series, by their numbers in the log."""
        return dict(zip(self.number.tolist(), self.keys, strict=True))

    @cached_property
    def _named(self) -> dict[int, tuple[Permit | Refusal, ...]]:
        return {}

    @cached_property
    def _unknown(self) -> dict[str, Reasons]:
        return {}


def decide(flow: Flow) -> Reasons:
    """The refusals of one series; none when it is permitted."""
    return tuple(each for each in commitments.decide(Moment.INGEST, flow) if isinstance(each, Refusal))


class _Columns(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one course's series say of themselves, in their order: number (int32), low and high (float64), whether each
    is a state; and by `sort` (int32) which of the `alike` it is decided as."""

    number: npt.NDArray[np.int32]
    low: Numbers
    high: Numbers
    state: npt.NDArray[np.bool_]
    sort: npt.NDArray[np.int32]
    alike: tuple[Strand, ...]


def _columns(strands: Strands) -> _Columns:
    streams = [strand.datastream for strand in strands.each]
    sorts: dict[Hashable, int] = {}
    alike: list[Strand] = []
    for strand in strands.each:
        if sorts.setdefault(strand.answered(commitments.shown), len(alike)) == len(alike):
            alike.append(strand)
    low = [-np.inf if one is None or one.minimum is None else one.minimum for one in streams]
    high = [np.inf if one is None or one.maximum is None else one.maximum for one in streams]
    return _Columns(
        number=np.array([one.id if one else 0 for one in streams], dtype=np.int32),
        low=np.array(low, dtype=np.float64),
        high=np.array(high, dtype=np.float64),
        state=np.array([one is not None and one.nature is Nature.STATE for one in streams], dtype=np.bool_),
        sort=np.array([sorts[strand.answered(commitments.shown)] for strand in strands.each], dtype=np.int32),
        alike=tuple(alike),
    )


class _Part(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The decisions over the series of one course: those that show the same are decided once."""

    said: _Columns
    permitted: npt.NDArray[np.bool_]
    marked: npt.NDArray[np.bool_]
    least: Ints
    kinds: npt.NDArray[np.uint8]


def _part(course: Course, strands: Strands) -> _Part:
    said = strands.answered(_columns)
    decided = [commitments.decide(Moment.INGEST, Flow(course, one)) for one in said.alike]
    stands = [all(isinstance(one, Permit) for one in each) for each in decided]
    hides = course.source is not None and course.source.pseudonyms
    # Where words name somebody, so may the number of a state: a badge is not kept because it has no quotes.
    states = _ANYTHING & ~(1 << ResultKind.NUMBER) if hides else _ANYTHING
    return _Part(
        said=said,
        permitted=np.array(stands, dtype=np.bool_)[said.sort],
        marked=np.array([bool(_marks(each)) for each in decided], dtype=np.bool_)[said.sort],
        least=np.array([_least(each) for each in decided], dtype=np.int64)[said.sort],
        kinds=np.where(said.state, states, _NUMBERS).astype(np.uint8),
    )


def compiled(facts: TerritoryFacts, source: str, revision: tuple[int, int]) -> Compiled:
    """Work out the decisions of one source. `revision`: of the registers and of sensing, read before the facts."""
    territory = facts.territory
    declared = facts.one(Source, source)
    courses = [(course, strands) for course, strands in facts.courses() if course.source_slug == source]
    flows = tuple(Flow(course, strand) for course, strands in courses for strand in strands.each)
    parts = [_part(course, strands) for course, strands in courses]
    demonstration = territory is not None and territory.demonstration
    replayed = declared is not None and declared.replayed
    elsewhere = replayed and not demonstration
    return Compiled(
        territory=facts.slug,
        slug=source,
        source=declared,
        zone=territory.time_zone if territory else "UTC",
        revision=revision,
        today=facts.today,
        origin=Origin.REPLAYED if replayed else Origin.MEASURED,
        facts=facts,
        keys={flow.strand.key: place for place, flow in enumerate(flows)},
        flows=flows,
        elsewhere=(technical("replayed-elsewhere", source, source),) if elsewhere else (),
        marked=_joined([one.marked for one in parts], np.bool_),
        number=_joined([one.said.number for one in parts], np.int32),
        permitted=_joined([one.permitted for one in parts], np.bool_) & (not elsewhere),
        least=_joined([one.least for one in parts], np.int64),
        kinds=_joined([one.kinds for one in parts], np.uint8),
        low=_joined([one.said.low for one in parts], np.float64),
        high=_joined([one.said.high for one in parts], np.float64),
    )


def _joined(parts: list[npt.NDArray[Any]], of: type[np.generic]) -> npt.NDArray[Any]:
    return np.concatenate(parts) if parts else np.empty(0, dtype=of)


def _least(decided: tuple[Permit | Refusal, ...]) -> int:
    return max((spacing(one.cadence_seconds) for one in decided if isinstance(one, Permit)), default=0)


def _marks(decided: tuple[Permit | Refusal, ...]) -> Reasons:
    return tuple(mark for one in decided if isinstance(one, Permit) for mark in one.marks)
