"""Kills: nothing acknowledged is lost, nothing is doubled. BOCAGE_KILLS says how many (`make endurance`: 50)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tests.postgres import DURABLE, Server, programs

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import opened
from bocage.store.postgres.home import PostgresStore
from bocage.store.protocol import Store

KILLS = int(os.environ.get("BOCAGE_KILLS", "3"))
PROGRAM = Path(__file__).with_name("sender.py")
STREAMS = 5


def run_and_kill(place: str, seconds: float, before: Callable[[], None] = lambda: None) -> dict[int, int]:
    """Let a process append and print what is acknowledged, kill it; the last number acknowledged of each series.

    `before`: what is killed before it.
    """
    process = subprocess.Popen([sys.executable, str(PROGRAM), place], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(seconds)
    before()
    process.send_signal(signal.SIGKILL)
    said, _ = process.communicate()
    last: dict[int, int] = {}
    for line in said.splitlines():
        if len(line.split()) == 2 and line.endswith("."):
            series, number = line[:-1].split()
            last[int(series)] = int(number)
    return last


def followed(store: Store) -> list[int]:
    """The ids a follower sees that starts from nothing."""
    found: list[int] = []
    position = 0
    while position < store.position():
        rows = store.after(position, 1_000)
        found += rows.id.tolist()
        position = int(rows.position[-1])
    return found


def missed(store: Store, acknowledged: dict[int, int]) -> None:
    """Look for what was acknowledged and is not there, or is there twice."""
    ids: list[int] = []
    for series in range(1, STREAMS + 1):
        rows = store.window(series, EARLIEST, LATEST)
        assert list(rows.number) == list(range(len(rows)))
        assert len(rows) > acknowledged.get(series, -1)
        ids += rows.id.tolist()
    assert len(set(ids)) == len(ids)
    assert sum(one.count for one in store.extent()) == len(ids)
    assert sorted(followed(store)) == sorted(ids)


def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(tmp_path: Path) -> None:
    rng = np.random.default_rng(KILLS)
    acknowledged: dict[int, int] = {}
    for _ in range(KILLS):
        acknowledged |= run_and_kill(str(tmp_path / "log"), float(rng.uniform(0.2, 1.3)))
        store = opened(tmp_path / "log")
        missed(store, acknowledged)
        store.close()
    assert acknowledged


def test_nor_in_a_database_whose_server_is_killed_with_its_senders() -> None:
    server = Server(programs("18"), options=DURABLE)
    url = server.database("log")
    rng = np.random.default_rng(KILLS)
    acknowledged: dict[int, int] = {}
    for _ in range(max(1, KILLS // 3)):
        acknowledged |= run_and_kill(url, float(rng.uniform(0.5, 1.3)), server.kill)
        server.start()
        store = PostgresStore(url)
        missed(store, acknowledged)
        store.close()
    assert acknowledged
    server.remove()
