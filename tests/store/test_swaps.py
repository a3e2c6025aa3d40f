"""Whoever reads while files are drained, sealed, erased or copied sees everything, once."""

import threading
import time
from contextlib import closing
from pathlib import Path

import msgspec
import numpy as np

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns
from bocage.store.embedded.fresh import Fresh
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.reader import Ask, Reader
from bocage.store.protocol import Erasure

from .batches import DAY, HOUR, T0, batch

SECONDS = 1.5


class Crowd:
    """One who appends counting values, two who read them all, one who follows them."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.acknowledged = store, 0
        self.stop, self.faults = threading.Event(), list[str]()
        self.threads = [threading.Thread(target=work) for work in (self.send, self.read, self.read, self.follow)]
        for thread in self.threads:
            thread.start()

    def leave(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def send(self) -> None:
        while not self.stop.is_set():
            n = self.acknowledged
            sent = batch([1, 1, 1, 2], T0 + np.array([n, n + 1, n + 2, n]) * HOUR, [n, n + 1, n + 2, 0])
            self.store.append(sent).result(9)
            self.acknowledged = n + 3

    def read(self) -> None:
        while not self.stop.is_set():
            known = self.acknowledged
            rows = self.store._reader.rows(Ask(datastreams=(1,), start=EARLIEST, end=LATEST))
            if len(rows) < known or not np.array_equal(rows.number, np.arange(len(rows))):
                self.faults.append(f"{len(rows)} read, {known} known")

    def follow(self) -> None:
        position, seen = 0, 0
        while not self.stop.is_set():
            rows = self.store.after(position, 50)
            mine = rows.number[rows.datastream == 1]
            if not np.array_equal(mine, np.arange(seen, seen + len(mine))):
                self.faults.append(f"followed {mine[:5]} after {seen}")
            seen, position = seen + len(mine), int(rows.position[-1]) if len(rows) else position


def test_nothing_is_missed_or_doubled_while_files_change(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=0.02)
    crowd = Crowd(store)
    end, copies = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        newest = store.latest([1])
        store.seal(int(newest.start[0]) if len(newest) else T0)
        store.erase(Erasure(datastreams=(2,), start=EARLIEST, end=LATEST))
        copies += 1
        store.backup(tmp_path / f"copy-{copies}")
    crowd.leave()
    store.close()
    assert not crowd.faults, crowd.faults[:3]
    assert crowd.acknowledged > 20


class Before(Fresh):
    """What memory held when a reader looked, before the rest was put in columns."""

    def __init__(self, fresh: Fresh) -> None:
        self.held = fresh.undrained()

    def undrained(self) -> tuple[list[Columns], int]:
        return self.held


def test_rows_that_are_put_in_columns_while_they_are_read_are_read_once(tmp_path: Path) -> None:
    with closing(EmbeddedStore(tmp_path / "log", every=3600)) as store:
        store.append(batch([1, 1], [T0, T0 + HOUR], [0, 1])).result(9)
        store.drain()
        store.append(batch([1, 1], [T0 + 2 * HOUR, T0 + 3 * HOUR], [2, 3])).result(9)
        reader = Reader(store._reader.files, Before(store._fresh))
        store.drain()
        ask = Ask(datastreams=(1,), start=T0, end=T0 + DAY)
        assert reader.versions(ask).number.tolist() == [0, 1, 2, 3]
        narrow = msgspec.structs.replace(ask, narrow=True)
        assert reader.versions(narrow).number.tolist() == [0, 1, 2, 3]
