"""The gate's decision for every series of one source, worked out once and looked up for every reading."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property

import msgspec
import numpy as np
import numpy.typing as npt

from bocage import commitments
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.flow import Flow
from bocage.commitments.promise import Moment
from bocage.domain.codec import Codec
from bocage.domain.decision import Permit, Refusal, WayOut
from bocage.domain.instant import day_bounds, to_datetime
from bocage.domain.nature import Nature, Origin, ResultKind
from bocage.domain.observation import Ints, Numbers
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
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
    kinds: uint8, a bit for each ResultKind the series may hold; low, high: float64, plausible values. `reasons`: why
    a series is not permitted; `marks`: what is wrong with one that is taken all the same. `revision` and `today`: what
    it was worked out from.
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
    reasons: tuple[Reasons, ...]
    marks: tuple[Reasons, ...]
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
    def bounded(self) -> bool:
        """Whether any series says which values are plausible."""
        return bool(np.isfinite(self.low).any() or np.isfinite(self.high).any())

    @cached_property
    def any_marked(self) -> bool:
        """Whether any series is taken although something is wrong with it."""
        return any(self.marks)

    @cached_property
    def all_plain(self) -> bool:
        """Whether every series is permitted: the case of a territory in order."""
        return bool(self.permitted.all())

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
    def _unknown(self) -> dict[str, Reasons]:
        return {}


def decide(flow: Flow) -> Reasons:
    """The refusals of one series; none when it is permitted."""
    return tuple(each for each in commitments.decide(Moment.INGEST, flow) if isinstance(each, Refusal))


def compiled(facts: TerritoryFacts, source: str, revision: tuple[int, int]) -> Compiled:
    """Work out the decisions of one source. `revision`: of the registers and of sensing, read before the facts."""
    territory = facts.territory
    declared = facts.one(Source, source)
    names = [key for slug, key in facts.keys if slug == source]
    flows = tuple(facts.flow(source, key) for key in names)
    streams = [flow.strand.datastream for flow in flows if flow.strand.datastream is not None]
    demonstration = territory is not None and territory.demonstration
    replayed = declared is not None and declared.replayed
    elsewhere = (technical("replayed-elsewhere", source, source),) if replayed and not demonstration else ()
    decisions = [commitments.decide(Moment.INGEST, flow) for flow in flows]
    reasons = tuple(elsewhere + tuple(one for one in each if isinstance(one, Refusal)) for each in decisions)
    return Compiled(
        territory=facts.slug,
        slug=source,
        source=declared,
        zone=territory.time_zone if territory else "UTC",
        revision=revision,
        today=facts.today,
        origin=Origin.REPLAYED if replayed else Origin.MEASURED,
        facts=facts,
        keys={key: place for place, key in enumerate(names)},
        flows=flows,
        reasons=reasons,
        marks=tuple(_marks(each) for each in decisions),
        number=np.array([stream.id for stream in streams], dtype=np.int32),
        permitted=np.array([not each for each in reasons], dtype=np.bool_),
        least=np.array([_least(each) for each in decisions], dtype=np.int64),
        kinds=np.array([_kinds(stream, declared) for stream in streams], dtype=np.uint8),
        low=np.array([-np.inf if one.minimum is None else one.minimum for one in streams], dtype=np.float64),
        high=np.array([np.inf if one.maximum is None else one.maximum for one in streams], dtype=np.float64),
    )


def _least(decided: tuple[Permit | Refusal, ...]) -> int:
    return max((spacing(one.cadence_seconds) for one in decided if isinstance(one, Permit)), default=0)


def _marks(decided: tuple[Permit | Refusal, ...]) -> Reasons:
    return tuple(mark for one in decided if isinstance(one, Permit) for mark in one.marks)


def _kinds(stream: Datastream, source: Source | None) -> int:
    """Where words name somebody, so may the number of a state: a badge is not kept because it has no quotes."""
    if stream.nature is not Nature.STATE:
        return _NUMBERS
    return _ANYTHING & ~(1 << ResultKind.NUMBER) if source is not None and source.pseudonyms else _ANYTHING
