"""The short way of single numbers: many connections within one turn, each with an answer of its own."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
import pytest
import uvicorn
from tests.api.running import AT, MAIN
from tests.api.sensorthings.service import ROOT, Service

from bocage.api.express import Express
from bocage.assembly.shortcuts import quick

JSON = "application/json"
NOON = "2026-11-23T0{}:30:00Z"


class Sender:
    """One request, and what came of it: (status, headers, body), or that the application is to answer."""

    scheme = "http"

    def __init__(self, token: str, body: bytes, url: str = f"{ROOT}/Observations") -> None:
        self.url, self.body = url.encode(), body
        told = {"host": "bocage.test", "authorization": f"Bearer {token}", "content-type": JSON}
        self.headers: Mapping[bytes, bytes] = {name.encode(): value.encode() for name, value in told.items()}
        self.told: tuple[int, bytes, bytes] | None = None
        self.left = False

    def answer(self, status: int, lines: bytes, body: bytes) -> None:
        assert self.told is None
        self.told = (status, lines, body)

    def otherwise(self) -> None:
        self.left = True

    @property
    def status(self) -> int:
        assert self.told is not None
        return self.told[0]

    @property
    def location(self) -> str:
        assert self.told is not None
        return self.told[1].decode().partition("location: ")[2].partition("\r\n")[0]


def observed(number: int, hour: int, result: Any = 500, **more: Any) -> bytes:
    return msgspec.json.encode(
        {"phenomenonTime": NOON.format(hour), "result": result, "Datastream": {"@iot.id": number}, **more}
    )


@pytest.fixture
def token(service: Service) -> str:
    """The token of the source, known to memory, with where its observations may go."""
    service.ask("POST", "Observations", content=observed(service.numbers["classe-a"], 0), headers=service.writer)
    return service.instance.token


def in_one_turn(service: Service, *senders: Sender) -> None:
    """All of them at once, until each is told."""

    async def go() -> None:
        express = Express(service.instance.parts)
        for one in senders:
            express.take(one)
        async with asyncio.timeout(5):
            while not all(one.told or one.left for one in senders):  # noqa: ASYNC110 - a turn of the loop each
                await asyncio.sleep(0)

    asyncio.run(go())


def test_what_many_send_within_a_turn_is_one_commit_and_each_has_its_own_address(service: Service, token: str) -> None:
    a, b = service.numbers["classe-a"], service.numbers["classe-b"]
    senders = [Sender(token, observed(a, 1, 1.5)), Sender(token, observed(b, 1, 2)), Sender(token, observed(a, 2, 3))]
    before = service.instance.store.position()
    in_one_turn(service, *senders)
    assert service.instance.store.position() == before + 1
    kept = [service.get(one.location) for one in senders]
    assert [(one["result"], one["phenomenonTime"][11:13]) for one in kept] == [(1.5, "01"), (2, "01"), (3, "02")]


def test_a_bad_body_among_good_ones_harms_only_itself(service: Service, token: str) -> None:
    number = service.numbers["classe-a"]
    good = Sender(token, observed(number, 3))
    split = (Sender(token, observed(number, 4)[:-1] + b', "x": "'), Sender(token, b'"}'))
    strange = [
        Sender(token, b"{nope"),
        *split,  # joined they would be one
        Sender(token, observed(number, 4, "warm")),
        Sender(token, observed(number, 4, parameters={"rssi": -80})),
        Sender(token, observed(2**53, 4)),
        Sender(token, observed(number, 4).replace(b"2026-", b"soon-")),
        Sender("bocage_guess", observed(number, 4)),
    ]
    in_one_turn(service, *strange[:4], good, *strange[4:])
    assert good.status == 201
    assert all(one.left and one.told is None for one in strange)


def test_the_refused_the_known_and_the_conflicting_of_a_turn_are_told_apart(service: Service, token: str) -> None:
    number = service.numbers["classe-b"]
    first, twin, other = (Sender(token, observed(number, 5, value)) for value in (7, 7, 8))
    future = Sender(token, observed(number, 5).replace(b"2026-", b"2036-"))
    last = Sender(token, observed(number, 6, 9))
    in_one_turn(service, first, future, twin, other, last)
    assert [one.status for one in (first, future, twin, other, last)] == [201, 403, 201, 409, 201]
    assert first.location == twin.location != last.location
    assert future.told
    assert b"ingest.future" in future.told[2]


def test_arrays_and_single_numbers_of_a_turn_are_each_told_their_own(service: Service, token: str) -> None:
    number = service.numbers["classe-a"]
    several = f"{ROOT}/CreateObservations"

    def array(*rows: tuple[int, Any]) -> Sender:
        held = [[NOON.format(hour).replace("-23T", "-22T"), value] for hour, value in rows]
        block = {"Datastream": {"@iot.id": number}, "components": ["phenomenonTime", "result"], "dataArray": held}
        return Sender(token, msgspec.json.encode([block]), several)

    first, clash, empty, worded = array((7, 1), (8, 2)), array((8, 3), (9, 4)), array(), array((9, "warm"))
    alone = Sender(token, observed(service.numbers["classe-b"], 7, 5).replace(b"-23T", b"-22T"))
    in_one_turn(service, first, alone, empty, clash, worded)
    assert [empty.left, worded.left, alone.status, first.status, clash.status] == [True, True, 201, 201, 201]
    assert first.told
    assert clash.told
    kept, mixed = msgspec.json.decode(first.told[2]), msgspec.json.decode(clash.told[2])
    assert [service.get(one)["result"] for one in (*kept, mixed[1], alone.location)] == [1, 2, 4, 5]
    assert mixed[0] == "error"


def test_pushed_numbers_are_told_what_pushes_are_told(service: Service, token: str) -> None:
    flow = service.instance.parts.intake.gate.compiled(MAIN, "air-ecoles")
    key, url = flow.key_of[service.numbers["classe-a"]], f"/api/{MAIN}/push"
    body = msgspec.json.encode({"datastream": key, "time": NOON.format(7), "result": 4})
    kept, twin = Sender(token, body, url), Sender(token, body, url)
    unknown = Sender(token, body.replace(key.encode(), b"nobody"), url)
    elsewhere = Sender(token, body, "/api/marais/push")
    in_one_turn(service, kept, unknown, twin, elsewhere)
    told = [msgspec.json.decode(one.told[2]) for one in (kept, twin) if one.told]
    assert [(one["accepted"], one["known"]) for one in told] == [(1, 0), (0, 1)]
    assert [unknown.left, elsewhere.left] == [True, True]


def test_a_revoked_token_goes_no_way(service: Service, token: str) -> None:
    tokens = service.instance.parts.tokens
    secret = tokens.issue(MAIN, "operator", AT, source="air-ecoles")
    machine = tokens.machine(secret, AT)
    assert machine is not None
    number = service.numbers["classe-a"]
    before, after = Sender(secret, observed(number, 8)), Sender(secret, observed(number, 8))
    in_one_turn(service, before)
    tokens.revoke(MAIN, machine.token, AT)
    in_one_turn(service, after)
    assert before.status == 201
    assert after.left


def test_what_the_log_cannot_keep_is_said_to_all_of_a_turn(service: Service, token: str) -> None:
    class Full:
        def append(self, batch: Any) -> Any:
            raise OSError("no room")

    from bocage.ingest.crossing import Crossing

    parts = service.instance.parts
    working, full = parts.intake.crossing, Crossing(parts.intake.gate, Full(), lambda *_: None)  # type: ignore[arg-type]
    senders = [Sender(token, observed(service.numbers["classe-a"], 9, value)) for value in (1, 2)]
    parts.intake.crossing = full
    try:
        in_one_turn(service, *senders)
    finally:
        parts.intake.crossing = working
    assert [one.status for one in senders] == [500, 500]


async def _against(service: Service, asked: Callable[[int, list[str]], Awaitable[bytes]]) -> tuple[bytes, list[str]]:
    """What a server says, and which requests the application had to answer."""
    parts, passed = service.instance.parts, list[str]()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        passed.append(scope["path"])
        await service.instance.app(scope, receive, send)

    config = uvicorn.Config(
        app, port=0, http=quick(50, Express(parts)), ws="none", lifespan="off", log_config=None, access_log=False
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it no other way
        await asyncio.sleep(0.01)
    try:
        async with asyncio.timeout(10):
            return await asked(server.servers[0].sockets[0].getsockname()[1], passed), passed
    finally:
        server.should_exit = True
        await serving


def _request(token: str, body: bytes, *more: str, path: str = f"{ROOT}/Observations") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: bocage.test", f"Authorization: Bearer {token}", *more]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


async def _said(port: int, *parts: bytes) -> bytes:
    """All that is answered until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.02)
        return await reader.read()
    finally:
        writer.close()


