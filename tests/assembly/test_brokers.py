"""An instance that listens to a broker and is killed: what the broker kept comes again, and nothing is kept twice."""

import asyncio
import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from tests.broker import Mosquitto, listening, published
from tests.process import ROOMS, SOURCE, Serving, bocage_, declared, instance

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import opened

KILLS = int(os.environ.get("BOCAGE_KILLS", "2"))
EACH = 250  # messages of a room
T0 = 1_767_225_600_000  # 2026-01-01
TOPIC = "ecoles/{room}"


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "mosquitto").start()
    yield broker
    broker.stop()


def messages() -> list[tuple[str, bytes]]:
    found = []
    for n in range(EACH):
        at = np.datetime64(T0 + n * 60_000, "ms").item().isoformat() + "Z"
        for room in range(1, ROOMS + 1):
            body = b'{"datastream": "salle-%d", "time": "%s", "result": %d}' % (room, at.encode(), n)
            found.append((TOPIC.format(room=room), body))
    return found


def send(mosquitto: Mosquitto) -> None:
    """All of them, within two seconds, once somebody listens."""
    asyncio.run(published(mosquitto.declared(), messages(), heard=True, pause=0.04))


def counted(settings: Path) -> int:
    with closing(sqlite3.connect(settings.parent / "data" / "relational.sqlite")) as database:
        text = "SELECT COALESCE(SUM(count), 0) FROM steer_dayactivity WHERE datastream > 900"
        return int(database.execute(text).fetchone()[0])


def held(settings: Path) -> list[np.ndarray]:
    data = settings.parent / "data"
    store = opened(data / "log", lists=data / "erasures")
    try:
        numbers = [one.datastream for one in store.extent() if one.count]
        return [store.window(number, EARLIEST, LATEST).number for number in numbers]
    finally:
        store.close()


def test_what_a_killed_instance_had_not_made_durable_comes_again_and_is_kept_once(
    tmp_path: Path, mosquitto: Mosquitto
) -> None:
    settings, folder = instance(tmp_path / "instance"), declared(tmp_path / "declared")
    (folder / "source" / f"{SOURCE}.toml").write_text(listening(mosquitto.port), encoding="utf-8")
    bocage_(settings, "apply", folder)
    sending = threading.Thread(target=send, args=(mosquitto,), daemon=True)
    rng = random.Random(KILLS)
    with Serving(settings) as serving:
        sending.start()
        time.sleep(rng.uniform(0.4, 1.0))
        serving.kill()
    for _ in range(KILLS - 1):
        with Serving(settings) as serving:
            time.sleep(rng.uniform(0.1, 0.8))
            serving.kill()
    with Serving(settings):
        sending.join(60)
        until = time.monotonic() + 30
        while counted(settings) < EACH * ROOMS and time.monotonic() < until:
            time.sleep(0.1)
    found = held(settings)
    assert [one.tolist() for one in found] == [list(range(EACH))] * ROOMS
