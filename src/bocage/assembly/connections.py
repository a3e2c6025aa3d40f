"""Connections that strangers open: how many, how long they may take to ask, how much they may say before they do.

A reverse proxy does this too; the log must be able to open its files whatever comes in where there is none.
"""

import asyncio
import resource
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE: Final = 15.0  # seconds for a request's address and headers to come in
LONGEST: Final = 64 * 1024  # bytes of them; the parser itself knows no limit
MOST: Final = 4_000  # connections at once, fewer where the machine gives few open files
KEPT: Final = 256  # open files that connections leave to the databases


def most() -> int:
    """How many connections may be open, once the process may open all the files the machine lets it."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST if hard == resource.RLIM_INFINITY else min(hard, 2 * MOST)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, _soft), hard))
    return max(32, min(MOST, wanted - KEPT))


class Patient(HttpToolsProtocol):
    """One connection: closed when a request does not come in, refused when there are too many."""

    limit = MOST
    patience = PATIENCE
    _since: float | None = None
    _said = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A connection is there; one too many is closed before anything is read."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if len(self.connections) > self.limit:
            transport.abort()

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._since = self.loop.time()

    def on_headers_complete(self) -> None:
        """Its headers are there: the application's own limits hold from here."""
        self._since, self._said = None, 0
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Bytes came in."""
        super().data_received(data)
        if self._since is not None:
            self._said += len(data)
            if self._said > LONGEST:
                self.send_400_response("Headers too long.")

    def late(self, now: float) -> bool:
        """Whether a request has been awaited for too long (keep-alive has its own, shorter time)."""
        return self._since is not None and now - self._since > self.patience


def patient(limit: int) -> type[Patient]:
    """The connections of a server that keeps so many at most."""
    return type("Limited", (Patient,), {"limit": limit})


async def close_the_late(connections: set[Any], every: float = PATIENCE / 3) -> None:
    """Close connections that ask nothing, now and then, until cancelled."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(every)
        for one in list(connections):
            if isinstance(one, Patient) and one.late(loop.time()):
                one.transport.abort()
