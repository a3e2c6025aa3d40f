"""Kills of an instance that serves, several senders pushing and a follower counting: nothing acknowledged is lost,
no effect is doubled, in its folder and on PostgreSQL. BOCAGE_KILLS says how many (`make endurance`: 50).
"""

import os
import random
import threading
import time
from pathlib import Path

import httpx
import numpy as np
import pytest
from tests import kept
from tests.postgres import Databases
from tests.process import MAIN, ROOMS, SOURCE, Serving, bocage_, declared, instance

from bocage.domain.instant import DAY, EARLIEST, LATEST

KILLS = int(os.environ.get("BOCAGE_KILLS", "3"))
MINUTE = 60_000
T0 = 1_767_225_600_000  # 2026-01-01
Counts = dict[int, int]


class Sender(threading.Thread):
    """Pushes to one room, a few minutes at a time, the last acknowledged one again each time."""

    def __init__(self, url: str, token: str, room: int, acknowledged: Counts) -> None:
        super().__init__(daemon=True)
        self.url, self.token, self.room, self.acknowledged = url, token, room, acknowledged
        self.trouble = ""

    def run(self) -> None:
        rng = random.Random(self.room)
        with httpx.Client(headers={"Authorization": f"Bearer {self.token}"}, timeout=20) as client:
            while True:
                first = self.acknowledged.get(self.room, -1)
                last = max(first, 0) + rng.randint(1, 5)
                readings = [self._reading(n) for n in range(max(first, 0), last + 1)]
                try:
                    answer = client.post(f"{self.url}/api/{MAIN}/push", json=readings)
                except httpx.TransportError:
                    return
                said = answer.json() if answer.status_code == 200 else {}
                if said.get("accepted", 0) + said.get("known", 0) != len(readings):
                    self.trouble = answer.text
                    return
                self.acknowledged[self.room] = last

    def _reading(self, n: int) -> dict[str, object]:
        time = np.datetime64(T0 + n * MINUTE, "ms").item().isoformat() + "Z"
        return {"datastream": f"salle-{self.room}", "time": time, "result": n}


@pytest.fixture(params=["folder", "postgres"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Path:
    """An instance with rooms that may push."""
    there = {"database": {"url": databases.new()}} if request.param == "postgres" else {}
    path = instance(tmp_path / "instance", **there)
    bocage_(path, "apply", declared(tmp_path / "declared"))
    return path


def _run(settings: Path, token: str, acknowledged: Counts, seconds: float, *, gently: bool = False) -> None:
    """Serve and push for a while, then stop it."""
    with Serving(settings, patience=180) as serving:
        senders = [Sender(serving.url, token, room, acknowledged) for room in range(1, ROOMS + 1)]
        for one in senders:
            one.start()
        before, until = dict(acknowledged), time.monotonic() + 30
        while any(acknowledged.get(one.room) == before.get(one.room) for one in senders) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(seconds)
        if gently:
            assert serving.stop() == 0
        else:
            serving.kill()
        for one in senders:
            one.join()
            assert not one.trouble


def _held(settings: Path) -> dict[int, np.ndarray]:
    """The numbers kept of each series; no id is there twice."""
    with kept.log(settings) as store:
        rows = {one.datastream: store.window(one.datastream, EARLIEST, LATEST) for one in store.extent() if one.count}
    ids = np.concatenate([found.id for found in rows.values()])
    assert len(np.unique(ids)) == len(ids)
    return {number: found.number for number, found in rows.items()}


def _check(settings: Path, rooms: dict[int, int], acknowledged: Counts) -> dict[int, np.ndarray]:
    held = _held(settings)
    for room, last in acknowledged.items():
        numbers = held[rooms[room]]
        assert np.array_equal(numbers, np.arange(len(numbers)))
        assert len(numbers) > last
    return held


def _rooms(settings: Path) -> dict[int, int]:
    found = kept.asked(settings, "SELECT slug, id FROM sensing_datastream WHERE slug LIKE 'salle-%'")
    return {int(str(slug).removeprefix("salle-")): number for slug, number in found}


def test_nothing_acknowledged_is_lost_and_no_effect_is_doubled(settings: Path) -> None:
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    rooms, acknowledged, rng = _rooms(settings), {}, random.Random(KILLS)
    kills = KILLS if not kept.address(settings) else max(1, KILLS // 3)
    for _ in range(kills):
        _run(settings, token, acknowledged, rng.uniform(0.3, 1.5))
        _check(settings, rooms, acknowledged)
    assert len(acknowledged) == ROOMS
    _run(settings, token, acknowledged, 1.0, gently=True)
    held = _check(settings, rooms, acknowledged)
    with Serving(settings):  # the follower takes what it had not seen yet
        until = time.monotonic() + 20
        while _counted(settings) != _expected(held) and time.monotonic() < until:
            time.sleep(0.2)
    assert _counted(settings) == _expected(held)
    print(f"{kills} kills, {sum(len(numbers) for numbers in held.values())} observations kept")


def _counted(settings: Path) -> dict[tuple[int, int], int]:
    """What the follower counted, by series and UTC day."""
    found = kept.asked(settings, "SELECT datastream, day, count FROM steer_dayactivity")
    return {(datastream, day): count for datastream, day, count in found}


def _expected(held: dict[int, np.ndarray]) -> dict[tuple[int, int], int]:
    expected: dict[tuple[int, int], int] = {}
    for datastream, numbers in held.items():
        days, counts = np.unique((T0 + np.arange(len(numbers)) * MINUTE) // DAY, return_counts=True)
        expected |= {(datastream, int(day)): int(count) for day, count in zip(days, counts, strict=True)}
    return expected
