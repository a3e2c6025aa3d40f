"""What only the home in PostgreSQL must do: several processes, months made in time, a server that goes and comes."""

import os
import re
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psycopg
import pytest
from tests.postgres import Databases, Server, programs

from bocage.domain.errors import SettingError, Unavailable
from bocage.domain.instant import EARLIEST, LATEST, month_of
from bocage.domain.observation import Outcome
from bocage.store import erasures, opened
from bocage.store.postgres import partitions, selecting, statements
from bocage.store.postgres.connections import checked, parts, shown
from bocage.store.postgres.home import PostgresStore
from bocage.store.protocol import Erasure

from .batches import DAY, HOUR, T0, batch, results, same
from .conftest import NAMES, log_in

SECRET, WORDS = 0.8414709848078965, "Mme Dupont, 12 rue des Lilas"
CITUS = os.environ.get("BOCAGE_CITUS_URL", "")


@pytest.fixture
def together(databases: Databases) -> Iterator[list[PostgresStore]]:
    """Four processes that share one log, as far as the database can tell."""
    url, name = databases.url("18"), f"log_{next(NAMES)}"
    stores = [PostgresStore(url, schema_name=name) for _ in range(4)]
    yield stores
    for store in stores:
        store.close()


def at_once(calls: list[object]) -> list[object]:
    with ThreadPoolExecutor(len(calls)) as threads:
        return [one.result(60) for one in [threads.submit(call) for call in calls]]  # type: ignore[arg-type]


def test_first_writes_into_a_new_month_never_wait_for_each_other(databases: Databases) -> None:
    url, name = databases.url("18"), f"log_{next(NAMES)}"
    stores = [PostgresStore(url, schema_name=name) for _ in range(16)]
    sent = [batch([n, n, n], [T0 + m * 31 * DAY for m in (n % 3, 3, 4)], [1, 2, 3]) for n in range(1, 17)]
    answers = at_once([lambda s=s, b=b: s.append(b).result(30) for s, b in zip(stores, sent, strict=True)])
    assert {int(one) for answer in answers for one in answer.outcome} == {Outcome.STORED}  # type: ignore[attr-defined]
    assert sum(one.count for one in stores[0].extent()) == 48
    for store in stores:
        store.close()


def test_positions_become_visible_in_their_order(together: list[PostgresStore]) -> None:
    writers, reader = together[:3], together[3]
    done, seen = threading.Event(), []

    def follow() -> None:
        position = 0
        while True:
            last = done.is_set()
            rows = reader.after(position, 50)
            seen.extend(rows.position.tolist())
            position = seen[-1] if seen else 0
            if last and not len(rows):
                return

    def write(number: int) -> None:
        for n in range(30):
            size = 1 + (n * number) % 40
            at = T0 + (n * 1000 + np.arange(size)) * HOUR // 100
            writers[number - 1].append(batch([number] * size, at, np.arange(size))).result(30)

    follower = threading.Thread(target=follow)
    follower.start()
    at_once([lambda n=n: write(n) for n in (1, 2, 3)])
    done.set()
    follower.join()
    assert seen == sorted(seen)
    assert len(seen) == sum(one.count for one in reader.extent())
    assert len(set(seen)) == 90


def test_the_same_observation_sent_to_all_processes_is_kept_once(together: list[PostgresStore]) -> None:
    sent = batch([1] * 200 + [2] * 200, [*(T0 + np.arange(200) * HOUR)] * 2, range(400))
    answers = at_once([lambda s=s: s.append(sent).result(30) for s in together])
    kept = [int((answer.outcome == Outcome.STORED).sum()) for answer in answers]  # type: ignore[attr-defined]
    assert sorted(kept) == [0, 0, 0, 400]
    rows = together[0].window(1, EARLIEST, LATEST)
    assert len(rows) == len(set(rows.id.tolist())) == 200


