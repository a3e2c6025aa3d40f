"""The copy of every night is made where there is room, and takes the place of the oldest."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bocage.assembly.backup import Original, backup
from bocage.assembly.lock import held
from bocage.assembly.places import Places
from bocage.assembly.rotation import LOCK, Rotation
from bocage.domain.errors import Unavailable
from bocage.domain.said import NotDone, Octets, Said
from bocage.store.memory import MemoryStore
from bocage.upkeep import copies
from bocage.upkeep.copies import Tried
from bocage.upkeep.disks import free

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Log(MemoryStore):
    """A log whose copy is one file."""

    def backup(self, folder: Path) -> int:
        folder.mkdir()
        (folder / "columns").write_bytes(b"columns")
        return 42


class Breaking(MemoryStore):
    """A log that cannot be copied to its end."""

    def backup(self, folder: Path) -> int:
        folder.mkdir()
        (folder / "columns").write_bytes(b"col")
        raise OSError(28, "No space left on device")


def original(folder: Path, log: MemoryStore | None = None) -> Original:
    places = Places(data=folder / "data")
    places.make()
    with closing(sqlite3.connect(places.data / "relational.sqlite")) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (value TEXT)")
        database.commit()
    return Original(store=log or Log(), settings=folder / "bocage.toml", places=places)


def rotation(tmp_path: Path, keep: int = 3, room: Callable[[Path], int] = free) -> Rotation:
    return Rotation(original(tmp_path), tmp_path / "backups", lambda: keep, room)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != LOCK)


def test_the_newest_copy_of_each_of_the_last_nights_stays(tmp_path: Path) -> None:
    nights = rotation(tmp_path)
    for day in range(5):
        said = nights.run(AT + day * DAY)
        nights.run(AT + day * DAY + timedelta(hours=9))
    assert names(nights.folder) == ["2026-11-25-110000", "2026-11-26-110000", "2026-11-27-110000"]
    assert [one.message for one in said] == ["Copy %(name)s made: %(size)s.", "Older copies removed: %(count)s."]


def test_a_copy_under_its_own_name_and_one_made_before_an_upgrade_stay(tmp_path: Path) -> None:
    nights = rotation(tmp_path, keep=1)
    for name in ("before-the-works", "2026-11-01-020000-before-upgrade", "2026-11-02-020000"):
        backup(nights.original, nights.folder / name, AT - 20 * DAY)
    nights.run(AT)
    nights.run(AT + DAY)
    assert names(nights.folder) == [
        "2026-11-01-020000-before-upgrade",
        "2026-11-02-020000",  # of a version that did not say whether it takes part
        "2026-11-24-020000",
        "before-the-works",
    ]


def test_the_newest_copy_known_to_be_sound_is_never_the_one_that_goes(tmp_path: Path) -> None:
    nights = rotation(tmp_path, keep=1)
    nights.run(AT)
    copies.note(nights.folder / "2026-11-23-020000", Tried(at=AT, sound=True, said=(), seconds=1))
    nights.run(AT + DAY)
    copies.note(nights.folder / "2026-11-24-020000", Tried(at=AT, sound=False, said=(), seconds=1))
    nights.run(AT + 2 * DAY)
    assert names(nights.folder) == ["2026-11-23-020000", "2026-11-25-020000"]


def test_a_copy_that_would_not_fit_is_not_begun_and_says_so(tmp_path: Path) -> None:
    nights = rotation(tmp_path, room=lambda folder: 1_000)
    with pytest.raises(NotDone) as failed:
        nights.run(AT)
    (said,) = failed.value.said
    assert said.message.startswith("No copy was begun")
    assert said.values["left"] == Octets(1_000)
    assert names(nights.folder) == []


def test_a_copy_that_breaks_leaves_nothing_and_the_older_ones_stay(tmp_path: Path) -> None:
    nights = rotation(tmp_path, keep=1)
    nights.run(AT)
    breaking = Rotation(original(tmp_path, Breaking()), nights.folder, lambda: 1)
    with pytest.raises(NotDone) as failed:
        breaking.run(AT + DAY)
    assert "No space left" in str(failed.value.said[0].values["failure"])
    assert names(nights.folder) == ["2026-11-23-020000"]


def test_what_a_power_cut_left_is_swept_away_at_the_next_copy(tmp_path: Path) -> None:
    nights = rotation(tmp_path)
    (nights.folder / ".2026-11-22-020000" / "data").mkdir(parents=True)
    nights.run(AT)
    assert names(nights.folder) == ["2026-11-23-020000"]


def test_two_copies_are_never_made_at_once(tmp_path: Path) -> None:
    nights = rotation(tmp_path)
    with held(nights.folder / LOCK), pytest.raises(NotDone):
        nights.run(AT)
    assert names(nights.folder) == []


def test_a_folder_of_backups_inside_the_data_is_refused(tmp_path: Path) -> None:
    inside = Rotation(original(tmp_path), tmp_path / "data" / "backups", lambda: 3)
    with pytest.raises(NotDone) as failed:
        inside.run(AT)
    assert "Conflict" in str(failed.value.said[0].values["failure"])


def test_a_folder_that_is_not_a_whole_copy_is_not_counted_as_one(tmp_path: Path) -> None:
    nights = rotation(tmp_path)
    nights.run(AT)
    shutil.copytree(nights.folder / "2026-11-23-020000", nights.folder / "half")
    (nights.folder / "half" / "manifest.json").unlink()
    (nights.folder / "notes").mkdir()
    assert [copy.name for copy in copies.copies(nights.folder)] == ["2026-11-23-020000"]


def test_a_lock_names_who_holds_it(tmp_path: Path) -> None:
    with held(tmp_path / LOCK), pytest.raises(Unavailable, match="process"), held(tmp_path / LOCK):
        pass


def test_what_a_copy_says_is_a_sentence(tmp_path: Path) -> None:
    assert rotation(tmp_path).run(AT)[0] == Said(
        message="Copy %(name)s made: %(size)s.",
        values={"name": "2026-11-23-020000", "size": Octets(copies.copies(tmp_path / "backups")[0].bytes)},
    )
