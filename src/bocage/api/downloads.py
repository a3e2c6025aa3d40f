"""The observations of datasets as files, whole or by year and month: CSV, JSON and Parquet, through the gate."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bocage.api.conditions import State
from bocage.api.exports import Exports
from bocage.api.files import File, asked, state
from bocage.api.parts import Parts
from bocage.api.taking import permitted
from bocage.domain.instant import iso, to_ms
from bocage.publish.about import LICENCES
from bocage.publish.objects import objects
from bocage.publish.rows import rows
from bocage.relational import in_thread

PLACE = "/api/{territory}/datasets/{dataset}"


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer needs: the file, its state, its headers."""

    file: File
    state: State
    headers: dict[str, str]


Endpoint = Callable[[Request], Awaitable[Response]]


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses; those of a year or a month come after all others of a dataset."""
    csv, objects_of, parquet = _csv(parts), _json(parts), _parquet(parts)
    return [
        Route(PLACE + ".csv", csv, name="api.dataset-csv"),
        Route(PLACE + ".parquet", parquet, name="api.dataset-parquet"),
        Route(PLACE + "/all.json", objects_of, name="api.dataset-json"),
        Route(PLACE + "/{period}.csv", csv, name="api.period-csv"),
        Route(PLACE + "/{period}.parquet", parquet, name="api.period-parquet"),
        Route(PLACE + "/{period}.json", objects_of, name="api.period-json"),
    ]


def _csv(parts: Parts) -> Endpoint:
    """RFC 4180, UTF-8, one line per observation."""

    async def endpoint(request: Request) -> Response:
        ready = await in_thread(_ready, parts, request, "csv")
        file = ready.file
        return _early(request, ready) or StreamingResponse(
            rows(parts.store, file.about.series, file.start, file.end), 200, ready.headers, "text/csv; charset=utf-8"
        )

    return endpoint


def _json(parts: Parts) -> Endpoint:
    """One object; docs/api.md says its shape."""

    async def endpoint(request: Request) -> Response:
        ready = await in_thread(_ready, parts, request, "json")
        file = ready.file
        return _early(request, ready) or StreamingResponse(
            objects(parts.store, file.about, file.start, file.end), 200, ready.headers, "application/json"
        )

    return endpoint


def _parquet(parts: Parts) -> Endpoint:
    """One file, made for this answer."""
    exports = Exports(parts.store, parts.data / "exports")

    async def endpoint(request: Request) -> Response:
        ready = await in_thread(_ready, parts, request, "parquet")
        file = ready.file
        return _early(request, ready) or await exports.answer(file.about, file.start, file.end, ready.headers)

    return endpoint


def _early(request: Request, ready: Ready) -> Response | None:
    """What needs no body: the reader has it, or asks for the headers only."""
    if ready.state.held(request):
        return Response(status_code=304, headers=ready.headers)
    return Response(headers=ready.headers) if request.method == "HEAD" else None


def _ready(parts: Parts, request: Request, form: str) -> Ready:
    file = asked(parts, request, permitted(parts, request), form)
    found = state(parts.store, file, to_ms(parts.clock()))
    return Ready(file=file, state=found, headers={**found.headers, **_told(file)})


def _told(file: File) -> dict[str, Any]:
    slug, territory = file.taken.found.slug, file.taken.territory
    said = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Link": f'<{LICENCES[file.taken.found.dataset.licence]}>; rel="license", '
        f'</api/{territory}/datasets/{slug}.json>; rel="describedby"',
    }
    return {**said, **({"Bocage-Last-Observation": iso(file.last)} if file.last else {})}
