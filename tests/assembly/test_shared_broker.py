"""Two processes on one PostgreSQL share the messages of one broker: one dies, and nothing is lost or kept twice."""

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.broker import Mosquitto, listening, published
from tests.postgres import Databases
from tests.process import ROOMS, SOURCE, Serving, bocage_, declared, instance

from bocage.domain.instant import EARLIEST, LATEST
from bocage.store.postgres.home import PostgresStore

EACH = 150  # messages of a room


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    broker = Mosquitto(tmp_path / "mosquitto").start()
    yield broker
    broker.stop()


def messages() -> list[tuple[str, bytes]]:
    return [
        (
            f"ecoles/{room}",
            b'{"datastream": "salle-%d", "time": "2026-10-01T%02d:%02d:00Z", "result": %d}'
            % (room, n // 60, n % 60, n),
        )
        for n in range(EACH)
        for room in range(1, ROOMS + 1)
    ]


def workers(serving: Serving) -> list[int]:
    """The processes that share the work."""
    parent = serving.process.pid
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def test_one_of_two_listeners_is_killed_and_the_other_goes_on(
    databases: Databases, tmp_path: Path, mosquitto: Mosquitto
) -> None:
    url = databases.new()
    settings, folder = instance(tmp_path / "instance", database={"url": url}), declared(tmp_path / "declared")
    (folder / "source" / f"{SOURCE}.toml").write_text(listening(mosquitto.port, "bocage"), encoding="utf-8")
    bocage_(settings, "apply", folder)
    store = PostgresStore(url)

    def send() -> None:
        asyncio.run(published(mosquitto.declared(), messages(), heard=True, pause=0.03))

    def held() -> list[list[float]]:
        numbers = [one.datastream for one in store.extent() if one.count]
        return [store.window(number, EARLIEST, LATEST).number.tolist() for number in numbers]

    sending = threading.Thread(target=send, daemon=True)
    with Serving(settings, "--workers", "2") as serving:
        sending.start()
        until = time.monotonic() + 60
        while sum(map(len, held())) < EACH and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(workers(serving)[0], signal.SIGKILL)
        sending.join(60)
        while sum(map(len, held())) < EACH * ROOMS and time.monotonic() < until:
            time.sleep(0.1)
        assert held() == [list(range(EACH))] * ROOMS
        assert len(workers(serving)) == 2  # another one took its place
    store.close()
