"""Hears what other processes say: one thread, one connection that listens on a channel of the server."""

import threading
import time
from collections.abc import Callable

import psycopg

from bocage.domain.errors import BocageError
from bocage.store.postgres.connections import Connections, Plain

AGAIN = 1.0  # seconds before the server is tried again
LONGEST = 30.0  # seconds without a word before whoever listens looks by itself


class Listening:
    """`heard(words)` for each word that is said; `look()` where some may have been missed. Both from its thread."""

    def __init__(
        self, connections: Connections, channel: str, heard: Callable[[str], None], look: Callable[[], None]
    ) -> None:
        self._connections, self._channel, self._heard, self._look = connections, channel, heard, look
        self._lock, self._stopping = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self._begun = threading.Event()

    def start(self) -> None:
        """Listen from now on; what is said after this call is heard."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=f"listening-{self._channel}", daemon=True)
                self._thread.start()
        self._begun.wait(5)

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        if self._thread is None:
            return
        try:
            with self._connections.lent() as con:
                con.execute("SELECT pg_notify(%s, '')", (self._channel,))
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
        con.execute(f'LISTEN "{self._channel}"'.encode())
        self._look()
        self._begun.set()
        while not self._stopping.is_set():
            since = time.monotonic()
            for notice in con.notifies(timeout=LONGEST, stop_after=1):
                if notice.payload:
                    self._heard(notice.payload)
            if time.monotonic() - since >= LONGEST:
                self._look()
