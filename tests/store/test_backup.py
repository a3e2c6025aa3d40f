"""A copy made while the log runs opens to the very state it was made at."""

import threading
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.errors import Invalid, Unavailable
from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.nature import Nature
from bocage.store import opened
from bocage.store.protocol import Series

from .batches import DAY, HOUR, T0, batch, same


def test_a_backup_made_while_others_append_opens_to_what_was_committed(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    store.mirror([Series(number=1, territory="t", nature=Nature.INDEX, zone="Indian/Mayotte", thing=4)])
    store.append(batch([2] * 100, T0 + np.arange(100) * DAY, np.arange(100))).result(5)
    store.seal(T0 + 60 * DAY)
    stop = threading.Event()

    def send() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            store.append(batch([1], [T0 + n], [n])).result(5)

    thread = threading.Thread(target=send)
    thread.start()
    position = store.backup(tmp_path / "copy")
    stop.set()
    thread.join()
    copy = opened(tmp_path / "copy")
    assert copy.position() == position
    held = copy.window(1, EARLIEST, LATEST)
    assert list(held.number) == list(range(1, len(held) + 1))
    assert same(copy.window(2, EARLIEST, LATEST), store.window(2, EARLIEST, LATEST))
    assert copy.append(batch([1], [T0 + HOUR], [0])).result(5).position == position + 1
    copy.close()
    store.close()


def test_a_backup_goes_into_an_empty_folder_only(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "something").touch()
    with pytest.raises(Invalid):
        store.backup(tmp_path / "copy")
    store.close()


def test_a_second_process_is_kept_out(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    with pytest.raises(Unavailable):
        opened(tmp_path / "log")
    store.close()
    opened(tmp_path / "log").close()


def test_a_folder_that_lost_its_manifest_is_not_taken_for_a_new_one(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    store.append(batch([1], [T0], [1])).result(5)
    store.close()
    (tmp_path / "log" / "manifest.json").unlink()
    with pytest.raises(Unavailable):
        opened(tmp_path / "log")


def test_what_is_closed_opens_again_with_everything(tmp_path: Path) -> None:
    store = opened(tmp_path / "log")
    store.append(batch([1, 2, 3], [T0, T0 + 1, T0 + 2], [1.5, "texte", None])).result(5)
    store.append(batch([1], [T0], [2.5], correcting=True, reason="r")).result(5)
    before = [store.latest(), store.versions(1, EARLIEST, LATEST), store.after(0)]
    extents, position = store.extent(), store.position()
    store.close()
    again = opened(tmp_path / "log")
    after = [again.latest(), again.versions(1, EARLIEST, LATEST), again.after(0)]
    assert all(same(a, b) for a, b in zip(before, after, strict=True))
    assert again.extent() == extents
    assert again.position() == position
    assert again.append(batch([1], [T0], [2.5])).result(5).outcome[0] == 1
    again.close()
