"""Sustained append through journal and columns beside a raw DuckDB insert of the same numpy columns, in one run.

python bench/store_append.py [--rows 4000000] [--batch 10000] [--singles 30000] [--json]
"""

import argparse
import json
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import duckdb
import numpy as np

from bocage.domain.observation import ObservationBatch, Receipt
from bocage.store.embedded.home import EmbeddedStore

QUARTER = 900_000
T0 = 1_767_225_600_000
DATASTREAMS = 1_000


def batches(rows: int, size: int) -> list[ObservationBatch]:
    """Regular series of 1,000 datastreams, values with two decimals, batch by batch in order of time."""
    rng = np.random.default_rng(1)
    found = []
    for first in range(0, rows, size):
        n = np.arange(first, min(first + size, rows))
        start = T0 + (n // DATASTREAMS) * QUARTER
        found.append(
            ObservationBatch(
                datastream=(n % DATASTREAMS + 1).astype(np.int32),
                start=start,
                end=start,
                kind=np.zeros(len(n), np.uint8),
                number=np.round(rng.normal(20, 3, len(n)), 2),
                origin=np.zeros(len(n), np.uint8),
            )
        )
    return found


def raw(folder: Path, given: list[ObservationBatch]) -> float:
    """Rows a second of DuckDB alone: one transaction for each batch, each durable."""
    con = duckdb.connect(str(folder / "raw.duckdb"), config={"threads": 2, "memory_limit": "256MB"})
    con.execute(
        'CREATE TABLE raw (datastream INTEGER, "start" BIGINT, "end" BIGINT, kind UTINYINT, number DOUBLE, '
        "origin UTINYINT)"
    )
    begin = time.perf_counter()
    for batch in given:
        columns = {
            "a": batch.datastream,
            "b": batch.start,
            "c": batch.end,
            "d": batch.kind,
            "e": batch.number,
            "f": batch.origin,
        }
        con.execute("INSERT INTO raw SELECT a, b, c, d, e, f FROM columns")
    spent = time.perf_counter() - begin
    con.close()
    assert columns
    return sum(len(batch) for batch in given) / spent


def logged(folder: Path, given: list[ObservationBatch], ahead: int) -> float:
    """Rows a second of the log, to the moment when all of it is in columns too; `ahead` batches may be on their way."""
    store = EmbeddedStore(folder / "log")
    waiting: deque[Future[Receipt]] = deque()
    begin = time.perf_counter()
    for batch in given:
        waiting.append(store.append(batch))
        if len(waiting) >= ahead:
            waiting.popleft().result()
    for future in waiting:
        future.result()
    store.drain()
    spent = time.perf_counter() - begin
    store.close()
    return sum(len(batch) for batch in given) / spent


def singles(folder: Path, count: int, callers: int) -> float:
    """Single observations a second, each acknowledged, from callers that keep 32 each on their way."""
    store = EmbeddedStore(folder / "singles")
    given = [list(_one(range(first, count, callers))) for first in range(callers)]

    def call(mine: list[ObservationBatch]) -> None:
        waiting: deque[Future[Receipt]] = deque()
        for batch in mine:
            waiting.append(store.append(batch))
            if len(waiting) >= 32:
                waiting.popleft().result()
        for future in waiting:
            future.result()

    threads = [threading.Thread(target=call, args=(mine,)) for mine in given]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begin
    store.close()
    return count / spent


def _one(numbers: range) -> Iterator[ObservationBatch]:
    for n in numbers:
        start = np.array([T0 + (n // DATASTREAMS) * QUARTER], np.int64)
        zero = np.zeros(1, np.uint8)
        yield ObservationBatch(
            datastream=np.array([n % DATASTREAMS + 1], np.int32),
            start=start,
            end=start,
            kind=zero,
            number=np.array([n / 100]),
            origin=zero,
        )


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=4_000_000)
    asked.add_argument("--batch", type=int, default=10_000)
    asked.add_argument("--ahead", type=int, default=4)
    asked.add_argument("--singles", type=int, default=30_000)
    asked.add_argument("--json", action="store_true")
    given = asked.parse_args()
    prepared = batches(given.rows, given.batch)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone = raw(folder, prepared)
        log = logged(folder, prepared, given.ahead)
        one = singles(folder, given.singles, 4)
    if given.json:
        print(json.dumps({"raw": alone, "log": log, "share": log / alone, "singles": one}))
        return
    print(f"raw DuckDB insert, batches of {given.batch}   {alone:12,.0f} /s")
    print(f"log: journal and columns            {log:12,.0f} /s   {log / alone:5.0%} of raw (promised: 40 %)")
    print(f"single appends, each acknowledged   {one:12,.0f} /s         (promised: 15,000 /s)")


if __name__ == "__main__":
    main()
