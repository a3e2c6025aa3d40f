"""The settings of the whole instance, on the screen: only whoever administers the instance changes them."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.domain.errors import BocageError, Conflict
from bocage.domain.instance_settings import InstanceSettings
from bocage.domain.text import message as _
from bocage.web.desk import mail as mail_section
from bocage.web.desk import nights, provider
from bocage.web.desk import publication as publication_section
from bocage.web.page import page, say
from bocage.web.request import Request


def settings(request: Request, territory: str) -> HttpResponse:
    """What is set, and by whom: the settings file, or this page."""
    provider.settled(request)
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


def mail(request: Request, territory: str) -> HttpResponse:
    """Set the mail server, try it, or send nothing any more."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    if asked == "try":
        return shown(request, sections=mail_section.section(request, tried=mail_section.trial(request)))
    if asked == "keep":
        found = mail_section.keep(request, request.POST)
        if found.body is None:
            return shown(request, sections=mail_section.section(request, found), status=422)
        say(request, words.translate(_("The mail server is set: send yourself a test mail."), request.lang))
    if asked == "stop":
        mail_section.stop(request)
        say(request, words.translate(_("No more mails leave."), request.lang))
    return _back(request, "mail")


def backups(request: Request, territory: str) -> HttpResponse:
    """Set the hour of the backups, and how many nights are kept."""
    if request.method == "POST":
        found = nights.keep(request, request.POST)
        if found.body is None:
            return shown(request, sections=nights.section(request, found), status=422)
        say(request, words.translate(_("Kept: the next copy follows it."), request.lang))
    return _back(request, "backups")


def publication(request: Request, territory: str) -> HttpResponse:
    """Set the broker that open measurements are published to, or publish nothing any more."""
    asked = request.POST.get("do", "") if request.method == "POST" else ""
    if asked == "keep":
        found = publication_section.keep(request, request.POST)
        if found.body is None:
            return shown(request, sections=publication_section.section(request, found), status=422)
        say(request, words.translate(_("Kept: what is open is published there from now on."), request.lang))
    if asked == "stop":
        publication_section.stop(request)
        say(request, words.translate(_("Nothing is published any more."), request.lang))
    return _back(request, "publication")


def _back(request: Request, section: str) -> HttpResponse:
    """The page again, at the section that was changed; at its top for who changed nothing."""
    place = reverse("desk.settings", args=[request.slug])
    return HttpResponseRedirect(f"{place}#{section}" if request.method == "POST" else place)


def openid(request: Request, territory: str) -> HttpResponse:
    """Set the provider people sign in by, try it, switch it on or off, forget it."""
    asked = request.POST.get("do", "keep") if request.method == "POST" else ""
    if asked == "try":
        return shown(request, sections=provider.section(request, steps=provider.steps(request)))
    if asked == "keep" and (wrong := provider.keep(request, request.POST)):
        return shown(request, sections=provider.section(request, wrong), status=422)
    if asked == "stop":
        provider.stop(request)
    if asked in ("on", "off") and not provider.switch(request, on=asked == "on"):
        raise Conflict(_("a provider that was tried as it is set now"))
    if asked in _TOLD:
        say(request, words.translate(_TOLD[asked], request.lang))
    return _back(request, "openid")


_TOLD = {
    "keep": _("The provider is kept: try it, then switch it on."),
    "stop": _("The provider is forgotten; people sign in with their password."),
    "on": _("People are offered to sign in by their organisation."),
    "off": _("People sign in with their password only."),
}


def openid_try(request: Request, territory: str) -> HttpResponse:
    """To the provider and back with one's own account."""
    return provider.depart(request, reverse("desk.settings", args=[territory]) + "#openid")


_ADDRESS = _("an address such as https://data.my-town.example, without anything after the name")


def shown(
    request: Request,
    *,
    typed: dict[str, Any] | None = None,
    wrong: str = "",
    sections: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed and what is wrong with it. `sections`: values of a section in another state."""
    chosen = request.parts.chosen
    now: InstanceSettings = chosen.now
    here = f"{request.scheme}://{request.get_host()}"
    values = {
        "now": now,
        "fixed": chosen.fixed,
        "here": here,
        "wrong": wrong,
        "typed": {"public_url": now.public_url or here, **(typed or {})},
        **mail_section.section(request),
        **nights.section(request),
        **provider.section(request),
        **publication_section.section(request),
        **(sections or {}),
    }
    return page(request, "desk/settings.html", values, status=422 if wrong else status)
