"""Reads the log as one: open months, sealed months, and what is in memory only."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns, Ints
from bocage.store import columns, identity
from bocage.store import rows as shape
from bocage.store.embedded import months as sealed
from bocage.store.embedded.fresh import Fresh
from bocage.store.embedded.manifest import Manifest, Month
from bocage.store.embedded.open_months import OpenMonths
from bocage.store.embedded.passage import Passage
from bocage.store.embedded.sealed_files import SealedFiles


class Files(msgspec.Struct, frozen=True, kw_only=True):
    """The files that are the log now; replaced as a whole."""

    folder: Path
    manifest: Manifest
    open: OpenMonths


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows: of datastreams, with start in [start, end); about `limit` of them from one end, all when 0."""

    datastreams: tuple[int, ...]
    start: int
    end: int
    limit: int = 0
    newest_first: bool = False
    narrow: bool = False  # only what rollups look at

    @property
    def where(self) -> str:
        times = f'"start" >= {int(self.start)} AND "start" < {int(self.end)}'
        if len(self.datastreams) == 1:
            return f"datastream = {int(self.datastreams[0])} AND {times}"
        low, high = min(self.datastreams), max(self.datastreams)
        if high - low + 1 == len(set(self.datastreams)):
            return f"datastream BETWEEN {low} AND {high} AND {times}"
        numbers = ", ".join(str(int(one)) for one in self.datastreams)
        return f"datastream BETWEEN {low} AND {high} AND datastream IN ({numbers}) AND {times}"

    def tail(self, keys: Sequence[str]) -> str:
        """The end of a statement that gives the first rows by these columns, or the last; empty where all are asked."""
        turn = " DESC" if self.newest_first else ""
        return f" ORDER BY {', '.join(key + turn for key in keys)} LIMIT {self.limit}" if self.limit else ""


