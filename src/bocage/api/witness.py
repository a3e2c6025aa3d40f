"""Where another instance leaves the heads of its chain, and where everyone reads those that are kept for others."""

from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import territory_of
from bocage.api.conditions import SHARED
from bocage.api.incoming import limited
from bocage.api.parts import Parts
from bocage.domain.declaration import is_slug
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.evidence import entrusting
from bocage.relational import in_thread


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""

    async def receive(request: Request) -> Response:
        body = await limited(request, entrusting.LONGEST)
        return await in_thread(_receive, parts, request.path_params["territory"], body)

    async def read(request: Request) -> Response:
        return await in_thread(_read, request.path_params["territory"], request.query_params.get("of", ""))

    place = "/api/{territory}/witness"
    return [
        Route(place, receive, methods=["POST"], name="api.witness-receive"),
        Route(place, read, methods=["GET"], name="api.witness"),
    ]


def _receive(parts: Parts, territory: str, body: bytes) -> Response:
    """Keep a head and answer with a receipt. The signature of a declared key is all that opens this."""
    territory_of(territory)
    if not parts.public_url:
        raise Unavailable(_("a public address of the instance"), "", _("choose it in the settings first"))
    by = f"{parts.public_url.rstrip('/')}/{territory}"
    made = entrusting.receive(territory, body, by, parts.data / "keys", parts.clock())
    return Response(msgspec.json.encode(made), 201, media_type="application/json")


def _read(territory: str, owner: str) -> Response:
    """Heads kept for others, newest first: those `of` one of them, or of each under its name, never mixed."""
    territory_of(territory)
    owners = [owner] if owner else entrusting.owners(territory)
    found = {
        one: [head for _of, _at, head in entrusting.held(territory, one)] if is_slug(one) else [] for one in owners
    }
    body: dict[str, Any] = {"heads": found[owner]} if owner else {"owners": found}
    return Response(msgspec.json.encode(body), headers=SHARED, media_type="application/json")
