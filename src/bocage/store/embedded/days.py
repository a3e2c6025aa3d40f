"""Days that are over, summed once and kept beside what they were summed from, so that the first question finds them.

Only series whose days depend on nothing but their own rows (gauges, amounts, directions), and that send often: the days
of others are summed when they are asked for. What comes late leaves a hole: its series is summed anew, and until then
nobody is told what is kept of it. `until`: of each zone, the instant before which every day has been summed once.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import duckdb
import msgspec
import numpy as np

from bocage.domain.instant import DAY
from bocage.domain.nature import Nature
from bocage.domain.observation import Columns, Ints, Rollup
from bocage.store.rollups import NAMES

PLAIN: Final = frozenset((Nature.GAUGE, Nature.AMOUNT, Nature.DIRECTION))
SCHEMA: Final = (
    """CREATE TABLE day (datastream INTEGER, "start" BIGINT, "end" BIGINT, count BIGINT, value DOUBLE, minimum DOUBLE,
      maximum DOUBLE)""",
    "CREATE TABLE hole (datastream INTEGER, low BIGINT, high BIGINT)",
    "CREATE TABLE summed (zone VARCHAR, until BIGINT)",
)
LOOSE: Final = 250_000  # days added from which all are laid in order of series again
_TOGETHER: Final = 336  # series whose days of a year fill a group of rows of DuckDB
_BESIDE: Final = 56  # of these, series whose months lie side by side
_ORDER: Final = f'datastream // {_TOGETHER}, datastream // {_BESIDE}, "start" // {30 * DAY}, datastream, "start"'
"""A year of one series lies in a group of rows or two, however many series there are, and in a sixth of it; a month of
many side by side."""
_LAID: Final = f"laid by {_TOGETHER} series, {_BESIDE} beside each other"
_COLUMNS: Final = ", ".join(f'"{name}"' for name in NAMES)

Span = tuple[int, int]
"""The first and the last start of what came."""
EVER: Final = (-(2**62), 2**62)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the days in the file: holes by datastream, and how far each zone is summed."""

    holes: Mapping[int, Span] = {}
    until: Mapping[str, int] = {}

    @property
    def last(self) -> int:
        """Before which something is summed; what starts later leaves no hole."""
        return max(self.until.values(), default=EVER[0])

    def dug(self, new: Mapping[int, Span]) -> "Kept":
        """The same with these holes."""
        return msgspec.structs.replace(self, holes=joined(self.holes, new)) if new else self

    def after(self, summed: "Summed") -> "Kept":
        """The same once this is written."""
        filled = set(summed.numbers.tolist()) if summed.mended else set()
        holes = {number: span for number, span in self.holes.items() if number not in filled}
        return Kept(holes=holes, until={**self.until, **summed.until})


def holes_of(rows: Columns, before: int) -> dict[int, Span]:
    """From where to where the rows reach, of each datastream, that start before an instant."""
    late = np.flatnonzero(rows.start < before)
    if not len(late):
        return {}
    numbers, place = np.unique(rows.datastream[late], return_inverse=True)
    low, high = np.full(len(numbers), EVER[1]), np.full(len(numbers), EVER[0])
    np.minimum.at(low, place, rows.start[late])
    np.maximum.at(high, place, rows.start[late])
    return dict(zip(numbers.tolist(), zip(low.tolist(), high.tolist(), strict=True), strict=True))


def joined(one: Mapping[int, Span], other: Mapping[int, Span]) -> dict[int, Span]:
    """Holes that are as wide as both."""
    found = dict(one)
    for number, (low, high) in other.items():
        held = found.get(number, (low, high))
        found[number] = (min(held[0], low), max(held[1], high))
    return found


def found(con: duckdb.DuckDBPyConnection) -> Kept:
    """What the file says; its tables are made when it is of a version that had none."""
    for statement in SCHEMA:
        con.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    holes = con.execute("SELECT datastream, min(low), max(high) FROM hole GROUP BY datastream").fetchall()
    until = con.execute("SELECT zone, until FROM summed").fetchall()
    return Kept(holes={number: (low, high) for number, low, high in holes}, until=dict(until))