class Reader:
    """Any thread may read; nothing waits for a writer but, for a moment, for files that are swapped."""

    def __init__(self, files: Files, fresh: Fresh) -> None:
        self.files, self.fresh, self.passage = files, fresh, Passage()
        self._sealed_files = SealedFiles()

    def versions(self, ask: Ask) -> Columns:
        """Every version, by (datastream, start, end, version); `limit` is not looked at."""
        with self.passage.shared():
            return columns.ordered(columns.joined(self._parts(msgspec.structs.replace(ask, limit=0))))

    def rows(self, ask: Ask) -> Columns:
        """The newest version of each, by (datastream, start, end)."""
        return columns.newest(self.versions(ask))

    def some(self, ask: Ask) -> Columns:
        """The first `limit` of one datastream, or the last, newest first; corrected ones count once."""
        reach = ask.limit + 16  # what was corrected is read too, and left out below
        while True:
            with self.passage.shared():
                parts = self._parts(msgspec.structs.replace(ask, limit=reach))
            cut = [part for part in parts if len(part) >= reach]
            rows = columns.newest(columns.ordered(columns.joined(parts)))
            if cut:
                rows = columns.picked(rows, self._sure(rows, cut, ask.newest_first))
            if len(rows) >= ask.limit or not cut:
                turned = np.arange(len(rows))[::-1] if ask.newest_first else np.arange(len(rows))
                return columns.trimmed(columns.picked(rows, turned[: ask.limit]))
            reach *= 4

    @staticmethod
    def _sure(rows: Columns, cut: Sequence[Columns], newest_first: bool) -> columns.Flags:
        """The rows before the place where one of the parts was cut short."""
        if newest_first:
            return np.asarray(rows.start > max(int(part.start.min()) for part in cut), np.bool_)
        return np.asarray(rows.start < min(int(part.start.max()) for part in cut), np.bool_)

    def _parts(self, ask: Ask) -> list[Columns]:
        waiting, drained = self.fresh.undrained()
        numbers = columns.distinct(ask.datastreams)
        parts = [columns.between(rows, numbers, ask.start, ask.end) for rows in waiting]
        rows = self._open(ask, drained) if ask.end > self.files.open.contents.lowest else columns.empty()
        parts.append(rows)
        if ask.limit and len(rows) >= ask.limit:  # what lies beyond the last of these is not looked at by `some`
            ask = (
                msgspec.structs.replace(ask, start=int(rows.start.min()))
                if ask.newest_first
                else msgspec.structs.replace(ask, end=int(rows.start.max()) + 1)
            )
        parts.extend(self._sealed(ask))
        return parts

    def _open(self, ask: Ask, drained: int) -> Columns:
        """Open rows up to a position. What was put in columns since is left out here where all rows and their positions
        are read anyway: one condition more costs DuckDB a tenth of a small question."""
        contents = self.files.open.contents
        names, same = sealed.wanted(shape.NAMES, [contents], narrow=ask.narrow)
        source = contents.source(ask.datastreams, names, (ask.start, ask.end))
        told = f"SELECT {names} FROM {source} WHERE {ask.where}"
        if ask.limit or ask.narrow:
            return self.files.open.fetch(f"{told} AND position <= {drained}{ask.tail(shape.keys(names))}", same)
        rows = self.files.open.fetch(told, same)
        since = rows.position > drained
        return columns.picked(rows, ~since) if since.any() else rows

    def _sealed(self, ask: Ask) -> Iterator[Columns]:
        months = self.files.manifest.reaching(ask.start, ask.end, sorted(ask.datastreams))
        if not ask.limit:
            if months:
                yield self._month(months, ask)
            return
        left = ask.limit
        for month in months[::-1] if ask.newest_first else months:
            found = self._month([month], msgspec.structs.replace(ask, limit=left))
            yield found
            left -= len(found)
            if left <= 0:
                return

    def _month(self, months: Sequence[Month], ask: Ask) -> Columns:
        names, same = sealed.wanted(sealed.SEALED_NAMES, months, narrow=ask.narrow)
        found = sealed.plain(self.files.folder, months, names, ask.where)
        return self._sealed_files.fetch(months, f"{found}{ask.tail(shape.keys(names))}", same)

    def identities(self, asked: Columns) -> Columns:
        """The newest kept version of these identities; those that are not kept are left out."""
        with self.passage.shared():
            waiting, drained = self.fresh.undrained()
            numbers = np.unique(asked.datastream).astype(np.int64)
            low, high = int(asked.start.min()), int(asked.start.max()) + 1
            parts = [columns.between(rows, numbers, low, high) for rows in waiting]
            source = self.files.open.contents.source(numbers.tolist(), within=(low, high))
            parts.append(self._twins(asked, source, shape.NAMES, f"position <= {drained}"))
            months = self.files.manifest.reaching(low, high, numbers.tolist())
            if months:
                parts.append(self._twins(asked, sealed.source(self.files.folder, months), sealed.SEALED_NAMES))
        held = columns.newest(columns.ordered(columns.joined(parts)))
        found = identity.matched(asked, held)
        return columns.picked(held, found[found >= 0])

    def _twins(self, asked: Columns, source: str, names: str, where: str = "") -> Columns:
        span = asked.end - asked.start
        bounds = (
            f"datastream BETWEEN {asked.datastream.min()} AND {asked.datastream.max()} AND "
            f'"start" BETWEEN {asked.start.min()} AND {asked.start.max()}'
        )
        wanted = {"datastream": asked.datastream, "start": asked.start, "span": span}
        return self.files.open.fetch_twins(
            f"""SELECT {names} FROM {source} SEMI JOIN wanted
            USING (datastream, "start", span) WHERE {" AND ".join(filter(None, (bounds, where)))}""",
            wanted,
        )

    def after(self, position: int, limit: int) -> Columns:
        """Whole commits after `position`, in their order; at least one, about `limit` rows."""
        with self.fresh.lock:
            recent = self.fresh.commits.after(position, limit)
        if recent is not None:
            return columns.trimmed(columns.joined(recent))
        with self.passage.shared():
            _, drained = self.fresh.undrained()
            found = self._committed(position, drained, limit)
        return found if len(found) or drained <= position else self.after(drained, limit)

    def _committed(self, position: int, drained: int, limit: int) -> Columns:
        within = f"position > {position} AND position <= {drained}"
        months = [month for month in self.files.manifest.months if month.highest > position]
        held = [f"SELECT * FROM {shape.OPEN} WHERE {within}"]
        if months:
            held.append(sealed.decoded(self.files.folder, months, within))
        every = " UNION ALL ".join(held)
        last = f"""SELECT max(position) FROM (SELECT position, sum(count(*)) OVER (ORDER BY position) AS total,
            row_number() OVER (ORDER BY position) AS place FROM ({every}) GROUP BY position)
            WHERE total <= {limit} OR place = 1"""
        return self.files.open.fetch(f"""SELECT * FROM ({every}) WHERE position <= ({last})
            ORDER BY position, datastream, "start", span, version""")

    def nearest(self, datastreams: Ints, at: int, *, before: bool) -> Columns:
        """The newest observation before an instant, or the oldest from it on, of each datastream that has one."""
        numbers, _, firsts, lasts = self._extents(datastreams)
        numbers = numbers[firsts < at if before else lasts >= at]
        start, end = (EARLIEST, at) if before else (at, LATEST)
        return columns.joined(
            [
                self.some(Ask(datastreams=(int(one),), start=start, end=end, limit=1, newest_first=before))
                for one in numbers
            ]
        )

    def _extents(self, datastreams: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        with self.fresh.lock:
            return self.fresh.latest.extents(datastreams)
