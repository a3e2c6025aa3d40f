"""What datastreams hold of a range, told without reading their values; what sealed files answered is kept."""

import secrets
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

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
KEPT = 16_384  # answers of sealed files
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
        self._kept: dict[tuple[str, Ask], Held] = {}

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
                where = f"{ask.where} AND position <= {drained}"
                source = files.open.contents.source(ask.datastreams, within=(start, end))
                [(count, every, position)] = self._counted(f"SELECT {COUNTED} FROM {source} WHERE {where}")
                parts.append((int(count), int(every), int(position)))
            parts += self._sealed(files.manifest.reaching(start, end, ask.datastreams), ask)
        return holding(parts, self._log)

    def _sealed(self, months: Sequence[Month], asked: Ask) -> list[Held]:
        """What each of these files holds; those that never answered this are read together."""
        keys = {month.file: (month.file, _whole(month, asked)) for month in months}
        with self._lock:
            held = {file: self._kept[key] for file, key in keys.items() if key in self._kept}
        new = [month for month in months if month.file not in held]
        if new:
            held |= {month.file: (0, 0, 0) for month in new} | self._read(new, asked)
            with self._lock:
                if len(self._kept) + len(new) > KEPT:
                    self._kept.clear()
                self._kept.update((keys[file], found) for file, found in held.items())
        return list(held.values())

    def _read(self, months: Sequence[Month], asked: Ask) -> dict[str, Held]:
        source = sealed.source(self._reader.files.folder, months, named=True)
        found = self._counted(f"SELECT filename, {COUNTED} FROM {source} WHERE {asked.where} GROUP BY filename")
        return {Path(str(path)).name: (int(count), int(every), int(at)) for path, count, every, at in found}

    def _counted(self, select: str) -> list[tuple[Any, ...]]:
        try:
            return self._reader.files.open.cursor().execute(select).fetchall()
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error


def _whole(month: Month, asked: Ask) -> Ask:
    """The question as this file hears it: the same for every range that holds all of it."""
    whole = asked.start <= month.start and month.end < asked.end
    return msgspec.structs.replace(asked, start=month.start, end=month.end + 1) if whole else asked
