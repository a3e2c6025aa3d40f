"""What is done to the files beside the writing: draining, sealing, erasing, backing up; one at a time."""

import threading
from collections.abc import Sequence
from pathlib import Path

import duckdb
import msgspec

from bocage.domain.errors import Invalid, Unavailable
from bocage.domain.instant import month_of
from bocage.store import columns, erasures
from bocage.store import rows as shape
from bocage.store.embedded import manifest as folder_manifest
from bocage.store.embedded import rebuild
from bocage.store.embedded.covers import bounds, to_write
from bocage.store.embedded.journal import Journal
from bocage.store.embedded.manifest import Month
from bocage.store.embedded.months import decoded
from bocage.store.embedded.open_months import OpenMonths
from bocage.store.embedded.reader import Reader
from bocage.store.embedded.rebuild import Plan
from bocage.store.embedded.sparing import struck
from bocage.store.erasures import Erased
from bocage.store.protocol import Counters, Erasure, ErasureProof

SPREAD = 48 << 20  # bytes the journal may take before it is written anew, once it is empty


class Upkeep:
    """Holds its lock while files change; readers go on, but for the moment of a swap."""

    def __init__(self, reader: Reader, journal: Journal, lists: Path) -> None:
        self._reader, self._journal, self._lists = reader, journal, lists
        self.lock = threading.RLock()

    def drain(self) -> None:
        """Put into columns what is in memory and in the journal only."""
        with self.lock:
            waiting = self._reader.fresh.waiting()
            if waiting is None:
                return
            try:
                self._reader.files.open.insert(waiting.rows, waiting.standing, waiting.position)
            except Unavailable as error:
                if isinstance(error.__cause__, duckdb.FatalException | duckdb.ConnectionException):
                    self._open_again()  # after such a failure DuckDB answers nothing more until it is
                raise
            self._reader.fresh.settle(waiting.position)
            if self._journal.size() > SPREAD and not self._reader.fresh.commits.waiting:
                self._journal.purge(waiting.position)

    def reserve(self, counters: Counters) -> None:
        """Go on from these counters at least; the writer must be still."""
        with self.lock:
            self.drain()
            fresh = self._reader.fresh
            with fresh.lock:
                fresh.latest.reserve(counters.datastream, counters.next)
                standing = fresh.latest.standing(counters.datastream)
            self._reader.files.open.reserve(standing)

    def _open_again(self) -> None:
        reader = self._reader
        with reader.passage.alone():
            old = reader.files.open
            old.close()
            reader.files = msgspec.structs.replace(reader.files, open=OpenMonths(old.path, old.limits))

    def seal(self, before: int) -> list[str]:
        """Write into Parquet the open rows of every month that ends at or before this instant."""
        with self.lock:
            self.drain()
            current = bounds(month_of(before))[0]
            found = (
                self._reader.files.open.cursor()
                .execute(
                    f"""SELECT strftime(make_timestamp_ms("start"), '%Y-%m') AS month, count(*) FROM {shape.OPEN}
                   WHERE "start" < ? GROUP BY month ORDER BY month""",
                    [current],
                )
                .fetchall()
            )
            rows = {str(name): int(count) for name, count in found}
            if rows:
                self._swap(Plan(covers=tuple(to_write(self._reader.files.manifest.months, rows))))
                self._journal.purge(self._reader.fresh.drained)
            return list(rows)

    def erase(self, erasure: Erasure) -> ErasureProof:
        """Erase for good; the writer must be still."""
        with self.lock:
            self.drain()
            applied = len(erasures.listed(self._lists))
            erasures.noted(self._lists, Erased(erasure=erasure, position=self._reader.fresh.position))
            return self._erased(erasure, applied + 1)

    def apply(self, listed: Sequence[Erased], applied: int) -> None:
        """Erase again what a restored copy still holds, and what a crash interrupted."""
        for number, one in enumerate(listed, applied + 1):
            with self.lock:
                self.drain()
                self._erased(one.erasure, number)

    def _erased(self, erasure: Erasure, applied: int) -> ErasureProof:
        before = self._held(erasure)
        months = self._months_of(erasure)
        rows = self._rows_of(erasure, months) if erasure.runs else 0
        self._swap(Plan(files=months, erasures=(erasure,), applied=applied), erasure)
        self._journal.purge(self._reader.fresh.drained)
        covers = (
            "open months",
            *(f"sealed month {name}" for name in dict.fromkeys(_said(month) for month in months)),
            "journal",
            "latest values",
            "last values",
            "rollups (computed when they are read)",
        )
        erased = before - self._held(erasure)
        return ErasureProof(
            erasure=erasure,
            erased=erased,
            corrections=rows - erased if rows else 0,
            covers=covers,
            position=self._reader.fresh.position,
        )

    def _held(self, erasure: Erasure) -> int:
        with self._reader.fresh.lock:
            return int(self._reader.fresh.latest.extents(columns.distinct(erasure.datastreams))[1].sum())

    def _months_of(self, erasure: Erasure) -> tuple[Month, ...]:
        """The sealed files that hold something to erase."""
        files = self._reader.files
        return tuple(
            month
            for month in files.manifest.reaching(erasure.start, erasure.end, sorted(erasure.datastreams))
            if (not erasure.runs or any(month.lowest <= run.position <= month.highest for run in erasure.runs))
            and self._counted(erasure, decoded(files.folder, [month], "true"))
        )

    def _rows_of(self, erasure: Erasure, months: Sequence[Month]) -> int:
        """How many rows an erasure is about, all versions counted."""
        files = self._reader.files
        return sum(
            self._counted(erasure, rows)
            for rows in (
                f"SELECT * FROM {shape.OPEN}",
                *(decoded(files.folder, [month], "true") for month in months),
            )
        )

    def _counted(self, erasure: Erasure, held: str) -> int:
        counted = f"SELECT count(*) FROM ({struck(held, erasure)})"
        return int(self._reader.files.open.cursor().execute(counted).fetchall()[0][0])

    def _swap(self, plan: Plan, erasure: Erasure | None = None) -> None:
        """Make the new files the log, then remove the old ones."""
        reader = self._reader
        old = reader.files
        result = rebuild.rebuilt(old, plan)
        with reader.passage.alone():
            reader.files = rebuild.placed(old.folder, result, old.open)
            if erasure is not None:
                reader.fresh.erase(erasure, reader.files.open.standing_of(erasure.datastreams))
            old.open.close()
        folder_manifest.sweep(old.folder, reader.files.manifest)

    def backup(self, folder: Path) -> int:
        """Copy what is committed now into an empty folder; the position it holds."""
        if folder.exists() and any(folder.iterdir()):
            raise Invalid("an empty folder", found=str(folder))
        with self.lock:
            self.drain()
            rebuild.copied(self._reader.files, folder)
            return self._reader.fresh.drained


def _said(month: Month) -> str:
    return f"{month.name} to {month.until}" if month.until else month.name
