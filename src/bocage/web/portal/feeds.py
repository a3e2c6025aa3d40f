"""What changed in the promises, for programs that follow it: Atom (RFC 4287) and JSON Feed 1.1."""

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import msgspec
from django.http import HttpResponse
from django.urls import reverse

from bocage import evidence, words
from bocage.commitments import find
from bocage.domain.text import message as _
from bocage.web.portal.lanes import WORDS
from bocage.web.request import Request

MOST = 100
TITLE = _("What is promised")


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One change in words: what turned, when, where it is told."""

    id: str
    title: str
    why: str
    link: str
    at: datetime


def changes(request: Request, limit: int = MOST) -> list[Changed]:
    """The last changes, newest first; promises of another version of Bocage are left out."""
    found, lang = [], request.lang
    for turn in evidence.turns(request.slug, limit=limit):
        promise = find(turn.promise)
        if promise is not None:
            link = request.build_absolute_uri(reverse("portal.promise", args=[request.slug, turn.promise]))
            title = f"{words.translate(WORDS[turn.outcome], lang)} : {words.translate(promise.title, lang)}"
            why = words.translate(promise.why, lang)
            found.append(Changed(id=f"{link}#{turn.number}", title=title, why=why, link=link, at=turn.at))
    return found


def atom(request: Request, territory: str) -> HttpResponse:
    """The changes as Atom."""
    found, own = changes(request), request.build_absolute_uri(request.path)
    title = f"{_named(request)} · {words.translate(TITLE, request.lang)}"
    updated = max((one.at for one in found), default=request.parts.clock())
    body = "".join(
        f"<entry><id>{escape(one.id)}</id><title>{escape(one.title)}</title><updated>{one.at.isoformat()}</updated>"
        f"<link href={quoteattr(one.link)}/><summary>{escape(one.why)}</summary></entry>"
        for one in found
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{request.lang}">'
        f"<id>{escape(own)}</id><title>{escape(title)}</title><updated>{updated.isoformat()}</updated>"
        f'<author><name>{escape(_named(request))}</name></author><link rel="self" href={quoteattr(own)}/>{body}</feed>'
    )
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


def feed(request: Request, territory: str) -> HttpResponse:
    """The changes as JSON Feed."""
    items: list[dict[str, Any]] = [
        {
            "id": one.id,
            "url": one.link,
            "title": one.title,
            "content_text": one.why,
            "date_published": one.at.isoformat(),
        }
        for one in changes(request)
    ]
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{_named(request)} · {words.translate(TITLE, request.lang)}",
        "home_page_url": request.build_absolute_uri(reverse("portal.promises", args=[territory])),
        "feed_url": request.build_absolute_uri(request.path),
        "language": request.lang,
        "items": items,
    }
    return HttpResponse(msgspec.json.encode(body), content_type="application/feed+json; charset=utf-8")


def _named(request: Request) -> str:
    return request.territory.title.read(request.lang)[0] if request.territory else request.slug