def test_requests_in_a_row_and_a_body_in_parts_are_answered_in_their_order(service: Service, token: str) -> None:
    a = service.numbers["classe-a"]
    first, second = observed(a, 1, 91.5, phenomenonTime=NOON.format(1).replace(":30:", ":31:")), observed(a, 1, "warm")
    third = observed(a, 1, 92.5, phenomenonTime=NOON.format(1).replace(":30:", ":32:"))
    whole = _request(token, first) + _request(token, second) + _request(token, third, "Connection: close")
    half = len(whole) - 40

    async def asked(port: int, passed: list[str]) -> bytes:
        return await _said(port, whole[:half], whole[half:-5], whole[-5:])

    answer, passed = asyncio.run(_against(service, asked))
    assert re.findall(rb"HTTP/1.1 (\d{3})", answer) == [b"201", b"403", b"201"]
    assert passed == [f"{ROOT}/Observations"]  # only what is no number
    assert answer.count(b"date: ") == 3
    kept = [line.partition(b": ")[2].decode() for line in answer.split(b"\r\n") if line.startswith(b"location")]
    assert [service.get(one)["result"] for one in kept] == [91.5, 92.5]


@pytest.mark.parametrize(
    ("said", "passed"), [("Expect: 100-continue", 1), ("X-Forwarded-Proto: https", 1), ("Accept-Language: en", 0)]
)
def test_what_asks_for_more_is_told_it(service: Service, token: str, said: str, passed: int) -> None:
    body = observed(service.numbers["classe-a"], 0)  # known already

    async def asked(port: int, seen: list[str]) -> bytes:
        return await _said(port, _request(token, body, said, "Connection: close"))

    answer, seen = asyncio.run(_against(service, asked))
    assert b" 201 " in answer
    assert len(seen) == passed
    assert (b"content-language: en" in answer) is ("Language" in said)


