"""What was accepted and is not in columns yet: one durable row per group commit, in a SQLite file of its own."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.observation import Columns
from bocage.store import columns

_COLUMNS = (*columns.NAMES, "original")


class _Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A column whose values are all the same is kept as one value."""

    rows: int
    columns: dict[str, bytes]
    text: list[str | None] | None = None
    reason: list[str] | None = None


def encoded(rows: Columns) -> bytes:
    """A group commit as bytes."""
    held = {name: getattr(rows, name) for name in _COLUMNS if getattr(rows, name) is not None}
    packed = {name: _packed(np.ascontiguousarray(column)) for name, column in held.items()}
    return msgspec.msgpack.encode(_Entry(
        rows=len(rows), columns=packed, text=None if rows.text is None else rows.text.tolist(),
        reason=None if rows.reason is None else rows.reason.tolist()))


def _packed(column: Any) -> bytes:
    same = column[0] == column[-1] and bool((column == column[0]).all())
    return bytes((column[:1] if same else column).tobytes())


def decoded(blob: bytes) -> Columns:
    """The group commit that was encoded."""
    entry = msgspec.msgpack.decode(blob, type=_Entry)
    held: dict[str, Any] = {}
    for name, raw in entry.columns.items():
        column = np.frombuffer(raw, columns.TYPES.get(name, np.int64))
        held[name] = np.repeat(column, entry.rows) if len(column) == 1 else column
    return Columns(**held, text=_objects(entry.text), reason=_objects(entry.reason))


def _objects(values: list[Any] | None) -> Any:
    if values is None:
        return None
    column = np.empty(len(values), object)
    column[:] = values
    return column


class Journal:
    """Written by one thread at a time. A write that returns is on the disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._con = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._con.execute("PRAGMA journal_mode = WAL")
            self._con.execute("PRAGMA synchronous = FULL")
            self._con.execute("PRAGMA wal_autocheckpoint = 4000")
            self._con.execute('CREATE TABLE IF NOT EXISTS "commit" (position INTEGER PRIMARY KEY, rows BLOB NOT NULL)')
        except sqlite3.Error as error:
            self._con.close()
            raise Unavailable("a journal that can be opened", found=str(error)) from error

    def write(self, position: int, rows: Columns, drained: int) -> None:
        """Keep a group commit, and forget those that are in columns; all or nothing."""
        blob = encoded(rows)
        with self._lock:
            try:
                self._con.execute("BEGIN IMMEDIATE")
                self._con.execute('DELETE FROM "commit" WHERE position <= ?', (drained,))
                self._con.execute('INSERT INTO "commit" VALUES (?, ?)', (position, blob))
                self._con.execute("COMMIT")
            except (sqlite3.Error, OSError) as error:
                self._undo()
                raise Unavailable("room and leave to write the journal", found=str(error),
                                  remedy="free some space; nothing of this batch was kept") from error

    def _undo(self) -> None:
        if self._con.in_transaction:
            self._con.execute("ROLLBACK")

    def replay(self, drained: int) -> Iterator[Columns]:
        """The group commits that are not in columns, in their order."""
        found = self._con.execute('SELECT rows FROM "commit" WHERE position > ? ORDER BY position', (drained,))
        for (blob,) in found:
            yield decoded(blob)

    def purge(self, drained: int) -> None:
        """Forget what is in columns so that its bytes are gone too: the file is written anew and its log emptied."""
        with self._lock:
            try:
                self._con.execute('DELETE FROM "commit" WHERE position <= ?', (drained,))
                self._con.execute("VACUUM")
                self._con.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.Error as error:
                self._undo()
                raise Unavailable("room to write the journal anew", found=str(error)) from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._con.close()
