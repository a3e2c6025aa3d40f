"""A database into which an instance is being moved: marked from before the first row to after the last.

A move that is cut short leaves tables behind. Whoever begins it again, and can say the word it was marked with, finds
the database empty. One that held something before is never marked, and never emptied.
"""

import time

from psycopg import sql

from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.home import SCHEMA

MARK = sql.Identifier("public", "bocage_moving")
CONNECTED = """SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'bocage'
  AND pid <> pg_backend_pid() LIMIT 1"""
HELD = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


def begun(url: str, word: str) -> None:
    """Mark an empty database with a word, after emptying it where that word is its mark already."""
    with opened(url) as con, con.transaction():
        if _marked(con) == word:
            _emptied(con)
        schemas = con.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (SCHEMA,)).fetchone()
        if schemas is None and not con.execute(HELD.encode()).fetchall():
            con.execute(sql.SQL("CREATE TABLE {} (word text NOT NULL)").format(MARK))
            con.execute(sql.SQL("INSERT INTO {} VALUES (%s)").format(MARK), (word,))


def ended(url: str) -> None:
    """Take the mark away."""
    with opened(url) as con:
        con.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(MARK))


def at_work(url: str, patience: float = 3.0) -> bool:
    """Whether a process of Bocage is connected, beside this question; one that just ended has a moment to go."""
    until = time.monotonic() + patience
    with opened(url) as con:
        while con.execute(CONNECTED.encode()).fetchone() is not None:
            if time.monotonic() > until:
                return True
            time.sleep(0.1)
    return False


def opened(url: str) -> Plain:
    return Connections(url, SCHEMA).opened()


def _marked(con: Plain) -> str:
    if con.execute("SELECT to_regclass('public.bocage_moving')").fetchone() == (None,):
        return ""
    found = con.execute(sql.SQL("SELECT word FROM {}").format(MARK)).fetchone()
    return str(found[0]) if found else ""


def _emptied(con: Plain) -> None:
    con.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)))
    for (name,) in con.execute(HELD.encode()).fetchall():
        con.execute(sql.SQL("DROP TABLE {} CASCADE").format(sql.Identifier("public", str(name))))
