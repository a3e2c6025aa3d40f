"""A PostgreSQL server that goes away and comes back under an instance that serves: everybody is told what is so.

BOCAGE_KILLS says how often under load (a fifth of it).
"""

import asyncio
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from tests import kept
from tests.broker import Mosquitto, listening, published
from tests.postgres import DURABLE, Server, programs
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

from bocage.domain.instant import EARLIEST, LATEST

TIMES = max(2, int(os.environ.get("BOCAGE_KILLS", "2")) // 5)
HEARD = 400  # messages of each room that the broker brings
T0 = 1_767_225_600_000  # 2026-01-01
THINGS = f"/api/{MAIN}/things.geojson"


class Around:
    """An instance that serves from a database, the server of the database, a broker it listens to."""

    def __init__(self, folder: Path) -> None:
        self.server, self.broker = Server(programs("18"), options=DURABLE), Mosquitto(folder / "broker").start()
        self.settings = instance(folder / "instance", database={"url": self.server.database("town")})
        declarations = declared(folder / "declared")
        (declarations / "source" / "courtier.toml").write_text(listening(self.broker.port), encoding="utf-8")
        for room in (3, 4):
            stream = declarations / "datastream" / f"salle-{room}.toml"
            stream.write_text(stream.read_text().replace(f'source = "{SOURCE}"', 'source = "courtier"'))
        bocage_(self.settings, "apply", declarations)
        token = bocage_(self.settings, "token", "issue", SOURCE).stdout.split()[-1]
        self.headers = {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def around(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Around]:
    """The three."""
    found = Around(tmp_path_factory.mktemp("outage"))
    yield found
    found.broker.stop()
    found.server.remove()


def reading(room: int, n: int) -> dict[str, object]:
    at = np.datetime64(T0 + n * 60_000, "ms").item().isoformat() + "Z"
    return {"datastream": f"salle-{room}", "time": at, "result": n}


def until(found: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def told(around: Around, client: httpx.Client) -> None:
    """What everybody is told while the server is away."""
    page = client.get(f"/{MAIN}/")
    assert (page.status_code, page.headers["retry-after"]) == (503, "10")
    assert "ne répond pas" in page.text
    assert f'href="/{MAIN}/"' in page.text
    english = client.get(f"/{MAIN}/data/air-des-ecoles?lang=en")
    assert english.status_code == 503
    assert "does not answer" in english.text
    for answer in (client.get(THINGS), client.post(f"/api/{MAIN}/push", json=reading(1, 0))):
        assert answer.status_code == 503, answer.text
        assert answer.headers["retry-after"]
        assert answer.json()["code"] == "unavailable"
        assert str(around.server.folder) not in answer.text
    assert client.get("/healthz").status_code == 503


def test_a_server_that_is_away_is_told_to_everybody_and_forgotten_when_it_is_back(around: Around) -> None:
    with Serving(around.settings) as serving, httpx.Client(base_url=serving.url, timeout=30) as client:
        client.headers = httpx.Headers(around.headers)
        for _ in range(2):  # connections are open now, and several
            assert client.get(f"/{MAIN}/").status_code == client.get(THINGS).status_code == 200
        around.server.stop()
        told(around, client)
        around.server.start()
        for path in (THINGS, f"/{MAIN}/", THINGS, "/sta/v1.1/Things"):
            assert client.get(path).status_code == 200, path  # not one of them meets what has ended
        assert client.post(f"/api/{MAIN}/push", json=reading(1, 0)).status_code == 200


class Sender(threading.Thread):
    """Pushes one minute of a room after the other, each until it is acknowledged."""

    def __init__(self, url: str, around: Around, room: int) -> None:
        super().__init__(daemon=True)
        self.room, self._stopping, self.sent, self.refused = room, threading.Event(), 1, set[int]()
        self._client = httpx.Client(base_url=url, headers=around.headers, timeout=30)

    def run(self) -> None:
        while not self._stopping.is_set():
            status = self._client.post(f"/api/{MAIN}/push", json=reading(self.room, self.sent)).status_code
            if status == 200:
                self.sent += 1
            else:
                self.refused.add(status)
                time.sleep(0.02)
        self._client.close()

    def stop(self) -> None:
        self._stopping.set()
        self.join()


def courier(around: Around) -> threading.Thread:
    """Somebody who publishes for some seconds."""
    messages = [
        (f"ecoles/{room}", str(reading(room, n)).replace("'", '"').encode()) for n in range(HEARD) for room in (3, 4)
    ]
    sending = threading.Thread(
        target=lambda: asyncio.run(published(around.broker.declared(), messages, heard=True, pause=0.1)), daemon=True
    )
    sending.start()
    return sending


def test_nothing_is_lost_or_doubled_by_a_server_that_comes_back_under_load(around: Around) -> None:
    pages: set[int] = set()
    with Serving(around.settings) as serving:
        senders = [Sender(serving.url, around, room) for room in (1, 2)]
        sending = courier(around)
        for one in senders:
            one.start()
        for turn in range(TIMES):
            time.sleep(0.7)
            around.server.kill() if turn % 2 else around.server.stop()
            pages.add(httpx.get(f"{serving.url}/{MAIN}/", timeout=30).status_code)
            around.server.start()
            pages.add(httpx.get(f"{serving.url}/{MAIN}/", timeout=30).status_code)
        sending.join(60)
        for one in senders:
            one.stop()
        expected = sum(one.sent - (one.room == 2) for one in senders) + 2 * HEARD
        until(
            lambda: (
                kept.asked(around.settings, "SELECT SUM(count) FROM steer_dayactivity WHERE datastream > 900")[0][0]
                == expected
            )
        )
        assert serving.stop() == 0
    assert pages == {200, 503}
    assert set().union(*(one.refused for one in senders)) == {503}
    with kept.log(around.settings) as store:
        found = {one.datastream: store.window(one.datastream, EARLIEST, LATEST).number for one in store.extent()}
    lengths = {901: senders[0].sent, 902: senders[1].sent - 1, 903: HEARD, 904: HEARD}
    assert {number: len(rows) for number, rows in found.items()} == lengths
    assert all(np.array_equal(np.diff(rows), np.ones(len(rows) - 1)) for rows in found.values())
