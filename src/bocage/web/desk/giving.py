"""Giving a declaration to the commons: what leaves is shown first; it is then a file to send, or in the folder."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import commons, words
from bocage.accounts.rights import may_declare
from bocage.commons import LICENCES, Offer, Shared
from bocage.commons.contributing import givable
from bocage.commons.resource import text
from bocage.domain.errors import Invalid, Missing, Unavailable
from bocage.domain.text import message as _
from bocage.web import errors
from bocage.web.desk import registers
from bocage.web.desk.reach import facts_of
from bocage.web.files import attached
from bocage.web.page import page, say
from bocage.web.portal.commons import library
from bocage.web.request import Request


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is offered, as far as it may be: the resource, or what is `wrong` by field."""

    offer: Offer
    shared: Shared | None = None
    wrong: dict[str, str] = {}


def give(request: Request, territory: str, given: str, offer: str) -> HttpResponse:
    """The file as it would be; sent with `do`: `download` it, `put` it into the folder, or `take` it out again."""
    kind, entry = given, offer
    body = facts_of(request).declared.get(kind, {}).get(entry)
    if body is None or not givable(kind, body):
        raise Missing(_("a public declaration that may be shared; an experiment once its protocol is fixed"), kind)
    if not may_declare(request.actor, territory, kind, **registers.place(kind, entry, body)):
        return errors.forbidden(request)
    draft = _draft(request, kind, entry)
    asked = str(request.POST.get("do", "")) if request.method == "POST" else ""
    if asked == "take":
        return _taken_out(request, kind, entry)
    if draft.shared is not None and asked == "download":
        return attached(f"{draft.shared.slug}.toml", text(draft.shared), "application/toml; charset=utf-8")
    if draft.shared is not None and asked == "put":
        return _put(request, draft.shared)
    values: dict[str, Any] = {
        "kind": kind,
        "slug_given": entry,
        "title": body.title if hasattr(body, "title") else entry,
        "draft": draft,
        "file": text(draft.shared) if draft.shared else "",
        "licences": LICENCES,
        "present": library(request).named.get(f"{kind}/{territory}/{entry}"),
        "writable": request.parts.commons.writable,
    }
    return page(request, "desk/give.html", values, status=422 if draft.wrong and asked else 200)


def _draft(request: Request, kind: str, slug: str) -> Draft:
    before = library(request).named.get(f"{kind}/{request.slug}/{slug}")
    offer = Offer(
        licence=str(request.POST.get("licence", before.card.licence if before else "etalab-2.0")),
        author=str(request.POST.get("author", before.card.author if before else _town(request))),
        link=str(request.POST.get("link", before.card.link if before else "")),
    )
    try:
        shared = commons.offered(facts_of(request), (kind, slug), offer, library(request))
    except Invalid as failure:
        return Draft(offer=offer, wrong={str(failure.values.get("field", "")): failure.expected})
    return Draft(offer=offer, shared=shared)


def _town(request: Request) -> str:
    return request.territory.title.fr if request.territory else request.slug


def _put(request: Request, shared: Shared) -> HttpResponse:
    commons.put(_folder(request), shared)
    request.parts.commons.look(request.parts.clock(), now=True)
    say(request, words.translate(_("It is in the folder: others read it from now on."), request.lang))
    return _back(request, shared.kind, shared.slug)


def _taken_out(request: Request, kind: str, slug: str) -> HttpResponse:
    present = library(request).named.get(f"{kind}/{request.slug}/{slug}")
    if present is not None:
        commons.take_out(_folder(request), present)
        request.parts.commons.look(request.parts.clock(), now=True)
        say(request, words.translate(_("It is no longer in the folder; copies elsewhere stay."), request.lang))
    return _back(request, kind, slug)


def _folder(request: Request) -> Any:
    shelf = request.parts.commons
    if not shelf.writable:
        raise Unavailable(_("a folder of the commons that can be written to"))
    return shelf.folder


def _back(request: Request, kind: str, slug: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("desk.give", args=[request.slug, kind, slug]))
