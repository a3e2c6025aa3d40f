"""Reads of the log beside raw DuckDB on the same rows, in one run.

python -m bench reads [--rows 5000000] [--keep FOLDER]    (--rows 100000000 for the promised size)

A year of regular series, a value every quarter of an hour; each month is sealed when the next one is five days old: the
last one is open, in the order of arrival. Raw DuckDB holds the same rows in one table sorted by (datastream, start),
the order that suits these reads best.
With --keep, the log and the table stay in the folder, and a second run reads what stands there.
"""

import argparse
import shutil
import tempfile
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
from bench.filling import END, YEAR, filled, rows_of
from bench.given import DAY, T0, milliseconds, tell

from bocage.store.embedded.home import EmbeddedStore

WITHIN = 1.5  # milliseconds promised for 24 hours of one series


def raw(path: Path, store: EmbeddedStore, datastreams: int) -> duckdb.DuckDBPyConnection:
    """The same rows in one plain DuckDB table, sorted by (datastream, start)."""
    new = not path.exists()
    con = duckdb.connect(str(path), config={"threads": 2, "memory_limit": "1GB"})
    if new:
        con.execute('CREATE TABLE raw (datastream INTEGER, "start" BIGINT, number DOUBLE)')
        begin = perf_counter()
        for rows in store.scan(range(1, datastreams + 1), T0, END, chunk=500_000):
            columns = {"d": rows.datastream, "s": rows.start, "n": rows.number}
            con.execute("INSERT INTO raw SELECT d, s, n FROM columns")
            assert columns
        con.execute("CHECKPOINT")
        tell("all of it read and copied into raw DuckDB", f"{datastreams * YEAR / (perf_counter() - begin):,.0f} /s")
    return con


def measured(store: EmbeddedStore, con: duckdb.DuckDBPyConnection, datastreams: int) -> None:
    """Each read beside the same question put to the plain table."""
    rows = datastreams * YEAR
    one, some = datastreams // 2 + 1, min(datastreams, 1_000)
    query = 'SELECT "start", number FROM raw WHERE datastream = ? AND "start" >= ? AND "start" < ? ORDER BY "start"'
    where = {"last 24 hours": END - DAY, "24 hours in an open month": END - 20 * DAY, "24 hours sealed": T0 + 100 * DAY}
    for label, start in where.items():
        ours = milliseconds(lambda start=start: store.window(one, start, start + DAY))
        other = milliseconds(lambda start=start: con.execute(query, [one, start, start + DAY]).fetchnumpy())
        what, promised = f"{label} of one datastream among {rows:,}", f"{WITHIN} ms over HTTP"
        tell(what, f"{ours:.2f} ms", f"raw DuckDB {other:.2f} ms", promised)
    ours = milliseconds(lambda: store.window(one, T0, END))
    other = milliseconds(lambda: con.execute(query, [one, T0, END]).fetchnumpy())
    tell("a year of one datastream, every value", f"{ours:.1f} ms", f"raw DuckDB {other:.1f} ms")
    tell(
        "the newest value of one",
        f"{milliseconds(lambda: store.window(one, 0, END, limit=1, newest_first=True)):.2f} ms",
    )
    days = f'SELECT datastream, "start" // {DAY} AS day, avg(number) FROM raw WHERE "start" >= ? AND datastream '
    for count, first, label in ((1, T0, "a year"), (some, END - 30 * DAY, "30 days"), (some, T0, "a year")):
        wanted = range(one, one + 1) if count == 1 else range(1, count + 1)
        runs = 15 if count == 1 else 3
        test = f"BETWEEN {wanted[0]} AND {wanted[-1]} GROUP BY ALL"
        ours = milliseconds(lambda wanted=wanted, first=first: _summed(store, wanted, first), runs)
        again = milliseconds(lambda wanted=wanted, first=first: store.rollup(wanted, first, END, "day"))
        other = milliseconds(lambda test=test, first=first: con.execute(f"{days} {test}", [first]).fetchnumpy(), runs)
        what = f"{label} by day of {count:,} datastreams"
        tell(f"{what}, the first time", f"{ours:,.1f} ms", f"raw DuckDB {other:,.1f} ms")
        tell(f"{what}, again", f"{again:,.2f} ms", f"raw DuckDB {other:,.1f} ms", "10 ms" if count > 1 else "")
    tell("a year by month of one datastream", f"{milliseconds(lambda: store.rollup([one], T0, END, 'month')):.1f} ms")


def _summed(store: EmbeddedStore, wanted: range, first: int) -> None:
    """Days as if nobody had asked for them yet: those that are over are kept, the last one is summed."""
    store._fresh.ready.forget()
    store.rollup(wanted, first, END, "day")


def latest(folder: Path) -> None:
    """Latest values of 10,000 datastreams."""
    store = EmbeddedStore(folder)
    numbers = np.arange(1, 10_001, dtype=np.int32)
    store.append(rows_of(np.random.default_rng(1), numbers, np.arange(1))).result()
    con = duckdb.connect()
    columns = {"d": numbers, "s": np.full(10_000, T0), "n": numbers / 7}
    con.execute("CREATE TABLE latest AS SELECT d, s, n FROM columns")
    assert columns
    other = milliseconds(lambda: con.execute("SELECT * FROM latest ORDER BY d").fetchnumpy())
    beside = f"raw DuckDB, a table of them: {other:.2f} ms"
    tell("latest of 10,000 datastreams", f"{milliseconds(store.latest):.2f} ms", beside, "15 ms over HTTP")
    some = [int(n) for n in numbers[::10]]
    tell("latest of 1,000 among 10,000", f"{milliseconds(lambda: store.latest(some)):.2f} ms", "", "5 ms over HTTP")
    con.close()
    store.close()
    shutil.rmtree(folder)


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--keep", type=Path, help="a folder to leave the log in, or to find it in")
    given = asked.parse_args()
    folder, datastreams = given.keep or Path(tempfile.mkdtemp()), max(1, given.rows // YEAR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        latest(folder / "latest")
        if not (folder / "log").exists():
            came = filled(folder / "log", datastreams)
            tell(f"{came.rows:,} rows appended", f"{came.rate:,.0f} /s", f"and sealed in {came.sealing:.0f} s")
        begin = perf_counter()
        store = EmbeddedStore(folder / "log")
        tell("a log of them opened", f"{(perf_counter() - begin) * 1e3:.0f} ms")
        begin = perf_counter()
        store.tidy()
        tell("days that are over summed and arranged, in the background", f"{perf_counter() - begin:.1f} s")
        con = raw(folder / "raw.duckdb", store, datastreams)
        size, table = store.size() / datastreams / YEAR, (folder / "raw.duckdb").stat().st_size / datastreams / YEAR
        tell("bytes a row, the last month of it open", f"{size:.2f}", f"raw DuckDB {table:.2f}")
        measured(store, con, datastreams)
        con.close()
        store.close()
    finally:
        if not given.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
