"""The months that may still change, and what is known of each datastream: one DuckDB file."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.nature import Nature
from bocage.domain.observation import Columns, Ints, Rollup
from bocage.domain.replacement import MeterChange
from bocage.store import columns
from bocage.store import rows as shape
from bocage.store.embedded import contents, days
from bocage.store.latest import Standing
from bocage.store.protocol import Series

SCHEMA = (
    f"CREATE TABLE observation {shape.TABLE}",
    *(f"CREATE TABLE {table} {shape.PLAIN_TABLE}" for table in shape.PLAIN),
    f"CREATE TABLE state (counter_next BIGINT, held BIGINT, first BIGINT, {shape.TABLE[1:]}",
    """CREATE TABLE series (number INTEGER, territory VARCHAR, nature VARCHAR, zone VARCHAR, thing BIGINT,
      changes VARCHAR)""",
    "CREATE TABLE mark (drained BIGINT, erasures BIGINT)",
    "CREATE TABLE arranged (until BIGINT, weeks BIGINT, below BIGINT)",
)
_CHANGES = msgspec.json.Decoder(tuple[MeterChange, ...])
SERIES = "number, territory, nature, zone, thing, changes"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What DuckDB may use."""

    memory: str = "256MB"
    threads: int = 2
    pending: str = "6MB"  # of its journal, until the file is written anew and what came in memory is let go of


def connected(path: Path, limits: Limits) -> duckdb.DuckDBPyConnection:
    """A connection to a DuckDB file, with its spill beside it."""
    try:
        con = duckdb.connect(
            str(path),
            config={
                "memory_limit": limits.memory,
                "threads": limits.threads,
                "checkpoint_threshold": limits.pending,
                "temp_directory": str(path.parent / "spill"),
            },
        )
        con.execute("SET enable_progress_bar = false")
        return con
    except (duckdb.Error, OSError) as error:
        raise Unavailable(
            "columns that can be opened", found=str(error), remedy="is another process using this folder?"
        ) from error


def prepared(con: duckdb.DuckDBPyConnection, schema: str = "main") -> None:
    """Make the tables of a new file."""
    for statement in (*SCHEMA, *days.SCHEMA, *contents.SCHEMA):
        con.execute(statement.replace("CREATE TABLE ", f"CREATE TABLE {schema}."))


