"""Sustained append through gate, journal and columns, beside a raw DuckDB insert of the same columns in the same run.

python -m bench append [--rows 2000000] [--batch 10000] [--rounds 5] [--streams 1000]

Both make the same rows durable in batches of the same size: raw commits each batch to a DuckDB table; Bocage sends
each through the gate (every check, the cadence of the purpose included), the journal and the columns, and the clock
stops when the last row is in columns. Rounds alternate, so that what else the machine does weighs on both.
"""

import argparse
import tempfile
from collections import deque
from concurrent.futures import Future
from pathlib import Path
from statistics import median
from time import perf_counter

import duckdb
from bench.given import AFTER, PLACE, SOURCE, declarations, readings, tell

from bocage.domain.observation import ObservationBatch, Receipt
from bocage.domain.reading import ReadingBatch
from bocage.ingest.gate import Gate
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore


def raw(batches: list[ObservationBatch]) -> float:
    """Rows a second of DuckDB alone: one durable transaction for each batch of the very columns the log is given."""
    with tempfile.TemporaryDirectory() as folder:
        con = duckdb.connect(str(Path(folder) / "raw.duckdb"), config={"threads": 2, "memory_limit": "256MB"})
        con.execute(
            'CREATE TABLE raw (datastream INTEGER, "start" BIGINT, "end" BIGINT, kind UTINYINT, number DOUBLE, '
            "origin UTINYINT)"
        )
        begin = perf_counter()
        for batch in batches:
            columns = {
                "a": batch.datastream,
                "b": batch.start,
                "c": batch.end,
                "d": batch.kind,
                "e": batch.number,
                "f": batch.origin,
            }
            con.execute("INSERT INTO raw SELECT a, b, c, d, e, f FROM columns")
        spent = perf_counter() - begin
        con.close()
        assert columns
    return sum(map(len, batches)) / spent


def ours(arriving: list[ReadingBatch], streams: int, ahead: int = 4) -> float:
    """Rows a second of Bocage; `ahead` batches may be on their way, as from a few senders."""
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        gate = Gate(store, declarations(streams), lambda: AFTER)
        waiting: deque[tuple[int, Future[Receipt]]] = deque()

        def settled() -> int:
            ticket, future = waiting.popleft()
            receipt = future.result()
            gate.settle(ticket)
            return int((receipt.outcome == 0).sum())

        stored = 0
        by = gate.compiled(PLACE, SOURCE)
        begin = perf_counter()
        for one in arriving:
            admitted = gate.admit(gate.ready(PLACE, SOURCE) or by, one)
            assert admitted.batch is not None
            waiting.append((admitted.ticket, store.append(admitted.batch)))
            if len(waiting) >= ahead:
                stored += settled()
        while waiting:
            stored += settled()
        store.drain()
        spent = perf_counter() - begin
        store.close()
    assert stored == sum(map(len, arriving)), "everything was to be kept"
    return stored / spent


def gate_alone(arriving: list[ReadingBatch], streams: int) -> tuple[float, list[ObservationBatch]]:
    """Rows a second of the gate with nothing behind it, and what it let through."""
    gate = Gate(MemoryStore(), declarations(streams), lambda: AFTER)
    by = gate.compiled(PLACE, SOURCE)
    found = []
    begin = perf_counter()
    for one in arriving:
        admitted = gate.admit(by, one)
        gate.settle(admitted.ticket)
        found.append(admitted.batch)
    spent = perf_counter() - begin
    return sum(map(len, arriving)) / spent, [batch for batch in found if batch is not None]


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=2_000_000)
    asked.add_argument("--batch", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--streams", type=int, default=1_000)
    given = asked.parse_args()
    arriving = list(readings(given.rows, given.batch, given.streams))
    alone, batches = gate_alone(arriving, given.streams)
    rounds = [(raw(batches), ours(arriving, given.streams)) for _ in range(given.rounds)]
    for number, (one, other) in enumerate(rounds, 1):
        print(f"  round {number}: raw {one:,.0f} /s, Bocage {other:,.0f} /s, {other / one:.0%}", flush=True)
    one, other = (median(each[place] for each in rounds) for place in (0, 1))
    share = median(other / one for one, other in rounds)
    tell(
        f"append, gate to columns, batches of {given.batch:,}",
        f"{other:,.0f} /s",
        f"{share:.0%} of raw DuckDB {one:,.0f} /s",
        "at least 40 %",
    )
    tell("the gate alone", f"{alone:,.0f} /s")


if __name__ == "__main__":
    main()
