"""What other processes committed or erased, told to whoever listens here."""

from collections.abc import Callable

from bocage.store.postgres.connections import Connections
from bocage.store.postgres.listening import Listening
from bocage.store.postgres.locks import ERASED, Locks
from bocage.store.postgres.writer import position


class Committed:
    """Calls `told(position)` for commits of others, `erased()` for their erasures: its own process was told of its own
    already."""

    def __init__(
        self, connections: Connections, locks: Locks, told: Callable[[int], None], erased: Callable[[], None]
    ) -> None:
        self._connections, self._whose, self._told, self._erased = connections, locks.whose, told, erased
        self._last = -1
        self._listening = Listening(connections, locks.channel, self._hear, self._look)
        self.start, self.stop = self._listening.start, self._listening.stop

    def _hear(self, words: str) -> None:
        at, _, whose = words.partition(" ")
        if at == ERASED:
            self._erased()
        else:
            self._reach(int(at), tell=whose != self._whose)

    def _look(self) -> None:
        """Something may have been committed or erased while nobody listened."""
        self._erased()
        self._reach(self._connections.asked(position), tell=self._last >= 0)

    def _reach(self, position: int, *, tell: bool) -> None:
        if position > self._last:
            self._last = position
            if tell:
                self._told(position)
