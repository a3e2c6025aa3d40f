"""How a subscriber knows that what it is sent comes from here."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import territory_of
from bocage.api.conditions import SHARED
from bocage.api.parts import Parts
from bocage.publish.subscribers import ALGORITHM, Signer
from bocage.relational import in_thread


def routes(parts: Parts) -> list[BaseRoute]:
    """GET /api/{territory}/subscriptions"""
    signer = Signer(parts.data / "keys" / "webhooks.pem")

    def told(territory: str) -> Response:
        territory_of(territory)
        body = {"algorithm": ALGORITHM, "public_key": signer.public(), "specification": "Standard Webhooks 1.0"}
        return Response(msgspec.json.encode(body), headers=SHARED, media_type="application/json")

    async def one(request: Request) -> Response:
        return await in_thread(told, str(request.path_params["territory"]))

    return [Route("/api/{territory}/subscriptions", one, name="api.subscriptions")]
