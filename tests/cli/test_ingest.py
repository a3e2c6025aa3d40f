"""A load that was interrupted goes on where it stopped, through the gate, and says what it refused."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.process import SOURCE, bocage_, declared, instance

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


def test_a_load_cut_short_goes_on_and_loses_nothing(settings: Path, table: Path) -> None:
    command = [sys.executable, "-m", "bocage", "--settings", str(settings), "ingest", SOURCE, str(table)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "LC_ALL": "fr"}
    )
    until = time.monotonic() + 60
    while not _progress(settings) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    told = process.communicate()[0]
    first = _progress(settings)
    assert first, told
    said = bocage_(settings, "ingest", SOURCE, table, lang="fr").stdout
    assert "illisibles" in said
    assert _counts(settings) == [DAYS * 1440] * 2
    assert "cave" in said
    assert "\n0 stored, 967,680 known already" in bocage_(settings, "ingest", SOURCE, table).stdout


def _progress(settings: Path) -> int:
    import sqlite3
    from contextlib import closing

    path = settings.parent / "data" / "relational.sqlite"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = database.execute("SELECT max(position) FROM ingest_loaded").fetchone()
    return int(found[0] or 0)
