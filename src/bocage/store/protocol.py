"""What every home of the observation log does."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

import msgspec

from bocage.domain.nature import Nature
from bocage.domain.observation import Columns, Ints, ObservationBatch, Receipt, Rollup
from bocage.domain.replacement import MeterChange
from bocage.store.query import ObservationQuery

Step = str  # "hour" (UTC) | "day" | "month" (both in the datastream's zone)


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The few sensing columns the log must join, mirrored from `sensing` (rebuildable).

    `changes`: where the meter of an index was changed, in order of time.
    """

    number: int
    territory: str
    nature: Nature
    zone: str
    thing: int = 0
    changes: tuple[MeterChange, ...] = ()


class Run(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Rows that one commit kept side by side: a datastream, the commit's position, one version, and the first and last
    counter of their ids."""

    datastream: int
    position: int
    version: int
    first: int
    last: int


class Erasure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What to erase: the observations of these datastreams that start in [start, end).

    With `runs`, only those rows among them: an observation that was corrected by one of them has its earlier value
    again, and what others sent in the same hours stays.
    """

    datastreams: tuple[int, ...]
    start: int
    end: int
    runs: tuple[Run, ...] = ()


class ErasureProof(msgspec.Struct, frozen=True, kw_only=True):
    """What was erased, and where: observations, months rewritten, rollup rows; and what it cannot cover.

    `corrections`: versions taken back of observations that stay.
    """

    erasure: Erasure
    erased: int
    corrections: int = 0
    covers: tuple[str, ...]
    position: int


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How much a datastream holds: count, first and last start (UTC ms; 0 when count is 0)."""

    datastream: int
    count: int
    first: int
    last: int


class Counters(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """By datastream, sorted: int64[n], the counter its next observation gets: int64[n]."""

    datastream: Ints
    next: Ints


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """What some datastreams hold of a range: rows of every version, those of a first one, their greatest position.

    `count` is the number of observations, but for corrections whose first version was taken back. Two equal holdings
    of one `log` are the same rows: what came or was corrected since would stand at a greater position, and what was
    erased would lack.
    """

    log: str
    count: int
    rows: int
    position: int


PUBLIC = (
    *("time", "end", "datastream", "thing", "property", "unit", "result", "text", "origin", "original_time"),
    *("datastream_number", "id", "version", "beside"),
)
"""The columns of a file that stands alone, whatever its form."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of a datastream: number in the log, slugs of series and thing, property, unit."""

    number: int
    datastream: str
    thing: str
    observed: str
    unit: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a file stand alone: the names of its series, and notes on the whole (licence, attribution...)."""

    series: tuple[Named, ...]
    notes: tuple[tuple[str, str], ...] = ()


class Frames(Protocol):
    """What the processes that share a log remember together of frames of radios."""

    def first(self, place: str, frames: Sequence[str], at: Sequence[int], span: int) -> list[int]:
        """When each of these was first told (UTC ms), `at` for those that are new: they are noted, durable when it
        returns. What was told more than `span` milliseconds away is another frame. A frame may stand twice."""

    def erase(self, before: int) -> None:
        """Leave those of before an instant (UTC ms)."""


class Store(Protocol):
    """The observation log. Methods may be called from any thread; reads never wait for writers."""

    shared: bool
    """Whether other processes may write into it too: what one of them remembers of it may be behind."""

    @property
    def frames(self) -> Frames | None:
        """What these processes remember together; None where the log belongs to one process."""

    def mirror(self, series: Sequence[Series]) -> None:
        """Add or replace what the log must know of these datastreams; durable."""

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        """Queue a batch; the future is done when it is durable (group commit) and visible.

        Identity is (datastream, start, end). Same value: KNOWN. Other value: CONFLICT, or CORRECTED when
        `batch.correcting`. Repeats inside one batch are judged in their order. Unavailable (disk full, closed)
        is raised by the future, and then nothing of the batch is kept.
        """

    def refill(self, batch: ObservationBatch) -> None:
        """Take over whole commits of another log as they stand there (`restored(..., exact=True)`): the same ids,
        versions and positions. Durable when it returns.

        They come in order of position, each after what this log holds: Conflict otherwise. Whoever writes meanwhile
        would take positions of theirs, so that nobody may; whoever listens is not told.
        """

    def counters(self) -> Counters:
        """The next counter of each datastream, also of those whose observations were all erased."""

    def reserve(self, counters: Counters) -> None:
        """Give none of these datastreams a counter before these; durable."""

    def position(self) -> int:
        """The position of the last commit; 0 when empty."""

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        """Call `told(position)` after each commit, from the writer's thread (be quick); returns the way to stop."""

    def tell_erasures(self, told: Callable[[], None]) -> None:
        """Call `told()` after each erasure (be quick): before `erase` returns, and where another process erased,
        moments after. Whoever remembers observations forgets them then."""

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        """The newest observation (by start) of each of these datastreams, or of all, sorted by datastream."""

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        """Observations of one datastream with start in [start, end), by start; at most `limit` when not 0."""

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        """The same, by start, where memory holds them all and tells at once; None where one would have to wait."""

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        """The same for many, sorted by (datastream, start, end), in chunks of bounded memory."""

    def select(self, query: ObservationQuery) -> Columns:
        """The observations that fulfil a condition, in the order it asks for."""

    def tally(self, query: ObservationQuery) -> dict[int, int]:
        """How many of each datastream fulfil it, those with none left out; order, limit and skip are not looked at."""

    def versions(self, datastream: int, start: int, end: int) -> Columns:
        """All versions, corrected ones with their reasons, by (start, end, version)."""

    def rollup(self, datastreams: Sequence[int], start: int, end: int, step: Step) -> Rollup:
        """Periods that begin in [start, end), by the nature of each datastream; right when late data came."""

    def extent(self, datastreams: Sequence[int] | None = None) -> list[Extent]:
        """How much each holds, sorted by datastream; those with nothing are left out."""

    def holding(self, datastreams: Sequence[int], start: int, end: int) -> Holding:
        """What these hold of [start, end), as something to compare with what they held before."""

    def after(self, position: int, limit: int = 65_536) -> Columns:
        """What was committed after `position`, in commit order; whole commits, at least one, about `limit` rows."""

    def seal(self, before: int) -> list[str]:
        """Seal the UTC months that end at or before this instant; their names 'YYYY-MM'."""

    def erase(self, erasure: Erasure) -> ErasureProof:
        """Erase for good: open months, sealed files, journal, rollups, latest values."""

    def export(
        self, datastreams: Sequence[int], start: int, end: int, path: Path, *, about: About | None = None
    ) -> int:
        """Write one Parquet file sorted by (datastream, start), times as UTC timestamps; the number of rows.

        With `about`, every row names its series, and the file its notes; its columns are `PUBLIC`.
        """

    def backup(self, folder: Path) -> int:
        """Copy a consistent state into an empty folder while running; the position it holds."""

    def size(self) -> int:
        """Bytes on disk."""

    def close(self) -> None:
        """Wait for what was queued, make it durable, let go of the files."""
