"""Connections that answer single numbers and plain arrays themselves: no task and no messages of ASGI for what most
requests are.

The parser, pipelining, keep-alive and their limits are uvicorn's and `Patient`'s. A request that may go the short way
is held until its body is there, and handed over; what is left to the application begins there then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from bocage.api.express import LONGEST, Express
from bocage.assembly.connections import Patient


class Held:
    """One request of one connection, as `api.asked.Asked`."""

    __slots__ = ("_app", "_connection", "_cycle", "body", "headers", "scheme", "url")

    def __init__(
        self, connection: "Quick", cycle: RequestResponseCycle, app: Any, headers: Mapping[bytes, bytes]
    ) -> None:
        self._connection, self._cycle, self._app = connection, cycle, app
        self.url: bytes = cycle.scope["raw_path"]
        self.scheme: str = cycle.scope["scheme"]
        self.headers = headers
        self.body = b""

    def answer(self, status: int, lines: bytes, body: bytes) -> None:
        """Write the whole answer at once; nobody hears it when its sender has gone."""
        cycle = self._cycle
        if cycle.disconnected or cycle.response_complete:
            return
        cycle.response_started = cycle.response_complete = True
        ending = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
        cycle.transport.write(
            b"".join((STATUS_LINE[status], self._connection.always(cycle.default_headers), lines, ending, body))
        )
        if not cycle.keep_alive:
            cycle.transport.close()
        cycle.on_response()
        cycle.on_response = _nothing  # the connection holds the request, which must not hold the connection

    def otherwise(self) -> None:
        """Let the application answer."""
        self._connection.leave(self._cycle, self._app)


class Quick(Patient):
    """A connection whose single numbers are taken in by the express."""

    express: Express
    _held: Held | None = None
    _always: tuple[Sequence[tuple[bytes, bytes]], bytes] = ((), b"")

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        headers = self._short(cycle)
        if headers is None:
            super()._start_asgi_task(cycle, app)
            return
        self._held = Held(self, cycle, app, headers)
        if cycle.more_body:
            if int(headers[b"content-length"]) <= LONGEST:  # what is longer may take its time, as in the application
                self._since = self.loop.time()
        else:  # it waited for the one before it
            self._hand_over(cycle)

    def _short(self, cycle: RequestResponseCycle) -> Mapping[bytes, bytes] | None:
        """The headers of a request that may go the short way."""
        scope = cycle.scope
        if scope["method"] != "POST" or scope["query_string"] or cycle.waiting_for_100_continue:
            return None
        if cycle.flow.write_paused:  # who does not read its answers is made to wait by the application
            return None
        headers = dict(scope["headers"])
        return headers if self.express.fits(scope["raw_path"], headers) else None

    def on_message_complete(self) -> None:
        """The body is there."""
        super().on_message_complete()
        if self._held is not None:
            self._hand_over(self.cycle)

    def _hand_over(self, cycle: RequestResponseCycle) -> None:
        held, self._held, self._since = self._held, None, None
        if held is not None:
            held.body = bytes(cycle.body)
            self.express.take(held)

    def leave(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Let the application answer a request."""
        super()._start_asgi_task(cycle, app)

    def always(self, said: Sequence[tuple[bytes, bytes]]) -> bytes:
        """The headers of every answer, as they are written; they change once a second."""
        if self._always[0] is not said:
            self._always = (said, b"".join(b"%b: %b\r\n" % pair for pair in said))
        return self._always[1]


def quick(limit: int, express: Express) -> type[Quick]:
    """The connections of a server that keeps so many at most."""
    return type("Limited", (Quick,), {"limit": limit, "express": express})


def _nothing() -> None:
    """What remains to be done."""
