"""The footprint at the desk: the same figures, what to declare next, and a BoaviztAPI asked when somebody wants it."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, registers, words
from bocage.accounts.rights import may_begin, may_declare
from bocage.domain.declaration import Key
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.errors import Missing, PayloadError, Refused
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.own_factor import OwnFactor
from bocage.domain.text import message as _
from bocage.ingest import boavizta
from bocage.registers.entry import Entry
from bocage.web import errors
from bocage.web.desk import undoing
from bocage.web.desk.reach import facts_of
from bocage.web.footprint import shown
from bocage.web.page import page, say
from bocage.web.request import Request

_KEPT = _("The sheet of this device now comes from your BoaviztAPI.")
_FAILED = _(
    "No figure came from this address, and nothing was changed. It should have been %(expected)s. Ask whoever runs it, "
    "or write the sheet of the device by hand."
)


def footprint(request: Request, territory: str) -> HttpResponse:
    """The figures, and the forms that complete them."""
    return _page(request)


def ask(request: Request, territory: str) -> HttpResponse:
    """Ask the BoaviztAPI at the address somebody gives what one fleet's device weighs, and keep it as its sheet."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.footprint", args=[territory]))
    entry, fleet = _fleet(territory, request.POST.get("fleet", ""))
    if not may_declare(request.actor, territory, DeviceFleet.kind, service=fleet.service):
        return errors.forbidden(request)
    address, at = request.POST.get("address", "").strip(), request.parts.clock()
    try:
        sheet = boavizta.sheet(address, fleet, at.year)
        put = evidence.Put(key=entry.key, body=msgspec.structs.replace(fleet, sheet=sheet), expected=entry.version)
        _changed, number = evidence.undoable(territory, request.actor, [put], at)
    except PayloadError as error:
        return _page(request, address=address, wrong=_told(request, error))
    except Refused as error:
        return errors.told(request, error)
    back = reverse("desk.footprint", args=[territory])
    say(request, words.translate(_KEPT, request.lang), undo=undoing.address(request, number, back))
    return HttpResponseRedirect(back)


def _told(request: Request, error: PayloadError) -> str:
    found = f" ({error.found})" if error.found else ""
    expected = words.translate(error.expected, request.lang) + found
    return words.translate(_FAILED, request.lang) % {"expected": expected}


def _fleet(territory: str, slug: str) -> tuple[Entry, DeviceFleet]:
    try:
        entry = registers.find(Key(territory=territory, kind=DeviceFleet.kind, slug=slug))
    except ValueError:
        entry = None
    if entry is None or not isinstance(entry.body, DeviceFleet):
        raise Missing(_("a declared fleet of devices"), slug)
    return entry, entry.body


def _page(request: Request, *, address: str = "", wrong: str = "") -> HttpResponse:
    def link(kind: str, slug: str) -> str:
        return reverse("desk.declaration", args=[request.slug, kind, slug])

    told = shown(request, facts_of(request))
    values: dict[str, Any] = {
        **told,
        "link": link,
        "address": address,
        "wrong": wrong,
        "askable": [
            (slug, one)
            for slug, one, archetype, _portion in told["fleets"]
            if archetype.blocks and may_declare(request.actor, request.slug, DeviceFleet.kind, service=one.service)
        ],
        "may": {
            kind: may_begin(request.actor, request.slug, kind)
            for kind in (DeviceFleet.kind, FootprintBudget.kind, OwnFactor.kind)
        },
    }
    return page(request, "desk/footprint.html", values, status=422 if wrong else 200)
