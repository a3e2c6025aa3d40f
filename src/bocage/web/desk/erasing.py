"""The door of rights requests: erases what names a person from every version of a declaration."""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage import registers as kept
from bocage.domain.declaration import Key, Notes, fields
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.registers import erasures
from bocage.registers.erasures import Erased
from bocage.web.desk import registers
from bocage.web.page import page, say
from bocage.web.request import Request

FOLDER = "erasures"
"""Under the data folder, outside every backup."""


def erase(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """Says what erasing one personal field does (`?field=`), since nothing brings it back; then erases it."""
    struct = registers.kind_of(request, kind)
    key = Key(territory=territory, kind=kind, slug=entry)
    versions = kept.history(key) if kind in KINDS else []
    if not versions:
        raise Missing(f"{kind}/{entry}")
    field = str(request.POST.get("field") or request.GET.get("field") or "")
    note = next((one for one in fields(struct) if one.personal and one.name == field), None)
    if note is None:
        raise Invalid(_("a field that names a person"), field)
    if request.method != "POST":
        values = {"struct": struct, "kind": kind, "last": versions[0], "note": note, "versions": len(versions)}
        return page(request, "desk/erase.html", values)
    folder = request.parts.data / FOLDER
    evidence.erase_personal(folder, key, field, request.parts.clock(), request.actor.account)
    said = words.translate(_("Erased for good from every version: %(field)s."), request.lang)
    say(request, said % {"field": words.translate(note.label, request.lang)})
    return HttpResponseRedirect(reverse("desk.history", args=[territory, kind, entry]))


def erasable(versions: Sequence[kept.Entry]) -> list[Notes]:
    """The fields that still name a person in some version."""
    notes = [note for note in fields(type(versions[0].body)) if note.personal]
    return [note for note in notes if any(getattr(one.body, note.name) for one in versions)]


def erased(request: Request, versions: Sequence[kept.Entry]) -> list[Erased]:
    """What was erased of a declaration, as the list says, or as the chain alone says (then without a day)."""
    noted = erasures.of(request.parts.data / FOLDER, versions[0].key)
    known = {one.field for one in noted}
    missing = sorted(frozenset().union(*(one.erased for one in versions)) - known)
    return [*noted, *(Erased(key=versions[0].key, field=name, version=0, at=versions[-1].at) for name in missing)]
