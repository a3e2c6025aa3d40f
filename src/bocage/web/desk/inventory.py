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
from bocage.ingest.headings import named
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
        "columns": {column: (named(column, request.lang), about) for column, about in sheets.COLUMNS.items()},
        "heading": None,
        "found": None,
        "wrong": None,
        "refusals": (),
        "sheet": "",
        "may": may,
    }
    if request.method == "POST":
        try:
            name, content = _sheet(request)
            declared = _declared(request)
            values |= {"name": name, "sheet": base64.b64encode(content).decode(), "declared": declared}
            values["heading"] = sheets.heading(name, content, declared)
            found = sheets.read(name, content, facts_of(request), declared)
        except Invalid as failure:
            values["wrong"] = failure
            return page(request, "desk/inventory.html", values, status=422)
        values["found"] = found
        if "record" in request.POST:
            return _record(request, found, values)
    return page(request, "desk/inventory.html", values)


def _sheet(request: Request) -> tuple[str, bytes]:
    """The file just given, or the one shown before that travels with the form."""
    if "record" in request.POST or "again" in request.POST:
        return str(request.POST.get("name", "")), _decoded(str(request.POST.get("sheet", "")))
    return given_file(request)


def _decoded(sheet: str) -> bytes:
    try:
        return base64.b64decode(sheet)
    except ValueError as error:
        raise Invalid(_("a file")) from error


def _declared(request: Request) -> dict[str, str]:
    """The cell of the first line that the person says stands for each column; "" for none."""
    asked = {column: request.POST.get(f"column.{column}") for column in sheets.COLUMNS}
    return {column: str(cell) for column, cell in asked.items() if cell is not None}


def _record(request: Request, found: sheets.Inventory, values: dict[str, Any]) -> HttpResponse:
    puts = [PutEntity(slug=slug, entity=body) for slug, body in found.entities]
    try:
        evidence.change(request.slug, request.actor, puts, request.parts.clock())
    except Refused as refused:
        return page(request, "desk/inventory.html", {**values, "refusals": refused.refusals}, status=422)
    said = words.translate(_("%(count)s things, properties and series are recorded."), request.lang)
    say(request, said % {"count": words.number(len(puts), request.lang)})
    return HttpResponseRedirect(reverse("desk.things", args=[request.slug]))
