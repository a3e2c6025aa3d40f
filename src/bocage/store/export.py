"""Writes observations into one Parquet or CSV file, and reads such a Parquet file back."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.store import columns
from bocage.store.rows import from_fetch, to_fetch

_TIMES = (
    'make_timestamp_ms("start") AT TIME ZONE \'UTC\' AS "start", '
    'make_timestamp_ms("start" + span) AT TIME ZONE \'UTC\' AS "end"'
)
_WRITTEN = f"""
SELECT datastream, (datastream::BIGINT << {COUNTER_BITS}) | counter AS id, {_TIMES},
  CASE WHEN kind IN (0, 2) AND NOT isnan(number) THEN number END AS number, text, kind, origin,
  make_timestamp_ms(original) AT TIME ZONE 'UTC' AS original, version
FROM spool ORDER BY rowid"""
_READ = """
SELECT datastream, epoch_ms("start") AS "start", epoch_ms("end") - epoch_ms("start") AS span, kind,
  coalesce(number, 'nan'::DOUBLE) AS number, origin, (id & 536870911)::INTEGER AS counter, 0::BIGINT AS position,
  version, text, epoch_ms(original) AS original, NULL::VARCHAR AS reason
FROM read_parquet(?)"""


def written(chunks: Iterable[Columns], path: Path) -> int:
    """One file sorted as the chunks come, in bounded memory; the number of rows. A `.csv` name gives CSV."""
    total = 0
    partial = path.with_name(f".{path.name}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, duckdb.connect(f"{folder}/spool.duckdb") as con:
            con.execute(f"SET memory_limit = '256MB'; SET threads = 1; SET temp_directory = '{folder}/spill'")
            con.execute(_SPOOL)
            for chunk in chunks:
                spooled = to_fetch(chunk)  # noqa: F841  (DuckDB reads it by name)
                con.execute("INSERT INTO spool SELECT * FROM spooled")
                total += len(chunk)
            form = "CSV, HEADER" if path.suffix == ".csv" else "PARQUET, COMPRESSION ZSTD, PARQUET_VERSION V2"
            con.execute(f"COPY ({_WRITTEN}) TO '{_quoted(partial)}' (FORMAT {form})")
        partial.replace(path)
    except (duckdb.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise Unavailable("room to write the export", found=str(error), remedy="free some space") from error
    return total


_SPOOL = """CREATE TABLE spool (datastream INTEGER, "start" BIGINT, span BIGINT, kind UTINYINT, number DOUBLE,
  origin UTINYINT, counter INTEGER, position BIGINT, version INTEGER, text VARCHAR, original BIGINT, reason VARCHAR)"""


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def read(path: Path, chunk: int = 65_536) -> Iterator[Columns]:
    """The observations of an exported Parquet file, in their order, in chunks."""
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '256MB'; SET threads = 1; SET TimeZone = 'UTC'")
        total = con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0]
        for offset in range(0, total, chunk):
            where = f" WHERE file_row_number >= {offset} AND file_row_number < {offset + chunk}"
            source = _READ.replace("read_parquet(?)", "read_parquet(?, file_row_number = true)") + where
            rows = from_fetch(con.execute(source, [str(path)]).fetchnumpy())
            yield columns.picked(rows, np.arange(len(rows)))
