"""Erased stays erased: in the bytes of every file, in memory, after a restart, and in a restored backup."""

import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import erasures, opened, restored
from bocage.store.embedded import rebuild
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Erasure

from .batches import DAY, HOUR, T0, batch, results

SECRET = 0.8414709848078965  # no power of ten makes it whole: kept as these very eight bytes
WORDS = "Mme Dupont, 12 rue des Lilas"
ERASURE = Erasure(datastreams=(7, 8), start=EARLIEST, end=LATEST)


def found(folder: Path) -> set[str]:
    """Files of the folder in which the value or the text can be read."""
    patterns = (struct.pack("<d", SECRET), struct.pack(">d", SECRET), WORDS.encode(), WORDS[:8].encode())
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(pattern in path.read_bytes() for pattern in patterns)
    }


def fill(store: EmbeddedStore, move: str) -> None:
    rng = np.random.default_rng(3)
    store.append(batch([1] * 200, T0 + np.arange(200) * HOUR, rng.normal(0, 1, 200))).result(5)
    store.append(batch([7, 8, 7], [T0, T0, T0 + 40 * DAY], [SECRET, WORDS, SECRET])).result(5)
    if move != "journal":
        store.drain()
    if move == "sealed":
        store.seal(T0 + 90 * DAY)
    store.append(batch([7], [T0 + 80 * DAY], [SECRET])).result(5)
    store.append(batch([7], [T0], [2], correcting=True, reason=WORDS)).result(5)


@pytest.mark.parametrize("move", ["journal", "columns", "sealed"])
def test_no_byte_of_what_was_erased_is_left_in_any_file(tmp_path: Path, move: str) -> None:
    store = EmbeddedStore(tmp_path / "log", every=60)
    fill(store, move)
    assert found(tmp_path / "log")  # else this test would show nothing
    proof = store.erase(ERASURE)
    assert proof.erased == 4
    assert found(tmp_path / "log") == set()
    assert results(store.window(1, T0, T0 + HOUR)) != []
    store.append(batch([1], [T0 + 300 * DAY], [1])).result(5)
    store.close()
    assert found(tmp_path / "log") == set()
    again = opened(tmp_path / "log")
    assert [one.datastream for one in again.extent()] == [1]
    assert again.extent()[0].count == 201
    again.close()


def test_what_a_source_sends_again_after_an_erasure_gets_new_ids(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    old = store.append(batch([7, 7], [T0, T0 + 1], [1, 2])).result(5)
    store.erase(ERASURE)
    store.close()
    store = opened(tmp_path / "log")
    new = store.append(batch([7, 7], [T0, T0 + 1], [1, 2])).result(5)
    assert not set(old.id) & set(new.id)
    store.close()


def test_a_restored_backup_forgets_what_was_erased_after_it_was_made(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log")
    fill(store, "sealed")
    assert store.backup(tmp_path / "copy") == store.position()
    store.erase(Erasure(datastreams=(7,), start=EARLIEST, end=LATEST))
    store.erase(Erasure(datastreams=(8,), start=EARLIEST, end=LATEST))
    store.close()
    assert not (tmp_path / "copy" / erasures.NAME).exists()
    shutil.copy(tmp_path / "log" / erasures.NAME, tmp_path / "copy")
    copy = opened(tmp_path / "copy")
    assert [one.datastream for one in copy.extent()] == [1]
    assert found(tmp_path / "copy") == set()
    copy.close()


def test_an_erasure_that_a_crash_interrupts_is_done_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = EmbeddedStore(tmp_path / "log")
    fill(store, "sealed")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(rebuild, "placed", crash)
    with pytest.raises(KeyboardInterrupt):
        store.erase(ERASURE)
    monkeypatch.undo()
    store.close()
    again = opened(tmp_path / "log")
    assert [one.datastream for one in again.extent()] == [1]
    assert found(tmp_path / "log") == set()
    again.close()


def test_moved_observations_leave_out_what_was_erased(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    store.append(batch([1, 7], [T0, T0], [1, 2])).result(5)
    moved = restored(store.after(0), [ERASURE])
    assert list(moved.datastream) == [1]
    store.close()


def test_a_list_cut_short_by_a_crash_keeps_its_whole_lines(tmp_path: Path) -> None:
    one = erasures.Erased(erasure=ERASURE, position=3)
    erasures.noted(tmp_path, one)
    with (tmp_path / erasures.NAME).open("ab") as file:
        file.write(b'{"erasure":{"datastr')
    assert erasures.listed(tmp_path) == [one]
    erasures.noted(tmp_path, one)
    assert erasures.listed(tmp_path) == [one, one]
