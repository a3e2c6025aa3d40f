"""Lays a log of any size on the disk without passing its journal, and goes on where an interrupted loading stopped.

A year of regular series, a value every quarter of an hour, made by DuckDB itself: all months but the last go through
the code that seals them, some series at a time, and the last one is open, in the order of arrival. What comes out is
the folder an instance would have, the same each time. How fast readings are taken in is told elsewhere.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import msgspec
import numpy as np
from bench.filling import YEAR, months
from bench.given import QUARTER, T0

from bocage.domain.nature import Nature
from bocage.store import rows as shape
from bocage.store.embedded import manifest as folder_manifest
from bocage.store.embedded import sealing
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.embedded.manifest import Manifest
from bocage.store.embedded.open_months import Limits, OpenMonths
from bocage.store.protocol import Series

TOGETHER = 1_280  # series sealed at once
SORTED = 128  # series of a year sorted at once for the plain table
COMMIT = 100_000  # rows of a commit, as they would have come
_SPREAD = " + ".join(f"(hash(s, t) >> {16 * part}) % 65536" for part in range(4))  # four dice are nearly a bell


def whole(folder: Path) -> bool:
    """Whether a log stands there, loaded to its end."""
    if not (folder / "manifest.json").exists():
        return False
    store = EmbeddedStore(folder)
    complete = bool(store.extent([1]))
    store.close()
    return complete


def raw_table(path: Path, series: int, since: int = 1) -> duckdb.DuckDBPyConnection:
    """The same rows in one plain table of DuckDB sorted by (series, start); made where it does not stand whole."""
    con = duckdb.connect(str(path), config={"threads": 2, "memory_limit": "1GB"})
    ticks = list(months())
    con.execute('CREATE TABLE IF NOT EXISTS raw (datastream INTEGER, "start" BIGINT, number DOUBLE)')
    [[last]] = con.execute("SELECT coalesce(max(datastream), 0) FROM raw").fetchall()
    for low in range(last + 1, series + 1, SORTED):
        rows = rows_as_sql((low, min(low + SORTED, series + 1)), (ticks[since - 1][0], ticks[-1][1]), series)
        con.execute(f'INSERT INTO raw SELECT datastream, "start", number FROM ({rows}) ORDER BY datastream, "start"')
    con.execute("CHECKPOINT")
    return con


def loaded(folder: Path, datastreams: int, since: int = 1) -> None:
    """A year of each datastream, from that month on; what stands in the folder already is left as it is."""
    store = EmbeddedStore(folder)
    numbers = np.arange(1, datastreams + 1)
    store.mirror([Series(number=int(n), territory="bench", nature=Nature.GAUGE, zone="Europe/Paris") for n in numbers])
    complete = bool(store.extent([1]))
    store.close()
    if complete:
        return
    manifest = folder_manifest.read(folder)
    assert manifest is not None
    columns = OpenMonths(folder / manifest.columns, Limits(memory="2GB"))
    *sealed, opened = months()
    try:
        for number, (first, last) in enumerate(sealed[since - 1 :], since):
            for low in range(1, datastreams + 1, TOGETHER):
                name, high = f"2025-{number:02d}", min(low + TOGETHER, datastreams + 1)
                if not any(month.name == name and month.low == low for month in manifest.months):
                    rows = rows_as_sql((low, high), (first, last), datastreams)
                    manifest = _sealed(columns, folder, manifest, name, rows)
        _opened(columns, opened, datastreams, list(months())[since - 1][0])
    finally:
        columns.close()


def rows_as_sql(series: tuple[int, int], ticks: tuple[int, int], datastreams: int) -> str:
    """A SELECT of `rows.NAMES`."""
    position = f"t // {max(1, COMMIT // datastreams)} + 1"
    return f"""SELECT s::INTEGER AS datastream, {T0} + t * {QUARTER} AS "start", 0::BIGINT AS span, 0::UTINYINT AS kind,
        round(20 + 3 * ((({_SPREAD})::DOUBLE / 65536) - 2) / 0.577, 2) AS number, 0::UTINYINT AS origin,
        (t + 1)::INTEGER AS counter, ({position})::BIGINT AS position, 1::INTEGER AS version, NULL::VARCHAR AS text,
        NULL::BIGINT AS original, NULL::VARCHAR AS reason, NULL::VARCHAR AS beside
        FROM range({ticks[0]}, {ticks[1]}) AS ticks(t), range({series[0]}, {series[1]}) AS series(s)"""


def _sealed(columns: OpenMonths, folder: Path, manifest: Manifest, name: str, rows: str) -> Manifest:
    def paths() -> Iterator[Path]:
        for number in range(1 << 20):
            yield folder / f"month-{name}-{manifest.following}-{number}.parquet"

    path = paths()
    named = sealing.Named(name=name, until=name, path=lambda: next(path))
    made = sealing.written(columns.cursor(), rows, named)
    every = sorted((*manifest.months, *made), key=lambda month: (month.name, month.low, month.start))
    found = msgspec.structs.replace(manifest, months=tuple(every), following=manifest.following + 1)
    folder_manifest.write(folder, found)
    return found


def _opened(columns: OpenMonths, ticks: tuple[int, int], datastreams: int, since: int) -> None:
    """The open month, and what is known of each series after it, whose first value is of the tick `since`."""
    cursor = columns.cursor()
    step = max(1, 2_000_000 // datastreams)
    [[stands]] = cursor.execute("SELECT coalesce(max(counter), 0) FROM plain").fetchall()
    for first in range(max(ticks[0], stands), ticks[1], step):
        rows = rows_as_sql((1, datastreams + 1), (first, min(first + step, ticks[1])), datastreams)
        cursor.execute(
            f"INSERT INTO plain SELECT {shape.PLAIN_NAMES} FROM ({rows}) ORDER BY position, datastream, start"
        )
    cursor.execute("BEGIN")
    last = rows_as_sql((1, datastreams + 1), (YEAR - 1, YEAR), datastreams)
    cursor.execute(
        f"INSERT INTO state SELECT {YEAR + 1}, {YEAR - since}, {T0 + since * QUARTER}, {shape.NAMES} FROM ({last})"
    )
    cursor.execute("UPDATE mark SET drained = (SELECT max(position) FROM plain)")
    cursor.execute("DELETE FROM contents")  # they are looked for when the log is opened
    cursor.execute("COMMIT")
    cursor.execute("CHECKPOINT")
