"""The body of a request, part by part and unpacked: what is long is never held as a whole."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Final

from starlette.requests import Request

from bocage.api.problem import Stopped
from bocage.domain.errors import PayloadError
from bocage.domain.text import message as _
from bocage.ingest.unpacking import ENCODINGS, Bursting, Unpacking
from bocage.upkeep.meter import METER

LARGEST: Final = 16 * 1024 * 1024  # bytes of a message that is read as a whole, packed or unpacked

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Headers = Mapping[bytes, bytes]


def counted(receive: Receive, territory: str) -> Receive:
    """The same, each part of the body counted as it came for a territory."""

    async def counting() -> MutableMapping[str, Any]:
        event = await receive()
        if part := event.get("body", b""):
            METER.came(territory, len(part))
        return event

    return counting


async def parts(receive: Receive, headers: Headers) -> AsyncIterator[bytes]:
    """The unpacked parts as they come. Stopped when they are packed otherwise than they may be, or break off."""
    encoding = headers.get(b"content-encoding", b"identity").strip().lower().decode("latin-1")
    if encoding == "identity":
        async for part in _packed(receive):
            yield part
        return
    if encoding not in ENCODINGS:
        raise Stopped(415, _("Content may be packed with gzip or zstd, or not at all."))
    unpacking = Unpacking(encoding)
    try:
        async for part in _packed(receive):
            for portion in unpacking.fed(part):
                yield portion
        unpacking.end()
    except Bursting as error:
        raise Stopped(413, _("This unpacks to more than a thousand times its size: it is not taken in.")) from error
    except PayloadError as error:
        raise Stopped(400, _("This is not packed with {encoding}, or not whole."), encoding=encoding) from error


async def whole(receive: Receive, headers: Headers) -> bytes:
    """All of a message that must be read at once; Stopped (413) when it is too large."""
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > LARGEST:
        raise too_large()
    body, size = [], 0
    async for part in parts(receive, headers):
        body.append(part)
        size += len(part)
        if size > LARGEST:
            raise too_large()
    return body[0] if len(body) == 1 else b"".join(body)


async def limited(request: Request, most: int) -> bytes:
    """The body of a request; Stopped (413) when it holds more bytes than it may."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Stopped(413)
    return bytes(body)


def too_large() -> Stopped:
    """What is answered to a message that is too large."""
    return Stopped(
        413, _("A message holds at most 16 MiB, packed or unpacked; lines of JSON or CSV may be as many as you like.")
    )


async def _packed(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise Stopped(400, _("The message was not sent to its end."))
        if part := event.get("body", b""):
            yield part
        if not event.get("more_body"):
            return
