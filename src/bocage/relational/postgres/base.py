"""Django's connection to PostgreSQL, which opens again by itself after the server went away.

Django looks at broken connections when a request begins, and asks the server whether it is there; followers, jobs,
ticks and routes for programs have no requests of Django. A server that went away has closed its end, which the socket
tells without an exchange.
"""

from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """The same, looked at each time it is used again outside a transaction."""

    def close_if_health_check_failed(self) -> None:
        """Let go of a connection that has ended; the next statement opens another one."""
        if self.connection is None or self.in_atomic_block:
            return
        if self.errors_occurred:
            self.close_if_unusable_or_obsolete()
        elif _speaks(self.connection) and not self.is_usable():
            self.close()


def _speaks(connection: Any) -> bool:
    """Whether the server has said something that nobody asked for, as it does when it goes."""
    if connection.closed:
        return True
    said = poll()
    said.register(connection.fileno(), POLLIN)
    return bool(said.poll(0))
