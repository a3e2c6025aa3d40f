"""The routes of the service: over all territories of the instance, or over one of them."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

import msgspec
from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api import incoming
from bocage.api.asking import Asking, asking
from bocage.api.conditions import SHARED
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.api.push import JSON, at_home, machine_of
from bocage.api.sensorthings import address, arrays, batching, landing, mixed, options
from bocage.api.sensorthings.answering import answered
from bocage.api.sensorthings.executing import Done, executed
from bocage.api.sensorthings.executing import Request as Asked
from bocage.api.sensorthings.executing import reading as now
from bocage.api.sensorthings.images import Images
from bocage.api.sensorthings.model import OBSERVATION
from bocage.api.sensorthings.reading import Reading
from bocage.api.sensorthings.sight import Sights
from bocage.api.sensorthings.writing import Sender
from bocage.api.taking import language
from bocage.domain.errors import PayloadError
from bocage.domain.instant import to_ms
from bocage.domain.text import message as _
from bocage.relational import in_thread

ROOT: Final = "/sta/v1.1"
PLACES: Final = (ROOT, "/api/{territory}" + ROOT)
READERS: Final = 4  # questions answered at once
_rooms: RunVar[CapacityLimiter] = RunVar("bocage.api.sensorthings")
WRITING: Final = ["POST", "PATCH", "PUT", "DELETE"]
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    sights = Sights(parts)
    parts.store.tell_erasures(parts.shelf.of(Images).forget)
    read, write = _reading(parts, sights), _writing(parts, sights)
    found: list[BaseRoute] = []
    for place in PLACES:
        found += [
            Route(place, read, name="api.sensorthings", methods=["GET"]),
            Route(place + "/{path:path}", read, name="api.sensorthings", methods=["GET"]),
            Route(place + "/{path:path}", write, name="api.sensorthings-write", methods=WRITING),
        ]
    return found


def _reading(parts: Parts, sights: Sights) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await to_thread.run_sync(respond, parts, sights, request, limiter=room())

    return endpoint


def room() -> CapacityLimiter:
    """Few threads of their own: whoever asks much here holds nobody else back."""
    try:
        return _rooms.get()
    except LookupError:
        _rooms.set(CapacityLimiter(READERS))
        return _rooms.get()


def _writing(parts: Parts, sights: Sights) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        asked = dict(request.scope["headers"])
        machine = await machine_of(parts, asked)
        territory = str(request.path_params.get("territory", ""))
        if territory:
            at_home(machine, territory)
        kept = request.scope.get("bocage.body")  # read already, and unpacked
        body = kept if isinstance(kept, bytes) else await incoming.whole(request.receive, asked)
        sender = Sender(parts=parts, sights=sights, machine=machine, base=root(parts, request))
        return await in_thread(written, sender, request, body)

    return endpoint


def respond(parts: Parts, sights: Sights, request: Request) -> Response:
    """The answer to a GET."""
    path = request.path_params.get("path", "")
    base = root(parts, request)
    if not path.strip("/"):
        return _json(landing.document(base), request)
    where = address.read(path)
    asked = options.read(request.url.query, where.type)
    found = answered(reading(parts, sights, request, asking(parts, request)), where, asked, path)
    if where.value:
        return _plain(found, request)
    if where.property and list(found.values()) == [None]:
        return Response(status_code=204, headers=_headers(request))
    return _json(found, request)


def reading(parts: Parts, sights: Sights, request: Request, who: Asking) -> Reading:
    """What this request may read."""
    views = sights.of(who, str(request.path_params.get("territory", "")))
    images = parts.shelf.of(Images)
    return Reading(views=views, store=parts.store, base=root(parts, request), now=to_ms(parts.clock()), images=images)


def root(parts: Parts, request: Request) -> str:
    """The address of the service, as the reader reached it or as it is known outside."""
    territory = request.path_params.get("territory", "")
    place = f"/api/{territory}{ROOT}" if territory else ROOT
    return (parts.public_url or str(request.base_url)).rstrip("/") + place


def headers(known: bool) -> dict[str, str]:
    """Pages of other sites may read what everyone may. `known`: whether the reader said who it is."""
    return {"Cache-Control": "private, no-store"} if known else {"Cache-Control": "no-cache", **SHARED}


def _headers(request: Request) -> dict[str, str]:
    return headers("authorization" in request.headers or "cookie" in request.headers)


def _json(found: Any, request: Request, status: int = 200) -> Response:
    body = found if isinstance(found, bytes) else msgspec.json.encode(found)
    return Response(body, status, _headers(request), "application/json")


def _plain(value: Any, request: Request) -> Response:
    if value is None:
        return Response(status_code=204, headers=_headers(request))
    if isinstance(value, str):
        return Response(value, 200, _headers(request), "text/plain; charset=utf-8")
    return Response(msgspec.json.encode(value), 200, _headers(request), "text/plain; charset=utf-8")


def written(sender: Sender, request: Request, body: bytes) -> Response:
    """The answer to a request that writes."""
    path = str(request.path_params.get("path", "")).strip("/")
    if path == "$batch":
        return _batch(sender, request, body)
    if path == arrays.ADDRESS and request.method == "POST":
        return _json(arrays.created(sender, _document(body, "POST")), request, 201)
    media_type = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    done = executed(
        sender,
        Asked(
            method=request.method,
            path=path,
            body=_document(body, request.method),
            media_type=media_type,
            id=request.query_params.get("$id", ""),
        ),
    )
    content = msgspec.json.encode(done.document) if done.document is not None else b""
    location = {"Location": done.location} if done.location else {}
    return Response(content, done.status, {**_headers(request), **location}, JSON if content else None)


def _document(body: bytes, method: str) -> Any:
    if not body and method == "DELETE":
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PayloadError(_("a JSON document"), found=str(error)[:80]) from error


def _batch(sender: Sender, request: Request, body: bytes) -> Response:
    """The answers to several requests, in the form in which these came."""
    kind = request.headers.get("content-type", JSON)
    parted = kind.lower().startswith(mixed.MEDIA_TYPE)
    parts = mixed.read(body, kind) if parted else batching.read(body)
    answers = batching.answered(parts, lambda asked, within: _part(sender, asked, within), language(request))
    if not parted:
        return _json({"responses": answers}, request)
    form = f"{mixed.MEDIA_TYPE}; boundary={mixed.BOUNDARY}"
    return Response(mixed.told(parts, answers), 200, _headers(request), form)


def _part(sender: Sender, asked: Asked, within: bool) -> Done:
    """One request of a batch, as the sender would be answered alone."""
    held = msgspec.structs.replace(sender, within=within)
    path, _mark, query = asked.path.removeprefix(sender.base).partition("?")
    before, root, below = path.partition(ROOT)
    path = unquote(below if root else before).strip("/")
    if asked.method == "GET":
        return _part_read(now(held), path, query)
    arrayed = path == arrays.ADDRESS and asked.method == "POST"
    if within and (arrayed or address.read(path).type == OBSERVATION):
        raise Stopped(501, _("What the log keeps is not undone: observations are no part of a group."))
    if arrayed:
        return Done(status=201, document=arrays.created(held, asked.body))
    return executed(held, msgspec.structs.replace(asked, path=path, id=_reference(query)))


def _reference(query: str) -> str:
    """The $id of a link, of a query string."""
    return dict(parse_qsl(query)).get("$id", "")


def _part_read(reading: Reading, path: str, query: str) -> Done:
    if not path:
        return Done(status=200, document=landing.document(reading.base))
    where = address.read(path)
    found = answered(reading, where, options.read(query, where.type), path)
    empty = found is None if where.value else where.property and list(found.values()) == [None]
    return Done(status=204) if empty else Done(status=200, document=found)
