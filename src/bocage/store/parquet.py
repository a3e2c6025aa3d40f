"""Reads Parquet files of others as columns of text, some rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import duckdb

from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _

MEMORY: Final = "192MB"
MOST_COLUMNS: Final = 1_000
LONGEST: Final = 2_000  # signs of a cell: no file makes more of a row than memory holds
_NESTED = ("STRUCT", "MAP", "UNION", "[]")
_TIMES = {
    "TIMESTAMP WITH TIME ZONE": "strftime(make_timestamp_ms(epoch_ms({0})), '%Y-%m-%dT%H:%M:%S.%gZ')",
    "TIMESTAMP": "strftime({0}::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%g')",
}


class ParquetFile:
    """One file, open. `rows`: how many it holds; `names`: its columns of plain values, in order."""

    def __init__(self, con: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._con, self._path = con, str(path)
        found = con.execute("SELECT num_rows FROM parquet_file_metadata(?)", [self._path]).fetchall()
        self.rows = int(found[0][0])
        described = con.execute("DESCRIBE SELECT * FROM read_parquet(?)", [self._path]).fetchall()
        plain = [(str(name), str(kind)) for name, kind, *_rest in described if not any(n in str(kind) for n in _NESTED)]
        if not plain or len(plain) > MOST_COLUMNS:
            raise PayloadError(_("a table with a heading"), found=f"{len(plain)}")
        self.names = [name for name, _kind in plain]
        self._cells = ", ".join(f"{_cell(name, kind)} AS c{place}" for place, (name, kind) in enumerate(plain))

    def read(self, first: int, last: int) -> dict[str, list[str]]:
        """The rows at [first, last) by column; empty cells for what is null. PayloadError when they cannot be read."""
        select = f"""SELECT {self._cells} FROM read_parquet(?, file_row_number = true)
            WHERE file_row_number >= ? AND file_row_number < ? ORDER BY file_row_number"""
        with _readable():
            columns = self._con.execute(select, [self._path, first, last]).fetchnumpy()
        return {name: columns[f"c{place}"].tolist() for place, name in enumerate(self.names)}


@contextmanager
def opened(path: Path) -> Iterator[ParquetFile]:
    """A Parquet file, under a name in which no sign means several files; PayloadError when it is none."""
    with TemporaryDirectory() as folder, _readable():
        link = Path(folder) / "rows.parquet"
        link.symlink_to(path.resolve())
        with duckdb.connect(":memory:", config={"memory_limit": MEMORY, "threads": 1, "temp_directory": folder}) as con:
            yield ParquetFile(con, link)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, UnicodeDecodeError) as error:
        raise PayloadError(_("a Parquet file"), found=str(error)[:80]) from error


def _cell(name: str, kind: str) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    form = next((form for begins, form in _TIMES.items() if kind.startswith(begins)), "{0}::VARCHAR").format(quoted)
    return f"coalesce(left({form}, {LONGEST}), '')"
