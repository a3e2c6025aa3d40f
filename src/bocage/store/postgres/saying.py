"""Words that processes say to each other through the database, beside what they commit."""

from collections.abc import Callable

from bocage.store.postgres.connections import Connections
from bocage.store.postgres.home import SCHEMA
from bocage.store.postgres.listening import Listening


class Words:
    """Hears the words of a channel; they are said in SQL: `pg_notify(channel, words)`, heard once it is committed."""

    def __init__(self, url: str, channel: str, heard: Callable[[str], None], look: Callable[[], None]) -> None:
        self._connections = Connections(url, SCHEMA)
        self._listening = Listening(self._connections, channel, heard, look)
        self._listening.start()

    def stop(self) -> None:
        """Hear no more."""
        self._listening.stop()
        self._connections.close()
