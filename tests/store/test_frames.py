"""Frames of radios that processes on one PostgreSQL remember together."""

from concurrent.futures import ThreadPoolExecutor

from tests.postgres import Databases

from bocage.store.postgres.home import PostgresStore

from .conftest import NAMES

SPAN = 600_000


def test_what_one_process_was_told_another_one_knows(databases: Databases) -> None:
    url, name = databases.url("18"), f"log_{next(NAMES)}"
    stores = [PostgresStore(url, schema_name=name) for _ in range(2)]
    one, other = (store.frames for store in stores)
    assert one is not None
    assert other is not None
    assert one.first("bourg/lora", ["a", "b", "a"], [1_000, 2_000, 1_500], SPAN) == [1_000, 2_000, 1_000]
    assert other.first("bourg/lora", ["a", "c"], [4_000, 4_000], SPAN) == [1_000, 4_000]
    assert other.first("bourg/autre", ["a"], [4_000], SPAN) == [4_000]  # another source
    assert one.first("bourg/lora", ["a"], [1_000 + SPAN + 1], SPAN) == [1_000 + SPAN + 1]  # its counter began again
    with ThreadPoolExecutor(8) as threads:
        sent = [(store, at) for at in range(10_000, 10_008) for store in (one, other)]
        firsts = list(threads.map(lambda asked: asked[0].first("bourg/lora", ["d"], [asked[1]], SPAN)[0], sent))
    assert len(set(firsts)) == 1
    one.erase(5_000)
    assert other.first("bourg/lora", ["b"], [6_000], SPAN) == [6_000]
    for store in stores:
        store.close()
