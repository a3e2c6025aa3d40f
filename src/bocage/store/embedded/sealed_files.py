"""Reads sealed files over a connection of their own, which remembers the frames of those it opened, up to so many.

A frame says where the columns of a file lie; reading it costs as much as the rest of a small question. DuckDB forgets
none by itself: once many were opened, another connection takes over, and the former goes with its last reader.
"""

import threading
from collections.abc import Mapping, Sequence
from typing import Final

import duckdb

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Columns
from bocage.store import rows as shape
from bocage.store.embedded.manifest import Month

REMEMBERED: Final = 300  # files, some 120 kB each
MEMORY: Final = "128MB"


class SealedFiles:
    """Any thread may read. The names of sealed files are never given twice."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._lock = threading.Lock()
        self._opened: set[str] = set()
        self._con, self._idle = _connected(), list[duckdb.DuckDBPyConnection]()

    def fetch(self, months: Sequence[Month], sql: str, same: Mapping[str, int]) -> Columns:
        """Rows of a SELECT from these files; `same`: columns of one value that it does not read."""
        cursor, idle = self._cursor(months)
        try:
            found = cursor.execute(sql).fetchnumpy()
        except (duckdb.Error, OSError) as error:
            raise Unavailable("columns that can be read", found=str(error)) from error
        idle.append(cursor)  # the next question need not make one
        return shape.from_fetch({**found, **same})

    def _cursor(self, months: Sequence[Month]) -> tuple[duckdb.DuckDBPyConnection, list[duckdb.DuckDBPyConnection]]:
        """A cursor that nobody uses, and where to put it afterwards."""
        with self._lock:
            self._opened.update(month.file for month in months)
            if len(self._opened) > self._remembered:
                self._opened, self._con, self._idle = {month.file for month in months}, _connected(), []
            return self._idle.pop() if self._idle else self._con.cursor(), self._idle


def _connected() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": MEMORY, "temp_directory": ""})
    con.execute("SET enable_progress_bar = false")
    con.execute("SET GLOBAL parquet_metadata_cache = true")  # of the session alone, no cursor would have it
    return con
