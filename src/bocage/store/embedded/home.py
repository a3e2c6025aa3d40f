"""The embedded home: opens the folder, wires journal, memory, columns and sealed months, and answers for them."""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, closing
from pathlib import Path

import msgspec

from bocage.domain.errors import BocageError, Unavailable
from bocage.domain.observation import Columns, ObservationBatch, Receipt, Rollup
from bocage.domain.text import message as _
from bocage.store import columns, erasures
from bocage.store.answers import described, extents
from bocage.store.embedded import arranging, former
from bocage.store.embedded import manifest as folder_manifest
from bocage.store.embedded.fresh import Fresh
from bocage.store.embedded.holdings import Holdings, named
from bocage.store.embedded.journal import Journal
from bocage.store.embedded.manifest import FIRST, FORM
from bocage.store.embedded.open_months import Limits, OpenMonths
from bocage.store.embedded.reader import Ask, Files, Reader
from bocage.store.embedded.scan import expected, reaching, scanned
from bocage.store.embedded.selecting import selected, tallied
from bocage.store.embedded.summing import Summing
from bocage.store.embedded.upkeep import Upkeep
from bocage.store.embedded.writer import Ways, Writer
from bocage.store.group import GROUP
from bocage.store.protocol import About, Counters, Erasure, ErasureProof, Extent, Holding, Series, Step
from bocage.store.query import ObservationQuery
from bocage.store.rollups import rolled

EVERY = 2.0  # seconds between two drains
BUSY = 10_000  # rows of a drain above which days that are over wait: summing them would hold back what comes in
REST = 5  # drains between two looks for days that are over
PATIENT = 60  # drains after which they wait no longer, however much comes in: what is not summed is summed when asked
MANY = 2_000  # rows from which it costs less to have them counted and cut than to read them all


