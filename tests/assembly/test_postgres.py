"""An instance on PostgreSQL: served, copied, moved into a folder and back, with nothing lost on the way."""

import subprocess
import sys
import tomllib
from pathlib import Path

import httpx
import psycopg
import pytest
from tests import kept
from tests.postgres import Databases
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

PUSH = f"/api/{MAIN}/push"


def reading(minute: int, result: float) -> dict[str, object]:
    return {"datastream": "salle-1", "time": f"2026-10-01T00:{minute:02}:00Z", "result": result}


@pytest.fixture(scope="module")
def served(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The settings of an instance on PostgreSQL that declared, served and kept three measurements."""
    folder = tmp_path_factory.mktemp("postgres")
    settings = instance(folder / "instance", database={"url": databases.new()})
    bocage_(settings, "apply", declared(folder / "declared"))
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    with (
        Serving(settings) as serving,
        httpx.Client(base_url=serving.url, headers={"Authorization": f"Bearer {token}"}, timeout=20) as client,
    ):
        for minute in range(3):
            assert client.post(PUSH, json=reading(minute, 640 + minute)).json()["accepted"] == 1
        assert client.post(PUSH, json=reading(0, 640)).json()["known"] == 1
        (folder / "pages").write_text(
            "\n".join(
                client.get(path).raise_for_status().text
                for path in (f"/{MAIN}/", f"/{MAIN}/data/air-des-ecoles", f"/{MAIN}/registers", "/healthz")
            )
        )
    return settings


def test_an_instance_on_postgresql_takes_readings_and_shows_pages(served: Path) -> None:
    assert "Air" in (served.parent.parent / "pages").read_text()
    assert not (served.parent / "data" / "relational.sqlite").exists()
    bocage_(served, "verify")


def exported(settings: Path, folder: Path) -> dict[str, bytes]:
    bocage_(settings, "export", folder, "--history")
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def before(served: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Everything it declares, with its history."""
    return exported(served, tmp_path_factory.mktemp("before") / "export")


def test_its_copy_is_restored_without_a_database(served: Path, before: dict[str, bytes], tmp_path: Path) -> None:
    bocage_(served, "backup", tmp_path / "copy")
    assert bocage_(served, "restore-test", tmp_path / "copy").returncode == 0
    bocage_(served, "restore", tmp_path / "copy", tmp_path / "again")
    again = tmp_path / "again" / "bocage.toml"
    assert "database" not in tomllib.loads(again.read_text())
    assert exported(again, tmp_path / "one") == before


def test_an_instance_moves_into_a_folder_and_back_and_is_the_same(
    served: Path, before: dict[str, bytes], databases: Databases, tmp_path: Path
) -> None:
    assert "3 measurements moved" in bocage_(served, "store", "move", "folder").stdout
    assert "database" not in tomllib.loads(served.read_text())
    url = databases.new()
    assert "3 measurements moved" in bocage_(served, "store", "move", url).stdout
    bocage_(served, "store", "move", databases.new(), code=4)  # it is in a database
    assert len(list((served.parent / "data" / "moved").glob("*/relational.sqlite"))) == 1
    assert exported(served, tmp_path / "again") == before
    with Serving(served) as serving:
        assert position(serving) == 3


def test_a_move_to_a_server_that_does_not_let_us_in_says_so_and_a_new_instance_may_ask(tmp_path: Path) -> None:
    new = instance(tmp_path / "new")  # nobody has opened it yet
    said = bocage_(new, "store", "move", f"postgresql:///town?host={tmp_path}", code=6).stderr
    assert "a PostgreSQL database that answers" in said
    assert "database" not in tomllib.loads(new.read_text())


CUT_SHORT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from bocage.assembly.moving import moved
from bocage.assembly.settings import load
moved(load(Path(sys.argv[1])), sys.argv[2], datetime.now(UTC), lambda rows, whole: os._exit(9))
"""


def cut_short(settings: Path, target: str) -> None:
    """A move that is killed when its first measurements have come over."""
    done = subprocess.run([sys.executable, "-c", CUT_SHORT, str(settings), target], check=False, timeout=60)
    assert done.returncode == 9


def test_a_move_that_is_killed_is_begun_anew(
    served: Path, before: dict[str, bytes], databases: Databases, tmp_path: Path
) -> None:
    there = kept.address(served)
    cut_short(served, "")
    assert kept.address(served) == there
    assert "3 measurements moved" in bocage_(served, "store", "move", "folder").stdout
    url = databases.new()
    cut_short(served, url)
    with psycopg.connect(url) as con:  # somebody may look, and finds it marked
        assert con.execute("SELECT count(*) FROM bocage_moving").fetchone() == (1,)
    bocage_(served, "store", "move", there, code=4)  # it holds what was left behind, and is not emptied
    assert exported(served, tmp_path / "folder") == before
    assert "3 measurements moved" in bocage_(served, "store", "move", url).stdout
    with psycopg.connect(url) as con:
        assert con.execute("SELECT to_regclass('bocage_moving')").fetchone() == (None,)
    assert exported(served, tmp_path / "again") == before
    assert not (served.parent / "data" / "moving").exists()


def position(serving: Serving) -> int:
    lines = httpx.get(f"{serving.url}/metrics").text.splitlines()
    return next(int(float(line.split()[1])) for line in lines if line.startswith("bocage_log_position "))
