"""The journal: what was written is found again, whatever a crash left behind it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.observation import Columns
from bocage.store.embedded import former, journal
from bocage.store.embedded.entries import encoded
from bocage.store.embedded.journal import NAME, Journal
from bocage.store.embedded.segment import Segment, room_for


def rows(position: int, count: int = 3) -> Columns:
    zeros = np.zeros(count, np.int64)
    return Columns(
        datastream=np.arange(count, dtype=np.int32),
        start=zeros + position,
        end=zeros + position,
        kind=zeros.astype(np.uint8),
        number=zeros + 0.5,
        origin=zeros.astype(np.uint8),
        id=zeros + 1,
        position=zeros + position,
        version=np.ones(count, np.int32),
    )


def held(folder: Path, drained: int = 0) -> list[int]:
    with closing(Journal(folder)) as one:
        return [int(each.position[0]) for each in one.replay(drained)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> int:
    """Files with room for two commits."""
    monkeypatch.setattr(journal, "SEGMENT", 2 * room_for(len(encoded(rows(1)))) + 8)
    return 2


def test_commits_are_found_again_in_their_order_but_for_those_in_columns(tmp_path: Path, small: int) -> None:
    with closing(Journal(tmp_path)) as one:
        for position in range(1, 8):
            one.write(position, rows(position), 0)
    assert held(tmp_path) == list(range(1, 8))
    assert held(tmp_path, drained=5) == [6, 7]


def test_files_are_written_over_once_their_commits_are_in_columns(tmp_path: Path, small: int) -> None:
    with closing(Journal(tmp_path)) as one:
        for position in range(1, 40):
            one.write(position, rows(position), max(0, position - 3))
        assert len(list(tmp_path.glob(f"{NAME}*"))) <= 1 + small
    assert held(tmp_path, drained=36) == [37, 38, 39]
    with closing(Journal(tmp_path)) as one:  # the next process goes on, and writes over nothing that is not in columns
        one.write(40, rows(40), 36)
    assert held(tmp_path, drained=36) == [37, 38, 39, 40]


@pytest.mark.parametrize("place", [0, 5, 30])
def test_a_record_that_a_crash_cut_short_is_none(tmp_path: Path, place: int) -> None:
    with closing(Journal(tmp_path)) as one:
        one.write(1, rows(1), 0)
        one.write(2, rows(2), 0)
    [path] = tmp_path.glob(f"{NAME}*")
    length = room_for(len(encoded(rows(1))))
    with path.open("r+b") as file:
        file.seek(length + place)
        file.write(b"\xff")
    assert held(tmp_path) == [1]


def test_what_failed_and_was_written_again_counts_once(tmp_path: Path, small: int) -> None:
    with closing(Segment.made(tmp_path / f"{NAME}1", 4096)) as failed:
        failed.begin(1)
        failed.write(1, encoded(rows(1)))
        failed.write(2, encoded(rows(2, 5)))
    with closing(Segment.made(tmp_path / f"{NAME}2", 4096)) as after:
        after.begin(2)
        after.write(2, encoded(rows(2, 1)))
    with closing(Journal(tmp_path)) as one:
        assert [len(each) for each in one.replay(0)] == [3, 1]


def test_what_is_forgotten_leaves_no_byte_and_what_is_not_stays(tmp_path: Path) -> None:
    with closing(Journal(tmp_path)) as one:
        for position in (1, 2, 3):
            one.write(position, rows(position, position), 0)
        one.purge(2)
        assert encoded(rows(2, 2)) not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
        one.write(4, rows(4), 2)
    assert held(tmp_path, drained=0) == [3, 4]


def test_a_journal_of_a_former_version_is_taken_over(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / former.NAME, isolation_level=None)) as con:
        con.execute('CREATE TABLE "commit" (position INTEGER PRIMARY KEY, rows BLOB NOT NULL)')
        for position in (1, 2, 3):
            con.execute('INSERT INTO "commit" VALUES (?, ?)', (position, encoded(rows(position))))
    with closing(Journal(tmp_path)) as one:
        former.move(tmp_path, one, 1)
    assert not list(tmp_path.glob("*.sqlite*"))
    assert held(tmp_path) == [2, 3]
