"""Last night's copy is tried in a process of its own: a sound one is said to be, an altered one is found."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import httpx
import msgspec
import pytest
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

from bocage.assembly.drill import drill
from bocage.domain.said import NotDone
from bocage.upkeep.copies import Copy, copies

PAGES = (
    *(f"{MAIN}/", f"{MAIN}/sensors", f"{MAIN}/sensors/classe", f"{MAIN}/data", f"{MAIN}/data/air-des-ecoles"),
    *(f"{MAIN}/registers", f"{MAIN}/registers/purpose", f"{MAIN}/promises", f"{MAIN}/processing", "heads"),
    f"api/{MAIN}/datasets/air-des-ecoles.csv",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """An instance with some values and a dated copy of it, and what its pages said."""
    folder = tmp_path_factory.mktemp("nights")
    settings = instance(folder / "instance")
    bocage_(settings, "apply", declared(folder / "declared"))
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    with Serving(settings) as serving:
        headers = {"Authorization": f"Bearer {token}"}
        for minute in range(30):
            reading = {"datastream": "salle-1", "time": f"2026-10-01T08:{minute:02}:00Z", "result": 400.5 + minute}
            answer = httpx.post(f"{serving.url}/api/{MAIN}/push", json=reading, headers=headers)
            assert answer.json()["accepted"] == 1, answer.text
        _until(lambda: len(httpx.get(f"{serving.url}/heads").json()["heads"]) > 0)
        pages = _settled(serving)
        bocage_(settings, "backup")
        assert _pages(serving) == pages
    return settings, pages


def _pages(serving: Serving) -> dict[str, bytes]:
    found = {page: httpx.get(f"{serving.url}/{page}", timeout=30) for page in PAGES}
    assert {page: answer.status_code for page, answer in found.items()} == dict.fromkeys(PAGES, 200)
    # The port of the instance stands in absolute addresses; nothing else of a page is of the machine.
    port = serving.url.rpartition(":")[2].encode()
    return {page: answer.content.replace(port, b"PORT") for page, answer in found.items()}


def _settled(serving: Serving) -> dict[str, bytes]:
    """What the pages say once followers, which write each second, have told all."""
    seen = [_pages(serving)]

    def still() -> bool:
        time.sleep(1.1)
        seen.append(_pages(serving))
        return seen[-1] == seen[-2]

    _until(still)
    return seen[-1]


def _until(done: Callable[[], bool], patience: float = 20) -> None:
    until = time.monotonic() + patience
    while not done():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.1)


def newest(settings: Path) -> Copy:
    return copies(settings.parent / "backups")[0]


def copied(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Path:
    """A copy of the copy, to be spoilt."""
    backups = made[0].parent / "backups"
    return Path(shutil.copytree(backups / newest(made[0]).name, tmp_path / "copy"))


def test_a_copy_restored_in_a_new_folder_serves_the_same_pages_to_the_byte(
    made: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    settings, pages = made
    again = tmp_path / "again"
    bocage_(settings, "restore", settings.parent / "backups" / newest(settings).name, again)
    text = (again / "bocage.toml").read_text()
    (again / "bocage.toml").write_text(text.replace(_port(text), _port(instance(tmp_path / "other").read_text())))
    with Serving(again / "bocage.toml") as serving:
        assert _pages(serving) == pages
        assert httpx.get(f"{serving.url}/healthz").json()["ok"]


def _port(settings: str) -> str:
    return next(line for line in settings.splitlines() if line.startswith("port"))


def test_a_sound_copy_is_said_to_be_sound_and_nothing_of_the_try_stays(made: tuple[Path, dict[str, bytes]]) -> None:
    settings = made[0]
    said = bocage_(settings, "restore-test").stdout
    assert "It can be restored" in said
    assert "30 values read again" in said
    tried = newest(settings).tried
    assert tried
    assert tried.sound
    assert sorted(path.name for path in (settings.parent / "backups").iterdir()) == [".lock", newest(settings).name]


def test_one_flipped_byte_is_found(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    copy = copied(made, tmp_path)
    columns = next((copy / "data" / "log").glob("columns-*"))
    _flip(columns, columns.stat().st_size // 2)
    said = bocage_(made[0], "restore-test", copy, code=2).stdout
    assert f"It cannot be restored: data/log/{columns.name}" in said
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".drill")]


def test_a_register_altered_before_it_was_copied_is_found(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    copy = copied(made, tmp_path)
    with closing(sqlite3.connect(copy / "data" / "relational.sqlite")) as tables:
        tables.execute(
            "UPDATE registers_version SET sealed = CAST(replace(sealed, 'fr', 'FR') AS BLOB) WHERE sequence = 3"
        )
        tables.commit()
    _agreed(copy, "data/relational.sqlite")
    assert "its history does not hold" in bocage_(made[0], "restore-test", copy, code=2).stdout


def test_a_declaration_that_lacks_in_the_copy_is_found(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    copy = copied(made, tmp_path)
    manifest = json.loads((copy / "manifest.json").read_text())
    for counts in (manifest["before"], manifest["after"]):
        counts["declarations"][MAIN]["purpose"] += 1
        counts["observations"] += 2
    (copy / "manifest.json").write_text(json.dumps(manifest))
    said = bocage_(made[0], "restore-test", copy, code=2).stdout
    assert f"{MAIN}/purpose" in said
    assert "observations is 30 instead of 32" in said


def test_a_folder_that_is_no_copy_is_not_tried(made: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    assert "a complete backup" in bocage_(made[0], "restore-test", tmp_path, code=3).stderr


def _flip(path: Path, place: int) -> None:
    with path.open("r+b") as file:
        file.seek(place)
        byte = file.read(1)
        file.seek(place)
        file.write(bytes([byte[0] ^ 1]))


def _agreed(copy: Path, name: str) -> None:
    """As if the file had been so when it was copied."""
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"][name] = sha256((copy / name).read_bytes()).hexdigest()
    (copy / "manifest.json").write_bytes(msgspec.json.encode(manifest))


def test_the_job_tries_the_newest_copy_and_fails_when_it_is_not_sound(
    made: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    assert drill(made[0].parent / "backups")[0].message.startswith("It can be restored")
    copy = copied(made, tmp_path)
    _flip(copy / "bocage.toml", 3)
    with pytest.raises(NotDone) as failed:
        drill(tmp_path)
    assert failed.value.said[0].values == {"failure": "bocage.toml"}
    assert drill(tmp_path / "nothing") == ()
