"""Writes a sealed month: its rows sorted by (datastream, start), times and numbers in their shortest exact form.

A start is kept as `beat` + `delay`: the nearest beat of the rhythm of its datastream and what it is off by; where there
is no rhythm, `beat` is the start. A number x of a datastream whose numbers nearly all have k decimals is kept as
`scaled` = round(x * 10^k) and `scale` = k. What is left behind the last decimal (0.1 + 0.2, numbers that were single
precision once) is kept in `number`: x is scaled / 10^k + number, to the bit, for the difference of two numbers so close
is exact. Where no k will do, or x is too large, `number` is x itself and `scaled` is empty.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb
import msgspec

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.store import rows as shape
from bocage.store.embedded.covers import SMALL
from bocage.store.embedded.manifest import Month, settle
from bocage.store.embedded.months import OPTIONAL, ORDER, POWERS, quoted

FEW = 0.05  # share of numbers with more decimals than the others; each costs up to eight bytes
FOREVER = 2**62
PORTION = 16 * SMALL  # rows sorted at once, about
TIGHT = 8  # a rhythm helps when half of the delays are below this part of its step
SAME = ("delay", "span", "kind", "origin", "version", "scale")
FORM = (
    "FORMAT PARQUET, COMPRESSION ZSTD, COMPRESSION_LEVEL 6, PARQUET_VERSION V2, "
    "ROW_GROUP_SIZE 20480, DICTIONARY_SIZE_LIMIT 1"
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
_TABLES = ("sealing", "rhythm", "fit", "part")

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


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """The months that are sealed, and how their files are called, one after the other."""

    name: str
    until: str
    path: Callable[[], Path]


def written(con: duckdb.DuckDBPyConnection, select: str, named: Named) -> list[Month]:
    """Write the rows of a SELECT of `rows.NAMES` as sealed files, durably; none when there are no rows."""
    try:
        return [month for part in _portions(con, select) for month in _portion(con, part, named)]
    except (duckdb.Error, OSError) as error:
        raise Unavailable(_("room to seal a month"), found=str(error), remedy=_("free some space")) from error


def _portions(con: duckdb.DuckDBPyConnection, select: str) -> list[str]:
    """The same rows as SELECTs of some datastreams each, so that memory does not grow with the month."""
    counted = con.execute(
        f"SELECT datastream, count(*) FROM ({select}) GROUP BY datastream ORDER BY datastream"
    ).fetchall()
    if sum(rows for _number, rows in counted) <= PORTION:
        return [select] if counted else []
    groups, held = [counted[0][0]], 0
    for number, rows in counted:
        if held and held + rows > PORTION:
            groups.append(number)
            held = 0
        held += rows
    return [
        f"SELECT * FROM ({select}) WHERE datastream >= {first} AND datastream < {following}"
        for first, following in pairwise([*groups, counted[-1][0] + 1])
    ]


def _portion(con: duckdb.DuckDBPyConnection, select: str, named: Named) -> list[Month]:
    con.execute(f"CREATE OR REPLACE TEMP TABLE sealing AS {select} ORDER BY {ORDER}")
    try:
        cuts = _cuts(con)
        con.execute(_RHYTHM)
        con.execute(_fit())
        return [_written(con, where, named) for where in cuts]
    finally:
        con.execute("; ".join(f"DROP TABLE IF EXISTS {table}" for table in _TABLES))


def _cuts(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Conditions that share the rows out to files: some datastreams each, or some time of a large one."""
    counted = con.execute("SELECT datastream, count(*) FROM sealing GROUP BY datastream ORDER BY datastream").fetchall()
    if sum(rows for _number, rows in counted) <= SMALL:
        return ["true"] if counted else []
    cuts, first, held = list[str](), counted[0][0], 0
    for number, rows in counted:
        if held and held + rows > SMALL:
            cuts.append(f"datastream >= {first} AND datastream < {number}")
            first, held = number, 0
        if rows > SMALL:
            cuts += _times(con, number, -(-rows // SMALL))
            first, held = number + 1, 0
        else:
            held += rows
    return [*cuts, f"datastream >= {first}"] if held else cuts


def _times(con: duckdb.DuckDBPyConnection, number: int, parts: int) -> list[str]:
    """Conditions that share one datastream out by time."""
    places = ", ".join(str(part / parts) for part in range(1, parts))
    [[found]] = con.execute(
        f'SELECT quantile_disc("start", [{places}]) FROM sealing WHERE datastream = {number}'
    ).fetchall()
    edges = [-FOREVER, *sorted(set(found)), FOREVER]
    return [f'datastream = {number} AND "start" >= {a} AND "start" < {b}' for a, b in pairwise(edges)]


def _written(con: duckdb.DuckDBPyConnection, where: str, named: Named) -> Month:
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE part AS SELECT * FROM ({_ROWS} WHERE {where})
        ORDER BY datastream, beat + delay, span, version"""
    )
    rows, start, end, lowest, highest, low, high = con.execute(
        "SELECT count(*), "
        + ", ".join(f"min({one}), max({one})" for one in ("beat + delay", "position", "datastream"))
        + " FROM part"
    ).fetchall()[0]
    same, void = _plain(con)
    path = named.path()
    kept = f"* EXCLUDE ({', '.join(void)})" if void else "*"
    con.execute(f"COPY (SELECT {kept} FROM part) TO {quoted(path)} ({FORM})")
    settle(path)
    return Month(
        name=named.name,
        until=named.until if named.until != named.name else "",
        file=path.name,
        rows=rows,
        start=start,
        end=end,
        lowest=lowest,
        highest=highest,
        low=low,
        high=high,
        same=same,
        void=void,
    )


def _plain(con: duckdb.DuckDBPyConnection) -> tuple[dict[str, int], tuple[str, ...]]:
    """Columns of the month that hold one value only, and those that hold none."""
    edges = ", ".join(f"min({one}), max({one}), count({one})" for one in SAME)
    counts = ", ".join(f"count({one})" for one in OPTIONAL)
    rows, *found = con.execute(f"SELECT count(*), {edges}, {counts} FROM part").fetchall()[0]
    same = {
        one: int(low)
        for one, low, high, count in zip(SAME, found[0::3], found[1::3], found[2::3], strict=False)
        if low == high and count == rows
    }
    return same, tuple(one for one, count in zip(OPTIONAL, found[3 * len(SAME) :], strict=True) if not count)
