"""The observation log: one protocol, several homes, one contract suite."""

from pathlib import Path

from bocage.store.erasures import restored
from bocage.store.protocol import Store

__all__ = ["connected", "opened", "restored"]


def opened(folder: Path, *, memory: str = "256MB", threads: int = 2, lists: Path | None = None) -> Store:
    """The log kept in a folder, made when it is new. Unavailable when another process has it open.

    `lists`: the folder of the list of erasures, outside what is backed up; the log's own when not said.
    """
    from bocage.store.embedded.home import EmbeddedStore  # DuckDB is loaded by those who open a log only
    from bocage.store.embedded.open_months import Limits

    return EmbeddedStore(folder, limits=Limits(memory=memory, threads=threads), lists=lists)


def connected(url: str, *, lists: Path | None = None, now: int = 0) -> Store:
    """The log kept in a PostgreSQL database, made when it is new; other processes may have it open too.

    `lists`: as above. `now` (UTC ms): the months that come are made ahead.
    """
    from bocage.store.postgres.home import PostgresStore  # psycopg is loaded by those who have a database only

    return PostgresStore(url, lists=lists, now=now)