class EmbeddedStore:
    """A folder that is the log. One process at a time; any of its threads."""

    shared = False
    frames = None

    def __init__(
        self, folder: Path, *, limits: Limits | None = None, every: float = EVERY, lists: Path | None = None
    ) -> None:
        """`lists`: the folder of the list of erasures, which backups leave out; this one when not said."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        with ExitStack() as undone:  # what was opened is let go when the rest cannot be
            self._lock = undone.enter_context(closing(_Lock(folder)))
            files = _opened(folder, limits or Limits())
            undone.callback(files.open.close)
            self._journal = undone.enter_context(closing(Journal(folder)))
            drained, applied = files.open.mark()
            former.move(folder, self._journal, drained)
            self._fresh = Fresh(files.open.standing(), drained)
            for rows in self._journal.replay(drained):
                self._fresh.take(rows)
            self._series = files.open.series()
            self._reader = Reader(files, self._fresh)
            self._reach = reaching(self._reader)
            self._summing = Summing(self._reader, lambda some, a, b: rolled(self._reach, some, a, b, "day"))
            self._holdings = Holdings(self._reader, named(folder))
            self._upkeep = Upkeep(self._reader, self._journal, lists or folder)
            self._upkeep.apply(erasures.listed(lists or folder)[applied:], applied)
            undone.pop_all()
        self._erasures = erasures.Erasures()
        self._closing, self._wake = threading.Event(), threading.Event()
        self._writer = Writer(
            self._journal,
            self._fresh,
            Ways(lookup=self._reader.identities, drain=self._upkeep.drain, crowded=self._wake.set),
        )
        self._drainer = threading.Thread(target=self._drain, args=(every,), name="log-drain", daemon=True)
        self._trouble: BocageError | None = None
        self._drainer.start()

    @property
    def trouble(self) -> Exception | None:
        """Why the last drain failed (what was committed stays in the journal), or what a listener raised."""
        return self._trouble or self._writer.fault

    def _drain(self, every: float) -> None:
        since = REST  # drains since days that are over were looked for
        while not self._closing.is_set():
            self._wake.wait(every)
            busy = self._fresh.commits.waiting > BUSY
            self._wake.clear()
            try:
                self._upkeep.drain()
                self._rouse()
                since = self._tidied(since, busy=busy)
                self._trouble = None
            except BocageError as error:
                self._trouble = error  # shown by health checks; tried again at the next turn
            except Exception as error:  # whatever it was, what comes must still be drained
                logging.getLogger(__name__).exception("the log could not be put into columns")
                self._trouble = Unavailable(_("columns that can be written"), str(error))

    def _rouse(self) -> None:
        """What was being drained woke the next drain too; it begins at once only when as much waits again."""
        if self._fresh.commits.waiting < GROUP and not self._closing.is_set():
            self._wake.clear()

    def _tidied(self, since: int, *, busy: bool) -> int:
        """Look now and then for days that are over, and go on as long as there are any, without haste while `busy`;
        how many drains ago that was."""
        if not due(since, busy=busy) or self._closing.is_set():
            return since + 1
        tidied = self._tidy()
        self._reader.files.open.spare()
        return REST if tidied and not busy else 0

    def _tidy(self) -> bool:
        with self._upkeep.lock:
            return self._summing.step(self._series) or self._reader.files.open.order() or arranging.step(self._reader)

    def tidy(self) -> None:
        """Sum and arrange now every day that is over; it happens by itself, some at a time."""
        self.drain()
        while self._tidy():
            pass

    def drain(self) -> None:
        """Put into columns now what is in the journal and in memory only; it happens by itself twice a second."""
        self._upkeep.drain()

    def mirror(self, series: Sequence[Series]) -> None:
        with self._upkeep.lock:
            self._reader.files.open.mirror(series)
            otherwise = [one.number for one in series if _moved(self._series.get(one.number), one)]
            if otherwise:
                self._reader.files.open.forget(otherwise)
            self._series = {**self._series, **{one.number: one for one in series}}
            self._fresh.ready.forget()

    def append(self, batch: ObservationBatch) -> "Future[Receipt]":
        return self._writer.append(batch)

    def refill(self, batch: ObservationBatch) -> None:
        self._writer.refill(batch)

    def counters(self) -> Counters:
        with self._fresh.lock:
            datastream, following = self._fresh.latest.counters()
        return Counters(datastream=datastream, next=following)

    def reserve(self, counters: Counters) -> None:
        with self._writer.still:
            self._upkeep.reserve(counters)

    def position(self) -> int:
        return self._fresh.position

    def subscribe(self, told: Callable[[int], None]) -> Callable[[], None]:
        return self._writer.subscribe(told)

    def tell_erasures(self, told: Callable[[], None]) -> None:
        self._erasures.add(told)

    def latest(self, datastreams: Sequence[int] | None = None) -> Columns:
        with self._fresh.lock:
            return self._fresh.latest.newest(None if datastreams is None else columns.distinct(datastreams))

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        with self._fresh.lock:
            recent = self._fresh.recent.window(datastream, start, end)
            if recent is None and limit and newest_first:
                recent = self._fresh.recent.last(datastream, end, limit)
        if recent is not None:
            turned = columns.picked(recent, slice(None, None, -1)) if newest_first else recent
            return columns.trimmed(columns.picked(turned, slice(0, limit or None)))
        ask = Ask(datastreams=(datastream,), start=start, end=end, limit=limit, newest_first=newest_first)
        if limit and expected(self._reader, columns.distinct((datastream,)), (start, end))[0] > MANY + limit:
            return self._reader.some(ask)
        rows = self._reader.rows(msgspec.structs.replace(ask, limit=0))
        turned = columns.picked(rows, slice(None, None, -1)) if newest_first else rows
        return columns.trimmed(columns.picked(turned, slice(0, limit or None)))

    def at_hand(self, datastream: int, start: int, end: int) -> Columns | None:
        return self._fresh.at_hand(datastream, start, end)

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        return scanned(self._reader, columns.distinct(datastreams), (start, end), chunk)

    def select(self, query: ObservationQuery) -> Columns:
        return selected(self._reader, query)

    def tally(self, query: ObservationQuery) -> dict[int, int]:
        return tallied(self._reader, query)

    def versions(self, datastream: int, start: int, end: int) -> Columns:
        return columns.trimmed(self._reader.versions(Ask(datastreams=(datastream,), start=start, end=end)))

    def rollup(self, datastreams: Sequence[int], start: int, end: int, step: Step) -> Rollup:
        series = described(self._series, datastreams)
        if step != "day" or not series:
            return rolled(self._reach, series, start, end, step)
        return self._fresh.ready.rolled(series, start, end, self._summing.answered)

    def extent(self, datastreams: Sequence[int] | None = None) -> list[Extent]:
        with self._fresh.lock:
            held = self._fresh.latest.extents(None if datastreams is None else columns.distinct(datastreams))
        return extents(held)

    def holding(self, datastreams: Sequence[int], start: int, end: int) -> Holding:
        return self._holdings.of(columns.distinct(datastreams), start, end)

    def after(self, position: int, limit: int = 65_536) -> Columns:
        return self._reader.after(position, limit)

    def seal(self, before: int) -> list[str]:
        return self._upkeep.seal(before)

    def erase(self, erasure: Erasure) -> ErasureProof:
        with self._erasures.told(), self._writer.still:
            return self._upkeep.erase(erasure)

    def export(
        self, datastreams: Sequence[int], start: int, end: int, path: Path, *, about: About | None = None
    ) -> int:
        from bocage.store.export import written  # only those who export pay for it

        return written(self.scan(datastreams, start, end), path, about)

    def backup(self, folder: Path) -> int:
        return self._upkeep.backup(folder)

    def size(self) -> int:
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def close(self) -> None:
        if self._closing.is_set():
            return
        self._writer.close()
        self._closing.set()
        self._wake.set()
        self._drainer.join()
        try:
            self._upkeep.drain()
            self._journal.purge(self._fresh.drained)
        finally:
            self._journal.close()
            self._reader.files.open.close()
            self._lock.close()


def due(since: int, *, busy: bool) -> bool:
    """Whether days that are over are looked for again, so many drains after they were."""
    return since >= (PATIENT if busy else REST)


def _moved(former: Series | None, series: Series) -> bool:
    """Whether the days of a series are others now."""
    return former is not None and (former.zone, former.nature) != (series.zone, series.nature)


class _Lock:
    """Keeps a second process out of the folder."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.close()
            raise Unavailable(
                _("a log that nobody else has open"), found=str(folder), remedy=_("stop the other process, or ask it")
            ) from error

    def close(self) -> None:
        self._file.close()


def _opened(folder: Path, limits: Limits) -> Files:
    found = folder_manifest.read(folder)
    manifest = found or FIRST
    if found is None or found.form < FORM:  # an earlier version would not see all that is kept from now on
        folder_manifest.write(folder, manifest)
    folder_manifest.sweep(folder, manifest)
    return Files(folder=folder, manifest=manifest, open=OpenMonths(folder / manifest.columns, limits))
