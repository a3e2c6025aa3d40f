"""How old the version is comes with the package; what an upgrade left undone is seen on the disk."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bocage.upkeep import version
from bocage.upkeep.point import State
from bocage.upkeep.version import RELEASED, Files, Version, files, installed_on, points, published

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
HERE = Files(version="0.1.0", written=1.0, migrations=frozenset({"jobs.0001_initial"}))


def found(day: date | None = None, since: date | None = None, installed: Files = HERE, waiting: int = 0) -> Version:
    changes = tuple(f"jobs.{n:04}_x" for n in range(waiting))
    return Version(running=HERE, installed=installed, waiting=changes, day=day, since=since)


def test_the_package_says_the_version_and_the_day_that_the_changes_say() -> None:
    told = tomllib.loads((version.PACKAGE / RELEASED).read_text("utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    heads = re.findall(r"^## (\d\S*) - (\d{4}-\d\d-\d\d)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    days = {number: date.fromisoformat(day) for number, day in heads}
    assert told["version"] == project
    assert told.get("day") == days.get(project)
    assert published() == days.get(project)


def test_a_version_says_its_age_and_after_half_a_year_whom_to_ask() -> None:
    (new,) = points(found(date(2026, 11, 2)), TODAY)
    assert (new.state, new.todo) == (State.WELL, None)
    (old,) = points(found(date(2026, 4, 20)), TODAY)
    assert old.state is State.WATCH
    assert old.said[0].values == {"version": "0.1.0", "count": 7}
    assert old.todo
    assert "syndicate" in old.todo.message


def test_without_a_day_of_publication_the_day_it_was_installed_counts() -> None:
    (here,) = points(found(since=date(2026, 1, 20)), TODAY)
    assert here.said[0].message.startswith("Version %(version)s was installed")
    assert points(found(), TODAY)[0].state is State.UNKNOWN
    day = installed_on()
    assert day is None or day >= date(2026, 1, 1)


@pytest.mark.parametrize(
    ("installed", "says"),
    [
        (Files(version="0.2.0", written=2.0, migrations=frozenset()), "is installed and does not run yet"),
        (Files(version="0.1.0", written=2.0, migrations=frozenset()), "changed since it was started"),
    ],
)
def test_another_version_on_the_disk_asks_for_a_restart(installed: Files, says: str) -> None:
    _age, other = points(found(date(2026, 11, 2), installed=installed), TODAY)
    assert says in other.said[0].message
    assert other.todo
    assert "systemctl restart bocage" in other.todo.message


def test_changes_of_tables_that_wait_ask_for_an_upgrade() -> None:
    _age, waiting = points(found(date(2026, 11, 2), waiting=2), TODAY)
    assert waiting.todo
    assert "bocage upgrade" in waiting.todo.message


def test_the_files_on_the_disk_are_looked_at_and_not_what_runs(tmp_path: Path) -> None:
    (tmp_path / "jobs" / "migrations").mkdir(parents=True)
    (tmp_path / "jobs" / "migrations" / "0001_initial.py").touch()
    before = files(tmp_path)
    (tmp_path / "jobs" / "migrations" / "0002_more.py").touch()
    after = files(tmp_path)
    assert after.migrations - before.migrations == {"jobs.0002_more"}
    assert after.written >= before.written
    assert "jobs.0001_initial" in files().migrations
