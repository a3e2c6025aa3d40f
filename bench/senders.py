"""Senders over HTTP/1.1: each connection sends its next prebuilt request as soon as the last one was answered."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from typing import cast

import msgspec
import uvloop


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: seconds for all, milliseconds of each answer, how many were no success, the last body."""

    seconds: float
    milliseconds: list[float]
    failed: int
    last: bytes


class Sender(asyncio.Protocol):
    """One connection."""

    def __init__(self, requests: Sequence[bytes], done: "asyncio.Future[None]") -> None:
        self.requests, self.done = requests, done
        self.place, self.failed = 0, 0
        self.spent: list[float] = []
        self.last = b""
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own is none by its type
        self._next()

    def _next(self) -> None:
        if self.place == len(self.requests):
            self.transport.close()
            self.done.set_result(None)
            return
        self._begin = perf_counter()
        self.transport.write(self.requests[self.place])
        self.place += 1

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, body = self._held.partition(b"\r\n\r\n")
        if not found:
            return
        told = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        length = int(told) if told else 0  # an answer without content (204) does not say so
        if len(body) < length:
            return
        self.spent.append((perf_counter() - self._begin) * 1e3)
        self.failed += not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 204"))
        self.last, self._held = body, b""
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("closed before its last answer"))


def request(path: str, body: bytes, token: str) -> bytes:
    """A whole POST of JSON."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def send(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    """Send all, shared between so many connections."""
    return uvloop.run(_send(port, requests, connections))


async def _send(port: int, requests: Sequence[bytes], connections: int) -> Sent:
    loop = asyncio.get_running_loop()
    senders: list[Sender] = []
    begin = perf_counter()
    for first in range(connections):
        one = Sender(requests[first::connections], loop.create_future())
        senders.append(one)
        await loop.create_connection(lambda one=one: one, "127.0.0.1", port)
    await asyncio.gather(*(one.done for one in senders))
    return Sent(
        seconds=perf_counter() - begin,
        milliseconds=sorted(spent for one in senders for spent in one.spent),
        failed=sum(one.failed for one in senders),
        last=senders[-1].last,
    )