def test_a_process_hears_of_what_another_committed(together: list[PostgresStore]) -> None:
    heard: list[int] = []
    both = threading.Event()
    stop = together[1].subscribe(lambda position: (heard.append(position), len(heard) == 2 and both.set())[0])
    together[0].append(batch([1], [T0], [1])).result(10)
    together[0].append(batch([1], [T0 + 1], [2])).result(10)
    assert both.wait(10)
    stop()
    assert heard == [1, 2]
    assert results(together[1].latest([1])) == [2]


def test_a_process_hears_of_what_another_erased(together: list[PostgresStore]) -> None:
    together[0].append(batch([1], [T0], [1])).result(10)
    heard, left = threading.Event(), list[int]()
    together[1].tell_erasures(lambda: (left.append(len(together[1].latest([1]))), heard.set())[0])
    heard.clear()  # what it may have missed before it listened
    together[0].erase(Erasure(datastreams=(1,), start=EARLIEST, end=LATEST))
    assert heard.wait(10)
    assert left[-1] == 0


def test_months_are_made_before_they_come(databases: Databases) -> None:
    store = log_in(databases)
    assert store.ahead(T0 + 340 * DAY) == ["2026-12", "2027-01", "2027-02", "2027-03"]
    with store._connections.lent() as con:
        there = [month.name for month in partitions.listed(con)]
    assert there == ["2026-12", "2027-01", "2027-02", "2027-03"]
    store.close()


def test_every_instant_has_one_month() -> None:
    for at in (EARLIEST, partitions.FIRST - 1, partitions.FIRST, T0 - 1, T0, T0 + 31 * DAY - 1, LATEST - 1, LATEST):
        month = partitions.month(at)
        assert month.start <= at < month.end
        assert month.name in (month_of(at), "before", "later")


def test_a_server_that_comes_back_is_written_to_and_read_again() -> None:
    server = Server(programs("18"))
    store = PostgresStore(server.database("log"))
    heard = threading.Event()
    store.append(batch([1], [T0], [1])).result(10)
    stop = store.subscribe(lambda position: heard.set())
    server.stop()
    with pytest.raises(Unavailable):
        store.append(batch([1], [T0 + 1], [2])).result(20)
    with pytest.raises(Unavailable):
        store.window(1, T0, T0 + 9)
    server.start()
    assert list(store.append(batch([1], [T0 + 1], [2])).result(20).outcome) == [Outcome.STORED]
    assert results(store.window(1, T0, T0 + 9)) == [1, 2]
    assert heard.wait(10)
    stop()
    store.close()
    server.remove()


def found(server: Server) -> set[str]:
    """Files of tables in which the value or the text can be read."""
    patterns = (struct.pack("<d", SECRET), struct.pack(">d", SECRET), WORDS.encode())
    held = [path for path in (server.data / "base").rglob("*") if path.is_file()]
    return {path.name for path in held if any(pattern in path.read_bytes() for pattern in patterns)}


def test_no_byte_of_what_was_erased_is_left_in_a_table(tmp_path: Path) -> None:
    server = Server(programs("18"))
    url = server.database("log")
    store = PostgresStore(url, lists=tmp_path)
    store.append(batch([1] * 200, T0 + np.arange(200) * HOUR, np.arange(200))).result(10)
    store.append(batch([7, 8, 7], [T0, T0, T0 + 40 * DAY], [SECRET, WORDS, SECRET])).result(10)
    store.append(batch([7], [T0], [2], correcting=True, reason=WORDS)).result(10)
    with psycopg.connect(url, autocommit=True) as con:
        con.execute("CHECKPOINT")
        assert found(server)  # else this test would show nothing
        proof = store.erase(Erasure(datastreams=(7, 8), start=EARLIEST, end=LATEST))
        con.execute("CHECKPOINT")
    assert found(server) == set()
    assert proof.erased == 3
    assert proof.covers[:2] == ("month 2026-02, emptied", "month 2026-01, written anew")
    assert any("write-ahead log" in one for one in proof.covers)
    assert [(one.datastream, one.count) for one in store.extent()] == [(1, 200)]
    store.close()
    server.remove()


