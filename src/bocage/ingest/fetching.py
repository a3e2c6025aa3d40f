"""Reads one address over the network: within a time and a size, and only where the address itself leads."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

from bocage.domain.errors import PayloadError
from bocage.domain.network_address import is_public
from bocage.domain.text import message as _

LARGEST: Final = 64 * 1024 * 1024
PATIENCE: Final = 30.0  # seconds between two parts of an answer
WHOLE: Final = 120.0  # seconds for all of it: a server that answers drop by drop must not hold back other work
MOST_HOPS: Final = 5

Resolve = Callable[[str], Awaitable[list[str]]]


def fetch(address: str, headers: dict[str, str]) -> httpx.Response:
    """Read an address; PayloadError when the answer is too large, too slow, or leads where it must not."""
    return asyncio.run(read(address, headers))


def lead(before: str, after: str) -> None:
    """PayloadError when what stood at an address leads where it must not."""
    asyncio.run(_check(httpx.URL(before), httpx.URL(after), _addresses))


async def read(
    address: str,
    headers: dict[str, str],
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    whole: float = WHOLE,
    resolve: Resolve | None = None,
) -> httpx.Response:
    """The same in an event loop. `resolve` gives the IP addresses of a host."""
    try:
        async with asyncio.timeout(whole), httpx.AsyncClient(timeout=PATIENCE, transport=transport) as client:
            for _hop in range(MOST_HOPS + 1):
                async with client.stream("GET", address, headers=headers) as response:
                    if response.next_request is None:
                        return await _whole(response)
                    await _check(response.url, response.next_request.url, resolve or _addresses)
                    address = str(response.next_request.url)
    except TimeoutError as error:
        raise PayloadError(_("an answer within two minutes")) from error
    raise PayloadError(_("an address that answers by itself"), found=f"> {MOST_HOPS}")


async def post(
    address: str, body: bytes, *, transport: httpx.AsyncBaseTransport | None = None, whole: float = WHOLE
) -> httpx.Response:
    """Send JSON to an address somebody gave, and read its answer; it leads nowhere else."""
    headers = {"content-type": "application/json"}
    try:
        async with (
            asyncio.timeout(whole),
            httpx.AsyncClient(timeout=PATIENCE, transport=transport) as client,
            client.stream("POST", address, headers=headers, content=body) as response,
        ):
            if response.next_request is not None:
                raise PayloadError(_("an address that answers by itself"), found=str(response.status_code))
            return await _whole(response)
    except TimeoutError as error:
        raise PayloadError(_("an answer in time")) from error


_TRAVEL = ("content-encoding", "content-length", "transfer-encoding")


async def _whole(response: httpx.Response) -> httpx.Response:
    body = bytearray()
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LARGEST:
            raise PayloadError(_("a shorter answer"), found=f"> {LARGEST} B")
    # The body is already unpacked: what told how it was packed no longer holds.
    kept = [(name, value) for name, value in response.headers.items() if name not in _TRAVEL]
    return httpx.Response(response.status_code, headers=kept, content=bytes(body))


async def _check(before: httpx.URL, after: httpx.URL, resolve: Resolve) -> None:
    """Whoever declares an address may name one of this network; whoever answers there may not send us into it."""
    if after.scheme not in ("http", "https"):
        raise PayloadError(_("a redirection to http or https"), found=after.scheme)
    if after.host == before.host:
        return
    found = await resolve(after.host)
    if not found or not all(is_public(one) for one in found):
        raise PayloadError(_("a redirection to a public address"), found=after.host)


async def _addresses(host: str) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(where[4][0]).partition("%")[0] for where in found]
