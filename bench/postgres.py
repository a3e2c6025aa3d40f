"""Append into PostgreSQL beside a raw binary COPY into the same table, and two processes beside one, in the same run.

python -m bench postgres [--rows 500000] [--batch 10000] [--rounds 5] [--streams 1000] [--url postgresql://...]

Raw: batches encoded beforehand, one durable COPY for each, by one connection. Bocage: the same batches judged, given
ids and positions, copied in, with the newest value and the count of every series kept; `ahead` may be on their way.
Rounds alternate: each begins with another of the three, and what is told is the median of the ratios within a round.
Without an address the server is PostgreSQL 18 of a wheel, with its own defaults for what is durable.
"""

import argparse
import multiprocessing
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import psycopg
from bench.given import QUARTER, T0, tell
from tests.postgres import Server, binaries

from bocage.domain.observation import COUNTER_BITS, ObservationBatch, Receipt
from bocage.store import identity
from bocage.store.postgres import binary, statements
from bocage.store.postgres.home import PostgresStore
from bocage.store.postgres.partitions import months

AHEAD = 8
OPTIONS = ("shared_buffers=256MB", "max_wal_size=4GB", "checkpoint_timeout=30min")


def batches(rows: int, size: int, first: int, streams: int) -> list[ObservationBatch]:
    """Rows in order of time, of series `first`, `first + 1`...; values as a thermometer gives them."""
    found = []
    for offset in range(0, rows, size):
        place = np.arange(offset, min(offset + size, rows))
        start = T0 + (place // streams) * QUARTER
        found.append(
            ObservationBatch(
                datastream=(first + place % streams).astype(np.int32),
                start=start,
                end=start,
                kind=np.zeros(len(place), np.uint8),
                number=np.round(20 + 5 * np.sin(place / 7_000), 2),
                origin=np.zeros(len(place), np.uint8),
            )
        )
    return found


def encoded(given: list[ObservationBatch], streams: int) -> list[bytes]:
    """The same rows as COPY takes them."""
    found = []
    for number, batch in enumerate(given, 1):
        arrived = identity.gathered([batch])
        counter = (batch.start - T0) // QUARTER + 1
        verdict = identity.Verdict(
            outcome=np.zeros(len(batch), np.uint8),
            id=(batch.datastream.astype(np.int64) << COUNTER_BITS) | counter,
            version=np.ones(len(batch), np.int64),
        )
        found.append(b"".join(binary.copied(identity.kept_rows(arrived, verdict, number))))
    return found


def raw(url: str, schema: str, given: list[ObservationBatch], bodies: list[bytes]) -> float:
    """Rows a second of COPY alone into the table of a new log."""
    store = PostgresStore(url, schema_name=schema)
    for batch in given:
        store._partitions.ensure(months(batch.start))
    with psycopg.connect(url, autocommit=True) as con:
        con.execute(f"SET search_path = {schema}".encode())
        begin = perf_counter()
        for body in bodies:
            with con.cursor() as cursor, cursor.copy(statements.KEPT.encode()) as copy:
                copy.write(body)
        spent = perf_counter() - begin
    store.close()
    return sum(map(len, given)) / spent


def ours(store: PostgresStore, given: list[ObservationBatch]) -> int:
    """Append everything; how many rows were new."""
    waiting: deque[Future[Receipt]] = deque()
    stored = 0
    for batch in given:
        waiting.append(store.append(batch))
        if len(waiting) >= AHEAD:
            stored += int((waiting.popleft().result().outcome == 0).sum())
    return stored + sum(int((one.result().outcome == 0).sum()) for one in waiting)


def worker(url: str, schema: str, asked: tuple[int, int, int, int], go: Any, done: Any) -> None:
    """One process: made ready, then started with the others."""
    given = batches(*asked)
    store = PostgresStore(url, schema_name=schema)
    store._partitions.ensure(months(np.array([T0, given[-1].start[-1]])))
    go.wait()
    begin = time.time()
    stored = ours(store, given)
    done.put((stored, begin, time.time()))
    store.close()


def together(url: str, schema: str, rows: int, options: argparse.Namespace, processes: int) -> float:
    """Rows a second of so many processes, each with series of its own."""
    from bench.postgres import worker as found_by_name  # whoever runs this by its path is called __main__

    PostgresStore(url, schema_name=schema).close()
    context = multiprocessing.get_context("spawn")
    go, done = context.Barrier(processes), context.SimpleQueue()
    share, streams = rows // processes, options.streams // processes
    running = [
        context.Process(
            target=found_by_name, args=(url, schema, (share, options.batch, 1 + number * streams, streams), go, done)
        )
        for number in range(processes)
    ]
    for one in running:
        one.start()
    found = [done.get() for _one in running]
    for one in running:
        one.join()
    assert sum(stored for stored, _, _ in found) == share * processes, "everything was to be kept"
    return share * processes / (max(end for _, _, end in found) - min(begin for _, begin, _ in found))


def measured(url: str, schema: str, way: Callable[[str], float]) -> float:
    """Rows a second of one way, in a schema of its own that goes afterwards."""
    try:
        return way(schema)
    finally:
        with psycopg.connect(url, autocommit=True) as con:
            con.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE".encode())


@contextmanager
def server(url: str) -> Iterator[str]:
    """The address of a database: the one that was given, or one of a server that lasts as long as this."""
    if url:
        yield url
        return
    programs = binaries("18") or binaries("debian")
    assert programs, "no PostgreSQL here: give --url"
    started = Server(programs, options=OPTIONS)
    try:
        yield started.database("bench")
    finally:
        started.remove()


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=500_000)
    asked.add_argument("--batch", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--streams", type=int, default=1_000)
    asked.add_argument("--url", default="")
    options = asked.parse_args()
    given = batches(options.rows, options.batch, 1, options.streams)
    bodies = encoded(given, options.streams)
    rounds = []
    with server(options.url) as url:
        ways: dict[str, Callable[[str], float]] = {
            "raw": lambda schema: raw(url, schema, given, bodies),
            "one": lambda schema: together(url, schema, options.rows, options, 1),
            "two": lambda schema: together(url, schema, options.rows, options, 2),
        }
        for number in range(options.rounds):
            names = deque(ways)
            names.rotate(-number)
            found = {name: measured(url, f"bench_{int(time.time())}_{name}", ways[name]) for name in names}
            rounds.append(tuple(found[name] for name in ways))
            told = ", ".join(f"{name} {found[name]:,.0f} /s" for name in ways)
            print(f"  round {number + 1}, {names[0]} first: {told}", flush=True)
    alone, one, two = (median(each[place] for each in rounds) for place in range(3))
    share = median(each[1] / each[0] for each in rounds)
    gain = median(each[2] / each[1] for each in rounds)
    told = f"{share:.0%} of raw COPY {alone:,.0f} /s"
    tell(f"PostgreSQL, append, batches of {options.batch:,}", f"{one:,.0f} /s", told, "at least 60 %")
    tell("PostgreSQL, two processes", f"{two:,.0f} /s", f"{gain:.2f} times one {one:,.0f} /s", "more than one")


if __name__ == "__main__":
    main()
