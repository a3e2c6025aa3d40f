"""Writes observations into one Parquet or CSV file, and reads such a Parquet file back."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import msgspec
import numpy as np

from bocage.domain.beside import spelled, unspelled
from bocage.domain.errors import Unavailable
from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.domain.text import message as _
from bocage.store import columns
from bocage.store.protocol import About
from bocage.store.rows import from_fetch, to_fetch

MEMORY = "128MB"
_TIMES = (
    'make_timestamp_ms("start") AT TIME ZONE \'UTC\' AS "start", '
    'make_timestamp_ms("start" + span) AT TIME ZONE \'UTC\' AS "end"'
)
_REPLACED = "text::VARCHAR AS text, original::BIGINT AS original, beside::VARCHAR AS beside"
_TYPED = f"(SELECT * REPLACE ({_REPLACED}) FROM spooled) AS spooled"
_WRITTEN = f"""
SELECT datastream, (datastream::BIGINT << {COUNTER_BITS}) | counter AS id, {_TIMES},
  CASE WHEN kind IN (0, 2) AND NOT isnan(number) THEN number END AS number, text, kind, origin,
  make_timestamp_ms(original) AT TIME ZONE 'UTC' AS original, version, beside
FROM {_TYPED} ORDER BY place"""
_ORIGINS = " ".join(f"WHEN {origin.value} THEN '{origin.name.lower()}'" for origin in Origin)
_YES = f"kind = {ResultKind.BOOLEAN.value}"
_NAMED = f"""
SELECT make_timestamp_ms("start") AT TIME ZONE 'UTC' AS "time",
  CASE WHEN span > 0 THEN make_timestamp_ms("start" + span) AT TIME ZONE 'UTC' END AS "end",
  names.datastream, thing, property, unit,
  CASE WHEN kind IN ({ResultKind.NUMBER.value}, {ResultKind.BOOLEAN.value}) AND NOT isnan(number) THEN number END
    AS result,
  CASE WHEN {_YES} THEN CASE WHEN number = 0 THEN 'false' ELSE 'true' END ELSE text END AS text,
  CASE origin {_ORIGINS} END AS origin, make_timestamp_ms(original) AT TIME ZONE 'UTC' AS original_time,
  spooled.datastream AS datastream_number, (spooled.datastream::BIGINT << {COUNTER_BITS}) | counter AS id, version,
  beside
FROM {_TYPED} LEFT JOIN names ON names.series = spooled.datastream ORDER BY place"""
_READ_NAMED = f"""
SELECT datastream_number AS datastream, epoch_ms("time") AS "start",
  coalesce(epoch_ms("end") - epoch_ms("time"), 0) AS span,
  CASE WHEN result IS NOT NULL AND text IS NOT NULL THEN {ResultKind.BOOLEAN.value}
    WHEN result IS NOT NULL THEN {ResultKind.NUMBER.value} WHEN text IS NOT NULL THEN {ResultKind.TEXT.value}
    ELSE {ResultKind.NULL.value} END::UTINYINT AS kind,
  coalesce(result, 'nan'::DOUBLE) AS number,
  CASE origin {" ".join(f"WHEN '{origin.name.lower()}' THEN {origin.value}" for origin in Origin)} END::UTINYINT
    AS origin,
  (id & 536870911)::INTEGER AS counter, 0::BIGINT AS position, version,
  CASE WHEN result IS NULL THEN text END AS text, epoch_ms(original_time) AS original, NULL::VARCHAR AS reason,
  NULL::VARCHAR AS beside
FROM read_parquet(?)"""
_READ = """
SELECT datastream, epoch_ms("start") AS "start", epoch_ms("end") - epoch_ms("start") AS span, kind,
  coalesce(number, 'nan'::DOUBLE) AS number, origin, (id & 536870911)::INTEGER AS counter, 0::BIGINT AS position,
  version, text, epoch_ms(original) AS original, NULL::VARCHAR AS reason,
  NULL::VARCHAR AS beside
