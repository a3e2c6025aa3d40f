"""Orders to equipment: prepared by one person, approved by another, sent back by anybody on duty."""

import math
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import orders as kept
from bocage import outbox, words
from bocage.accounts.rights import Right, reach
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actuator import Actuator
from bocage.domain.decision import Refusal
from bocage.domain.errors import Conflict, Invalid, Refused
from bocage.domain.human_channel import HumanChannel
from bocage.domain.role import Role
from bocage.domain.text import message as _
from bocage.evidence import acting
from bocage.orders import Order, State, Wanted
from bocage.publish.subscribers import ALGORITHM, Signer
from bocage.web import errors
from bocage.web.desk.reach import authors, facts_of, names
from bocage.web.page import page, say
from bocage.web.request import Request

_TYPED = ("actuator", "value", "minutes", "reason")
_STUCK = (outbox.State.FAILED, outbox.State.GIVEN_UP)


def orders(request: Request, territory: str) -> HttpResponse:
    """What waits, what holds, what can be asked for, what was; and how the equipment knows that it is us."""
    return _page(request)


def prepare(request: Request, territory: str) -> HttpResponse:
    """Write an order down for a second person."""
    if request.method != "POST":
        return _back(request)
    slug = str(request.POST.get("actuator", ""))
    if not _may(request, Right.PREPARE_ORDERS, slug):
        return errors.forbidden(request)

    def done() -> str:
        wanted = Wanted(
            actuator=slug,
            value=_figure(str(request.POST.get("value", ""))),
            minutes=_minutes(str(request.POST.get("minutes", ""))),
            reason=str(request.POST.get("reason", "")),
        )
        acting.prepare(territory, wanted, request.actor.account, request.parts.clock(), request.parts.ask)
        return _("The order is prepared. It leaves once another person has approved it.")

    return _done(request, done)


def approve(request: Request, territory: str, number: int) -> HttpResponse:
    """Let an order leave that somebody else prepared."""

    def done() -> str:
        acting.approve(territory, number, request.actor.account, request.parts.clock())
        return _("The order is approved and leaves now. It goes back by itself.")

    return _of_order(request, number, Right.APPROVE_ORDERS, done)


def stop(request: Request, territory: str, number: int) -> HttpResponse:
    """Refuse an order that waits; send equipment back to its safe value; say that one saw it back."""

    def done() -> str:
        if request.POST.get("do") == "see":
            acting.see(territory, number, request.actor.account, request.parts.clock())
            return _("Noted: somebody saw that it is back.")
        reason = str(request.POST.get("reason", ""))
        now = acting.stop(territory, number, reason, request.actor.account, request.parts.clock())
        refused = now.state is State.REFUSED
        return _("The order is not approved: nothing leaves.") if refused else _("The safe value is on its way.")

    return _of_order(request, number, Right.STOP_ORDERS, done)


def _of_order(request: Request, number: int, right: Right, what: Callable[[], str]) -> HttpResponse:
    """Do something with one order, for whoever has that right on its equipment."""
    held = kept.find(request.slug, number)
    if request.method != "POST":
        return _back(request)
    return _done(request, what) if _may(request, right, held.actuator) else errors.forbidden(request)


def _done(request: Request, what: Callable[[], str]) -> HttpResponse:
    """Do it, and say so on the page; or the page again with what stands against it."""
    try:
        said = what()
    except Refused as refused:
        return _page(request, refusals=refused.refusals, status=422)
    except (Invalid, Conflict) as failure:
        return _page(request, wrong=failure.expected, status=422)
    say(request, words.translate(said, request.lang))
    return _back(request)


def _page(request: Request, *, refusals: tuple[Refusal, ...] = (), wrong: str = "", status: int = 200) -> HttpResponse:
    facts, all_orders = facts_of(request), kept.listed(request.slug)
    accounts = {step.account for one in all_orders for step in one.steps if step.account}
    values: dict[str, Any] = {
        "waiting": [one for one in all_orders if one.state is State.PREPARED],
        "holding": [one for one in all_orders if one.state.holds],
        "stuck": _stuck(all_orders),
        "over": [one for one in all_orders if one.state is not State.PREPARED and not one.state.holds],
        "equipment": [_line(request, facts, all_orders, slug) for slug in sorted(facts.all(Actuator))],
        "bodies": facts.all(Actuator),
        "channels": facts.all(HumanChannel),
        "authors": authors(accounts, request.lang),
        "may": {one.number: _rights(request, one) for one in all_orders},
        "refusals": [(one, _way(request, one)) for one in refusals],
        "wrong": wrong,
        "blank": dict.fromkeys(_TYPED, ""),
        "typed": {name: str(request.POST.get(name, "")) for name in _TYPED},
        "names": names(facts, request.lang),
        "key": Signer(request.parts.data / "keys" / "webhooks.pem").public(),
        "algorithm": ALGORITHM,
    }
    return page(request, "desk/orders.html", values, status=status)


def _stuck(all_orders: list[Order]) -> dict[int, outbox.Parcel]:
    """What equipment that is under orders did not take, by the number of the order."""
    held = {one.parcel: one.number for one in all_orders if one.state.holds}
    return {held[id_]: parcel for id_, parcel in outbox.numbered(list(held)).items() if parcel.state in _STUCK}


def _way(request: Request, refusal: Refusal) -> str:
    """Where a refusal is mended: the form again, the order in the way, who else may approve, the declaration."""
    way_out = refusal.way_out
    if refusal.code in ("too-long", "value-impossible"):
        return f"#minutes-{refusal.values['actuator']}"
    if refusal.code == "already-held":
        return f"#order-{refusal.values['number']}"
    if refusal.code == "alone":
        return reverse("desk.register", args=[request.slug, Role.kind])
    if way_out.field or way_out.kind != Actuator.kind:
        return reverse("desk.declaration", args=[request.slug, way_out.kind, way_out.slug])
    return reverse("desk.orders", args=[request.slug])


def _line(request: Request, facts: TerritoryFacts, all_orders: list[Order], slug: str) -> dict[str, Any]:
    body = facts.all(Actuator)[slug]
    holds = next((one for one in all_orders if one.actuator == slug and one.state.holds), None)
    return {"slug": slug, "body": body, "holds": holds, "may": _may(request, Right.PREPARE_ORDERS, slug)}


def _rights(request: Request, order: Order) -> dict[str, bool]:
    own = order.prepared_by == request.actor.account
    approves = _may(request, Right.APPROVE_ORDERS, order.actuator)
    return {"own": own, "approve": approves and not own, "stop": _may(request, Right.STOP_ORDERS, order.actuator)}


def _may(request: Request, right: Right, actuator: str) -> bool:
    """Whether this person has the right on this equipment, through its service; on none when it is not declared."""
    body = facts_of(request).one(Actuator, actuator)
    return reach(request.actor, right, request.slug).covers(service=body.service if body else "")


def _figure(typed: str) -> float:
    try:
        value = float(typed.replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except ValueError:
        raise Invalid(_("a value that can be set"), typed) from None
    if not math.isfinite(value):
        raise Invalid(_("a value that can be set"), typed)
    return value


def _minutes(typed: str) -> int:
    if not typed.strip().isdecimal() or len(typed.strip()) > 6:
        raise Invalid(_("how long the order holds"), typed)
    return int(typed)


def _back(request: Request) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk.orders", args=[request.slug]))
