"""What exists elsewhere, brought in: the forms in which it may come, the files handed over, and every import so far."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage.accounts.rights import Right, may_begin, reach
from bocage.domain.errors import Invalid
from bocage.domain.purpose import Purpose
from bocage.domain.text import message as _
from bocage.imports import bundle, record
from bocage.imports.forms import FORMS, MEASUREMENTS, THINGS, Form, form_of
from bocage.imports.record import Import
from bocage.ingest import inventory
from bocage.ingest.headings import named
from bocage.web import errors
from bocage.web.desk.connect import sources
from bocage.web.desk.reach import authors, facts_of, service_of_source
from bocage.web.page import page
from bocage.web.request import Request


def imports(request: Request, territory: str) -> HttpResponse:
    """Every import, newest first, and the forms in which something may come in."""
    found = [one for one in record.listed(territory) if may_see(request, one)]
    values = {
        "found": found,
        "forms": FORMS,
        "open_forms": [form for form in FORMS.values() if may_use(request, form)],
        "authors": authors({one.told.account for one in found}, request.lang),
        "everything": declares(request),
    }
    return page(request, "desk/imports.html", values)


def new(request: Request, territory: str, form: str) -> HttpResponse:
    """The form that takes the files; they are looked at, and nothing is written."""
    asked = form_of(form)
    if not may_use(request, asked):
        return errors.forbidden(request)
    wrong = None
    if request.method == "POST":
        try:
            files = _given(request)
            one = request.parts.imports.begin(territory, form, files, (request.actor, request.parts.clock()))
            if not declares(request):  # a contractor delivers for its own sources only
                one = request.parts.imports.choose(one, {"source": next(iter(sources(request, Right.IMPORT)))})
        except Invalid as failure:
            wrong = failure
        else:
            return HttpResponseRedirect(reverse("desk.import", args=[territory, one.number]))
    values: dict[str, Any] = {"form": asked, "wrong": wrong, "columns": {}}
    if form == THINGS:
        values["columns"] = {
            column: (named(column, request.lang), about) for column, about in inventory.COLUMNS.items()
        }
    return page(request, "desk/import_new.html", values, status=422 if wrong else 200)


def declares(request: Request) -> bool:
    """Whether this person brings in more than measurements: who declares purposes does."""
    return may_begin(request.actor, request.slug, Purpose.kind)


def may_use(request: Request, form: Form) -> bool:
    """Whether this person may bring something in in this form."""
    return declares(request) or (form.id == MEASUREMENTS and bool(sources(request, Right.IMPORT)))


def may_see(request: Request, one: Import) -> bool:
    """Whether an import is this person's to see: all of them, or those of sources it delivers for."""
    if declares(request):
        return True
    if one.form != MEASUREMENTS:
        return False
    if not one.source:
        return one.told.account == request.actor.account
    far = reach(request.actor, Right.IMPORT, request.slug)
    return far.covers(source=one.source, service=service_of_source(facts_of(request), one.source))


def _given(request: Request) -> list[tuple[str, bytes]]:
    """The files of the form, as far as they are not too large already."""
    given = request.FILES.getlist("file")
    if not given:
        raise Invalid(_("a file"))
    if sum(one.size or 0 for one in given) > bundle.LARGEST:
        raise Invalid(
            _("32 MB at most, all files together and unpacked"), ", ".join(str(one.name) for one in given)[:200]
        )
    return [(str(one.name), one.read()) for one in given]
