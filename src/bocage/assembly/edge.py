"""What every answer carries and what every request may cost, whichever part answers it."""

import asyncio
from collections.abc import Callable
from html import escape
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bocage import words
from bocage.domain.text import message as _
from bocage.upkeep.meter import METER, territory_of
from bocage.web.middleware import policy

LARGEST: Final = 34_000_000  # bytes of a body: the 32 MB of an import as a form carries them
LARGEST_OF_STRANGERS: Final = 1024 * 1024  # of whoever brings neither a session nor a token
PATIENCE: Final = 30.0  # seconds between two parts of a body
PAGES: Final = 8  # pages worked on at once: each takes a thread and a connection to the database
WAITING: Final = 400  # pages that may wait for their turn
LARGE: Final = _("This is too large")
TOO_LARGE: Final = _(
    "More than %(most)s was sent; nothing of it was kept. Go back and hand a smaller file over, one year at a time."
)
OFTEN: Final = 64 * 1024  # bytes of an answer between two times the meter is told
YEAR: Final = 365 * 24 * 3600
_PRIVATE = ("/sign-in", "/sign-out", "/welcome/", "/first/", "/start", "/account")


class _Refused(Exception):
    """A request that will not be read further; the status says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Full(Exception):
    """Too many pages wait for their turn already."""


def edged(app: ASGIApp, *, tiles: str = "", public_url: Callable[[], str] = str) -> ASGIApp:
    """The application with its headers on every answer, and bodies that end."""
    plain, closed = _headers(tiles), _headers(tiles, secure=True)

    async def edge(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        always = closed if public_url().startswith("https://") else plain
        reading, started = _Reading(scope, receive), False

        async def answer(message: Message) -> None:
            nonlocal started
            if reading.refused:  # what others say of a request that was not read is not worth telling
                return
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _completed(list(message.get("headers", ())), always, scope["path"])
            else:
                reading.went(len(message.get("body", b"")))
            await send(message)

        try:
            await app(scope, reading.receive, answer)
        except _Refused as refused:
            reading.refused = refused.status
        finally:
            reading.count()
        if reading.refused and not started:
            body = _page(reading.largest) if reading.refused == 413 and reading.by_person else b""
            await _refuse(send, reading.refused, always, body)

    return edge


def _headers(tiles: str, *, secure: bool = False) -> list[tuple[bytes, bytes]]:
    always = [
        (b"content-security-policy", policy(tiles).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]
    if secure:
        always.append((b"strict-transport-security", f"max-age={YEAR}".encode()))
    return always


def _completed(
    said: list[tuple[bytes, bytes]], always: list[tuple[bytes, bytes]], path: str
) -> list[tuple[bytes, bytes]]:
    names = {name.lower() for name, _value in said}
    if b"content-encoding" in names:  # other bytes than those that were named: as good, not the same
        said = [(name, b"W/" + value if name == b"etag" and value[:1] == b'"' else value) for name, value in said]
    if path.startswith("/static/") and b"cache-control" not in names:
        said.append((b"cache-control", b"public, max-age=600"))
    if path.startswith(_PRIVATE) or "/desk/" in path:
        said.append((b"x-robots-tag", b"noindex, nofollow"))
    return [*said, *((name, value) for name, value in always if name not in names)]


class _Reading:
    """A request as it comes in: it stops at the largest size, and is not awaited for ever."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        headers = dict(scope["headers"])
        known = b"authorization" in headers or b"bocage=" in headers.get(b"cookie", b"")
        declared = headers.get(b"content-length", b"")
        self.largest = LARGEST if known else LARGEST_OF_STRANGERS
        self.by_person = b"text/html" in headers.get(b"accept", b"")
        self._declared = int(declared) if declared.isdigit() else 0
        self._receive, self._size, self._whole = receive, 0, False
        self.refused = 0
        """The status it was refused with, 0 while it is read."""
        self._answered = self._told = 0  # bytes of the answer that are not counted yet, of the request that are
        self._path: str = scope["path"]

    async def receive(self) -> Message:
        """The next part."""
        if self._whole:  # what follows is only the news that the reader left
            return await self._receive()
        if self._declared > self.largest:
            raise self._refuse(413)
        try:
            async with asyncio.timeout(PATIENCE):
                message = await self._receive()
        except TimeoutError as error:
            raise self._refuse(408) from error
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._size > self.largest:
                raise self._refuse(413)
        return message

    def went(self, size: int) -> None:
        """A part of the answer goes out: a stream of events is open for days, and is counted meanwhile."""
        self._answered += size
        if self._answered > OFTEN:
            self.count()

    def count(self) -> None:
        """Tell the meter what came and went since it was told last."""
        territory = territory_of(self._path)
        if self._size > self._told:
            METER.came(territory, self._size - self._told)
        METER.went(territory, self._answered)
        self._told, self._answered = self._size, 0

    def _refuse(self, status: int) -> "_Refused":
        self.refused = status
        return _Refused(status)


