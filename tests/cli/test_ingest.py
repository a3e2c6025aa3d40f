"""A load that was interrupted goes on where it stopped, through the gate, and says what it refused."""

import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.process import SOURCE, Serving, bocage_, declared, instance

from bocage.store import opened

DAYS = 336


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """An instance with rooms, its source reading a table."""
    path = instance(tmp_path / "instance")
    folder = declared(tmp_path / "declared")
    source = folder / "source" / f"{SOURCE}.toml"
    text = source.read_text().replace('plugin = "bocage-json"', 'plugin = "bocage-csv"')
    source.write_text(
        text + '\n[mapping]\ntime = "time"\n\n[[mapping.series]]\ncolumn = "salle-1"\n'
        '\n[[mapping.series]]\ncolumn = "salle-2"\n\n[[mapping.series]]\ncolumn = "cave"\n'
    )
    bocage_(path, "apply", folder)
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Some hundred thousand rows: minute by minute, one column nobody declared."""
    path = tmp_path / "history.csv"
    with path.open("w") as file:
        file.write("time,salle-1,salle-2,cave\n")
        for day in range(DAYS):
            date = f"2025-{1 + day // 28:02}-{1 + day % 28:02}"
            file.writelines(
                f"{date}T{m // 60:02}:{m % 60:02}:00Z,{400 + m % 50},{500 + m % 7},1\n" for m in range(1440)
            )
    return path


def _counts(settings: Path) -> list[int]:
    data = settings.parent / "data"
    store = opened(data / "log", lists=data / "erasures")
    try:
        return [one.count for one in store.extent()]
    finally:
        store.close()


def _cut_short(settings: Path, table: Path) -> None:
    """Begin to load and kill the command once a part of it is durable."""
    command = [sys.executable, "-m", "bocage", "--settings", str(settings), "ingest", SOURCE, str(table)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        until = time.monotonic() + 60
        while not _progress(settings) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        told = process.communicate()[0]
    assert process.returncode == -signal.SIGKILL, told


def test_a_load_cut_short_goes_on_and_loses_nothing(settings: Path, table: Path) -> None:
    _cut_short(settings, table)
    said = bocage_(settings, "ingest", SOURCE, table, lang="fr").stdout
    assert "illisibles" in said
    assert "cave" in said
    assert _counts(settings) == [DAYS * 1440] * 2
    assert "\n0 stored, 967,680 known already" in bocage_(settings, "ingest", SOURCE, table).stdout


def test_a_load_whose_command_goes_away_stops_and_can_be_taken_up_again(settings: Path, table: Path) -> None:
    with Serving(settings) as serving:
        _cut_short(settings, table)
        assert serving.answers()
        bocage_(settings, "ingest", SOURCE, table)
        assert serving.stop() == 0
    assert _counts(settings) == [DAYS * 1440] * 2
    assert "Traceback" not in serving.errors.read_text()


def _progress(settings: Path) -> int:
    path = settings.parent / "data" / "relational.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT max(position) FROM ingest_loaded").fetchone()
    return int(found[0] or 0)
