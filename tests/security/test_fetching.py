"""An address that is polled: what its server may not make us do."""

import asyncio
import gzip
from collections.abc import Callable

import httpx
import pytest

from bocage.domain.errors import PayloadError
from bocage.domain.source import Source, Transport
from bocage.domain.text import Text
from bocage.ingest import fetching
from bocage.ingest.polling import _told

Answer = Callable[[httpx.Request], httpx.Response]


ADDRESS = "https://data.example/feed"


def read(answer: Answer, addresses: tuple[str, ...] = ("1.1.1.1",)) -> bytes:
    async def resolve(_host: str) -> list[str]:
        return list(addresses)

    found = fetching.read(ADDRESS, {}, transport=httpx.MockTransport(answer), resolve=resolve, whole=0.5)
    return asyncio.run(found).content


def onward(target: str) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        if str(request.url) == ADDRESS:
            return httpx.Response(302, headers={"Location": target})
        return httpx.Response(200, content=b"reached")

    return answer


def test_a_redirection_to_a_public_address_is_followed() -> None:
    assert read(onward("https://files.example/feed")) == b"reached"


def test_a_redirection_on_the_same_host_is_followed() -> None:
    assert read(onward("/other"), addresses=("127.0.0.1",)) == b"reached"


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1"])
def test_a_server_does_not_send_us_into_our_own_network(address: str) -> None:
    with pytest.raises(PayloadError):
        read(onward("http://inside.example/"), addresses=("1.1.1.1", address))


def test_a_host_that_nobody_knows_is_not_reached() -> None:
    with pytest.raises(PayloadError):
        read(onward("http://inside.example/"), addresses=())


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://x.example/", "ftp://x.example/x"])
def test_nothing_but_http_is_followed(target: str) -> None:
    with pytest.raises((PayloadError, httpx.UnsupportedProtocol)):
        read(onward(target))


def test_redirections_without_end_end() -> None:
    with pytest.raises(PayloadError):
        read(lambda request: httpx.Response(302, headers={"Location": "/again"}))


def test_a_small_answer_that_unpacks_to_much_is_refused() -> None:
    packed = gzip.compress(bytes(fetching.LARGEST + 1), compresslevel=1)
    with pytest.raises(PayloadError):
        read(lambda request: httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"}))


def test_an_answer_that_comes_drop_by_drop_is_not_awaited_for_ever() -> None:
    class Drops(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            while True:
                await asyncio.sleep(0.05)
                yield b"x"

    with pytest.raises(PayloadError):
        read(lambda request: httpx.Response(200, stream=Drops()))


def test_a_failure_is_told_without_the_keys_of_the_address() -> None:
    failure = (
        "Client error '404 Not Found' for url 'https://me:pw@data.example/a?key=s3cret#x'\nmore https://b.example/?k=1"
    )
    told = _told(Source(title=Text(fr="Lieu"), transport=Transport.POLL, plugin="bocage-json"), ValueError(), failure)
    assert told == "Client error '404 Not Found' for url 'https://data.example'\nmore https://b.example"
