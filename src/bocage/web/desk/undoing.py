"""Taking back a change of several declarations and entities at once, from the sentence that told of it."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.domain.text import message as _
from bocage.evidence import facts
from bocage.evidence.asked import Asked
from bocage.web import errors
from bocage.web.desk import registers
from bocage.web.page import say
from bocage.web.request import Request


def undo(request: Request, territory: str, number: int) -> HttpResponse:
    """Take it back, once; then go where the sentence was."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.overview", args=[territory]))
    if not may_ask(request, evidence.back(territory, number)):
        return errors.forbidden(request)
    evidence.undo(territory, request.actor, number, request.parts.clock())
    say(request, words.translate(_("Taken back: all is as it was before."), request.lang))
    back = request.GET.get("back", "")
    inside = back.startswith(f"/{territory}/desk/")
    return HttpResponseRedirect(back if inside else reverse("desk.overview", args=[territory]))


def address(request: Request, number: int, back: str) -> str:
    """Where to send the form that takes a change back; `back`: the page it leads to."""
    return f"{reverse('desk.undo', args=[request.slug, number])}?{urlencode({'back': back})}"


def may_ask(request: Request, changes: Sequence[Asked]) -> bool:
    """Whether all of these are theirs to make, as things stand and as they would stand."""
    for one in changes:
        kind, slug = facts.place(one)
        present = registers.held(request.slug, kind, slug)
        for body in (present.body if present else None, facts.stated(one)):
            if body is not None and not may_declare(
                request.actor, request.slug, kind, **registers.place(kind, slug, body)
            ):
                return False
    return True