class OpenMonths:
    """One connection to the file; each call has a cursor of its own, so that any thread may call."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.path, self.limits = path, limits
        self._con = connected(path, limits)
        self._writing = threading.Lock()
        if not self._con.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]:
            self._con.execute("BEGIN")
            prepared(self._con)
            self._con.execute("INSERT INTO mark VALUES (0, 0)")
            self._con.execute("COMMIT")
        # A file of a version that knew nothing of changes of meters or of weeks that lie together, kept nothing beside
        # observations, or plain rows among the others or in one table.
        for table in shape.PLAIN:
            self._con.execute(f"CREATE TABLE IF NOT EXISTS {table} {shape.PLAIN_TABLE}")
        self._con.execute("ALTER TABLE series ADD COLUMN IF NOT EXISTS changes VARCHAR")
        for table in ("observation", "state"):
            self._con.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS beside VARCHAR")
        self._con.execute("CREATE TABLE IF NOT EXISTS arranged (until BIGINT)")
        for column in ("weeks", "below"):
            self._con.execute(f"ALTER TABLE arranged ADD COLUMN IF NOT EXISTS {column} BIGINT")
        self.contents = self._noted = contents.found(self._con)
        self.kept = days.found(self._con)
        self._loose = 0 if days.laid(self._con) else days.LOOSE

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor for one call of one thread."""
        return self._con.cursor()

    def fetch(self, sql: str, same: Mapping[str, int] | None = None) -> Columns:
        """Rows of a SELECT that gives columns of `rows.NAMES` (or of sealed months); `same`: those of one value."""
        try:
            return shape.from_fetch({**self.cursor().execute(sql).fetchnumpy(), **(same or {})})
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error

    def fetch_twins(self, sql: str, wanted: dict[str, Any]) -> Columns:
        """The same for a SELECT that joins `wanted`, columns held in memory."""
        try:
            return shape.from_fetch(self.cursor().execute(sql).fetchnumpy())
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error

    def mark(self) -> tuple[int, int]:
        """Up to which position everything is here, and how many erasures of the list have been applied."""
        drained, erasures = self.cursor().execute("SELECT drained, erasures FROM mark").fetchall()[0]
        return int(drained), int(erasures)

    def insert(self, rows: Columns, standing: Standing, position: int) -> None:
        """Rows, the standing of their datastreams and the position, in one durable transaction."""
        self.contents = self.contents.grown(rows)  # before the rows can be seen
        holes = days.holes_of(rows, self.kept.last)
        self.kept = self.kept.dug(holes)
        with self.changing() as cursor:
            _put_rows(cursor, rows)
            if holes:
                days.note(cursor, holes)
            if self.contents != self._noted:
                contents.note(cursor, self.contents)
            put_state(cursor, standing)
            cursor.execute("UPDATE mark SET drained = ?", [position])
        self._noted = self.contents

    def keep(self, summed: days.Summed) -> None:
        """Days that were summed, durably; what came late meanwhile must not be in columns yet."""
        with self.changing() as cursor:
            days.put(cursor, summed)
        self.kept = self.kept.after(summed)
        self._loose += len(summed.rollup.start)

    def order(self) -> bool:
        """Lay the days in order of series once many were added; whether they were."""
        if self._loose < days.LOOSE:
            return False
        with self.changing() as cursor:
            days.arrange(cursor)
        self._loose = 0
        return True

    def forget(self, datastreams: Sequence[int]) -> None:
        """Drop the days of series that are described otherwise now, durably."""
        self.kept = self.kept.dug(dict.fromkeys(datastreams, days.EVER))
        with self.changing() as cursor:
            days.forget(cursor, datastreams)

    def held(self, start: int, end: int) -> int:
        """How many rows start in [start, end)."""
        counted = f'SELECT count(*) FROM {shape.OPEN} WHERE "start" >= {int(start)} AND "start" < {int(end)}'
        return int(self.cursor().execute(counted).fetchall()[0][0])

    def datastreams(self, within: str) -> tuple[int, int]:
        """The least and the greatest datastream of the rows that a condition takes in; 0 where it takes none."""
        edges = "coalesce(min(datastream), 0), coalesce(max(datastream), 0)"
        [(low, high)] = self.cursor().execute(f"SELECT {edges} FROM {shape.OPEN} WHERE {within}").fetchall()
        return int(low), int(high)

    @contextmanager
    def changing(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One durable transaction, alone."""
        with self._writing:
            cursor = self._beginning()
            try:
                yield cursor
                cursor.execute("COMMIT")
            except (duckdb.Error, OSError) as error:
                _undone(cursor)
                raise Unavailable("room to write columns", found=str(error), remedy="free some space") from error

    def days(self, datastreams: Ints, within: days.Span) -> Rollup:
        """The days kept of these (sorted) that begin in a range."""
        try:
            return days.read(self.cursor(), datastreams, within)
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error

    def reserve(self, standing: Standing) -> None:
        """The standing of these datastreams alone, durably."""
        with self.changing() as cursor:
            put_state(cursor, standing)

    def _beginning(self) -> duckdb.DuckDBPyConnection:
        try:
            return self.cursor().execute("BEGIN")
        except duckdb.Error as error:
            raise Unavailable("columns that can be written", found=str(error)) from error

    def mirror(self, series: Sequence[Series]) -> None:
        """Add or replace series."""
        given = {  # noqa: F841  (DuckDB reads it by name)
            "number": np.array([one.number for one in series], np.int32),
            "territory": np.array([one.territory for one in series], object),
            "nature": np.array([str(one.nature) for one in series], object),
            "zone": np.array([one.zone for one in series], object),
            "thing": np.array([one.thing for one in series], np.int64),
            "changes": np.array([_changes(one) for one in series], object),
        }
        with self.changing() as cursor:
            cursor.execute("DELETE FROM series WHERE number IN (SELECT number FROM given)")
            cursor.execute(f"INSERT INTO series SELECT {SERIES} FROM given")

    def series(self) -> dict[int, Series]:
        """Every series that was mirrored."""
        found = self.cursor().execute(f"SELECT {SERIES} FROM series").fetchall()
        natures = {str(one): one for one in Nature}
        return {
            number: Series(
                number=number,
                territory=territory,
                nature=natures[nature],
                zone=zone,
                thing=thing,
                changes=_CHANGES.decode(changes) if changes and changes != "[]" else (),
            )
            for number, territory, nature, zone, thing, changes in found
        }

    def standing(self) -> Standing:
        """What is known of every datastream, without a look at its observations."""
        return state_of(self.cursor().execute("SELECT * FROM state").fetchnumpy())

    def standing_of(self, datastreams: Sequence[int]) -> Standing:
        """What is known of these."""
        wanted = {"number": np.array(datastreams, np.int64)}  # noqa: F841  (DuckDB reads it by name)
        return state_of(
            self.cursor().execute("SELECT * FROM state WHERE datastream IN (SELECT number FROM wanted)").fetchnumpy()
        )

    def spare(self) -> None:
        """Give back to the machine what DuckDB freed; it does so when it is told its limit, not by itself."""
        with suppress(duckdb.Error):
            self.cursor().execute(f"SET memory_limit = '{self.limits.memory}'")

    def close(self) -> None:
        """Write what is pending into the file and let it go."""
        self._con.close()


def _put_rows(cursor: duckdb.DuckDBPyConnection, rows: Columns) -> None:
    """Add rows, each to the table that tells it whole with the fewest columns, within a transaction."""
    plain = shape.plain(rows)
    if plain.any():
        short = shape.to_plain(rows if plain.all() else columns.picked(rows, plain))  # noqa: F841  (DuckDB reads it)
        cursor.execute(f"INSERT INTO plain SELECT {shape.PLAIN_NAMES} FROM short")
    if not plain.all():
        long, names = shape.to_insert(columns.picked(rows, ~plain))  # noqa: RUF059  (DuckDB reads it by name)
        cursor.execute(f"INSERT INTO observation SELECT {names} FROM long")


def _changes(one: Series) -> str:
    return msgspec.json.encode(one.changes).decode() if one.changes else ""


def put_state(cursor: duckdb.DuckDBPyConnection, standing: Standing, schema: str = "main") -> None:
    """Replace the standing of these datastreams, within a transaction."""
    changed = {  # noqa: F841  (DuckDB reads it by name)
        "counter_next": standing.counter,
        "held": standing.count,
        "first": standing.first,
        **shape.to_fetch(standing.rows),
    }
    cursor.execute(f"DELETE FROM {schema}.state WHERE datastream IN (SELECT datastream FROM changed)")
    cursor.execute(f"INSERT INTO {schema}.state SELECT counter_next, held, first, {shape.NAMES} FROM changed")


def state_of(found: dict[str, Any]) -> Standing:
    """Standings that DuckDB fetched."""
    kept = {name: np.ma.getdata(found[name]).astype(np.int64) for name in ("counter_next", "held", "first")}
    return Standing(counter=kept["counter_next"], count=kept["held"], first=kept["first"], rows=shape.from_fetch(found))


def _undone(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.execute("ROLLBACK")
    except duckdb.Error:
        return  # the transaction was already gone with the failure that is being raised
