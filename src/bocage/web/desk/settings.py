"""The settings of the whole instance, on the screen: only whoever administers the instance changes them."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.domain.errors import BocageError
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.text import message as _
from bocage.web.page import page, say
from bocage.web.request import Request


def settings(request: Request, territory: str) -> HttpResponse:
    """What is set, and by whom: the settings file, or this page."""
    return shown(request)


def address(request: Request, territory: str) -> HttpResponse:
    """Set the address people type."""
    if request.method == "POST":
        typed = str(request.POST.get("public_url", "")).strip().rstrip("/")
        try:
            chosen = request.parts.chosen
            chosen.choose(msgspec.structs.replace(chosen.now, public_url=typed))
        except BocageError as failure:
            wrong = failure if failure.code == "conflict" else None
            return shown(request, typed={"public_url": typed}, wrong=wrong.expected if wrong else _ADDRESS)
        say(request, words.translate(_("The public address is set."), request.lang))
    return HttpResponseRedirect(reverse("desk.settings", args=[territory]))


_ADDRESS = _("an address such as https://data.my-town.example, without anything after the name")


def shown(request: Request, *, typed: dict[str, Any] | None = None, wrong: str = "") -> HttpResponse:
    """The page, with what was typed and what is wrong with it."""
    chosen = request.parts.chosen
    now: InstanceSettings = chosen.now
    here = f"{request.scheme}://{request.get_host()}"
    values = {
        "now": now,
        "fixed": chosen.fixed,
        "here": here,
        "wrong": wrong,
        "typed": {"public_url": now.public_url or here, **(typed or {})},
    }
    return page(request, "desk/settings.html", values, status=422 if wrong else 200)
