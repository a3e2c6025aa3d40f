"""Who is asking a route for programs, about which territory; reads of the tables happen off the event loop."""

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bocage import accounts, registers
from bocage.accounts.rights import Actor, Machine
from bocage.api.credentials import token_of
from bocage.api.parts import Parts
from bocage.api.problem import Unknown
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.publish.knowledge import Known
from bocage.relational import in_thread

SESSION = "bocage"
Endpoint = Callable[[Request], Awaitable[Response]]


def bound(parts: Parts, answer: Callable[[Parts, Request], Response]) -> Endpoint:
    """An endpoint whose answer is made where tables may be read."""

    async def endpoint(request: Request) -> Response:
        return await in_thread(answer, parts, request)

    return endpoint


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """A person (or anyone), or a machine; never both."""

    actor: Actor
    machine: Machine | None = None


def asking(parts: Parts, request: Request) -> Asking:
    """The machine of the token it brings, else the person of the session; 401 for a token that opens nothing."""
    authorization = request.headers.get("authorization", "")
    if authorization.lower().startswith(("bearer ", "basic ")):
        machine = parts.tokens.machine(token_of(authorization), parts.clock())
        if machine is None:
            raise Unknown()
        return Asking(actor=accounts.ANYONE, machine=machine)
    key = request.cookies.get(SESSION, "")
    return Asking(actor=accounts.who(key, parts.clock()) if key else accounts.ANYONE)


def facts_of(parts: Parts, slug: str) -> TerritoryFacts:
    """All that a territory declares today; Missing when it declares nothing of itself."""
    return known_of(parts, slug).facts


def known_of(parts: Parts, slug: str) -> Known:
    """The same with what follows for the public."""
    body = territory_of(slug)
    return parts.memory.known(slug, parts.clock().astimezone(ZoneInfo(body.time_zone)).date())


def territory_of(slug: str) -> Territory:
    """The declaration of a territory of this instance."""
    try:
        entry = registers.find(Key(territory=slug, kind=Territory.kind, slug=slug))
    except ValueError:
        entry = None
    if entry is None or not isinstance(entry.body, Territory):
        raise Missing(_("a territory of this instance"), slug)
    return entry.body
