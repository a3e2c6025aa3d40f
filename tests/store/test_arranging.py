"""Rows of days that are over lie side by side by series, and are the same rows."""

from pathlib import Path

import numpy as np

from bocage.store.embedded import arranging
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore

from .batches import DAY, HOUR, T0, batch


def test_days_that_are_over_are_laid_in_order_of_series_and_read_as_before(tmp_path: Path) -> None:
    store, plain = EmbeddedStore(tmp_path / "log", every=3600), MemoryStore()
    at = T0 + np.repeat(np.arange(96) * HOUR, 5)
    for home in (store, plain):
        home.append(batch(np.tile([1, 2, 3, 4, 5], 96), at, np.arange(len(at)))).result(9)
    store.drain()
    while arranging.step(store._reader, worth=1):
        pass
    for home in (store, plain):  # what comes late stands behind, and is read in its place
        home.append(batch([3], [T0 + 5 * HOUR + 1], [99.0])).result(9)
    store.drain()
    [first, *_rest] = store._reader.files.open.cursor().execute("SELECT datastream FROM plain").fetchall()
    assert first == (1,)
    former = "SELECT datastream, lag(datastream) OVER () AS former FROM plain"
    turns = f"SELECT count(*) FROM ({former}) WHERE datastream < former"
    assert store._reader.files.open.cursor().execute(turns).fetchall()[0][0] < 96 / 2
    for number in (1, 3, 5):
        ours, theirs = (home.window(number, T0, T0 + 9 * DAY) for home in (store, plain))
        assert ours.start.tolist() == theirs.start.tolist()
        assert ours.number.tolist() == theirs.number.tolist()
        assert ours.id.tolist() == theirs.id.tolist()
    store.close()


def test_few_rows_are_left_as_they_lie(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=3600)
    store.append(batch([1, 2] * 96, T0 + np.repeat(np.arange(96) * HOUR, 2), np.arange(192))).result(9)
    store.tidy()
    assert store._reader.files.open.arranged() == 0
    store.close()


def test_a_log_that_holds_nothing_has_nothing_to_arrange(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=3600)
    store.tidy()
    store.close()
