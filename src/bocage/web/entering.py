"""Letting somebody in: over a safe connection, with a session of their own, to where they wanted to go."""

import ipaddress
from typing import cast

import msgspec
from django.contrib.auth import login
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from bocage import registers
from bocage.accounts import sessions
from bocage.accounts.rights import Actor, Right, may
from bocage.accounts.tables import Account
from bocage.domain.text import message as _
from bocage.web.middleware import territory as territory_of
from bocage.web.request import Request

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
UNSAFE = _("Passwords travel only over a secure connection (https).")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A territory whose desk this person may enter."""

    slug: str
    title: object


def places(actor: Actor) -> list[Place]:
    """The territories whose desk this person may enter."""
    found = []
    for slug in registers.territories():
        body = territory_of(slug)
        if body is not None and may(actor, Right.READ_DESK, slug):
            found.append(Place(slug=slug, title=body.title))
    return found


def enter(request: Request, account: str) -> None:
    """Open a session of this account in this browser."""
    login(
        cast(HttpRequest, request), Account.objects.get(id=account), backend="django.contrib.auth.backends.ModelBackend"
    )
    request.session["began"] = request.parts.clock().isoformat()
    request.session["agent"] = str(request.META.get("HTTP_USER_AGENT", ""))[:200]
    request.session["network"] = network(address_of(request))


def onward(request: Request, account: str, wanted: str = "") -> str:
    """Where they wanted to go, else the desk of their only territory, else their account; the choice of a town for
    whoever administers an instance that has none."""
    wanted = wanted or str(request.POST.get("next") or request.GET.get("next") or "")
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    actor = sessions.actor(account, request.parts.clock())
    if not registers.territories() and may(actor, Right.BEGIN_TERRITORIES, ""):
        return reverse("instance.start")
    found = places(actor)
    return reverse("desk.overview", args=[found[0].slug]) if len(found) == 1 else reverse("account.own")


def safe(request: Request) -> bool:
    """Whether a password may travel: https, or this very machine."""
    return request.is_secure() or request.get_host().rsplit(":", 1)[0].strip("[]") in LOOPBACK


def address_of(request: Request) -> str:
    """The network address of whoever asks."""
    return str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The network an address belongs to: enough to know a place again, too little to know a machine."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{found}/{24 if found.version == 4 else 48}", strict=False))
