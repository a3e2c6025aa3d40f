"""What every answer carries, and what strangers may make the machine hold."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bocage.assembly.connections import LONGEST, close_the_late, most, patient
from bocage.assembly.edge import LARGEST, LARGEST_OF_STRANGERS, Turns, edged, paged
from bocage.upkeep.meter import METER

CSP = b"content-security-policy"


def asked(path: str = "/", **headers: str) -> dict[str, Any]:
    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "headers": named, "query_string": b""}


async def reading(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads everything, then says so."""
    while (await receive()).get("more_body"):
        pass
    await Response("read")(scope, receive, send)


def answered(app: ASGIApp, scope: dict[str, Any], *parts: bytes) -> dict[str, Any]:
    """Status, headers and body of the answer to a body sent in these parts."""
    found: dict[str, Any] = {}
    sent = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting = [*sent, {"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.update(status=message["status"], headers=dict(message["headers"]))
        else:
            found["body"] = found.get("body", b"") + message.get("body", b"")

    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize("path", ["/heads", "/api/x/datasets/y.csv", "/static/live.js", "/nothing"])
def test_every_answer_says_what_a_browser_may_do_with_it(path: str) -> None:
    headers = answered(edged(reading), asked(path))["headers"]
    assert b"unsafe" not in headers[CSP]
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"referrer-policy"] == b"same-origin"
    assert b"strict-transport-security" not in headers


def test_a_page_keeps_the_headers_it_said_itself() -> None:
    async def said(scope: Scope, receive: Receive, send: Send) -> None:
        await Response("", headers={"Referrer-Policy": "no-referrer"})(scope, receive, send)

    assert answered(edged(said), asked())["headers"][b"referrer-policy"] == b"no-referrer"


def test_a_packed_answer_names_its_state_weakly_and_a_plain_one_as_it_is() -> None:
    def named(encoding: str) -> bytes:
        async def said(scope: Scope, receive: Receive, send: Send) -> None:
            headers = {"ETag": '"abc"', **({"Content-Encoding": encoding} if encoding else {})}
            await Response("", headers=headers)(scope, receive, send)

        return bytes(answered(edged(said), asked())["headers"][b"etag"])

    assert (named(""), named("gzip")) == (b'"abc"', b'W/"abc"')


def test_an_address_with_tls_stays_with_tls() -> None:
    headers = answered(edged(reading, public_url=lambda: "https://ville.example"), asked())["headers"]
    assert headers[b"strict-transport-security"].startswith(b"max-age=")


@pytest.mark.parametrize("path", ["/sign-in", "/welcome/x", "/ville/desk/", "/account"])
def test_robots_stay_out_of_the_desk(path: str) -> None:
    assert answered(edged(reading), asked(path))["headers"][b"x-robots-tag"] == b"noindex, nofollow"


def test_a_stranger_does_not_fill_the_disk_with_a_form() -> None:
    piece = b"x" * (LARGEST_OF_STRANGERS // 4)
    assert answered(edged(reading), asked(), *[piece] * 4)["status"] == 200
    assert answered(edged(reading), asked(), *[piece] * 5)["status"] == 413
    signed_in = asked(cookie="bocage=abc")
    assert answered(edged(reading), signed_in, *[piece] * 5)["status"] == 200
    assert answered(edged(reading), signed_in, *[piece] * (LARGEST * 4 // LARGEST_OF_STRANGERS + 1))["status"] == 413


def test_a_part_that_makes_its_own_answer_of_a_refusal_is_not_heard() -> None:
    async def saying(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await reading(scope, receive, send)
        except Exception:
            await Response("failed", 500)(scope, receive, send)
            raise

    assert answered(edged(saying), asked(content_length=str(LARGEST * 10)))["status"] == 413


def test_a_body_said_to_be_too_long_is_not_read() -> None:
    assert answered(edged(reading), asked(content_length=str(LARGEST * 10)))["status"] == 413


def test_a_person_who_sends_too_much_reads_how_much_it_may_be() -> None:
    asking = asked(cookie="bocage=abc", content_length=str(LARGEST * 10), accept="text/html")
    body = answered(edged(reading), asking)["body"].decode()
    assert "34 Mo" in body.replace("\u202f", " ").replace("\u00a0", " ").replace("34,0", "34")
    assert 'lang="en"' in body


def test_a_reader_that_takes_the_answer_slowly_holds_no_turn() -> None:
    """Two turns, three readers who never take their answer: a fourth is answered all the same."""
    ended: list[int] = []

    async def everything() -> None:
        app = paged(reading, Turns(at_once=2))
        never = asyncio.Event()

        async def slow(message: Message) -> None:
            ended.append(1)
            await never.wait()

        async def quick(message: Message) -> None:
            ended.append(2)

        waiting = [asyncio.create_task(_page(app, slow)) for _ in range(3)]
        await asyncio.sleep(0.05)
        async with asyncio.timeout(2):
            await _page(app, quick)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    asyncio.run(everything())
    assert ended.count(1) == 3
    assert 2 in ended


def test_more_pages_than_can_wait_are_told_to_come_back() -> None:
    seen: list[int] = []

    async def everything() -> None:
        never = asyncio.Event()

        async def stuck(scope: Scope, receive: Receive, send: Send) -> None:
            await receive()
            await never.wait()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.append(message["status"])

        app = edged(paged(stuck, Turns(at_once=1, waiting=1)))
        tasks = [asyncio.create_task(_page(app, told)) for _ in range(3)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(everything())
    assert seen == [503]


async def _page(app: ASGIApp, send: Callable[[Message], Awaitable[None]]) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(asked(), receive, send)


def listening(patience: float = 0.2, limit: int = 50) -> uvicorn.Server:
    protocol = patient(limit)
    protocol.patience = patience
    config = uvicorn.Config(reading, port=0, http=protocol, ws="none", log_config=None, access_log=False)
    return uvicorn.Server(config)


async def against(attack: Callable[[int], Awaitable[bytes]], **limits: Any) -> bytes:
    """What a server answers to an attack on its port."""
    server = listening(**limits)
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.01)
    closing = asyncio.create_task(close_the_late(server.server_state.connections, 0.05))
    try:
        async with asyncio.timeout(10):
            return await attack(server.servers[0].sockets[0].getsockname()[1])
    finally:
        closing.cancel()
        server.should_exit = True
        await serving


async def _said(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.05)
        return await reader.read(200)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def test_a_connection_that_asks_nothing_is_closed() -> None:
    assert asyncio.run(against(_said)) == b""


def test_headers_that_come_drop_by_drop_are_not_awaited() -> None:
    drops = [b"GET / HTTP/1.1\r\n", *[b"X-A: b\r\n"] * 20]
    assert asyncio.run(against(lambda port: _said(port, *drops))) == b""


def test_headers_without_end_are_refused() -> None:
    endless = b"GET / HTTP/1.1\r\nX-A: " + b"b" * (LONGEST * 4)
    answer = asyncio.run(against(lambda port: _said(port, endless), patience=5))
    assert answer[:12] in (b"HTTP/1.1 400", b"")


def test_a_request_that_is_whole_is_answered() -> None:
    whole = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    assert asyncio.run(against(lambda port: _said(port, whole))).startswith(b"HTTP/1.1 200")


def test_one_connection_too_many_is_closed_at_once() -> None:
    async def many(port: int) -> bytes:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await asyncio.sleep(0.05)
        answer = await _said(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        for _reader, writer in held:
            writer.close()
        return answer

    assert asyncio.run(against(many, patience=5, limit=2)) == b""


def test_connections_leave_open_files_to_the_databases() -> None:
    import resource

    assert 32 <= most() <= resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_what_comes_and_goes_is_counted_for_the_territory_of_the_address() -> None:
    METER.take()
    answered(edged(reading), asked("/api/bourg/push"), b"a" * 300, b"b" * 200)
    answered(edged(reading), asked("/static/look.css"))
    taken = METER.take()
    assert taken.received == {"bourg": 500}
    assert taken.sent == {"bourg": len(b"read"), "": len(b"read")}
