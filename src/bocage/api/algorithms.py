"""The published list of algorithms and the sensors in public space, as tables others can check, with their schemas."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage.api.asking import bound, known_of
from bocage.api.conditions import SHARED, shared
from bocage.api.parts import Parts
from bocage.api.taking import language
from bocage.domain.errors import Missing
from bocage.domain.text import message as _
from bocage.publish import algorithms, public_sensors, schemas
from bocage.publish.algorithm_standard import VERSION, standard
from bocage.words.mention import mention

CSV = "text/csv; charset=utf-8"


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    place = "/api/{territory}/algorithms"
    return [
        Route(place + ".csv", bound(parts, sheet), name="api.algorithms-csv"),
        Route(f"{place}/publicatiestandaard-{VERSION}.json", bound(parts, dutch), name="api.algorithms-standard"),
        Route(place + "/{algorithm}/mention.txt", bound(parts, mentioned), name="api.mention"),
        Route("/api/{territory}/sensors.csv", bound(parts, sensors), name="api.sensors-csv"),
        Route("/api/schemas/{schema}/{file}", bound(parts, schema), name="api.table-schema"),
    ]


def sheet(parts: Parts, request: Request) -> Response:
    """Every entry as CSV, after the schema `algorithmes`."""
    known = known_of(parts, request.path_params["territory"])
    return shared(request, algorithms.sheet(algorithms.listed(known), _place(parts, request)).encode(), CSV)


def dutch(parts: Parts, request: Request) -> Response:
    """Every entry in the fields of the Dutch publication standard."""
    known = known_of(parts, request.path_params["territory"])
    place = _place(parts, request) or str(request.base_url).rstrip("/") + f"/{known.facts.slug}"
    told = [standard(one, place) for one in algorithms.listed(known)]
    return shared(request, msgspec.json.encode(told), "application/json")


def mentioned(parts: Parts, request: Request) -> Response:
    """The explicit mention of one entry, as text to paste into a letter, in the reader's language."""
    known, lang = known_of(parts, request.path_params["territory"]), language(request)
    asked, place = request.path_params["algorithm"], _place(parts, request)
    one = algorithms.find(known, asked)
    address = f"{place}/algorithms/{asked}" if place else ""
    made = mention(one.entry, one.administration, address, lang) if one and one.founds_decisions else None
    if made is None:
        raise Missing(_("an algorithm that founds decisions and whose mention can be made"), asked)
    headers = {"Content-Language": lang, "Vary": "Accept-Language", **SHARED}
    return Response(made.text, headers=headers, media_type="text/plain; charset=utf-8")


def sensors(parts: Parts, request: Request) -> Response:
    """What measures in public space as CSV, after the schema `capteurs-espace-public`."""
    known = known_of(parts, request.path_params["territory"])
    return shared(request, public_sensors.sheet(known, _place(parts, request)).encode(), CSV)


def schema(_parts: Parts, request: Request) -> Response:
    """A Table Schema, or its example that is valid, or the one that is not."""
    file = request.path_params["file"]
    body = schemas.part(request.path_params["schema"], file)
    return shared(request, body, schemas.FILES[file])


def _place(parts: Parts, request: Request) -> str:
    """The address of the territory's pages; empty while nobody has said the public address."""
    return f"{parts.public_url.rstrip('/')}/{request.path_params['territory']}" if parts.public_url else ""
