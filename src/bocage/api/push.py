"""The route senders push to: bare ASGI, because most requests of an instance are made to it."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, Sequence
from typing import Any, Final

import msgspec
from starlette.routing import BaseRoute, Route

from bocage.accounts.rights import Machine
from bocage.api import incoming
from bocage.api.credentials import challenge, token_of
from bocage.api.language import preferred
from bocage.api.parts import Parts
from bocage.api.problem import MEDIA_TYPE, Stopped, Unknown, document, status_of
from bocage.domain.errors import BocageError, CodecFailure
from bocage.domain.text import message as _
from bocage.ingest import plugins, reporting
from bocage.ingest.answer import Answer
from bocage.ingest.reception import Sent
from bocage.ingest.streaming import Sender
from bocage.relational import in_thread
from bocage.upkeep.meter import METER

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = Mapping[bytes, bytes]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SHORT: Final = 1024 * 1024  # bytes up to which lines are read as one message
UNDERSTOOD: Final = 202  # a message that is whole, of a sensor whose bytes cannot be read yet
ALL_REFUSED: Final = 422  # when nothing of what was sent is kept: sending it again would not help
JSON: Final = "application/json"
_START, _END = "/api/", "/push"


class Pushing:
    """Answers POST /api/{territory}/push."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take in one message; every failure is answered with a problem document."""
        headers = dict(scope["headers"])
        try:
            status, body, media_type = await self._answered(scope, receive, headers)
        except BocageError as error:
            status, media_type = status_of(error), MEDIA_TYPE
            body = msgspec.json.encode(document(error, language(headers)))
        METER.went(territory_of(scope["path"]), len(body))
        await reply(send, status, body, (media_type, headers))

    async def _answered(self, scope: Scope, receive: Receive, headers: Headers) -> tuple[int, bytes, str]:
        territory = territory_of(scope["path"])
        machine = at_home(await machine_of(self._parts, headers), territory)
        receive = incoming.counted(receive, territory)
        media_type = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip().lower()
        if plugins.lined(media_type) and not _short(headers):
            return await self._streamed(
                Sender(territory=territory, source=machine.source, media_type=media_type), (receive, headers)
            )
        body = await incoming.whole(receive, headers)
        try:
            answer = await self._parts.intake.receive(territory, machine.source, Sent(body=body, media_type=media_type))
        except CodecFailure as failure:  # the message is whole: sent again, it would fail again
            told = document(failure, language(headers))
            return UNDERSTOOD, msgspec.json.encode({**told, "status": UNDERSTOOD}), JSON
        return said(answer, language(headers), territory, machine.source)

    async def _streamed(self, sender: Sender, asked: tuple[Receive, Headers]) -> tuple[int, bytes, str]:
        """Take in lines as they come; a failure tells what is durable already."""
        stream, lang = self._parts.intake.stream(sender), language(asked[1])
        try:
            answer = await stream.take(incoming.parts(*asked))
        except BocageError as error:
            told = reporting.document(stream.so_far, lang, sender.territory, sender.source)
            found = {**document(error, lang), "taken": {"rows": stream.rows, **told}}
            return status_of(error), msgspec.json.encode(found), MEDIA_TYPE
        told = {"rows": stream.rows, **reporting.document(answer, lang, sender.territory, sender.source)}
        return ALL_REFUSED if answer.all_refused else 200, msgspec.json.encode(told), JSON


def said(answer: Answer, lang: str, territory: str, source: str) -> tuple[int, bytes, str]:
    """Status, body and media type that tell a sender what became of its message."""
    if answer.spotless:
        counts = f'{{"accepted":{answer.accepted},"known":{answer.known},"corrected":{answer.corrected},'
        return 200, f'{counts}"position":{answer.position}}}'.encode(), JSON
    found = reporting.document(answer, lang, territory, source)
    return ALL_REFUSED if answer.all_refused and not answer.done else 200, msgspec.json.encode(found), JSON


async def machine_of(parts: Parts, headers: Headers) -> Machine:
    """The sender whose token a request brings; 401 when it brings none that holds, 403 when it writes to nothing."""
    bearer = token_of(headers.get(b"authorization", b"").decode("latin-1"))
    if b"authorization" not in headers:
        raise Stopped(401, _("Send the token of the source: Authorization: Bearer …"))
    now = parts.clock()
    machine = parts.tokens.known(bearer, now) or await in_thread(parts.tokens.machine, bearer, now)
    if machine is None:
        raise Unknown()
    if not machine.source:
        raise Stopped(403, _("This token reads datasets; it is bound to no source."))
    return machine


def at_home(machine: Machine, territory: str) -> Machine:
    """The same sender, when the token is of this territory."""
    if machine.territory != territory:
        raise Stopped(403, _("This token belongs to another territory."))
    return machine


def _short(headers: Headers) -> bool:
    """Whether a message says that it is short and not packed: it waits for its turn with those of others."""
    declared = headers.get(b"content-length", b"")
    packed = headers.get(b"content-encoding", b"identity") != b"identity"
    return declared.isdigit() and int(declared) <= SHORT and not packed


def language(headers: Headers) -> str:
    """The language a sender asked for."""
    return preferred(headers.get(b"accept-language", b"").decode("latin-1"))


def territory_of(path: str) -> str:
    """The territory in the address of a push."""
    return path[len(_START) : -len(_END)]


def first(parts: Parts, app: App) -> App:
    """The whole application with pushes answered before any router looks at them."""
    pushing = Pushing(parts)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and scope["method"] == "POST" and path.endswith(_END) and path.startswith(_START):
            await pushing(scope, receive, send)
        else:
            await app(scope, receive, send)

    return application


def routes(parts: Parts) -> list[BaseRoute]:
    """The same route for the table of routes."""
    return [Route("/api/{territory}/push", Pushing(parts), methods=["POST"], name="api.push")]


async def reply(
    send: Send, status: int, body: bytes, about: tuple[str, Headers], more: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send an answer. `about`: its media type and what was asked; `more`: headers of its own."""
    headers = headed(status, len(body), about, more)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def headed(
    status: int, length: int, about: tuple[str, Headers], more: Sequence[tuple[bytes, bytes]] = ()
) -> list[tuple[bytes, bytes]]:
    """The headers of an answer of so many bytes."""
    media_type, asked = about
    headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % length), *more]
    if status >= 300 or asked.get(b"accept-language"):
        headers.append((b"content-language", language(asked).encode()))
    if status == 401:
        headers.append((b"www-authenticate", challenge(asked.get(b"authorization", b"").decode("latin-1")).encode()))
    if status == 503:
        headers.append((b"retry-after", b"30"))
    if status == 413:  # what was not read would be taken for the next request
        headers.append((b"connection", b"close"))
    return headers
