"""Ends a connection when its time is over: an answer whose head comes one byte at a time would keep us for days."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Final

CONNECTED: Final = ("connection.connect_tcp.complete", "connection.start_tls.complete")
"""Steps of httpcore that give a stream."""


class Cut:
    """The time of one request: `follow` hears of its connection, which is shut down after this many seconds."""

    def __init__(self, seconds: float) -> None:
        self._socket: socket.socket | None = None
        self._over = threading.Event()
        self._timer = threading.Timer(max(0.0, seconds), self._end)
        self._timer.daemon = True

    def __enter__(self) -> "Cut":
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._socket = None

    def follow(self, step: str, told: dict[str, Any]) -> None:
        """A step of the request, as httpcore tells it (extension `trace`)."""
        if step in CONNECTED:
            self._socket = told["return_value"].get_extra_info("socket")
            if self._over.is_set():
                self._shut()

    def _end(self) -> None:
        self._over.set()
        self._shut()

    def _shut(self) -> None:
        held = self._socket
        if held is not None:
            with contextlib.suppress(OSError):  # it ended by itself
                socket.socket.shutdown(held, socket.SHUT_RDWR)  # below TLS: nothing more is said
