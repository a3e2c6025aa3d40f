"""Posts over the network, and never in the clear over the public one."""

import socket
import time
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from bocage.domain.network_address import is_public
from bocage.outbox.delivery import Hopeless

PATIENCE: Final = 15.0  # seconds for the receiver to answer: others wait meanwhile
LARGEST: Final = 64 * 1024  # bytes of an answer that are read

Resolve = Callable[[str], list[str]]
"""The IP addresses of a host; none when it has none."""


def send(address: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, bytes]:
    """Status and body of the answer. No redirection is followed, since the body is meant for this address; a long
    answer, or a slow one, is not read to its end."""
    safe(address)
    until = time.monotonic() + PATIENCE
    with (
        httpx.Client(timeout=PATIENCE, trust_env=False) as client,
        client.stream("POST", address, content=body, headers=dict(headers)) as answer,
    ):
        read = bytearray()
        for part in answer.iter_bytes():
            read += part
            if len(read) > LARGEST or time.monotonic() > until:
                break
        return answer.status_code, bytes(read[:LARGEST])


def addresses(host: str) -> list[str]:
    """The IP addresses of a host."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(where[4][0]).partition("%")[0] for where in found]


def safe(address: str, resolve: Resolve = addresses) -> None:
    """Raises when something would go in the clear over the public network: whoever stands on the way could read it,
    and answer in the place of the receiver. A receiver of the inner network is as its territory declares it, like a
    source."""
    url = httpx.URL(address)
    if url.scheme == "https":
        return
    found = resolve(url.host)
    if not found:
        raise ConnectionError(f"{url.host} has no address")
    if any(map(is_public, found)):
        raise Hopeless(f"{url.host} is of the public network: its address must begin with https://")
