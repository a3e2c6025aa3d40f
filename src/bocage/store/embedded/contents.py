"""What the open months hold at most, so that columns of one value, or of none, need not be read, nor both tables."""

from collections.abc import Iterable
from contextlib import suppress

import duckdb
import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.instant import EARLIEST, LATEST
from bocage.domain.observation import Columns
from bocage.store import rows as shape

PLAIN = ("span", "kind", "origin", "version")
OPTIONAL = ("text", "original", "reason", "beside")


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """A week whose plain rows are in a table of such weeks: rows that start in [start, end)."""

    start: int
    end: int
    table: str


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """No row starts before `lowest`; columns of `same` hold one value; columns of `void` hold none; datastreams of
    `plain` have rows in the tables of plain rows, those of `told` in the other one.

    Of the tables of plain rows, the first holds none that starts before `loose`, the others what `weeks` says.
    """

    plain: frozenset[int]
    told: frozenset[int]
    lowest: int = LATEST
    same: dict[str, int] | None = None
    void: tuple[str, ...] = OPTIONAL
    loose: int = EARLIEST
    weeks: tuple[Week, ...] = ()

    def source(
        self, datastreams: Iterable[int], names: str = shape.NAMES, within: tuple[int, int] = (EARLIEST, LATEST)
    ) -> str:
        """What to select these columns of these from, where they start in a range: none of the tables that hold
        nothing of it."""
        asked = frozenset(datastreams)
        told = [] if self.told.isdisjoint(asked) else ["observation"]
        plain = [] if told and self.plain.isdisjoint(asked) else self._plain(within)
        return shape.together([*told, *plain] or shape.PLAIN[:1], names)

    def _plain(self, within: tuple[int, int]) -> list[str]:
        weeks = {week.table for week in self.weeks if week.start < within[1] and week.end > within[0]}
        return [*([shape.PLAIN[0]] if within[1] > self.loose else []), *sorted(weeks)]

    def grown(self, rows: Columns) -> "Contents":
        """The contents once these rows are there too."""
        held = {"span": rows.end - rows.start, "kind": rows.kind, "origin": rows.origin, "version": rows.version}
        single = {name: int(column[0]) for name, column in held.items() if bool((column == column[0]).all())}
        if self.same is not None:
            single = {name: value for name, value in single.items() if self.same.get(name) == value}
        void = tuple(name for name in self.void if getattr(rows, name) is None)
        plain = shape.plain(rows)
        return Contents(
            lowest=min(self.lowest, int(rows.start.min())),
            loose=min(self.loose, int(rows.start[plain].min())) if plain.any() else self.loose,
            weeks=self.weeks,
            same=single,
            void=void,
            plain=_among(self.plain, rows.datastream[plain]),
            told=_among(self.told, rows.datastream[~plain]),
        )


def _among(known: frozenset[int], datastreams: npt.NDArray[np.int32]) -> frozenset[int]:
    """The datastreams of a table once it holds these too."""
    found = frozenset(np.unique(datastreams).tolist())
    return known if found <= known else known | found


SCHEMA = ("CREATE TABLE contents (held VARCHAR)",)


def found(con: duckdb.DuckDBPyConnection) -> Contents:
    """The contents of the open months as the file tells them; looked for in a file that does not, which is new or of a
    former version."""
    for statement in SCHEMA:
        con.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    told = con.execute("SELECT held FROM contents").fetchall()
    if told:
        with suppress(msgspec.ValidationError):
            return msgspec.json.decode(told[0][0], type=Contents)
    looked = _looked_for(con)
    note(con, looked)
    return looked


def note(cursor: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Write down what the open months hold at most."""
    cursor.execute("DELETE FROM contents")
    cursor.execute("INSERT INTO contents VALUES (?)", [msgspec.json.encode(contents).decode()])


def _looked_for(con: duckdb.DuckDBPyConnection) -> Contents:
    edges = ", ".join(f"min({name}), max({name})" for name in PLAIN)
    counts = ", ".join(f"count({name})" for name in OPTIONAL)
    lowest, *rest = con.execute(f'SELECT min("start"), {counts}, {edges} FROM {shape.OPEN}').fetchall()[0]
    plain = frozenset[int]().union(*(_streams(con, table) for table in shape.PLAIN))
    others = _streams(con, "observation")
    if lowest is None:
        return Contents(plain=plain, told=others)
    held, ends = rest[: len(OPTIONAL)], rest[len(OPTIONAL) :]
    same = {name: int(low) for name, low, high in zip(PLAIN, ends[0::2], ends[1::2], strict=True) if low == high}
    void = tuple(name for name, count in zip(OPTIONAL, held, strict=True) if not count)
    return Contents(plain=plain, told=others, lowest=int(lowest), same=same, void=void, weeks=_weeks(con))


def _streams(con: duckdb.DuckDBPyConnection, table: str) -> frozenset[int]:
    return frozenset(number for (number,) in con.execute(f"SELECT DISTINCT datastream FROM {table}").fetchall())


def _weeks(con: duckdb.DuckDBPyConnection) -> tuple[Week, ...]:
    """The weeks that are in tables of their own, as far as there are rows."""
    edges = " UNION ALL ".join(
        f'SELECT \'{table}\', min("start"), max("start") FROM {table}' for table in shape.PLAIN[1:]
    )
    return tuple(
        Week(start=low, end=high + 1, table=table)
        for table, low, high in con.execute(edges).fetchall()
        if low is not None
    )
