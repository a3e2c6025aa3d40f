"""Reads of the log beside raw DuckDB on the same rows, in one run.

python bench/store_read.py [--rows 5000000] [--keep FOLDER]    (--rows 100000000 for the promised size)
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bocage.domain.nature import Nature
from bocage.domain.observation import ObservationBatch
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.protocol import Series

QUARTER, DAY = 900_000, 86_400_000
YEAR = 35_040  # quarters of an hour
T0 = 1_735_689_600_000  # 2025-01-01T00:00Z
END = T0 + 365 * DAY


def fill(store: EmbeddedStore, datastreams: int) -> None:
    """A year of each datastream, regular, in order of time; all but the last two months sealed."""
    rng = np.random.default_rng(1)
    step = max(1, 100_000 // datastreams)
    numbers = np.arange(1, datastreams + 1, dtype=np.int32)
    store.mirror([Series(number=int(n), territory="bench", nature=Nature.GAUGE, zone="Europe/Paris") for n in numbers])
    future = None
    for first in range(0, YEAR, step):
        ticks = np.arange(first, min(first + step, YEAR))
        start = T0 + np.repeat(ticks, datastreams) * QUARTER
        n = len(start)
        future = store.append(
            ObservationBatch(
                datastream=np.tile(numbers, len(ticks)),
                start=start,
                end=start,
                kind=np.zeros(n, np.uint8),
                number=np.round(rng.normal(20, 3, n), 2),
                origin=np.zeros(n, np.uint8),
            )
        )
        if first // step % 8 == 7:
            future.result()
    if future is not None:
        future.result()
    store.drain()


def raw(folder: Path, store: EmbeddedStore, datastreams: int) -> duckdb.DuckDBPyConnection:
    """The same rows in one plain DuckDB table, sorted by (datastream, start)."""
    con = duckdb.connect(str(folder / "raw.duckdb"), config={"threads": 2, "memory_limit": "1GB"})
    con.execute('CREATE TABLE raw (datastream INTEGER, "start" BIGINT, number DOUBLE)')
    for rows in store.scan(range(1, datastreams + 1), T0, END, chunk=500_000):
        columns = {"d": rows.datastream, "s": rows.start, "n": rows.number}
        con.execute("INSERT INTO raw SELECT d, s, n FROM columns")
        assert columns
    con.execute("CHECKPOINT")
    return con


def timed(label: str, call: Callable[[], Any], beside: Callable[[], Any] | None = None, runs: int = 15) -> None:
    """Print the median of some runs, beside another's."""
    ours = _median(call, runs)
    other = "" if beside is None else f"   raw DuckDB {_median(beside, runs):9.2f} ms"
    print(f"{label:58s} {ours:9.2f} ms{other}", flush=True)


def _median(call: Callable[[], Any], runs: int) -> float:
    call()
    spent = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        spent.append(time.perf_counter() - begin)
    return float(np.median(spent)) * 1e3


def measure(folder: Path, rows: int) -> None:
    """Fill, seal, open again as after a restart, and measure."""
    datastreams = max(1, rows // YEAR)
    store = EmbeddedStore(folder / "log")
    begin = time.perf_counter()
    fill(store, datastreams)
    print(f"{datastreams * YEAR:,} rows of {datastreams} datastreams in {time.perf_counter() - begin:.1f} s")
    one, some = datastreams // 2 + 1, range(1, min(datastreams, 1_000) + 1)
    timed("24 hours of one datastream, in memory", lambda: store.window(one, END - DAY, END))
    begin = time.perf_counter()
    months = store.seal(END - 40 * DAY)
    each = store.size() / datastreams / YEAR
    print(
        f"sealed {len(months)} months in {time.perf_counter() - begin:.1f} s; {each:.2f} bytes a row with open months"
    )
    store.close()
    begin = time.perf_counter()
    store = EmbeddedStore(folder / "log")
    print(f"opened again in {(time.perf_counter() - begin) * 1e3:.0f} ms")
    con = raw(folder, store, datastreams)
    windows = {"open month": END - DAY, "sealed month": T0 + 100 * DAY}
    query = 'SELECT "start", number FROM raw WHERE datastream = ? AND "start" >= ? AND "start" < ? ORDER BY "start"'
    for label, start in windows.items():
        timed(
            f"24 hours of one datastream, {label}",
            lambda start=start: store.window(one, start, start + DAY),
            lambda start=start: con.execute(query, [one, start, start + DAY]).fetchnumpy(),
        )
    timed("newest 1 of one datastream", lambda: store.window(one, 0, END, limit=1, newest_first=True))
    timed(
        "a year of one datastream",
        lambda: store.window(one, T0, END),
        lambda: con.execute(query, [one, T0, END]).fetchnumpy(),
    )
    days = f'SELECT datastream, "start" // {DAY} AS day, avg(number) FROM raw WHERE "start" >= ? AND datastream '
    timed(
        "a year by day of one datastream",
        lambda: store.rollup([one], T0, END, "day"),
        lambda: con.execute(f"{days} = ? GROUP BY ALL", [T0, one]).fetchnumpy(),
    )
    timed("a year by month of one datastream", lambda: store.rollup([one], T0, END, "month"))
    timed(
        f"30 days by day of {len(some)} datastreams",
        lambda: store.rollup(some, END - 30 * DAY, END, "day"),
        lambda: con.execute(f"{days} <= ? GROUP BY ALL", [END - 30 * DAY, len(some)]).fetchnumpy(),
        runs=3,
    )
    timed(f"latest of {datastreams}", store.latest)
    con.close()
    store.close()


def latest(folder: Path) -> None:
    """Latest values of 10,000 datastreams."""
    store = EmbeddedStore(folder / "latest")
    numbers = np.arange(1, 10_001, dtype=np.int32)
    start = np.full(10_000, T0, np.int64)
    store.append(
        ObservationBatch(
            datastream=numbers,
            start=start,
            end=start,
            kind=np.zeros(10_000, np.uint8),
            number=numbers / 7,
            origin=np.zeros(10_000, np.uint8),
        )
    ).result()
    timed("latest of 10,000 (promised: 15 ms over HTTP)", store.latest)
    wanted = [int(n) for n in numbers[::10]]
    timed("latest of 1,000 among 10,000", lambda: store.latest(wanted))
    store.close()


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--keep", type=Path, help="a folder to leave the log in")
    given = asked.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        latest(folder)
        measure(folder, given.rows)
    finally:
        if not given.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
