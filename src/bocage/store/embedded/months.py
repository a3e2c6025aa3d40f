"""Sealed months: Parquet files sorted by (datastream, start), numbers kept as whole numbers where that is exact."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from bocage.domain.errors import Unavailable
from bocage.store.embedded import rows as shape
from bocage.store.embedded.manifest import Month, settle

SEALED_NAMES = shape.NAMES.replace("number", "number, scaled, scale")
_POWERS = "[" + ", ".join(f"1e{k}::DOUBLE" for k in range(7)) + "]"
_DECODED = shape.NAMES.replace(
    "number", f"coalesce(scaled::DOUBLE / {_POWERS}[scale + 1], number, 'nan'::DOUBLE) AS number")
_ENCODED = shape.NAMES.replace("number", f"""
  CASE WHEN scale IS NULL AND NOT isnan(number) THEN number END AS number,
  CASE WHEN NOT isnan(number) THEN CAST(round(number * {_POWERS}[scale + 1]) AS BIGINT) END AS scaled, scale""")
SAME = ("span", "kind", "origin", "version")
OPTIONAL = ("text", "original", "reason")
UNSUMMED = ("counter", "position", "origin", "text", "original", "reason")  # what rollups do not look at
NARROW = ", ".join(name for name in shape.NAMES.split(", ") if name not in UNSUMMED)
_SPANS = 'SELECT count(*), min("start"), max("start"), min(position), max(position) FROM sealing'
_FORM = "FORMAT PARQUET, COMPRESSION ZSTD, COMPRESSION_LEVEL 6, PARQUET_VERSION V2, " \
        "ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 1"
ORDER = 'datastream, "start", span, version'


def quoted(path: Path) -> str:
    """A path as a SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"


def source(folder: Path, months: Sequence[Month]) -> str:
    """What a SELECT of `SEALED_NAMES` reads from, for these months."""
    return f"read_parquet([{', '.join(quoted(folder / month.file) for month in months)}])"


def decoded(folder: Path, months: Sequence[Month], where: str) -> str:
    """A SELECT of `rows.NAMES` over sealed months."""
    return f"SELECT {_DECODED} FROM {source(folder, months)} WHERE {where}"


def _fits() -> str:
    """The smallest power of ten that makes every number of a datastream whole, exactly; NULL when there is none."""
    tests = " ".join(
        f"WHEN bool_and(isnan(number) OR (abs(number) < 1e9 AND round(number * {_POWERS}[{k + 1}]) / {_POWERS}[{k + 1}]"
        f" = number)) THEN {k}" for k in range(7))
    return f"CASE {tests} END::UTINYINT"


def written(con: duckdb.DuckDBPyConnection, select: str, path: Path, name: str) -> Month | None:
    """Write the rows of a SELECT of `rows.NAMES` as a sealed month, durably; None when there are none."""
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE sealing AS {select}")
        try:
            con.execute(f"CREATE OR REPLACE TEMP TABLE fit AS "
                        f"SELECT datastream, {_fits()} AS scale FROM sealing GROUP BY datastream")
            rows, start, end, lowest, highest = con.execute(_SPANS).fetchall()[0]
            if not rows:
                return None
            same, void = _plain_columns(con)
            con.execute(f"""COPY (SELECT {_ENCODED} FROM sealing JOIN fit USING (datastream) ORDER BY {ORDER})
                TO {quoted(path)} ({_FORM})""")
        finally:
            con.execute("DROP TABLE IF EXISTS sealing; DROP TABLE IF EXISTS fit")
        settle(path)
    except (duckdb.Error, OSError) as error:
        path.unlink(missing_ok=True)
        raise Unavailable("room to seal a month", found=str(error), remedy="free some space") from error
    return Month(name=name, file=path.name, rows=rows, start=start, end=end, lowest=lowest, highest=highest,
                 same=same, void=void)


def _plain_columns(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], tuple[str, ...]]:
    """Columns of the month that is being sealed that hold one value only, and those that hold none."""
    edges = ", ".join(f"min({one}), max({one})" for one in SAME)
    found = con.execute(f"SELECT {edges} FROM sealing").fetchall()[0]
    same = {one: int(found[2 * n]) for n, one in enumerate(SAME) if found[2 * n] == found[2 * n + 1]}
    low, high, fit, every = con.execute("SELECT min(scale), max(scale), count(scale), count(*) FROM fit").fetchall()[0]
    if low == high and fit == every:
        same["scale"] = int(low)
    counts = con.execute(f"SELECT {', '.join(f'count({one})' for one in OPTIONAL)} FROM sealing").fetchall()[0]
    void = [one for one, count in zip(OPTIONAL, counts, strict=True) if not count]
    return same, tuple([*void, "number"] if fit == every else void)


def wanted(months: Sequence[Month], *, narrow: bool) -> tuple[str, dict[str, int]]:
    """The columns that must be read of these months, and the value of those that need not be."""
    same = {name: value for name, value in months[0].same.items()
            if all(month.same.get(name) == value for month in months)}
    void = {name for name in months[0].void if all(name in month.void for month in months)}
    left_out = void | set(same) | (set(UNSUMMED) if narrow else set())
    names = [name for name in SEALED_NAMES.split(", ") if name.strip('"') not in left_out]
    return ", ".join(names), same
