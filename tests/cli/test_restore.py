"""Backups of an instance that runs come back whole, and without what was erased since."""

import json
import re
import shutil
import sqlite3
import struct
import threading
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from tests.process import MAIN, ROOMS, SOURCE, Serving, bocage_, declared, instance

from bocage.store import opened
from bocage.store.protocol import Erasure

SECRET = 640.123456789  # a value to search for in the raw bytes
PAGES = ("", f"{MAIN}/", f"{MAIN}/sensors", f"{MAIN}/data", f"{MAIN}/registers", f"{MAIN}/promises", "heads")


class Pusher(threading.Thread):
    """Pushes minute after minute to one room until told to stop, and counts what was acknowledged."""

    def __init__(self, url: str, token: str, room: int) -> None:
        super().__init__(daemon=True)
        self.url, self.token, self.room = url, token, room
        self.acknowledged, self.ending = 0, threading.Event()

    def run(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        with httpx.Client(headers=headers, timeout=20) as client:
            while not self.ending.is_set():
                time = f"2026-10-{1 + self.acknowledged // 1440:02}T{self.acknowledged // 60 % 24:02}:"
                reading = {"datastream": f"salle-{self.room}", "time": f"{time}{self.acknowledged % 60:02}:00Z"}
                answer = client.post(f"{self.url}/api/{MAIN}/push", json=reading | {"result": 400 + self.room})
                assert answer.status_code == 200, answer.text
                assert answer.json()["accepted"] == 1, answer.text
                self.acknowledged += 1

    def stop(self) -> int:
        self.ending.set()
        self.join()
        return self.acknowledged


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """An instance with rooms that may push."""
    path = instance(tmp_path / "instance")
    bocage_(path, "apply", declared(tmp_path / "declared"))
    return path


def _token(settings: Path) -> str:
    return bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]


def _pages(serving: Serving) -> dict[str, str]:
    """Pages as anyone gets them, without the times of this very moment."""
    found = {}
    for page in PAGES:
        answer = httpx.get(f"{serving.url}/{page}", follow_redirects=True, timeout=20)
        assert answer.status_code == 200, page
        found[page] = re.sub(r'name="csrf[^>]*>', "", answer.text)
    return found


def _head_published(serving: Serving) -> None:
    """Wait for the first head: the outbox delivers it some instants after the start."""
    for _ in range(300):
        if '"sequence"' in httpx.get(f"{serving.url}/heads", timeout=20).text:
            return
        threading.Event().wait(0.1)
    pytest.fail("no head was published within 30 s")


def _observations(data: Path) -> int:
    store = opened(data / "log", lists=data / "erasures")
    try:
        return sum(one.count for one in store.extent())
    finally:
        store.close()


def _held(data: Path) -> int:
    """Observations in a log; its follower has counted exactly them."""
    held = _observations(data)
    with closing(sqlite3.connect(data / "relational.sqlite")) as database:
        (counted,) = database.execute("SELECT coalesce(sum(count), 0) FROM steer_dayactivity").fetchone()
    assert counted == held
    return held


def test_a_backup_made_under_ingestion_restores_to_the_same_pages(settings: Path, tmp_path: Path) -> None:
    token = _token(settings)
    with Serving(settings) as serving:
        pushers = [Pusher(serving.url, token, room) for room in range(1, ROOMS + 1)]
        for one in pushers:
            one.start()
        while min(one.acknowledged for one in pushers) < 20:
            pushers[0].join(0.05)
        before = sum(one.acknowledged for one in pushers)
        bocage_(settings, "backup", tmp_path / "under-way")
        total = sum(one.stop() for one in pushers)
        _head_published(serving)
        bocage_(settings, "backup", tmp_path / "at-rest")
        pages = _pages(serving)
    for copy, least, most in (("under-way", before, total), ("at-rest", total, total)):
        again = tmp_path / f"{copy}-again"
        assert "0 erasures" in bocage_(settings, "restore", tmp_path / copy, again).stdout
        with Serving(again / "bocage.toml") as serving:
            assert httpx.get(f"{serving.url}/healthz").json()["ok"]
            if copy == "at-rest":
                assert _pages(serving) == pages
        assert least <= _held(again / "data") <= most
    bocage_(again / "bocage.toml", "verify")


def test_a_damaged_backup_is_refused(settings: Path, tmp_path: Path) -> None:
    bocage_(settings, "backup", tmp_path / "copy")
    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_text())
    name = next(name for name in manifest["files"] if name.endswith(".sqlite"))
    with (tmp_path / "copy" / name).open("r+b") as file:
        file.seek(100)
        file.write(b"x")
    assert name in bocage_(settings, "restore", tmp_path / "copy", tmp_path / "again", code=2).stderr


def test_a_folder_that_holds_no_lists_of_erasures_leaves_nothing_half_restored(settings: Path, tmp_path: Path) -> None:
    bocage_(settings, "backup", tmp_path / "copy")
    again = tmp_path / "again"
    bocage_(settings, "restore", tmp_path / "copy", again, "--erasures", settings.parent, code=3)
    assert not again.exists()
    lists = settings.parent / "data" / "erasures"  # empty: nothing was ever erased
    assert "0 erasures" in bocage_(settings, "restore", tmp_path / "copy", again, "--erasures", lists).stdout


def test_what_was_erased_since_the_backup_is_gone_from_every_byte_of_what_is_restored(
    settings: Path, tmp_path: Path
) -> None:
    role = next((tmp_path / "declared" / "role").glob("*.toml"))
    holder = re.search(r'holder = "([^"]+)"', role.read_text())
    assert holder
    headers = {"Authorization": f"Bearer {_token(settings)}"}
    with Serving(settings) as serving:
        for time, value in (("00:00", SECRET), ("00:05", 641)):
            reading = {"datastream": "salle-1", "time": f"2026-10-01T{time}:00Z", "result": value}
            assert httpx.post(f"{serving.url}/api/{MAIN}/push", json=reading, headers=headers).status_code == 200
        bocage_(settings, "backup", tmp_path / "copy")
        assert "1 values" in bocage_(settings, "registers", "erase", "role", role.stem, "holder").stdout
    data = settings.parent / "data"
    store = opened(data / "log", lists=data / "erasures")
    (one,) = [one for one in store.extent() if one.count]
    store.erase(Erasure(datastreams=(one.datastream,), start=one.first, end=one.first + 1))
    store.close()
    assert not _found(data, holder[1])
    lists = tmp_path / "lists-kept-elsewhere"
    shutil.copytree(data / "erasures", lists)
    bocage_(settings, "restore", tmp_path / "copy", tmp_path / "bare")
    assert _found(tmp_path / "bare" / "data", holder[1])
    said = bocage_(settings, "restore", tmp_path / "copy", tmp_path / "again", "--erasures", lists).stdout
    assert "2 erasures applied" in said
    assert not _found(tmp_path / "again" / "data", holder[1])
    assert "Nothing was altered" in bocage_(tmp_path / "again" / "bocage.toml", "verify").stdout
    assert _observations(tmp_path / "again" / "data") == 1


def _found(data: Path, holder: str) -> list[str]:
    patterns = {"value": struct.pack("<d", SECRET), "person": holder.encode()}
    held = {path: path.read_bytes() for path in data.rglob("*") if path.is_file()}
    return [f"{name} in {path.name}" for path, text in held.items() for name, one in patterns.items() if one in text]
