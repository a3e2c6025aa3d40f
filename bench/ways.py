"""Long messages and files through the gate to the disk: lines of JSON, tables, packed or not, Parquet; and memory.

python -m bench ways [--rows 1000000] [--streams 100]

Each form holds the same readings, made before the clock starts, and is taken in by the code that HTTP and
`bocage ingest` call, in
parts of 64 KiB where it is streamed. Beside it: the same readings through the gate and the log as columns.
"""

import argparse
import asyncio
import gzip
import resource
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb
import numpy as np
from backports import zstd
from bench.given import AFTER, PLACE, SOURCE, declarations, readings, tell

from bocage import relational
from bocage.domain.reading import Decoded, ReadingBatch
from bocage.ingest.unpacking import Unpacking
from bocage.store.embedded.home import EmbeddedStore

PART = 65_536
Intake = Any  # its module has tables: imported once the database is known


def lines(batches: list[ReadingBatch], form: str) -> bytes:
    """The readings as lines."""
    told = [] if form == "json" else ["datastream,time,result"]
    for batch in batches:
        times = np.datetime_as_string(batch.start.astype("datetime64[ms]"), unit="s")
        for key, time, number in zip(batch.key.tolist(), times.tolist(), batch.number.tolist(), strict=True):
            name = batch.keys[key]
            told.append(
                f'{{"datastream":"{name}","time":"{time}Z","result":{number}}}'
                if form == "json"
                else f"{name},{time}Z,{number}"
            )
    return "\n".join(told).encode()


def taken(streams: int, take: Callable[[Intake], int]) -> float:
    """Rows a second, into a new log."""
    from bocage.ingest.intake import Intake

    with tempfile.TemporaryDirectory() as folder:
        store = EmbeddedStore(Path(folder) / "log")
        intake = Intake(store, lambda: AFTER, Path(folder), declarations(streams))
        begin = perf_counter()
        rows = take(intake)
        spent = perf_counter() - begin
        store.close()
    return rows / spent


def streamed(body: bytes, media_type: str, encoding: str = "") -> Callable[[Intake], int]:
    """A message that comes part by part."""

    from bocage.ingest.streaming import Sender

    async def parts() -> AsyncIterator[bytes]:
        unpacking = Unpacking(encoding) if encoding else None
        for at in range(0, len(body), PART):
            for part in unpacking.fed(body[at : at + PART]) if unpacking else (body[at : at + PART],):
                yield part

    def take(intake: Intake) -> int:
        stream = intake.stream(Sender(territory=PLACE, source=SOURCE, media_type=media_type))
        return asyncio.run(stream.take(parts())).accepted

    return take


def parquet(path: Path, batches: list[ReadingBatch]) -> Path:
    """The readings as a Parquet file."""
    every = {name: np.concatenate([getattr(one, name) for one in batches]) for name in ("key", "start", "number")}
    key, start, number = every.values()
    columns = {"k": key, "s": start, "n": number}
    duckdb.sql(
        f"""COPY (SELECT 's' || (k + 1) AS datastream, make_timestamp_ms(s)::TIMESTAMPTZ AS time, n AS result
        FROM columns) TO '{path}' (FORMAT PARQUET)"""
    )
    assert columns
    return path


def main() -> None:
    """Measure, and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rows", type=int, default=1_000_000)
    asked.add_argument("--streams", type=int, default=100)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        relational.configure(Path(folder), secret=b"bench" * 8)
        relational.migrate()
        measured(given.rows, given.streams, Path(folder))


def measured(rows: int, streams: int, folder: Path) -> None:
    """Each form in turn."""
    from bocage.ingest.loading import Load, handed, load

    batches = list(readings(rows, 20_000, streams))
    json, table = lines(batches, "json"), lines(batches, "csv")
    ndjson = "application/x-ndjson"

    def columns(intake: Intake) -> int:
        by = intake.gate.compiled(PLACE, SOURCE)
        return sum(handed(intake.reception, by, Decoded(readings=one)).accepted for one in batches)

    raw = taken(streams, columns)
    forms = {
        "lines of JSON": streamed(json, ndjson),
        "lines of JSON, zstd": streamed(zstd.compress(json), ndjson, "zstd"),
        "lines of JSON, gzip": streamed(gzip.compress(json), ndjson, "gzip"),
        "a table (CSV)": streamed(table, "text/csv"),
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, take in forms.items():
        found = taken(streams, take)
        tell(f"{name}, {rows:,} rows", f"{found:,.0f} /s", f"{found / raw:.0%} of columns {raw:,.0f} /s")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    tell("memory they added at most", f"{grown:.0f} MiB", f"a message of {len(json) >> 20} MiB")
    asked = Load(territory=PLACE, source=SOURCE, path=parquet(folder / "rows.parquet", batches))
    found = taken(streams, lambda intake: load(intake.reception, asked, lambda read: None).accepted)
    tell(f"a Parquet file, {rows:,} rows", f"{found:,.0f} /s", f"{found / raw:.0%} of columns {raw:,.0f} /s")


if __name__ == "__main__":
    main()
