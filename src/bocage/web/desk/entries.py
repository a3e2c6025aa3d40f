"""The form of any kind of declaration or entity: declare, change, and what happens when somebody else changed it."""

from collections.abc import Sequence
from functools import partial

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_begin, may_declare
from bocage.commitments import all_promises
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.algorithm import FROM_THE_RULE, Algorithm
from bocage.domain.codec import Codec
from bocage.domain.declaration import Declaration, Key, is_slug
from bocage.domain.errors import Conflict, Invalid, Missing, Refused
from bocage.domain.exception import ReasonedException
from bocage.domain.rule import Rule
from bocage.domain.sensing import Datastream, Entity, Thing
from bocage.domain.source import Source
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.ingest import plugins
from bocage.web import errors
from bocage.web.desk import coming, conflict, registers, sharing, undoing
from bocage.web.desk.changes import placing
from bocage.web.desk.reach import facts_of, names
from bocage.web.forms.field import UNSEEN, Choices, Drawing, drawn, tree_of
from bocage.web.forms.read import Read, read
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.commons import proofs
from bocage.web.request import Request


def form(request: Request, territory: str, kind: str, entry: str = "") -> HttpResponse:
    """Shows the form, or records what it says."""
    struct = registers.kind_of(request, kind)
    if struct is Rule:  # written as a sentence, and tried before it is recorded
        return HttpResponseRedirect(
            reverse("desk.rule-edit", args=[territory, entry]) if entry else reverse("desk.rule-new", args=[territory])
        )
    held = registers.held(territory, kind, entry) if entry else None
    if entry and held is None:
        raise Missing(f"{kind}/{entry}")
    if held and isinstance(held.body, Codec):  # tried on its examples before it is recorded
        return HttpResponseRedirect(reverse("desk.codec", args=[territory, held.body.source, entry]))
    body = held.body if held else None
    theirs = may_declare(request.actor, territory, kind, **registers.place(kind, entry, body))
    if not (theirs if body else may_begin(request.actor, territory, kind)):
        return errors.forbidden(request)
    if request.method != "POST":
        tree = {**tree_of(struct, body), **({} if body else _begun(request, struct))}
        asked = {name: value for name, value in tree.items() if name not in _made(body)}
        return _show(request, struct, Read(body=None, errors={}, tree=asked), held=held, status=200)
    only = frozenset(field.name for field in msgspec.structs.fields(struct)) - _made(body)
    found = read(struct, request.POST, _kept(body), only=only)
    if found.body is None:
        return _show(request, struct, found, held=held, status=422)
    return _record(request, struct, found, held)


def _record(request: Request, struct: type[Declaration], found: Read, held: registers.Held | None) -> HttpResponse:
    slug = held.slug if held else _slug(request, struct, found.body)
    expected = whole(str(request.POST.get("expected", "")), 0)
    if not is_slug(slug):
        wrong = Read(body=None, errors={"slug": _("Lower-case letters, digits and single hyphens.")}, tree=found.tree)
        return _show(request, struct, wrong, held=held, status=422)
    # A new one may be given a name that exists: what stands under it must be theirs to change, too.
    present = registers.held(request.slug, struct.kind, slug)
    for body in (found.body, present.body if present else None):
        if body and not may_declare(
            request.actor, request.slug, struct.kind, **registers.place(struct.kind, slug, body)
        ):
            return errors.forbidden(request)
    change = placing(Key(territory=request.slug, kind=struct.kind, slug=slug), found.body, expected)
    try:
        _changed, number = evidence.undoable(request.slug, request.actor, [change], request.parts.clock())
    except Refused as refused:
        return _show(request, struct, found, held=held, refused=refused, status=422)
    except Invalid as failure:
        wrong = Read(body=None, errors={str(failure.values.get("field", "")): failure.expected}, tree=found.tree)
        return _show(request, struct, wrong, held=held, status=422)
    except Conflict:
        present = registers.held(request.slug, struct.kind, slug)
        if present is None or (held is None and "again" not in request.POST):
            message = {"slug": _("This short name is taken: choose another.")}
            taken = Read(body=None, errors=message, tree=found.tree)
            return _show(request, struct, taken, held=held, status=409)
        return conflict.compared(
            request, found.body, present, reverse("desk.form", args=[request.slug, struct.kind, slug])
        )
    _tell(request, struct, slug, held, number)
    return HttpResponseRedirect(_back(request) or _page_of(request, struct, slug))


def _tell(request: Request, struct: type[Declaration], slug: str, held: registers.Held | None, number: int) -> None:
    said = words.translate(_("Recorded as a new version."), request.lang)
    if held and issubclass(struct, Entity):
        say(request, said, undo=undoing.address(request, number, _page_of(request, struct, slug)))
    elif held:
        undo = reverse("desk.restore", args=[request.slug, struct.kind, slug])
        say(request, said, undo=f"{undo}?version={held.version}", version=str(held.version + 1))
    else:
        back = reverse("desk.register", args=[request.slug, struct.kind])
        say(request, said, undo=undoing.address(request, number, back))


