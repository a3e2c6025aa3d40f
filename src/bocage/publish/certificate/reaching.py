"""Asks the instance that a certificate comes from: within a time and a size, without following it anywhere.

`guarded`: whoever asks was given the address by somebody else, so that it must lead to the public network, and the very
address that was looked at is the one that is called.
"""

import time
from collections.abc import Callable
from typing import Final

import httpx

from bocage.domain.errors import Invalid, Missing, Unavailable
from bocage.domain.network_address import is_public
from bocage.domain.text import message as _
from bocage.publish.certificate.cutting import Cut

LARGEST: Final = 32 * 1024 * 1024
PATIENCE: Final = 10.0  # seconds between two parts of an answer
WHOLE: Final = 30.0  # seconds for all answers together: somebody waits before a page
PAUSES: Final = (1.0, 2.0)  # seconds before a busy instance is asked again
SCHEMES: Final = ("http", "https")

Resolve = Callable[[str], list[str]]


class _Busy(Exception):
    """The instance says that it cannot answer now."""


class Reach:
    """One instance, asked for the time of one check. `transport` and `resolve` are the network's unless said."""

    def __init__(
        self,
        address: str,
        *,
        guarded: bool = False,
        transport: httpx.BaseTransport | None = None,
        resolve: Resolve | None = None,
    ) -> None:
        self.address = _checked(address, guarded)
        self._guarded, self._transport, self._resolve = guarded, transport, resolve or _addresses
        self._until = time.monotonic() + WHOLE

    def get(self, path: str) -> bytes:
        """What stands at a path; Missing when nothing does, Unavailable when the instance does not answer; one that is
        busy is asked again."""
        for pause in (*PAUSES, None):
            try:
                return self._asked(path)
            except _Busy as busy:
                if pause is None or time.monotonic() + pause > self._until:
                    raise Unavailable(_("an answer of the instance"), str(busy)) from busy
                time.sleep(pause)
        raise AssertionError("the last try answers or raises")

    def _asked(self, path: str) -> bytes:
        url, cut = httpx.URL(self.address + path), Cut(self._until - time.monotonic())
        try:
            with cut, httpx.Client(transport=self._transport, timeout=PATIENCE, trust_env=False) as client:
                response = client.send(self._request(url, cut), stream=True)
                try:
                    if response.status_code == httpx.codes.NOT_FOUND:
                        raise Missing(_("an instance of Bocage that tells of its certificates"), str(url))
                    if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                        raise _Busy(f"{url}: 503")
                    if response.status_code != httpx.codes.OK:
                        raise Unavailable(_("an answer of the instance"), f"{url}: {response.status_code}")
                    return self._body(response)
                finally:
                    response.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise Unavailable(
                _("an answer of the instance"), f"{url}: {type(error).__name__}: {error}"[:300]
            ) from error

    def _request(self, url: httpx.URL, cut: Cut) -> httpx.Request:
        if not self._guarded:
            return httpx.Request("GET", url, extensions={"trace": cut.follow})
        found = self._resolve(url.host)
        if not found or not all(map(is_public, found)):
            raise Invalid(_("an address that everyone can reach"), url.host)
        return httpx.Request(
            "GET",
            url.copy_with(host=found[0]),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.host, "trace": cut.follow},
        )

    def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        for part in response.iter_bytes():
            body += part
            if len(body) > LARGEST or time.monotonic() > self._until:
                raise Unavailable(_("a shorter answer, and a quicker one"), f"> {LARGEST} B, > {WHOLE:.0f} s")
        return bytes(body)


def guarded(address: str) -> Reach:
    """The instance at an address that somebody else gave."""
    return Reach(address, guarded=True)


def _addresses(host: str) -> list[str]:
    from bocage.outbox.posting import addresses  # tables: whoever checks from outside has no instance for them

    return addresses(host)


def _checked(address: str, guarded: bool) -> str:
    """The address without its end; Invalid when it is none, or not safe enough for whoever was given it."""
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise Invalid(_("an address (https://...)"), address[:200]) from error
    allowed = SCHEMES[1:] if guarded else SCHEMES
    if url.scheme not in allowed or not url.host or url.userinfo or url.query or url.fragment:
        raise Invalid(_("an address (https://...)"), address[:200])
    return address.rstrip("/")
