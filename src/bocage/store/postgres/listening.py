"""Hears of what other processes committed: one thread, one connection that listens."""

import threading
import time
from collections.abc import Callable

import psycopg

from bocage.domain.errors import BocageError
from bocage.store.postgres.connections import Connections, Plain
from bocage.store.postgres.locks import Locks
from bocage.store.postgres.writer import position

AGAIN = 1.0  # seconds before the server is tried again
LONGEST = 30.0  # seconds without a word before the position is looked at anyway


class Listening:
    """Calls `told(position)` for commits of others; started by the first who asks."""

    def __init__(self, connections: Connections, locks: Locks, told: Callable[[int], None]) -> None:
        self._connections, self._locks, self._told = connections, locks, told
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._heard = 0
        self._thread: threading.Thread | None = None
        self._begun = threading.Event()

    def start(self) -> None:
        """Listen from now on; what is committed after this call is heard of."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log-listener", daemon=True)
                self._thread.start()
        self._begun.wait(5)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        if self._thread is None:
            return
        try:
            with self._connections.lent() as con:
                con.execute("SELECT pg_notify(%s, '')", (self._locks.channel,))
        except BocageError:
            pass  # the server is gone, and the thread with its connection
        self._thread.join(2 * AGAIN)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._connections.opened() as con:
                    self._listen(con)
            except (psycopg.Error, BocageError):
                self._begun.set()  # nobody waits for a server that does not answer
                self._stopping.wait(AGAIN)

    def _listen(self, con: Plain) -> None:
        con.execute(f'LISTEN "{self._locks.channel}"'.encode())
        here = position(con)
        if self._heard and here > self._heard:
            self._told(here)  # something may have been committed while nobody listened
        self._heard = here
        self._begun.set()
        while not self._stopping.is_set():
            since = time.monotonic()
            for notice in con.notifies(timeout=LONGEST, stop_after=1):
                if notice.payload:
                    at, _, whose = notice.payload.partition(" ")
                    self._hear(int(at), whose)
            if time.monotonic() - since >= LONGEST:
                self._hear(position(con))

    def _hear(self, position: int, whose: str = "") -> None:
        if position <= self._heard:
            return
        self._heard = position
        if whose != self._locks.whose:  # whoever listens here was told of its own commits already
            self._told(position)
