"""Numbers at an instant lie in a table of their own; whoever asks finds them with all else, as if there were one."""

from pathlib import Path

import duckdb
import numpy as np

from bocage.domain.instant import LATEST
from bocage.domain.observation import ObservationBatch
from bocage.store import rows as shape
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.manifest import read
from bocage.store.memory import MemoryStore

from .batches import HOUR, T0, batch, results

BOTH = shape.together(["observation", "plain"])


def _sent() -> list[ObservationBatch]:
    """A series of numbers, one of words, and one that has intervals, corrections and words said beside it too."""
    at = T0 + np.arange(6) * HOUR
    said = np.array([None, '{"r":9}'] * 3, object)
    return [
        batch([1] * 6, at, range(6)),
        batch([2] * 6, at, ["a", "b"] * 3),
        batch([3] * 6, at, range(6), end=at + np.array([0, HOUR, 0, 0, HOUR, 0]), beside=said),
        batch([1, 3], at[:2], [70, 71], end=[at[0], at[1] + HOUR], correcting=True, reason="source"),
    ]


def _alike(ours: EmbeddedStore, theirs: MemoryStore) -> None:
    for number in (1, 2, 3):
        one, other = (home.versions(number, T0, LATEST) for home in (ours, theirs))
        assert results(one) == results(other)
        for name in ("start", "end", "id", "version", "position"):
            assert getattr(one, name).tolist() == getattr(other, name).tolist()
        assert (one.beside is None) == (other.beside is None)
        assert results(ours.window(number, T0, LATEST)) == results(theirs.window(number, T0, LATEST))
    assert ours.after(0).position.tolist() == theirs.after(0).position.tolist()


def test_numbers_and_all_else_are_read_as_one_before_and_after_the_file_is_written_anew(tmp_path: Path) -> None:
    ours, theirs = EmbeddedStore(tmp_path / "log", every=3600), MemoryStore()
    for sent in _sent():
        ours.append(sent).result(9)
        theirs.append(sent).result(9)
        ours.drain()
    _alike(ours, theirs)
    ours.backup(tmp_path / "copy")
    ours.close()
    copy = EmbeddedStore(tmp_path / "copy", every=3600)
    _alike(copy, theirs)
    contents = copy._reader.files.open.contents
    assert [contents.source([number]) for number in (1, 2, 3)] == [BOTH, "observation", BOTH]
    assert contents.source([4]) == shape.together(["plain"])
    assert contents.source([4], shape.PLAIN_NAMES) == "plain"
    copy.close()


def test_a_file_of_a_former_version_holds_all_in_one_table(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, every=3600)
    store.append(batch([1, 1], [T0, T0 + 1], [1, 2])).result(9)
    store.close()
    manifest = read(tmp_path)
    assert manifest is not None
    with duckdb.connect(str(tmp_path / manifest.columns)) as con:
        con.execute(f"INSERT INTO observation SELECT * FROM {shape.together(['plain'])}")
        con.execute("DROP TABLE plain")
        con.execute("UPDATE contents SET held = ?", ['{"lowest":0,"same":{},"void":[]}'])
    again = EmbeddedStore(tmp_path, every=3600)
    again.append(batch([1], [T0 + 2], [3])).result(9)
    again.drain()
    assert results(again.window(1, T0, LATEST)) == [1, 2, 3]
    assert again._reader.files.open.contents.source([1]) == BOTH
    again.close()
