"""A data folder of an earlier version is not served before it was backed up and brought up to date."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.process import BESIDE, Serving, beside, bocage_, instance


def _tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'outbox_%'")}


def _grown_younger(path: Path) -> None:
    """As if the outbox had not been invented yet."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA foreign_keys = OFF")
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'outbox_%'"
        ).fetchall():
            database.execute(f'DROP TABLE "{name}"')
        database.execute("DELETE FROM django_migrations WHERE app = 'outbox'")
        database.commit()


def test_an_older_folder_is_backed_up_and_brought_up_to_date_before_it_serves(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", beside(tmp_path / BESIDE))
    database = settings.parent / "data" / "relational.sqlite"
    present = _tables(database)
    _grown_younger(database)
    said = bocage_(settings, "serve", "--seconds", "1", code=4).stderr
    assert "outbox.0001_initial" in said
    assert "bocage upgrade" in said
    bocage_(settings, "commitments", code=4)
    assert "backup in" in bocage_(settings, "upgrade").stdout
    (copy,) = (settings.parent / "backups").iterdir()
    assert not _tables(copy / "data" / "relational.sqlite")
    assert _tables(database) == present
    with Serving(settings) as serving:
        assert serving.stop() == 0


def test_a_folder_of_a_later_version_is_not_opened(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", beside(tmp_path / BESIDE))
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite")) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('outbox', '0999_later', '2030-01-01')"
        )
        database.commit()
    for command in ("serve", "upgrade"):
        said = bocage_(settings, command, code=4).stderr
        assert "outbox.0999_later" in said
        assert "the version of Bocage that wrote it" in said


def test_a_folder_of_this_version_needs_nothing(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", beside(tmp_path / BESIDE))
    assert bocage_(settings, "upgrade").stdout.startswith("0 changes")
