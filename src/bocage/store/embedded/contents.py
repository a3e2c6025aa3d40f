"""What the open months hold at most, so that columns of one value, or of none, need not be read."""

import duckdb
import msgspec

from bocage.domain.instant import LATEST
from bocage.domain.observation import Columns
from bocage.store import rows as shape

PLAIN = ("span", "kind", "origin", "version")
OPTIONAL = ("text", "original", "reason", "beside")


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """No row starts before `lowest`; columns of `same` hold one value; columns of `void` hold none."""

    lowest: int = LATEST
    same: dict[str, int] | None = None
    void: tuple[str, ...] = OPTIONAL

    def grown(self, rows: Columns) -> "Contents":
        """The contents once these rows are there too."""
        held = {"span": rows.end - rows.start, "kind": rows.kind, "origin": rows.origin, "version": rows.version}
        single = {name: int(column[0]) for name, column in held.items() if bool((column == column[0]).all())}
        if self.same is not None:
            single = {name: value for name, value in single.items() if self.same.get(name) == value}
        void = tuple(name for name in self.void if getattr(rows, name) is None)
        return Contents(lowest=min(self.lowest, int(rows.start.min())), same=single, void=void)


SCHEMA = ("CREATE TABLE contents (held VARCHAR)",)


def found(con: duckdb.DuckDBPyConnection) -> Contents:
    """The contents of the open months as the file tells them; looked for in a file that does not, which is new."""
    for statement in SCHEMA:
        con.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    told = con.execute("SELECT held FROM contents").fetchall()
    if told:
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
    if lowest is None:
        return Contents()
    held, ends = rest[: len(OPTIONAL)], rest[len(OPTIONAL) :]
    same = {name: int(low) for name, low, high in zip(PLAIN, ends[0::2], ends[1::2], strict=True) if low == high}
    void = tuple(name for name, count in zip(OPTIONAL, held, strict=True) if not count)
    return Contents(lowest=int(lowest), same=same, void=void)