def _show(  # noqa: PLR0913 - one keyword per thing the page shows
    request: Request,
    struct: type[Declaration],
    found: Read,
    *,
    held: registers.Held | None,
    status: int,
    refused: Refused | None = None,
) -> HttpResponse:
    facts, led = facts_of(request), coming.led(request, struct, held.slug if held else "")
    tree = found.tree if request.method == "POST" else coming.opened(led, found.tree)
    drawing = Drawing(
        choices=choices(facts, request.lang),
        errors=found.errors,
        translate=partial(_translate, request.lang),
        lists=lists(struct, request.lang),
    )
    values = {
        "struct": struct,
        "kind": struct.kind,
        "held": held,
        "fields": drawn(struct, tree, drawing),
        "errors": found.errors,
        "refusals": refused.refusals if refused else (),
        "proofs": proofs(request, refused.refusals if refused else ()),
        "slug_typed": request.POST.get("slug", ""),
        "expected": request.POST.get("expected", held.version if held else 0),
        "back": _back(request),
        "led": led,
        "names": names(facts, request.lang),
        "rule": held.body.rule if held and isinstance(held.body, Algorithm) else "",
        "likes": sharing.likes(request, found.body or (held.body if held else None)),
    }
    return page(request, "desk/form.html", values, status=status)


def choices(facts: TerritoryFacts, lang: str) -> Choices:
    """The declarations a reference may name, by title; the words of DTPR for a notice."""

    def of(kind: str) -> Sequence[tuple[str, str]]:
        if kind.startswith("dtpr:"):
            return dtpr(kind.removeprefix("dtpr:"), lang)
        found = [(slug, _chosen(facts, body, slug, lang)) for slug, body in facts.declared.get(kind, {}).items()]
        return sorted(found, key=lambda pair: pair[1].casefold())

    return of


def _chosen(facts: TerritoryFacts, body: Declaration, slug: str, lang: str) -> str:
    """How a reference is called among others: a series with its place, as several places measure the same."""
    called = _title(body, slug, lang)
    thing = facts.one(Thing, body.thing) if isinstance(body, Datastream) else None
    return f"{called} ({_title(thing, '', lang)})" if thing else called


def lists(struct: type[Declaration], lang: str) -> dict[str, list[tuple[str, str]]]:
    """Values a field of text may take, where the instance knows them."""
    if struct is Source:
        formats = plugins.found().values()
        return {"plugin": [(one.id, words.translate(one.label, lang)) for one in formats]}
    if struct is ReasonedException:
        liftable = [one for one in all_promises() if one.liftable]
        return {"promise": [("", ""), *((one.code, words.translate(one.title, lang)) for one in liftable)]}
    return {}


def dtpr(category: str, lang: str) -> Sequence[tuple[str, str]]:
    """The words of one DTPR category."""
    from bocage.publish.dtpr import elements

    return [(element.id, element.name.read(lang)[0]) for element in elements(category)]


def _title(body: Declaration, slug: str, lang: str) -> str:
    found = getattr(body, "title", None)
    return found.read(lang)[0] if isinstance(found, Text) else slug


def _translate(lang: str, message: str) -> str:
    return words.translate(message, lang)


def _begun(request: Request, struct: type[Declaration]) -> dict[str, object]:
    """What the address already says of a new one (`?source=x`)."""
    known_names = {field.name for field in msgspec.structs.fields(struct)}
    return {name: value for name, value in request.GET.items() if name in known_names and name != "title"}


def _made(body: Declaration | None) -> frozenset[str]:
    """What a rule makes of its published entry is not asked: it would not stay."""
    return frozenset(FROM_THE_RULE) if isinstance(body, Algorithm) and body.rule else frozenset()


def _kept(body: Declaration | None) -> dict[str, object]:
    """What the form does not ask for stays as it is."""
    held = {field.name for field in msgspec.structs.fields(type(body))} & (UNSEEN | _made(body)) if body else ()
    return {name: msgspec.to_builtins(getattr(body, name)) for name in held}


def _slug(request: Request, struct: type[Declaration], body: Declaration) -> str:
    typed = str(request.POST.get("slug", "")).strip()
    if typed:
        return typed
    taken = {held.slug for held in registers.listed(request.slug, struct.kind)}
    return free(_title(body, struct.kind, "fr"), taken)


def _back(request: Request) -> str:
    """The page of this desk that a form leads back to; empty for an address elsewhere."""
    back = str(request.POST.get("back", request.GET.get("back", "")))
    return back if back.startswith(f"/{request.slug}/desk/") else ""


def _page_of(request: Request, struct: type[Declaration], slug: str) -> str:
    return reverse("desk.declaration", args=[request.slug, struct.kind, slug])