async def _refuse(send: Send, status: int, always: list[tuple[bytes, bytes]], body: bytes = b"") -> None:
    # What was not read would be taken for the next request.
    headers = [
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
        (b"retry-after", b"10"),
        *always,
    ]
    if body:
        headers.append((b"content-type", b"text/html; charset=utf-8"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _page(largest: int) -> bytes:
    """What a person reads instead of an empty page; who they are and what they speak was not looked at."""
    said = [
        f'<section lang="{lang}"><h1>{escape(words.translate(LARGE, lang))}</h1><p>'
        + escape(words.translate(TOO_LARGE, lang) % {"most": words.size(largest, lang)})
        + "</p></section>"
        for lang in ("fr", "en")
    ]
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Bocage</title>'
    sheet = '<link rel="stylesheet" href="/static/look.css">'
    main = f'<main class="wide">{"".join(said)}</main>'
    return f'<!doctype html><html lang="fr"><head>{head}{sheet}</head><body>{main}</body></html>'.encode()


class Turns:
    """Pages worked on at once, and those that wait."""

    def __init__(self, at_once: int = PAGES, waiting: int = WAITING) -> None:
        self._room, self._waiting, self._queued = asyncio.Semaphore(at_once), waiting, 0

    async def take(self) -> None:
        """Wait for a turn; refused when too many wait already."""
        if self._queued >= self._waiting:
            raise _Full
        self._queued += 1
        try:
            await self._room.acquire()
        finally:
            self._queued -= 1

    def give_back(self) -> None:
        """The turn is over."""
        self._room.release()


class _Turn:
    """One page's turn: it begins when the whole request is there and ends when the answer is ready, so that neither
    a slow sender nor a slow reader holds one."""

    def __init__(self, turns: Turns, receive: Receive, send: Send) -> None:
        self._turns, self._receive, self._send = turns, receive, send
        self._asked = self._held = False

    async def read(self) -> Message:
        """The next part of the request; the last one comes with the turn."""
        message = await self._receive()
        if not self._asked and message["type"] == "http.request" and not message.get("more_body", False):
            self._asked = True
            await self._turns.take()
            self._held = True
        return message

    async def answer(self, message: Message) -> None:
        """A part of the answer."""
        self.leave()
        await self._send(message)

    def leave(self) -> None:
        """Give the turn back, once."""
        if self._held:
            self._held = False
            self._turns.give_back()


def paged(app: ASGIApp, turns: Turns) -> ASGIApp:
    """Pages, a few at once."""

    async def pages(scope: Scope, receive: Receive, send: Send) -> None:
        turn = _Turn(turns, receive, send)
        try:
            await app(scope, turn.read, turn.answer)
        except _Full:
            await _refuse(send, 503, [])
        finally:
            turn.leave()

    return pages
