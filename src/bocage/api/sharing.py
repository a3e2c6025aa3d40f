"""What a browser asks before a page of another site reads here with headers of its own (the Fetch standard, CORS).

Whether the page may then read the answer is said by each answer for itself: what is open is, nothing else.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.parts import Parts

READING: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-Modified-Since, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


def routes(_parts: Parts) -> list[BaseRoute]:
    """The same answer for every address: to read, without cookies; no other site may change anything."""

    async def asked(_request: Request) -> Response:
        return Response(status_code=204, headers=READING)

    verbs = ["OPTIONS"]
    return [
        Route("/api/{rest:path}", asked, methods=verbs, name="api.preflight"),
        Route("/heads", asked, methods=verbs, name="api.preflight"),
        Route("/heads/{rest:path}", asked, methods=verbs, name="api.preflight"),
    ]
