"""The routes of the service: over all territories of the instance, or over one of them."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import Asking, asking
from bocage.api.conditions import SHARED
from bocage.api.parts import Parts
from bocage.api.sensorthings import address, landing, options
from bocage.api.sensorthings.answering import answered
from bocage.api.sensorthings.reading import Reading
from bocage.api.sensorthings.sight import Sights
from bocage.domain.instant import to_ms
from bocage.relational import in_thread

ROOT: Final = "/sta/v1.1"
PLACES: Final = (ROOT, "/api/{territory}" + ROOT)
Endpoint = Callable[[Request], Awaitable[Response]]


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    endpoint = _reading(parts, Sights(parts))
    return [
        Route(place + rest, endpoint, name="api.sensorthings", methods=["GET"])
        for place in PLACES
        for rest in ("", "/{path:path}")
    ]


def _reading(parts: Parts, sights: Sights) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await in_thread(respond, parts, sights, request)

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
        return Response(status_code=204, headers=headers(request))
    return _json(found, request)


def reading(parts: Parts, sights: Sights, request: Request, who: Asking) -> Reading:
    """What this request may read."""
    views = sights.of(who, str(request.path_params.get("territory", "")))
    return Reading(views=views, store=parts.store, base=root(parts, request), now=to_ms(parts.clock()))


def root(parts: Parts, request: Request) -> str:
    """The address of the service, as the reader reached it or as it is known outside."""
    territory = request.path_params.get("territory", "")
    place = f"/api/{territory}{ROOT}" if territory else ROOT
    return (parts.public_url or str(request.base_url)).rstrip("/") + place


def headers(request: Request) -> dict[str, str]:
    """Pages of other sites may read what everyone may."""
    known = "authorization" in request.headers or "cookie" in request.headers
    return {"Cache-Control": "private, no-store"} if known else {"Cache-Control": "no-cache", **SHARED}


def _json(found: Any, request: Request) -> Response:
    body = found if isinstance(found, bytes) else msgspec.json.encode(found)
    return Response(body, 200, headers(request), "application/json")


def _plain(value: Any, request: Request) -> Response:
    if value is None:
        return Response(status_code=204, headers=headers(request))
    if isinstance(value, str):
        return Response(value, 200, headers(request), "text/plain; charset=utf-8")
    return Response(msgspec.json.encode(value), 200, headers(request), "text/plain; charset=utf-8")
