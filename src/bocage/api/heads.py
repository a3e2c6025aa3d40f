"""Signed heads of the registers, and the key to check them with: whoever keeps them sees altered history."""

from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import registers
from bocage.api.asking import territory_of
from bocage.api.conditions import SHARED
from bocage.api.parts import Parts
from bocage.domain.whole import whole
from bocage.registers import heads, past
from bocage.registers.heads import Head
from bocage.relational import in_thread


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""

    async def everywhere(_request: Request) -> Response:
        return await in_thread(_all, parts)

    async def one(request: Request) -> Response:
        asked = request.query_params.get("sequence")
        territory = request.path_params["territory"]
        return await (in_thread(_one, parts, territory) if asked is None else in_thread(_place, territory, asked))

    return [Route("/heads", everywhere, name="api.heads"), Route("/heads/{territory}", one, name="api.head")]


def _all(parts: Parts) -> Response:
    last = [found[-1] for slug in registers.territories() if (found := _published(parts, slug))]
    return _told(parts, {"heads": last})


def _one(parts: Parts, territory: str) -> Response:
    territory_of(territory)
    return _told(parts, {"territory": territory, "heads": _published(parts, territory)})


def _place(territory: str, asked: str) -> Response:
    """The digest of the bytes that stand at a place of the chain now: not what was signed once, what is there."""
    territory_of(territory)
    sequence = whole(asked, 0)
    body = {"territory": territory, "sequence": sequence, "digest": past.digest_at(territory, sequence)}
    return Response(msgspec.json.encode(body), headers=SHARED, media_type="application/json")


def _published(parts: Parts, territory: str) -> list[Head]:
    return heads.published(parts.data / "heads", territory)


def _told(parts: Parts, body: dict[str, object]) -> Response:
    """With how to check them: what is signed is the head without its signature, keys sorted, after the prefix."""
    whole = {
        "algorithm": "Ed25519",
        "signed": f"{heads.PREFIX.decode()!r} then the JSON of the head with an empty signature, keys sorted",
        "public_key": _public_key(parts.data / "keys" / "heads.pem"),
        **body,
    }
    return Response(msgspec.json.encode(whole), headers=SHARED, media_type="application/json")


def _public_key(path: Path) -> str:
    """Empty until the first head was signed."""
    return heads.public_text(heads.read_key(path)) if path.exists() else ""
