"""Bytes an observation takes on the disk once its month is sealed: generated series, and real ones from a folder.

python bench/bytes.py [--datastreams 200] [--days 60] [FOLDER ...]

In a folder, each CSV or Parquet file with a column of times and columns of numbers is measured, one series a column.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bocage.domain.observation import ObservationBatch
from bocage.store.embedded.home import EmbeddedStore

QUARTER, DAY = 900_000, 86_400_000
T0 = 1_735_689_600_000
FOREVER = 4_102_444_800_000


def sealed(datastream: Any, start: Any, number: Any, commit: int) -> float:
    """Bytes a row of sealed months, the rows having come in this order in commits of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder))
        futures = []
        for first in range(0, len(start), commit):
            part = slice(first, first + commit)
            n = len(start[part])
            futures.append(
                store.append(
                    ObservationBatch(
                        datastream=datastream[part].astype(np.int32),
                        start=start[part],
                        end=start[part],
                        kind=np.zeros(n, np.uint8),
                        number=number[part],
                        origin=np.zeros(n, np.uint8),
                    )
                )
            )
            if len(futures) > 64:  # each group commit holds a few at most, as when they come one by one
                futures.pop(0).result()
        for future in futures:
            future.result()
        store.seal(FOREVER)
        kept = sum(one.count for one in store.extent())
        size = sum(path.stat().st_size for path in Path(folder).glob("month-*.parquet"))
        store.close()
    return size / max(kept, 1)


def generated(datastreams: int, days: int) -> Iterator[tuple[str, float]]:
    """Values that wander with two decimals, every quarter of an hour: on the hour, then with a phase and a jitter."""
    rng = np.random.default_rng(2)
    ticks = np.arange(days * DAY // QUARTER)
    number = np.round(20 + np.cumsum(rng.normal(0, 0.2, (len(ticks), datastreams)), axis=0), 2)
    names = np.tile(np.arange(1, datastreams + 1), len(ticks))
    start = np.repeat(T0 + ticks * QUARTER, datastreams)
    yield "generated, regular", sealed(names, start, number.ravel(), datastreams)
    yield (
        "generated, regular, noise of 10 bits",
        sealed(names, start, np.round(rng.normal(20, 3, len(start)), 2), datastreams),
    )
    phase, jitter = rng.integers(0, QUARTER, datastreams), rng.integers(-2_000, 2_000, len(start))
    moved = start + np.tile(phase, len(ticks)) + jitter
    order = np.argsort(moved, kind="stable")
    for commit in (1_000, 10):
        label = f"generated, phase and jitter of 2 s, commits of {commit}"
        yield label, sealed(names[order], moved[order], number.ravel()[order], commit)


Rows = tuple[Any, Any, Any]


def real(folders: list[Path]) -> Iterator[tuple[str, float]]:
    """Each file that can be read as times and numbers in a log of its own, then all of them in one.

    A month of one series is a file of a few kilobytes, of which its description is a third or more; in the log of a
    territory many series share each month. The last figure is that: all series moved to begin on the same day.
    """
    every: list[Rows] = []
    used = 0
    for path in sorted(
        path for folder in folders for form in ("*.csv", "*.csv.gz", "*.parquet") for path in folder.rglob(form)
    ):
        try:
            names, start, number = _file(path)
        except (duckdb.Error, ValueError) as error:
            print(f"{path.name!s:58s} not measured: {str(error).splitlines()[0][:60]}")
            continue
        yield f"{path.parent.name}/{path.name}"[-57:], sealed(names, start, number, 1_000)
        every.append((names + used, start - int(start.min()) // DAY * DAY + T0, number))
        used += int(names.max())
    if every:
        names, start, number = (np.concatenate([part[n] for part in every]) for n in range(3))
        order = np.lexsort((names, start))
        yield f"all {used} real series in one log", sealed(names[order], start[order], number[order], 1_000)


def _file(path: Path) -> Rows:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv_auto"
    source = f"{reader}('{str(path).replace(chr(39), chr(39) * 2)}')"
    columns = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    times = [name for name, kind, *_ in columns if kind.startswith(("TIMESTAMP", "DATE"))]
    numbers = [name for name, kind, *_ in columns if kind in ("DOUBLE", "BIGINT", "INTEGER", "FLOAT")]
    if not times or not numbers:
        raise ValueError("no column of times, or none of numbers")
    keys = [name for name in numbers if name.endswith("_id")]
    parts = []
    for name in (name for name in numbers if name not in keys):
        key = f'"{keys[0]}"' if keys else "0"
        found = con.execute(f"""SELECT dense_rank() OVER (ORDER BY {key}) AS series, number, start FROM (
            SELECT {key}, epoch_ms("{times[0]}"::TIMESTAMP) AS start, "{name}"::DOUBLE AS number
            FROM {source} WHERE "{times[0]}" IS NOT NULL AND "{name}" IS NOT NULL)""").fetchnumpy()
        series = np.ma.getdata(found["series"]).astype(np.int64)
        if len(series):
            before = int(parts[-1][0].max()) if parts else 0
            parts.append(
                (series + before, np.ma.getdata(found["start"]).astype(np.int64), np.ma.getdata(found["number"]))
            )
    names, starts, values = (np.concatenate([part[n] for part in parts]) for n in range(3))
    if len(np.unique(starts)) < 100:
        raise ValueError("fewer than 100 times: a table, not a series")
    order = np.lexsort((names, starts))
    return names[order], starts[order], values[order]


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--datastreams", type=int, default=200)
    asked.add_argument("--days", type=int, default=60)
    asked.add_argument("folders", nargs="*", type=Path)
    given = asked.parse_args()
    print("bytes an observation, sealed (promised: 2.0 real and regular, 3.5 jittered)")
    for label, figure in generated(given.datastreams, given.days):
        print(f"{label:58s} {figure:6.2f}", flush=True)
    for label, figure in real(given.folders):
        print(f"{label:58s} {figure:6.2f}", flush=True)


if __name__ == "__main__":
    main()
