"""Sealed months: Parquet files sorted by (datastream, start), decimal numbers kept as whole numbers.

A number x of a datastream whose numbers nearly all have k decimals is kept as `scaled` = round(x * 10^k) and
`scale` = k. What is left behind the last decimal (0.1 + 0.2, numbers that were single precision once) is kept in
`number`: x is scaled / 10^k + number, to the bit, for the difference of two numbers so close is exact. Where no k will
do, or x is too large, `number` is x itself and `scaled` is empty.
"""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from bocage.domain.errors import Unavailable
from bocage.store.embedded import rows as shape
from bocage.store.embedded.manifest import Month, settle

SEALED_NAMES = shape.NAMES.replace("number", "number, scaled, scale")
_POWERS = "[" + ", ".join(f"1e{k}::DOUBLE" for k in range(9)) + "]"
_FITS = f"abs(number) * {_POWERS}[scale + 1] < 9e15"  # whole numbers are exact up to 2^53
_DECODED = shape.NAMES.replace(
    "number", f"coalesce(scaled::DOUBLE / {_POWERS}[scale + 1] + coalesce(number, 0), number, 'nan'::DOUBLE) AS number")
_ENCODED = shape.NAMES.replace("number", f"""
  CASE WHEN isnan(number) THEN NULL WHEN {_FITS}
    THEN nullif(number - round(number * {_POWERS}[scale + 1]) / {_POWERS}[scale + 1], 0) ELSE number END AS number,
  CASE WHEN {_FITS} THEN CAST(round(number * {_POWERS}[scale + 1]) AS BIGINT) END AS scaled, scale""")
FEW = 0.05  # each exception costs up to eight bytes
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
    """The fewest decimals that all but a few numbers of a datastream have; NULL when they have too many."""
    tests = " ".join(
        f"WHEN count(*) FILTER (NOT isnan(number) AND (abs(number) >= 9e{15 - k} OR "
        f"abs(number - round(number * 1e{k}) / 1e{k}::DOUBLE) > abs(number) * 1e-15)) <= {FEW} * count(*) THEN {k}"
        for k in range(9))
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
    rests = con.execute(f"SELECT count(number) FROM (SELECT {_ENCODED} FROM sealing JOIN fit USING (datastream))")
    return same, tuple(void if rests.fetchall()[0][0] else [*void, "number"])


def wanted(months: Sequence[Month], *, narrow: bool) -> tuple[str, dict[str, int]]:
    """The columns that must be read of these months, and the value of those that need not be."""
    same = {name: value for name, value in months[0].same.items()
            if all(month.same.get(name) == value for month in months)}
    void = {name for name in months[0].void if all(name in month.void for month in months)}
    left_out = void | set(same) | (set(UNSUMMED) if narrow else set())
    names = [name for name in SEALED_NAMES.split(", ") if name.strip('"') not in left_out]
    return ", ".join(names), same
