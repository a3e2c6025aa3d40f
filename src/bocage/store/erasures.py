"""The list of what was erased, kept outside backups so that a restored copy forgets it again."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.observation import Columns, Given, ObservationBatch
from bocage.store import columns, lists
from bocage.store.protocol import Erasure
from bocage.store.runs import within

NAME = "erasures.jsonl"


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list: what was erased, of what had been committed up to `position`."""

    erasure: Erasure
    position: int


class Erasures:
    """Whoever is told that something was erased; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: tuple[Callable[[], None], ...] = ()

    def add(self, told: Callable[[], None]) -> None:
        """Tell this one too, from now on."""
        with self._lock:
            self._told = (*self._told, told)

    def tell(self) -> None:
        """Tell all of them."""
        for told in self._told:
            told()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell them once what is done within is over: also when it failed, since part of it may be done."""
        try:
            yield
        finally:
            self.tell()


def listed(folder: Path) -> list[Erased]:
    """The list of a folder, oldest first; a last line that a crash cut short was never acted on."""
    return lists.listed(folder / NAME, Erased)


def noted(folder: Path, erased: Erased) -> None:
    """Add a line, durably, before anything is erased."""
    lists.note(folder / NAME, erased)


def struck(rows: Columns, erasure: Erasure) -> columns.Flags:
    """Which rows an erasure is about."""
    mask = columns.among(rows.datastream, columns.distinct(erasure.datastreams))
    mask &= (rows.start >= erasure.start) & (rows.start < erasure.end)
    return np.asarray(mask & within(rows, erasure.runs) if erasure.runs else mask, np.bool_)


def restored(
    rows: Columns, erasures: Sequence[Erasure] = (), *, correcting: bool = False, exact: bool = False
) -> ObservationBatch:
    """A batch of observations that a log gave back (backup, move), without what was erased meanwhile.

    One of the three constructors of kept data. Ids, positions and versions are given anew by the log that takes it,
    but for an `exact` one, which `refill` takes as it is.
    """
    kept = np.ones(len(rows), np.bool_)
    for erasure in erasures:
        kept &= ~struck(rows, erasure)
    left = rows if kept.all() else columns.picked(rows, np.flatnonzero(kept))
    return ObservationBatch(
        datastream=left.datastream,
        start=left.start,
        end=left.end,
        kind=left.kind,
        number=left.number,
        origin=left.origin,
        text=left.text,
        original=left.original,
        beside=left.beside,
        correcting=correcting,
        reason="" if not correcting else "restored",
        given=Given(id=left.id, position=left.position, version=left.version, reason=left.reason) if exact else None,
    )
