"""Who is sent open measurements as they come: how far each has been sent, and what stops one."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import outbox, words
from bocage.accounts.rights import may_declare
from bocage.domain.errors import Missing
from bocage.domain.subscription import Subscription
from bocage.domain.text import message as _
from bocage.publish.publication import publication
from bocage.publish.subscribers import Reach, Signer, reach_of, reaches
from bocage.web import errors
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

_STUCK = (outbox.State.FAILED, outbox.State.GIVEN_UP)


def subscribers(request: Request, territory: str) -> HttpResponse:
    """All of them, and how a receiver knows that it is us."""
    facts, held = facts_of(request), reaches(territory)
    values: dict[str, Any] = {
        "subscribers": [
            {"slug": slug, "body": body, "reach": held.get(slug), "sign": _sign(body, held.get(slug))}
            for slug, body in facts.all(Subscription).items()
        ],
        "closed": {
            name: not publication(facts, name).open
            for body in facts.all(Subscription).values()
            for name in body.datasets
        },
        "declared": facts.declared,
        "stuck": _STUCK,
        "position": request.parts.store.position(),
        "key": Signer(request.parts.data / "keys" / "webhooks.pem").public(),
        "may_change": may_declare(request.actor, territory, Subscription.kind),
    }
    return page(request, "desk/subscribers.html", values)


def retry(request: Request, territory: str) -> HttpResponse:
    """Send again now what one of them did not take."""
    if request.method == "POST":
        if not may_declare(request.actor, territory, Subscription.kind):
            return errors.forbidden(request)
        slug = str(request.POST.get("subscription", ""))
        reach = reach_of(territory, slug)
        if reach is None or reach.waiting is None or reach.waiting.state not in _STUCK:
            raise Missing(_("a delivery that failed"), slug)
        outbox.retry(reach.waiting.id, request.parts.clock())
        say(request, words.translate(_("It will be sent again now."), request.lang))
    return HttpResponseRedirect(reverse("desk.subscribers", args=[territory]))


def _sign(body: Subscription, reach: Reach | None) -> str:
    if not body.active:
        return "unconcerned"
    if reach is None or reach.waiting is None:
        return "kept"
    return {outbox.State.GIVEN_UP: "refused", outbox.State.FAILED: "watch"}.get(reach.waiting.state, "unchecked")
