"""The newest observations of many series as they were written last: only what came since is written again.

A dashboard asks the same of the same series every few seconds. What is kept is the text of each observation, never who
may read it: each question finds its own rows first, and takes texts of these very rows. Nothing is kept of what is
erased: all of them go then, and what was read before is not kept after.
"""

import threading
from collections.abc import Callable, Hashable
from typing import Final

import msgspec
import numpy as np

from bocage.domain.observation import Columns, Objects
from bocage.store.columns import Flags, picked

FEW: Final = 200  # rows that are sooner written than kept
KEPT: Final = 4  # ways of writing: 10,000 rows take some 4 MB in each


class Image(msgspec.Struct, frozen=True, eq=False):
    """Rows, and the text of each."""

    rows: Columns
    texts: Objects

    def stale(self, rows: Columns) -> Flags | None:
        """Which of these rows are others than its own; None when they are of other series. An observation has one
        number, and each version of it its own position."""
        mine = self.rows
        if len(mine) != len(rows) or not np.array_equal(mine.datastream, rows.datastream):
            return None
        return np.asarray((mine.id != rows.id) | (mine.position != rows.position), np.bool_)


class Images:
    """One per application; any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[Hashable, Image] = {}
        self._erasures = 0

    @property
    def since(self) -> int:
        """How often something was erased so far: asked before rows are read that are to be written."""
        return self._erasures

    def forget(self) -> None:
        """Keep nothing of what was written up to now."""
        with self._lock:
            self._erasures += 1
            self._kept.clear()

    def written(self, way: Hashable, rows: Columns, write: Callable[[Columns], list[bytes]], since: int) -> list[bytes]:
        """The text of each row, in a list of the caller's own. `way`: all that `write` makes it of, beside the row
        itself; `since`: what it was before the rows were read."""
        if len(rows) < FEW:
            return write(rows)
        image = self._kept.get(way)
        stale = image.stale(rows) if image is not None else None
        if image is None or stale is None:
            texts = np.array(write(rows), object)
        elif not stale.any():
            texts = image.texts
        else:
            texts = image.texts.copy()
            texts[stale] = np.array(write(picked(rows, stale)), object)
        if image is None or texts is not image.texts:
            self._keep(way, Image(rows, texts), since)
        found: list[bytes] = texts.tolist()
        return found

    def _keep(self, way: Hashable, image: Image, since: int) -> None:
        with self._lock:
            if since != self._erasures:
                return
            self._kept.pop(way, None)
            self._kept[way] = image
            while len(self._kept) > KEPT:
                del self._kept[next(iter(self._kept))]
