"""Asks a provider over the network: within a time and a size, only where its own address leads.

Whoever administers the instance may name a provider of the inner network, as a syndicate's often is. What such a
provider, or one outside, then names as its own addresses must be on its own host or public.
"""

import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
import msgspec

from bocage.accounts.openid.fault import Fault, SignInFailure
from bocage.domain.network_address import is_public

LARGEST: Final = 256 * 1024
PATIENCE: Final = 10.0  # seconds for the whole of an answer: somebody waits before a page
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})

Resolve = Callable[[str], list[str]]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back: the status, the media type without its parameters, the body."""

    status: int
    media_type: str
    body: bytes

    def read(self) -> dict[str, Any]:
        """The body as a JSON object; SignInFailure when it is none."""
        try:
            found = msgspec.json.decode(self.body)
        except msgspec.DecodeError as error:
            raise SignInFailure(Fault.STRANGE, self.body[:80].decode(errors="replace")) from error
        if not isinstance(found, dict):
            raise SignInFailure(Fault.STRANGE, type(found).__name__)
        return found


class Asking:
    """The one way to a provider. `transport` and `resolve` are the network's unless said otherwise."""

    def __init__(self, transport: httpx.BaseTransport | None = None, resolve: Resolve | None = None) -> None:
        self._transport, self._resolve = transport, resolve or _addresses

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read an address."""
        return self._ask(httpx.Request("GET", address, headers={"Accept": "application/json", **(headers or {})}))

    def post(self, address: str, form: Mapping[str, str], credentials: tuple[str, str] | None = None) -> Answer:
        """Send a form, with credentials when there are some."""
        request = httpx.Request("POST", address, data=dict(form), headers={"Accept": "application/json"})
        if credentials:
            request = next(httpx.BasicAuth(*credentials).auth_flow(request))
        return self._ask(request)

    def check(self, address: str, issuer: str) -> str:
        """The address itself, when it is https (or this machine) and on the issuer's host or a public one."""
        there, home = urlsplit(address), urlsplit(issuer)
        near = there.hostname in LOOPBACK and home.hostname in LOOPBACK
        if not there.hostname or not (there.scheme == "https" or (there.scheme == "http" and near)):
            raise SignInFailure(Fault.UNSAFE, f"{address}: https")
        if there.hostname != home.hostname and not self._public(there.hostname):
            raise SignInFailure(Fault.UNSAFE, address)
        return address

    def _public(self, host: str) -> bool:
        found = self._resolve(host)
        return bool(found) and all(is_public(one) for one in found)

    def _ask(self, request: httpx.Request) -> Answer:
        until = time.monotonic() + PATIENCE
        try:
            with httpx.Client(transport=self._transport, timeout=PATIENCE / 2) as client:
                response = client.send(request, stream=True)  # redirections are not followed: an answer is one
                try:
                    return Answer(
                        status=response.status_code,
                        media_type=response.headers.get("content-type", "").partition(";")[0].strip().lower(),
                        body=_body(response, until),
                    )
                finally:
                    response.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise SignInFailure(Fault.UNREACHABLE, f"{request.url.host}: {type(error).__name__}: {error}") from error


def _body(response: httpx.Response, until: float) -> bytes:
    body = bytearray()
    for part in response.iter_bytes():
        body += part
        if len(body) > LARGEST or time.monotonic() > until:
            raise SignInFailure(Fault.STRANGE, f"> {LARGEST} B, > {PATIENCE:.0f} s")
    return bytes(body)


def _addresses(host: str) -> list[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [str(where[4][0]).partition("%")[0] for where in found]
