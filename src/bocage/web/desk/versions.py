"""The history of a declaration: its versions, what changed between two, and going back to one."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage import registers as kept
from bocage.accounts.rights import Right, may, may_declare
from bocage.domain.declaration import Key, fields
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.registers.comparing import apart
from bocage.web import errors
from bocage.web.desk import erasing, registers, undoing
from bocage.web.desk.changes import placing, removing
from bocage.web.desk.reach import authors, facts_of, sees_field
from bocage.web.page import page, say
from bocage.web.request import Request


def history(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """All versions, newest first."""
    struct = registers.kind_of(request, kind)
    versions = _versions(territory, kind, entry)
    erased = erasing.erased(request, versions)
    values = {
        "struct": struct,
        "kind": kind,
        "versions": versions,
        "erased": erased,
        "labels": {note.name: note.label for note in fields(struct)},
        "erasable": erasing.erasable(versions) if may(request.actor, Right.RIGHTS_REQUESTS, territory) else (),
        "holding": not versions[0].withdrawn,
        "authors": authors({*(one.author for one in versions), *(one.by for one in erased)}, request.lang),
        "may_declare": may_declare(request.actor, territory, kind, **registers.place(kind, entry, versions[0].body)),
    }
    return page(request, "desk/history.html", values)


def diff(request: Request, territory: str, kind: str, entry: str, version: int) -> HttpResponse:
    """What one version changed, field by field, against the one before."""
    struct = registers.kind_of(request, kind)
    versions = {one.version: one for one in _versions(territory, kind, entry)}
    after = versions.get(version)
    if after is None:
        raise Missing(f"{kind}/{entry}", str(version))
    before = versions.get(version - 1)
    gone = after.erased | (before.erased if before else frozenset())
    changed = [
        (note, *apart(getattr(before.body, note.name) if before else None, getattr(after.body, note.name)))
        for note in fields(struct)
        if sees_field(request, kind, entry, note)
        and (note.name in gone or before is None or getattr(before.body, note.name) != getattr(after.body, note.name))
    ]
    values = {
        "struct": struct,
        "kind": kind,
        "after": after,
        "before": before,
        "newest": max(versions),
        "changed": [line for line in changed if line[1] or line[2] or before or line[0].name in gone],
        "declared": facts_of(request).declared,
        "authors": authors({after.author}, request.lang),
        "may_declare": may_declare(request.actor, territory, kind, **registers.place(kind, entry, after.body)),
    }
    return page(request, "desk/diff.html", values)


def restore(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """Declare a former version anew; history keeps what stood in between."""
    registers.kind_of(request, kind)
    number = str(request.POST.get("version") or request.GET.get("version") or "")
    version = whole(number, 0)
    if request.method != "POST" or not version or kind not in KINDS:
        return HttpResponseRedirect(reverse("desk.history", args=[territory, kind, entry]))
    key = Key(territory=territory, kind=kind, slug=entry)
    former, present = kept.version(key, version), kept.find(key)
    for one in (former, present):
        if one and not may_declare(request.actor, territory, kind, **registers.place(kind, entry, one.body)):
            return errors.forbidden(request)
    expected = whole(str(request.POST.get("expected", "")), present.version if present else 0)
    evidence.change(territory, request.actor, [placing(key, former.body, expected)], request.parts.clock())
    said = words.translate(_("Version %(n)s holds again, as a new version."), request.lang)
    say(request, said % {"n": number})
    return HttpResponseRedirect(reverse("desk.declaration", args=[territory, kind, entry]))


def withdraw(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """It no longer holds; what still names it is said instead."""
    registers.kind_of(request, kind)
    held = registers.held(territory, kind, entry)
    if held is None:
        raise Missing(f"{kind}/{entry}")
    if not may_declare(request.actor, territory, kind, **registers.place(kind, entry, held.body)):
        return errors.forbidden(request)
    if request.method == "POST":
        expected = whole(str(request.POST.get("expected", "")), held.version)
        key = Key(territory=territory, kind=kind, slug=entry)
        change = removing(key, expected)
        _changed, number = evidence.undoable(territory, request.actor, [change], request.parts.clock())
        back = reverse("desk.declaration", args=[territory, kind, entry])
        say(request, words.translate(_("Withdrawn."), request.lang), undo=undoing.address(request, number, back))
    return HttpResponseRedirect(reverse("desk.register", args=[territory, kind]))


def _versions(territory: str, kind: str, slug: str) -> list[kept.Entry]:
    found = kept.history(Key(territory=territory, kind=kind, slug=slug)) if kind in KINDS else []
    if not found:
        raise Missing(f"{kind}/{slug}")
    return found
