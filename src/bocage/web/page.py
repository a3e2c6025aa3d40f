"""One way to answer with a page: the template, the request and what every page shows."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from bocage.web.request import Request


def page(
    request: Request, template: str, values: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """The rendered template; `lang`, `actor`, `territory`, `slug` and `zone` are there for every page."""
    shown = {
        "lang": request.lang,
        "actor": request.actor,
        "territory": request.territory,
        "slug": request.slug,
        "zone": request.territory.time_zone if request.territory else "Europe/Paris",
        "notes": taken(request),
        "tiles": request.parts.tiles,
        **(values or {}),
    }
    return HttpResponse(render_to_string(template, shown, request=request), status=status)


def say(request: Request, text: str, *, undo: str = "", version: str = "") -> None:
    """Keep one sentence for the next page this person sees (after a redirect).

    `undo` is the address that takes it back, `version` the version it must find.
    """
    kept = request.session.get("notes", [])
    request.session["notes"] = [*kept, {"text": text, "undo": undo, "version": version}][-5:]


def taken(request: Request) -> list[dict[str, str]]:
    """The sentences kept for this page, once."""
    session = getattr(request, "session", None)
    if session is None or "notes" not in session:
        return []
    notes: list[dict[str, str]] = session.pop("notes")
    return notes
