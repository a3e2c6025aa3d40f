"""Several processes on one database: they share the work, one leads, and another one does when it dies."""

import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import psycopg
import pytest
from tests.assembly.another import AT_ONCE, EACH
from tests.postgres import Databases
from tests.process import MAIN, SOURCE, Serving, bocage_, declared, instance

from bocage.assembly.leading import Leading
from bocage.store.postgres.leading import Lead

PUSH = f"/api/{MAIN}/push"


def reading(minute: int) -> dict[str, object]:
    return {"datastream": "salle-1", "time": f"2026-10-01T{minute // 60:02}:{minute % 60:02}:00Z", "result": minute}


def until(found: Callable[[], object], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.1)


def leader(settings: Path) -> int:
    """The process that does the scheduled work: it answers commands; 0 where there is none."""
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(settings.parent / "data" / "bocage.sock"))
            return int(struct.unpack("3i", probe.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0])
    except OSError:
        return 0


class Together(NamedTuple):
    """Two workers of an instance on PostgreSQL, and a process that takes in only; `another` changes things beside."""

    settings: Path
    serving: Serving
    other: Serving
    headers: dict[str, str]
    url: str
    left: tuple[Path, ...]

    @contextmanager
    def another(self) -> Iterator[Callable[[str], None]]:
        command = [sys.executable, "-m", "tests.assembly.another", str(self.settings)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None

            def told(line: str) -> None:
                print(line, file=process.stdin, flush=True)
                assert process.stdout.readline() == "done\n"

            yield told
            process.stdin.close()


@pytest.fixture(scope="module")
def together(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Together]:
    url, folder = databases.new(), tmp_path_factory.mktemp("together")
    settings = instance(folder / "instance", database={"url": url})
    bocage_(settings, "apply", declared(folder / "declared"))
    token = bocage_(settings, "token", "issue", SOURCE).stdout.split()[-1]
    beside = instance(folder / "beside", database={"url": url})
    left = _left(beside.parent / "data")
    with Serving(settings, "--workers", "2") as serving, Serving(beside, command="ingest-worker") as other:
        until(lambda: leader(settings))
        yield Together(settings, serving, other, {"Authorization": f"Bearer {token}"}, url, left)


def _left(folder: Path) -> tuple[Path, ...]:
    """What a process on another machine left: the key of a day that is over, a message that was kept long enough."""
    left = folder / "pseudonyms" / f"{MAIN}.2026-01-01.key", folder / "quarantine" / MAIN / SOURCE / "1-0badcafe.frame"
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(32))
    return left


def test_a_process_elsewhere_keeps_nothing_of_persons_longer_than_the_one_that_leads(together: Together) -> None:
    assert not any(path.exists() for path in together.left)


def test_what_one_process_restricts_no_other_reads_and_orders_of_many_have_numbers_of_their_own(
    together: Together,
) -> None:
    def read() -> set[int]:
        """How many values several connections are given, so that both workers answer."""
        place = f"{together.serving.url}/api/{MAIN}/sta/v1.1/Datastreams(901)/Observations"
        return {len(httpx.get(place).json()["value"]) for _one in range(12)}

    pushed = httpx.post(together.serving.url + PUSH, json=reading(59), headers=together.headers)
    assert pushed.json()["accepted"] == 1
    until(lambda: read() == {1}, 5)
    with together.another() as told:
        told("restrict")
        until(lambda: read() == {0}, 2)
        told("lift")
        until(lambda: read() == {1}, 2)
        told("order")
    with psycopg.connect(together.url) as con:
        rows = con.execute("SELECT number FROM orders_orderrow ORDER BY number").fetchall()
    assert [number for (number,) in rows] == list(range(1, 1 + AT_ONCE * EACH))


def test_two_workers_share_the_work_and_the_lead_moves_when_its_holder_dies(together: Together) -> None:
    settings, serving, other, headers, _url, _left_there = together
    first = leader(settings)
    assert first not in (serving.process.pid, other.process.pid)
    for minute in range(6):
        place = serving.url if minute % 2 else other.url
        assert httpx.post(place + PUSH, json=reading(minute), headers=headers).json()["accepted"] == 1
    assert httpx.get(f"{other.url}/{MAIN}/").status_code == 404  # it takes in, and shows no pages
    os.kill(first, signal.SIGKILL)
    until(lambda: leader(settings) not in (0, first))
    assert httpx.post(serving.url + PUSH, json=reading(6), headers=headers).json()["accepted"] == 1
    number = bocage_(settings, "token", "list").stdout.split("\t")[0]
    bocage_(settings, "token", "revoke", number)
    for place in (serving.url, other.url):  # no process believes what it remembers
        until(lambda place=place: httpx.post(place + PUSH, json=reading(7), headers=headers).status_code == 401, 5)
    lines = httpx.get(f"{serving.url}/metrics").text.splitlines()
    assert "bocage_log_position 8.0" in lines


def test_nothing_is_moved_while_a_process_elsewhere_takes_in(together: Together) -> None:
    said = bocage_(together.other.settings, "store", "move", "folder", code=6).stderr
    assert "a database nobody works on" in said


def test_several_processes_need_a_database(tmp_path: Path) -> None:
    said = bocage_(instance(tmp_path / "instance"), "serve", "--workers", "2", code=4)
    assert "bocage store move" in said.stderr


def test_the_place_of_the_leader_is_free_once_its_connection_ends(databases: Databases) -> None:
    url = databases.new()
    first, second = Lead(url), Lead(url)
    assert first.taken()
    assert first.taken()
    assert not second.taken()
    first._con.close()  # type: ignore[union-attr]  # as when the process or the network dies
    assert second.taken()
    assert not first.taken()
    second.let_go()
    assert first.taken()
    first.let_go()


class Place:
    """A place that is given and taken away by the test."""

    def __init__(self) -> None:
        self.free = True

    def taken(self) -> bool:
        return self.free

    def let_go(self) -> None:
        """Nothing to do."""


def test_work_ends_when_the_place_is_lost_and_begins_again_with_it() -> None:
    place, said = Place(), []

    @contextmanager
    def work() -> Iterator[None]:
        said.append("begins")
        yield
        said.append("ends")

    leading = Leading(place, work, every=0.01)
    assert said == ["begins"]
    place.free = False
    until(lambda: said == ["begins", "ends"], 5)
    place.free = True
    until(lambda: said == ["begins", "ends", "begins"], 5)
    leading.stop()
    assert said == ["begins", "ends", "begins", "ends"]
