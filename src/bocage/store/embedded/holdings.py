"""What datastreams hold of a range, told without reading their values; what sealed files answered is kept."""

import secrets
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import msgspec

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Ints
from bocage.domain.text import message as _
from bocage.store import columns
from bocage.store.embedded import months as sealed
from bocage.store.embedded.manifest import Month, settle
from bocage.store.embedded.reader import Ask, Reader
from bocage.store.holdings import Held, holding, measured
from bocage.store.protocol import Holding

NAME = "name"
KEPT = 4_096  # answers of sealed files
COUNTED = "count(*) FILTER (version = 1), count(*), coalesce(max(position), 0)"


def named(folder: Path, new: Callable[[], str] = lambda: secrets.token_hex(8)) -> str:
    """The name of a log, given once. Backups leave it out: a restored log gives positions anew, under another."""
    path = folder / NAME
    if not path.exists():
        try:
            partial = path.with_suffix(".partial")
            partial.write_text(new(), encoding="ascii")
            settle(partial)
            partial.replace(path)
            settle(folder)
        except OSError as error:
            raise Unavailable(_("room to open the log"), found=str(error), remedy=_("free some space")) from error
    return path.read_text(encoding="ascii")


class Holdings:
    """Sealed files never change, so that what one answered once stays true as long as it is part of the log."""

    def __init__(self, reader: Reader, log: str) -> None:
        self._reader, self._log = reader, log
        self._lock = threading.Lock()
        self._kept: dict[tuple[object, ...], Held] = {}

    def of(self, datastreams: Ints, start: int, end: int) -> Holding:
        """What they hold of [start, end)."""
        ask = Ask(datastreams=tuple(datastreams.tolist()), start=start, end=end)
        if not ask.datastreams:
            return holding([], self._log)
        with self._reader.passage.shared():
            files = self._reader.files
            waiting, drained = self._reader.fresh.undrained()
            parts = [measured(columns.between(rows, datastreams, start, end)) for rows in waiting]
            if end > files.open.contents.lowest:
                parts.append(self._counted("observation", f"{ask.where} AND position <= {drained}"))
            parts += [self._sealed(month, ask) for month in self._reader.months(start, end, ask.datastreams)]
        return holding(parts, self._log)

    def _sealed(self, month: Month, asked: Ask) -> Held:
        whole = asked.start <= month.start and month.end < asked.end
        ask = msgspec.structs.replace(asked, start=month.start, end=month.end + 1) if whole else asked
        key = (month.file, ask)
        found = self._kept.get(key)
        if found is None:
            found = self._counted(sealed.source(self._reader.files.folder, [month]), ask.where)
            with self._lock:
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                self._kept[key] = found
        return found

    def _counted(self, source: str, where: str) -> Held:
        try:
            rows = self._reader.files.open.cursor().execute(f"SELECT {COUNTED} FROM {source} WHERE {where}").fetchall()
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error
        count, every, position = rows[0]
        return int(count), int(every), int(position)
