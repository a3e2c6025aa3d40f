"""The journal of versions before November 2026, a SQLite file: what is still in it goes into the one of today."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.store.embedded.entries import decoded
from bocage.store.embedded.journal import Journal

NAME: Final = "journal.sqlite"


def move(folder: Path, journal: Journal, drained: int) -> None:
    """Write the group commits after `drained` into this journal, then remove the former one. After a crash meanwhile
    it happens again: of two commits of one position, one counts."""
    path = folder / NAME
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path)) as con:
            kept = con.execute('SELECT position, rows FROM "commit" WHERE position > ? ORDER BY position', (drained,))
            for position, record in kept:
                journal.write(position, decoded(record), drained)
    except sqlite3.Error as error:
        raise Unavailable(_("a journal that can be opened"), found=str(error)) from error
    for beside in (f"{NAME}-shm", f"{NAME}-wal", NAME):  # the log of it first: alone, it would be another's
        (folder / beside).unlink(missing_ok=True)