def note(cursor: duckdb.DuckDBPyConnection, holes: Mapping[int, Span]) -> None:
    """Write holes down, within a transaction."""
    held = {  # noqa: F841  (DuckDB reads it by name)
        "datastream": np.array(list(holes), np.int32),
        "low": np.array([low for low, _high in holes.values()], np.int64),
        "high": np.array([high for _low, high in holes.values()], np.int64),
    }
    cursor.execute("INSERT INTO hole SELECT datastream, low, high FROM held")


class Summed(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The days of some datastreams (sorted) that begin in a range; `mended`: their holes are filled with that."""

    numbers: Ints
    within: Span
    rollup: Rollup
    until: Mapping[str, int] = {}
    mended: bool = False


def put(cursor: duckdb.DuckDBPyConnection, summed: Summed) -> None:
    """Replace days by what they are now, within a transaction."""
    wanted = {"number": summed.numbers}  # noqa: F841  (DuckDB reads it by name)
    made: dict[str, Any] = {name: getattr(summed.rollup, name) for name in NAMES}  # noqa: F841
    these = "datastream IN (SELECT number FROM wanted)"
    low, high = (int(one) for one in summed.within)
    cursor.execute(f'DELETE FROM day WHERE "start" >= {low} AND "start" < {high} AND {these}')
    cursor.execute(f"INSERT INTO day SELECT {_COLUMNS} FROM made")
    if summed.mended:
        cursor.execute(f"DELETE FROM hole WHERE {these}")
    for zone, at in summed.until.items():
        cursor.execute("DELETE FROM summed WHERE zone = ?", [zone])
        cursor.execute("INSERT INTO summed VALUES (?, ?)", [zone, at])


def forget(cursor: duckdb.DuckDBPyConnection, numbers: Sequence[int]) -> None:
    """Leave holes instead of the days of datastreams that are described otherwise now, within a transaction."""
    wanted = {"number": np.array(numbers, np.int64)}  # noqa: F841  (DuckDB reads it by name)
    cursor.execute("DELETE FROM day WHERE datastream IN (SELECT number FROM wanted)")
    note(cursor, dict.fromkeys(numbers, EVER))


def read(cursor: duckdb.DuckDBPyConnection, numbers: Ints, within: Span) -> Rollup:
    """The days kept of these datastreams (sorted) that begin in a range, by (datastream, start)."""
    low, high = int(numbers[0]), int(numbers[-1])
    these = f"datastream BETWEEN {low} AND {high}"
    if high - low + 1 > 4 * len(numbers):
        these += f" AND datastream IN ({', '.join(map(str, numbers.tolist()))})"
    where = f'"start" >= {int(within[0])} AND "start" < {int(within[1])} AND {these}'
    held = cursor.execute(f"SELECT {_COLUMNS} FROM day WHERE {where}").fetchnumpy()
    at = np.lexsort((held["start"], held["datastream"]))
    at = at[np.isin(held["datastream"][at], numbers)] if high - low + 1 > len(numbers) else at
    return Rollup(**{name: np.ma.getdata(held[name])[at] for name in NAMES})


def arrange(cursor: duckdb.DuckDBPyConnection) -> None:
    """Lay the days side by side that are asked for together, so that a question opens few; within a transaction."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE arranging AS SELECT * FROM day ORDER BY {_ORDER}")
    cursor.execute("DELETE FROM day")
    cursor.execute("INSERT INTO day SELECT * FROM arranging")
    cursor.execute("DROP TABLE arranging")
    cursor.execute(f"COMMENT ON TABLE day IS '{_LAID}'")


def laid(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the days were laid as they are now; files of former versions hold them month by month."""
    found = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'day'").fetchall()
    return found == [(_LAID,)]


def copied(cursor: duckdb.DuckDBPyConnection, without: Sequence[int]) -> None:
    """Copy the days into the new file; of these datastreams there is a hole instead."""
    where = f"datastream NOT IN ({', '.join(str(int(one)) for one in without)})" if without else "true"
    cursor.execute(f"INSERT INTO anew.day SELECT * FROM day WHERE {where} ORDER BY {_ORDER}")
    cursor.execute(f"COMMENT ON TABLE anew.day IS '{_LAID}'")
    cursor.execute("INSERT INTO anew.hole SELECT * FROM hole")
    cursor.execute("INSERT INTO anew.summed SELECT * FROM summed")
    for number in without:
        cursor.execute("INSERT INTO anew.hole VALUES (?, ?, ?)", [int(number), *EVER])
