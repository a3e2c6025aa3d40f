"""Certificates for whoever checks them: the keys, the list, each as it was signed, and the registers it was made of."""

import threading

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import evidence, registers
from bocage.api.asking import Endpoint, bound, known_of, territory_of
from bocage.api.conditions import SHARED, State, printed, shared, whole
from bocage.api.parts import Parts
from bocage.api.taking import language
from bocage.domain.errors import Unavailable
from bocage.domain.text import message as _
from bocage.evidence import certifying
from bocage.publish.certificate import keys
from bocage.publish.certificate.checking import Fault, Statement
from bocage.publish.certificate.extracts import extracts
from bocage.publish.certificate.ring import Ring
from bocage.publish.certificate.sheet import sheet
from bocage.publish.paper import Sheet
from bocage.registers import past
from bocage.relational import in_thread


class Turn:
    """One reading of a whole chain at a time, and what the last one found: it costs, and anybody may ask for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.verified = registers.Verified()


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    place = "/api/{territory}/certificates"
    return [
        Route(keys.WELL_KNOWN, bound(parts, published), name="api.certificate-keys"),
        *(Route(place + end, bound(parts, listed), name="api.certificates") for end in (".json", "")),
        Route(place + "/{number:int}.json", bound(parts, signed), name="api.certificate"),
        Route(place + "/{number:int}/registers.json", bound(parts, read_again), name="api.certificate-registers"),
        Route(place + "/{number:int}.pdf", _printed(parts), name="api.certificate-sheet"),
    ]


def published(parts: Parts, request: Request) -> Response:
    """The public keys, those that sign no more included."""
    return _json(request, keys.told(Ring(parts.data / "keys").published()))


def listed(parts: Parts, request: Request) -> Response:
    """All certificates of a territory, newest first."""
    territory = request.path_params["territory"]
    territory_of(territory)
    found = [
        {
            "number": one.number,
            "issued": one.issued,
            "ends": one.ends,
            "digest": one.digest,
            "withdrawn": one.withdrawn,
            "reason": one.reason,
            "json": f"/api/{territory}/certificates/{one.number}.json",
            "page": f"/{territory}/certificates/{one.number}",
        }
        for one in certifying.certificates(territory)
    ]
    return _json(request, {"certificates": found})


def signed(_parts: Parts, request: Request) -> Response:
    """One certificate, the very bytes that were signed."""
    one = _asked(request)
    return whole(request, one.body, "application/json", State(tag=one.paper.digest[:32], open=True))


def read_again(parts: Parts, request: Request) -> Response:
    """What the registers say of the place a certificate was made at, read anew from what is kept."""
    said = _asked(request).certificate
    turn = parts.shelf.of(Turn)
    if not turn.lock.acquire(timeout=0.5):  # whoever waits holds a thread that others need
        raise Unavailable(_("a reading of the registers that is free"), "", _("Try again in a moment."))
    try:
        sequence = said.head.sequence
        statement = Statement(
            sequence=sequence,
            digest=past.digest_at(said.territory, sequence),
            faults=[Fault(one.code.value, one.sequence) for one in turn.verified.faults(said.territory)],
            registers=dict(extracts(past.as_of(said.territory, sequence))),
        )
    finally:
        turn.lock.release()
    return Response(msgspec.json.encode(statement), headers=SHARED, media_type="application/json")


def _printed(parts: Parts) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        def ready() -> Sheet:
            known = known_of(parts, request.path_params["territory"])
            lang = request.query_params.get("lang") or language(request)
            return sheet(_asked(request), known.facts.today, "en" if lang == "en" else "fr")

        name = f"{request.path_params['territory']}-{request.path_params['number']}.pdf"
        headers = {"Content-Disposition": f'inline; filename="{name}"', "Vary": "Accept-Language"}
        return await printed(parts.press, request, await in_thread(ready), headers)

    return endpoint


def _asked(request: Request) -> certifying.Issued:
    territory_of(request.path_params["territory"])
    return evidence.certificate(request.path_params["territory"], request.path_params["number"])


def _json(request: Request, body: object) -> Response:
    return shared(request, msgspec.json.encode(body), "application/json")
