"""A backup made while things run is whole, checked, and comes back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bocage.assembly import backup
from bocage.assembly.places import Places
from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.store.memory import MemoryStore

AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


class LogInFolder(MemoryStore):
    """A log whose copy is one file."""

    def backup(self, folder: Path) -> int:
        folder.mkdir()
        (folder / "columns").write_bytes(b"columns")
        return 42


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(data=tmp_path / "running" / "data")
    made.make()
    with closing(sqlite3.connect(made.data / "relational.sqlite")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE kept (value TEXT)")
        database.execute("INSERT INTO kept VALUES ('yes')")
        database.commit()
    (made.heads / "val.jsonl").write_text("{}\n")
    (tmp_path / "running" / "bocage.toml").write_text('data = "data"\nport = 8123\n')
    return made


def original(settings: Path, places: Places) -> backup.Original:
    return backup.Original(store=LogInFolder(), settings=settings, places=places)


def _made(places: Places, tmp_path: Path) -> Path:
    settings = tmp_path / "running" / "bocage.toml"
    backup.backup(original(settings, places), tmp_path / "copy", AT)
    return tmp_path / "copy"


def test_a_backup_restored_elsewhere_holds_the_same(places: Places, tmp_path: Path) -> None:
    manifest = backup.restore(_made(places, tmp_path), tmp_path / "again")
    assert manifest.position == 42
    with closing(sqlite3.connect(tmp_path / "again/data/relational.sqlite")) as database:
        assert database.execute("SELECT value FROM kept").fetchall() == [("yes",)]
    assert (tmp_path / "again/data/log/columns").read_bytes() == b"columns"
    assert "8123" in (tmp_path / "again/bocage.toml").read_text()


def test_files_of_imports_that_wait_are_in_no_backup(places: Places, tmp_path: Path) -> None:
    waiting = places.data / "imports" / "ville" / "1"
    waiting.mkdir(parents=True)
    (waiting / "0").write_bytes(b"somebody's readings")
    copy = _made(places, tmp_path)
    assert not [path for path in copy.rglob("*") if path.is_file() and b"somebody" in path.read_bytes()]


def test_an_altered_backup_is_refused_by_the_file_that_differs(places: Places, tmp_path: Path) -> None:
    copy = _made(places, tmp_path)
    (copy / "data/heads/val.jsonl").write_text('{"forged": 1}\n')
    with pytest.raises(Invalid, match=r"val\.jsonl"):
        backup.restore(copy, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_an_unfinished_backup_is_not_taken_for_one(places: Places, tmp_path: Path) -> None:
    copy = _made(places, tmp_path)
    (copy / backup.MANIFEST).unlink()
    with pytest.raises(Missing):
        backup.restore(copy, tmp_path / "again")


def test_nothing_that_exists_is_written_over(places: Places, tmp_path: Path) -> None:
    copy = _made(places, tmp_path)
    with pytest.raises(Conflict):
        backup.restore(copy, places.data.parent)
    with pytest.raises(Conflict):
        backup.backup(original(tmp_path / "x", places), copy, AT)
