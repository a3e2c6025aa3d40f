"""Writes a sealed month: its rows sorted by (datastream, start), times and numbers in their shortest exact form.

A start is kept as `beat` + `delay`: the nearest beat of the rhythm of its datastream and what it is off by; where there
is no rhythm, `beat` is the start. A number x of a datastream whose numbers nearly all have k decimals is kept as
`scaled` = round(x * 10^k) and `scale` = k. What is left behind the last decimal (0.1 + 0.2, numbers that were single
precision once) is kept in `number`: x is scaled / 10^k + number, to the bit, for the difference of two numbers so close
is exact. Where no k will do, or x is too large, `number` is x itself and `scaled` is empty.
"""

from pathlib import Path

import duckdb

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.store import rows as shape
from bocage.store.embedded.manifest import Month, settle
from bocage.store.embedded.months import OPTIONAL, POWERS, quoted

FEW = 0.05  # share of numbers with more decimals than the others; each costs up to eight bytes
TIGHT = 8  # a rhythm helps when half of the delays are below this part of its step
SAME = ("delay", "span", "kind", "origin", "version", "scale")
FORM = (
    "FORMAT PARQUET, COMPRESSION ZSTD, COMPRESSION_LEVEL 6, PARQUET_VERSION V2, "
    "ROW_GROUP_SIZE 61440, DICTIONARY_SIZE_LIMIT 1"
)  # without a dictionary, whole numbers are kept as differences

_BEAT = 'first + round(("start" - first) / step)::BIGINT * step'
_FITS = f"abs(number) * {POWERS}[scale + 1] < 9e15"  # whole numbers are exact up to 2^53
_ENCODED = shape.NAMES.replace('"start"', f'{_BEAT} AS beat, "start" - ({_BEAT}) AS delay').replace(
    "number",
    f"""
  CASE WHEN isnan(number) THEN NULL WHEN {_FITS}
    THEN nullif(number - round(number * {POWERS}[scale + 1]) / {POWERS}[scale + 1], 0) ELSE number END AS number,
  CASE WHEN {_FITS} THEN CAST(round(number * {POWERS}[scale + 1]) AS BIGINT) END AS scaled, scale""",
)
_ROWS = f"SELECT {_ENCODED} FROM sealing JOIN fit USING (datastream)"

_RHYTHM = """CREATE OR REPLACE TEMP TABLE rhythm AS
WITH gaps AS (SELECT datastream, "start", "start" - lag("start") OVER (PARTITION BY datastream ORDER BY "start") AS gap
              FROM sealing),
usual AS (SELECT datastream, min("start") AS first, max("start") - min("start") AS length,
                 greatest(1, median(gap) FILTER (gap > 0)) AS gap FROM gaps GROUP BY datastream),
mean AS (SELECT datastream, first, coalesce(length / greatest(1, round(length / gap)), 1) AS step FROM usual)
SELECT datastream, first, greatest(1, CASE WHEN abs(round(step / 1000) * 1000 - step) <= step / 1000
    THEN round(step / 1000) * 1000 ELSE round(step) END)::BIGINT AS step FROM mean"""


def _decimals() -> str:
    """The fewest decimals that all but a few numbers of a datastream have; NULL when they have too many."""
    tests = " ".join(
        f"WHEN count(*) FILTER (NOT isnan(number) AND (abs(number) >= 9e{15 - k} OR "
        f"abs(number - round(number * 1e{k}) / 1e{k}::DOUBLE) > abs(number) * 1e-15)) <= {FEW} * count(*) THEN {k}"
        for k in range(9)
    )
    return f"CASE {tests} END::UTINYINT"


def _fit() -> str:
    return f"""CREATE OR REPLACE TEMP TABLE fit AS SELECT datastream, {_decimals()} AS scale, min(first) AS first,
        CASE WHEN median(abs("start" - ({_BEAT}))) * {TIGHT} < min(step) THEN min(step) ELSE 1 END::BIGINT AS step
        FROM sealing JOIN rhythm USING (datastream) GROUP BY datastream"""


def written(con: duckdb.DuckDBPyConnection, select: str, path: Path, name: str) -> Month | None:
    """Write the rows of a SELECT of `rows.NAMES` as a sealed month, durably; None when there are none."""
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE sealing AS {select}")
        try:
            return _written(con, path, name)
        finally:
            con.execute("DROP TABLE IF EXISTS sealing; DROP TABLE IF EXISTS rhythm; DROP TABLE IF EXISTS fit")
    except (duckdb.Error, OSError) as error:
        path.unlink(missing_ok=True)
        raise Unavailable(_("room to seal a month"), found=str(error), remedy=_("free some space")) from error


def _written(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Month | None:
    spans = 'SELECT count(*), min("start"), max("start"), min(position), max(position) FROM sealing'
    rows, start, end, lowest, highest = con.execute(spans).fetchall()[0]
    if not rows:
        return None
    con.execute(_RHYTHM)
    con.execute(_fit())
    same, void = _plain(con)
    kept = f"SELECT * EXCLUDE ({', '.join(void)}) FROM ({_ROWS})" if void else _ROWS
    con.execute(
        f"COPY (SELECT * FROM ({kept}) ORDER BY datastream, beat + delay, span, version) TO {quoted(path)} ({FORM})"
    )
    settle(path)
    return Month(
        name=name, file=path.name, rows=rows, start=start, end=end, lowest=lowest, highest=highest, same=same, void=void
    )


def _plain(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], tuple[str, ...]]:
    """Columns of the month that hold one value only, and those that hold none."""
    edges = ", ".join(f"min({one}), max({one}), count({one})" for one in SAME)
    counts = ", ".join(f"count({one})" for one in OPTIONAL)
    rows, *found = con.execute(f"SELECT count(*), {edges}, {counts} FROM ({_ROWS})").fetchall()[0]
    same = {
        one: int(low)
        for one, low, high, count in zip(SAME, found[0::3], found[1::3], found[2::3], strict=False)
        if low == high and count == rows
    }
    return same, tuple(one for one, count in zip(OPTIONAL, found[3 * len(SAME) :], strict=True) if not count)
