"""One ASGI application: routes for programs, files of the look, then pages."""

from pathlib import Path
from typing import Any, cast

import msgspec
from django.core.asgi import get_asgi_application
from starlette.applications import Starlette
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

import bocage.web
from bocage import relational
from bocage.accounts.openid.offered import OpenId
from bocage.api import problem, push
from bocage.api.express import Express
from bocage.api.parts import Parts as ProgramParts
from bocage.api.routes import routes
from bocage.api.sensorthings import pushing, windows
from bocage.assembly.connections import Patient, most
from bocage.assembly.edge import Turns, edged, paged
from bocage.assembly.instance import Instance
from bocage.assembly.shortcuts import quick
from bocage.assembly.telling import asking, telling
from bocage.domain.errors import BocageError
from bocage.jobs import Runner
from bocage.publish.knowledge import Memory
from bocage.publish.paper import Press
from bocage.web.parts import Parts as PageParts
from bocage.web.settings import follow, wire

# Parquet and PDF are packed already; events must leave at once.
PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/vnd.apache.parquet", "application/pdf")
STATIC = Path(bocage.web.__file__).parent / "static"


def _pages() -> tuple[Mount, ...]:
    return (
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
        Mount("/", paged(cast(ASGIApp, get_asgi_application()), Turns())),
    )


async def _unavailable(request: Request, error: Exception) -> Response:
    return await problem.told(request, relational.unavailable(error))


class Served(msgspec.Struct, frozen=True, kw_only=True):
    """What answers requests: the application, and connections that know the short way of single numbers."""

    app: ASGIApp
    connections: type[Patient]


def application(instance: Instance, runner: Runner, *, pages: bool = True) -> Served:
    """What uvicorn serves: pushes before any router, then programs, so that a page never shadows their addresses.

    Without `pages`: programs only.
    """
    settings = instance.loaded.settings
    wired: dict[str, Any] = {
        "store": instance.store,
        "clock": instance.clock,
        "intake": instance.intake,
        "data": instance.places.data,
        "chosen": instance.chosen,
        "tokens": instance.tokens,
        "memory": Memory(),
        "report": lambda: instance.watching.report(runner, instance.clock()),
        "press": Press(),
    }
    told = {
        "backups": instance.loaded.backups,
        "tiles": settings.tiles,
        "first": instance.first,
        "commons": instance.commons,
        "uses": instance.uses,
        "tell": telling(instance),
        "ask": asking(instance),
    }
    signing = OpenId(instance.chosen, instance.clock)
    wire(PageParts(**wired, **told, mailer=instance.mailer, runner=runner, signing=signing))
    parts = ProgramParts(**wired, trouble=lambda: runner.trouble)
    routed = Starlette(
        routes=[
            *routes(parts),
            *(_pages() if pages else ()),
        ],
        exception_handlers={BocageError: problem.told, **dict.fromkeys(relational.FAILURES, _unavailable)},
    )
    packed = GZipMiddleware(
        windows.first(parts, routed), minimum_size=1024, compresslevel=5, exclude_content_types=PACKED
    )
    instance.chosen.follow(lambda chosen: follow(chosen.public_url, settings.allowed_hosts))
    edge = edged(packed, tiles=settings.tiles, public_url=lambda: instance.chosen.now.public_url)
    return Served(app=pushing.first(parts, push.first(parts, edge)), connections=quick(most(), Express(parts)))