def test_arrays_of_times_and_numbers_are_answered_by_their_connection_and_others_by_the_application(
    service: Service, token: str
) -> None:
    def arrays(time: str, *results: Any) -> bytes:
        held = [[time.replace(":30:", f":{minute}:"), one] for minute, one in enumerate(results, 40)]
        block = {"Datastream": {"@iot.id": service.numbers["classe-a"]}, "components": ["phenomenonTime", "result"]}
        return msgspec.json.encode([{**block, "dataArray": held}])

    path = f"{ROOT}/CreateObservations"
    plain, twice = arrays(NOON.format(3), 1.5, 2.5), arrays(NOON.format(3), 1.5, 9)
    worded, late = arrays(NOON.format(4), "warm"), arrays(NOON.format(3).replace("2026-", "2036-"), 1)
    whole = b"".join(_request(token, one, path=path) for one in (plain, twice, worded, late))
    whole += _request(token, plain, "Connection: close", path=path)

    async def asked(port: int, passed: list[str]) -> bytes:
        return await _said(port, whole[:300], whole[300:900], whole[900:])

    answer, passed = asyncio.run(_against(service, asked))
    told = [msgspec.json.decode(one) for one in re.findall(rb"\r\n\r\n(\[.*?\])", answer)]
    assert re.findall(rb"HTTP/1.1 (\d{3})", answer) == [b"201"] * 5
    assert passed == [path]  # only what is no number
    assert [service.get(one)["result"] for one in told[0]] == [1.5, 2.5]
    assert told[1] == [told[0][0], "error"]
    assert told[2:] == [["error"], ["error"], told[0]]
