"""What was accepted and is not in columns yet: one durable row per group commit, in a SQLite file of its own."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from bocage.domain.errors import Unavailable
from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.domain.text import message as _
from bocage.store import columns
from bocage.store.latest import COUNTER_MASK

FEW: Final = 64  # rows that are written as they are: a page holds them, and packing would take longer


class _Packed(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A column as its distance from its least value, in the narrowest type; no bytes when all are the same."""

    type: str
    least: int = 0
    raw: bytes = b""


class _Entry(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    rows: int
    number: bytes
    columns: dict[str, _Packed]
    text: list[str | None] | None = None
    reason: list[str] | None = None
    beside: list[str | None] | None = None


_WHOLE = ("datastream", "start", "kind", "origin", "position", "version")


def encoded(rows: Columns) -> bytes:
    """A group commit as bytes."""
    held = {name: _packed(getattr(rows, name)) for name in _WHOLE}
    held["span"] = _packed(rows.end - rows.start)
    held["counter"] = _packed(rows.id & COUNTER_MASK)
    if rows.original is not None:
        held["original"] = _packed(rows.original)
    return msgspec.msgpack.encode(
        _Entry(
            rows=len(rows),
            number=np.ascontiguousarray(rows.number).tobytes(),
            columns=held,
            text=None if rows.text is None else rows.text.tolist(),
            reason=None if rows.reason is None else rows.reason.tolist(),
            beside=None if rows.beside is None else rows.beside.tolist(),
        )
    )


def _packed(column: Any) -> _Packed:
    if len(column) <= FEW:
        return _Packed(type="i8", raw=column.astype(np.int64).tobytes())
    least, most = int(column.min()), int(column.max())
    if least == most:
        return _Packed(type="", least=least)
    kind = next(kind for kind, size in (("u1", 8), ("u2", 16), ("u4", 32), ("i8", 64)) if (most - least) >> size == 0)
    return _Packed(type=kind, least=least, raw=(column - least).astype(kind).tobytes())


def _unpacked(packed: _Packed, rows: int) -> Any:
    if not packed.type:
        return np.full(rows, packed.least, np.int64)
    return np.frombuffer(packed.raw, packed.type).astype(np.int64) + packed.least


def decoded(blob: bytes) -> Columns:
    """The group commit that was encoded."""
    entry = msgspec.msgpack.decode(blob, type=_Entry)
    held = {name: _unpacked(packed, entry.rows) for name, packed in entry.columns.items()}
    plain: dict[str, Any] = {name: held[name].astype(columns.TYPES[name]) for name in _WHOLE}
    return Columns(
        **plain,
        end=held["start"] + held["span"],
        id=(held["datastream"] << COUNTER_BITS) | held["counter"],
        number=np.frombuffer(entry.number, np.float64),
        original=held.get("original"),
        text=_objects(entry.text),
        reason=_objects(entry.reason),
        beside=_objects(entry.beside),
    )


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
        self._forgotten = -1  # up to which position commits were forgotten, as in columns
        self._con = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._con.execute("PRAGMA page_size = 8192")
            self._con.execute("PRAGMA journal_mode = WAL")
            self._con.execute("PRAGMA synchronous = FULL")
            self._con.execute("PRAGMA wal_autocheckpoint = 3000")
            self._con.execute('CREATE TABLE IF NOT EXISTS "commit" (position INTEGER PRIMARY KEY, rows BLOB NOT NULL)')
        except sqlite3.Error as error:
            self._con.close()
            raise Unavailable(_("a journal that can be opened"), found=str(error)) from error

    def write(self, position: int, rows: Columns, drained: int) -> None:
        """Keep a group commit, and forget those that are in columns; all or nothing."""
        blob = encoded(rows)
        with self._lock:
            try:
                if drained == self._forgotten:
                    self._con.execute('INSERT INTO "commit" VALUES (?, ?)', (position, blob))
                    return
                self._con.execute("BEGIN IMMEDIATE")
                self._con.execute('DELETE FROM "commit" WHERE position <= ?', (drained,))
                self._con.execute('INSERT INTO "commit" VALUES (?, ?)', (position, blob))
                self._con.execute("COMMIT")
                self._forgotten = drained
            except (sqlite3.Error, OSError) as error:
                self._undo()
                raise Unavailable(
                    _("room and leave to write the journal"),
                    found=str(error),
                    remedy=_("free some space; nothing of this batch was kept"),
                ) from error

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
                raise Unavailable(_("room to write the journal anew"), found=str(error)) from error

    def size(self) -> int:
        """Bytes its files take."""
        paths = (self.path, self.path.with_name(f"{self.path.name}-wal"))
        return sum(path.stat().st_size for path in paths if path.exists())

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._con.close()
