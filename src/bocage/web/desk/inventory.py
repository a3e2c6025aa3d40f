"""Things and series from a spreadsheet: read, shown, and recorded in one change once somebody agrees."""

import base64
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.domain.errors import Invalid, Refused
from bocage.domain.text import message as _
from bocage.evidence.asked import PutEntity
from bocage.ingest import inventory as sheets
from bocage.web import errors
from bocage.web.desk.connect import given_file
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request


def inventory(request: Request, territory: str) -> HttpResponse:
    """The form, the preview of what a sheet would make, and its recording."""
    may = may_declare(request.actor, territory, "thing")
    if request.method == "POST" and not may:
        return errors.forbidden(request)
    values: dict[str, Any] = {
        "columns": sheets.COLUMNS,
        "found": None,
        "wrong": None,
        "refusals": (),
        "sheet": "",
        "may": may,
    }
    if request.method == "POST":
        try:
            name, content = _sheet(request)
            found = sheets.read(name, content, facts_of(request))
        except Invalid as failure:
            values["wrong"] = failure
            return page(request, "desk/inventory.html", values, status=422)
        values |= {"found": found, "name": name, "sheet": base64.b64encode(content).decode()}
        if "record" in request.POST:
            return _record(request, found, values)
    return page(request, "desk/inventory.html", values)


def _sheet(request: Request) -> tuple[str, bytes]:
    """The file just given, or the one shown before that travels with the form."""
    if "record" in request.POST:
        return str(request.POST.get("name", "")), base64.b64decode(str(request.POST.get("sheet", "")))
    return given_file(request)


def _record(request: Request, found: sheets.Inventory, values: dict[str, Any]) -> HttpResponse:
    puts = [PutEntity(slug=slug, entity=body) for slug, body in found.entities]
    try:
        evidence.change(request.slug, request.actor, puts, request.parts.clock())
    except Refused as refused:
        return page(request, "desk/inventory.html", {**values, "refusals": refused.refusals}, status=422)
    said = words.translate(_("%(count)s things, properties and series are recorded."), request.lang)
    say(request, said % {"count": words.number(len(puts), request.lang)})
    return HttpResponseRedirect(reverse("desk.things", args=[request.slug]))
