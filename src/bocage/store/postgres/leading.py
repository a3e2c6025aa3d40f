"""One leader over all processes: whoever holds the lock, for as long as its connection to the server lasts."""

import threading

import psycopg

from bocage.domain.errors import Unavailable
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.home import SCHEMA
from bocage.store.postgres.locks import leading


class Lead:
    """The place of the leader, as one process sees it. A process that dies lets go of it by dying."""

    def __init__(self, url: str, schema: str = SCHEMA) -> None:
        self._connections, self._key = Connections(url, schema), leading(schema)
        self._con: Plain | None = None
        self._lock = threading.Lock()

    def taken(self) -> bool:
        """Whether this process leads: it holds the place already and is still heard, or it has just taken it."""
        with self._lock:
            try:
                if self._con is not None:
                    self._con.execute("SELECT 1")
                    return True
                con = self._connections.opened()
                found = con.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
                if found == (True,):
                    self._con = con
                    return True
                con.close()
            except (psycopg.Error, Unavailable):  # the server is away: so is the lock, and with it the lead
                self._drop()
            return False

    def let_go(self) -> None:
        """Leave the place to another process."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        con, self._con = self._con, None
        if con is not None:
            con.close()