def test_what_the_list_says_is_erased_again_in_a_restored_database(databases: Databases, tmp_path: Path) -> None:
    url, name = databases.url("18"), f"log_{next(NAMES)}"
    store = PostgresStore(url, schema_name=name)  # as restored: it knows nothing of the list
    store.append(batch([1, 7], [T0, T0], [1, 2])).result(10)
    store.close()
    erasures.noted(tmp_path, erasures.Erased(erasure=Erasure(datastreams=(7,), start=T0, end=T0 + DAY), position=1))
    again = PostgresStore(url, schema_name=name, lists=tmp_path)
    assert [one.datastream for one in again.extent()] == [1]
    again.append(batch([7], [T0], [3])).result(10)
    again.close()
    once = PostgresStore(url, schema_name=name, lists=tmp_path)  # what came since is no part of that erasure
    assert [one.datastream for one in once.extent()] == [1, 7]
    once.close()


def test_every_statement_of_the_hot_path_names_the_datastream() -> None:
    written = [value for name, value in vars(statements).items() if name.isupper() and name not in ("NAMES", "HOT")]
    assert {one for one in written if isinstance(one, str) and one != statements.COLUMNS} == set(statements.HOT)
    for one in (*statements.HOT, selecting.SELECTED, selecting.TALLIED):
        narrowed = re.search(r"datastream = ANY\(%s\)|datastream = asked\.(?:datastream|series)", one)
        brought = re.search(r"INSERT INTO standing \(datastream\)|COPY observation \(\"datastream\"", one)
        assert narrowed or brought, one


def test_no_other_module_writes_a_statement_on_the_tables_that_are_spread() -> None:
    folder = Path(statements.__file__).parent
    allowed = {"statements.py", "selecting.py", "schema.py", "partitions.py", "erasing.py", "reader.py", "citus.py"}
    for path in folder.glob("*.py"):
        said = re.findall(r"(?:FROM|INTO|UPDATE|COPY) (?:observation|standing)\b", path.read_text())
        assert not said or path.name in allowed, (path.name, said)


@pytest.mark.skipif(not CITUS, reason="no Citus here: give its address in BOCAGE_CITUS_URL to try it")
def test_on_citus_the_log_is_spread_by_datastream() -> None:
    store = PostgresStore(CITUS, schema_name=f"log_{os.getpid()}_{next(NAMES)}")
    assert store.citus
    sent = batch([n % 50 for n in range(500)], [T0 + n * HOUR for n in range(500)], range(500))
    assert set(store.append(sent).result(60).outcome) == {Outcome.STORED}
    assert set(store.append(sent).result(60).outcome) == {Outcome.KNOWN}
    assert len(store.after(0)) == 500
    assert store.erase(Erasure(datastreams=(1,), start=EARLIEST, end=LATEST)).erased == 10
    with store._connections.lent() as con:
        plan = con.execute(f"EXPLAIN {statements.WITHIN}".encode(), (np.array([7]).tolist(), T0, T0 + DAY)).fetchall()
    assert any("Task Count: 1" in str(line) for line in plan)
    store.close()


def test_an_address_is_checked_and_shown_without_its_password() -> None:
    assert parts("postgresql://bocage:secret@db.example/town")["dbname"] == "town"
    assert "secret" not in shown("postgresql://bocage:secret@db.example/town")
    with pytest.raises(SettingError):
        checked("postgresql://[")
    with pytest.raises(SettingError) as error:
        checked("posgresql://bocage:secret@db.example/town")
    assert "secret" not in str(error.value)


def test_a_copy_of_the_database_opens_as_a_folder(databases: Databases, tmp_path: Path) -> None:
    store = log_in(databases)
    store.append(batch([1, 2, 2], [T0, T0, T0 + 40 * DAY], [1, "a", 3])).result(10)
    store.append(batch([1], [T0], [8], correcting=True, reason="r")).result(10)
    assert store.backup(tmp_path / "copy") == 2
    copy = opened(tmp_path / "copy")
    assert copy.position() == 2
    for number in (1, 2):
        assert same(copy.versions(number, EARLIEST, LATEST), store.versions(number, EARLIEST, LATEST))
    assert copy.extent() == store.extent()
    copy.close()
    store.close()
