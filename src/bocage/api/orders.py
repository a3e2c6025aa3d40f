"""Orders to equipment for programs of whoever reads the desk: the list, and one with its steps; none is given here."""

from typing import Any, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bocage import orders as kept
from bocage.accounts import rights
from bocage.api.asking import asking, bound, territory_of
from bocage.api.parts import Parts
from bocage.api.problem import Stopped
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.orders import Order

AT_ONCE: Final = 200
_TELL: Final = ("number", "actuator", "value", "minutes", "reason", "state", "prepared_by", "prepared_at")
_LATER: Final = ("decided_by", "decided_at", "refused", "safe", "until", "why", "returning_at", "returned_at")
_PLACE: Final = "/api/{territory}/orders"


def routes(parts: Parts) -> list[BaseRoute]:
    """Their addresses."""
    return [
        Route(_PLACE, bound(parts, listed), name="api.orders"),
        Route(_PLACE + "/{number}", bound(parts, found), name="api.order"),
    ]


def listed(parts: Parts, request: Request) -> Response:
    """The newest first, of all equipment or of one; where there are more, the address of those before."""
    territory = _reader(parts, request)
    actuator, before = request.query_params.get("actuator", ""), whole(request.query_params.get("before", ""), 0)
    orders = kept.listed(territory, actuator=actuator, before=before, limit=AT_ONCE)
    told: dict[str, Any] = {"territory": territory, "orders": [_document(one) for one in orders]}
    if len(orders) == AT_ONCE:
        asked = request.url.include_query_params(before=orders[-1].number)
        told["next"] = f"{asked.path}?{asked.query}"
    return _json(told)


def found(parts: Parts, request: Request) -> Response:
    """One order; 404 when there is none of that number."""
    territory = _reader(parts, request)
    return _json(_document(kept.find(territory, whole(request.path_params["number"], 0))))


def _reader(parts: Parts, request: Request) -> str:
    """The territory, for a person who reads its desk; 401 or 403 for everybody else. A machine never does."""
    territory = str(request.path_params["territory"])
    territory_of(territory)
    who = asking(parts, request)
    if who.machine is None and not who.actor.account:
        raise Stopped(401, _("Sign in to read orders to equipment."))
    if who.machine is not None or not rights.may(who.actor, rights.Right.READ_DESK, territory):
        raise Stopped(403, _("Your roles do not let you read orders to equipment."))
    return territory


def _document(order: Order) -> dict[str, Any]:
    """What is known of an order; accounts are pseudonyms. What is not known yet is left out."""
    later = {name: value for name in _LATER if (value := getattr(order, name)) not in (None, "")}
    told = {name: getattr(order, name) for name in _TELL} | (later if order.decided_at else {})
    if order.state.given:
        told |= {"two_persons_verified": order.known, "shown": not order.unshown}
    return {**told, "steps": [msgspec.structs.asdict(one) for one in order.steps]}


def _json(told: object) -> Response:
    headers = {"Cache-Control": "no-store", "Vary": "Cookie"}
    return Response(msgspec.json.encode(told), headers=headers, media_type="application/json")
