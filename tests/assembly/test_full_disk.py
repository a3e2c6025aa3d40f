"""A full disk: senders are told, readers go on, nothing is corrupt, and all is well when space returns."""

import contextlib
import os
import resource
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import opened

T0 = 1_767_225_600  # 2026-01-01
MANY = 10_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 48 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small disk")
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48M", "tmpfs", folder], check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


class Room:
    """Pushes the next minutes of one room, many at once, and knows what was acknowledged."""

    def __init__(self, url: str, token: str) -> None:
        self.client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30)
        self.acknowledged = 0

    def __enter__(self) -> "Room":
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def push(self) -> httpx.Response:
        numbers = range(self.acknowledged, self.acknowledged + MANY)
        lines = [
            {"datastream": "salle-1", "time": f"{_iso(T0 + n * 60)}", "result": (n * 7919 % 100_003) / 7}
            for n in numbers
        ]
        answer = self.client.post(f"/api/{MAIN}/push", json=lines)
        if answer.status_code == 200:
            assert answer.json()["accepted"] == MANY, answer.text
            self.acknowledged += MANY
        return answer


def _iso(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _full(room: Room) -> httpx.Response:
    """Push until it is refused."""
    for _ in range(200):
        answer = room.push()
        if answer.status_code != 200:
            return answer
    raise AssertionError("the disk never filled up")


def _told(answer: httpx.Response) -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unavailable"


def _recovered(room: Room) -> None:
    until = time.monotonic() + 30
    while room.push().status_code != 200:
        assert time.monotonic() < until, "it did not recover"
        time.sleep(0.3)


def _checked(settings: Path, data: Path, room: Room) -> None:
    """Once stopped: exactly what was acknowledged is there, and everything opens and verifies."""
    store = opened(data / "log", lists=data / "erasures")
    (one,) = [one for one in store.extent() if one.count]
    assert one.count == room.acknowledged
    assert len(store.window(one.datastream, EARLIEST, LATEST)) == room.acknowledged
    store.close()
    assert "Nothing was altered" in bocage_(settings, "verify").stdout
    with Serving(settings) as serving:
        assert httpx.get(f"{serving.url}/{MAIN}/", timeout=20).status_code == 200


def test_a_full_disk_is_told_to_senders_and_forgotten_when_space_returns(disk: Path, tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance", data=str(disk / "data"))
    bocage_(settings, "apply", declared(tmp_path / "declared"))
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    with Serving(settings) as serving, Room(serving.url, token) as room:
        room.push()
        _fill(disk / "ballast")
        _told(_full(room))
        assert httpx.get(f"{serving.url}/{MAIN}/", timeout=20).status_code == 200
        health = httpx.get(f"{serving.url}/healthz")
        assert (health.status_code, health.json()["ok"]) == (503, False)
        assert bocage_(settings, "token", "issue", SOURCE, code=6).stderr
        (disk / "ballast").unlink()
        _recovered(room)
        assert serving.stop() == 0
    _checked(settings, disk / "data", room)


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(1 << 16)):
            pass
    with path.open("ab", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(512)):
            pass


def test_files_that_may_not_grow_are_told_to_senders(tmp_path: Path) -> None:
    settings = instance(tmp_path / "instance")
    bocage_(settings, "apply", declared(tmp_path / "declared"))
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    with Serving(settings) as serving, Room(serving.url, token) as room:
        room.push()
        no_limit = resource.RLIM_INFINITY
        resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, (1 << 20, no_limit))
        _told(_full(room))
        assert httpx.get(f"{serving.url}/{MAIN}/", timeout=20).status_code == 200
        time.sleep(1.5)  # what works by itself meets the limit too
        resource.prlimit(serving.process.pid, resource.RLIMIT_FSIZE, (no_limit, no_limit))
        _recovered(room)
        assert serving.stop() == 0
    _checked(settings, settings.parent / "data", room)