FROM read_parquet(?)"""


def written(chunks: Iterable[Columns], path: Path, about: About | None = None) -> int:
    """One file sorted as the chunks come, in bounded memory; the number of rows. A `.csv` name gives CSV.

    With `about`, rows name their series, and a Parquet file holds the notes in its metadata.
    """
    total = 0
    partial = path.with_name(f".{path.name}.partial")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent) as folder, duckdb.connect(f"{folder}/spool.duckdb") as con:
            con.execute(f"SET memory_limit = '{MEMORY}'; SET threads = 1; SET temp_directory = '{folder}/spill'")
            con.execute(_NAMES)
            _name(con, about)
            chosen = _NAMED if about else _WRITTEN
            _spool(con, f"CREATE TABLE spool AS {chosen}", columns.empty())
            for chunk in chunks:
                _spool(con, f"INSERT INTO spool {chosen}", _spelled(chunk, spelled) if about else chunk)
                total += len(chunk)
            con.execute(f"COPY spool TO {_quoted(str(partial))} (FORMAT {_form(path, about)})")
        partial.replace(path)
    except (duckdb.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise Unavailable(_("room to write the export"), found=str(error), remedy=_("free some space")) from error
    return total


def _spool(con: duckdb.DuckDBPyConnection, statement: str, rows: Columns) -> None:
    """Rows as they will be written, in their order: a table gives back what it took in that order, without a sort."""
    spooled = {**to_fetch(rows), "place": np.arange(len(rows))}  # noqa: F841  (DuckDB reads it by name)
    con.execute(statement)


def _spelled(rows: Columns, spelling: Callable[[str | None, int, int], str | None]) -> Columns:
    """The same rows, what is said beside them written otherwise."""
    if rows.beside is None:
        return rows
    told = np.full(len(rows), None, object)
    told[:] = [spelling(*one) for one in zip(rows.beside.tolist(), rows.start.tolist(), rows.end.tolist(), strict=True)]
    return msgspec.structs.replace(rows, beside=told)


_NAMES = "CREATE TABLE names (series INTEGER, datastream VARCHAR, thing VARCHAR, property VARCHAR, unit VARCHAR)"


def _name(con: duckdb.DuckDBPyConnection, about: About | None) -> None:
    named = about.series if about else ()
    if named:
        rows = [(one.number, one.datastream, one.thing, one.observed, one.unit) for one in named]
        con.executemany("INSERT INTO names VALUES (?, ?, ?, ?, ?)", rows)


def _form(path: Path, about: About | None) -> str:
    if path.suffix == ".csv":
        return "CSV, HEADER"
    notes = ", ".join(f"{_quoted(name)}: {_quoted(text)}" for name, text in about.notes) if about else ""
    return "PARQUET, COMPRESSION ZSTD, PARQUET_VERSION V2" + (f", KV_METADATA {{{notes}}}" if notes else "")


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def read(path: Path, chunk: int = 65_536) -> Iterator[Columns]:
    """The observations of an exported Parquet file of either layout, in their order, in chunks."""
    with duckdb.connect() as con:
        con.execute("SET memory_limit = '256MB'; SET threads = 1; SET TimeZone = 'UTC'")
        total = con.execute("SELECT count(*) FROM read_parquet(?)", [str(path)]).fetchall()[0][0]
        found = con.execute("SELECT * FROM read_parquet(?) LIMIT 0", [str(path)]).description
        named = any(column[0] == "datastream_number" for column in found)
        layout = _READ_NAMED if named else _READ
        if any(column[0] == "beside" for column in found):
            layout = layout.replace("NULL::VARCHAR AS beside", "beside")
        for offset in range(0, total, chunk):
            where = f" WHERE file_row_number >= {offset} AND file_row_number < {offset + chunk}"
            source = layout.replace("read_parquet(?)", "read_parquet(?, file_row_number = true)") + where
            rows = from_fetch(con.execute(source, [str(path)]).fetchnumpy())
            yield columns.picked(_spelled(rows, unspelled) if named else rows, np.arange(len(rows)))
