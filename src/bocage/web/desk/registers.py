"""The registers at the desk: what there is, lists that sort and filter in the address, and the page of each entry."""

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import registers as kept
from bocage import sensing
from bocage.accounts.consulting import may_consult
from bocage.accounts.rights import may_begin, may_declare
from bocage.commitments import all_promises, r16_contracts
from bocage.domain.contract import Contract
from bocage.domain.declaration import Declaration, Key, Notes, fields
from bocage.domain.errors import Missing
from bocage.domain.kinds import KINDS
from bocage.domain.sensing import ENTITIES, Thing
from bocage.domain.text import Text
from bocage.domain.themes import THEMES, theme_of
from bocage.domain.whole import whole
from bocage.publish import clauses
from bocage.registers import opinions
from bocage.web.desk import sharing
from bocage.web.desk.reach import authors, facts_of, knows, sees, sees_field
from bocage.web.forms.shape import shape
from bocage.web.page import page
from bocage.web.portal.registers import requirements
from bocage.web.request import Request

ALL: Mapping[str, type[Declaration]] = {**KINDS, **{entity.kind: entity for entity in ENTITIES}}
PAGE = 100


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A declaration or an entity as it stands, with the version a form must expect."""

    slug: str
    kind: str
    body: Declaration
    version: int
    author: str = ""
    at: Any = None
    erased: frozenset[str] = frozenset()


def kind_of(request: Request, name: str) -> type[Declaration]:
    """A kind this person may read here."""
    kind = ALL.get(name)
    if kind is None or not may_consult(request.actor, request.slug, kind):
        raise Missing("a register of this name", name)
    return kind


def held(territory: str, kind: str, slug: str) -> Held | None:
    """What stands under this name, if anything."""
    if kind in KINDS:
        entry = kept.find(Key(territory=territory, kind=kind, slug=slug))
        if entry is None:
            return None
        return Held(
            slug=slug,
            kind=kind,
            body=entry.body,
            version=entry.version,
            author=entry.author,
            at=entry.at,
            erased=entry.erased,
        )
    placed = sensing.find(territory, kind, slug)
    if placed is None:
        return None
    return Held(slug=slug, kind=kind, body=placed.entity, version=placed.version, at=placed.at)


def listed(territory: str, kind: str) -> list[Held]:
    """All of a kind."""
    if kind in KINDS:
        return [
            Held(slug=e.key.slug, kind=kind, body=e.body, version=e.version, author=e.author, at=e.at, erased=e.erased)
            for e in kept.current(territory, kind)
        ]
    return [
        Held(slug=p.slug, kind=kind, body=p.entity, version=p.version, at=p.at) for p in sensing.all(territory, kind)
    ]


def registers(request: Request, territory: str) -> HttpResponse:
    """All registers with how much each holds, and what changed lately."""
    counts = {**kept.count(territory), **sensing.count(territory)}
    readable = {name: kind for name, kind in ALL.items() if may_consult(request.actor, territory, kind)}
    recent = [entry for entry in kept.recent(territory, 12) if entry.key.kind in readable]
    values = {
        "themes": [
            (theme, [(name, readable[name], counts.get(name, 0)) for name in theme.kinds if name in readable])
            for theme in THEMES
        ],
        "recent": recent,
        "kinds": ALL,
        "authors": authors({entry.author for entry in recent}, request.lang),
    }
    return page(request, "desk/registers.html", values)


def register(request: Request, territory: str, kind: str) -> HttpResponse:
    """One register: its list sorts (`sort`, `-sort`) and filters (`q`, or a column's name) in the address."""
    struct = kind_of(request, kind)
    columns = tuple(note for note in fields(struct) if note.listed and not note.personal)
    rows = [row for row in listed(territory, kind) if sees(request, kind, row.slug)]
    found = [row for row in rows if _matches(request, row, columns)]
    sort = request.GET.get("sort", "")
    name = sort.lstrip("-")
    if name == "slug" or any(note.name == name for note in columns):
        found.sort(key=lambda row: _order(row, name, request.lang), reverse=sort.startswith("-"))
    first = whole(request.GET.get("from", ""), 0)
    facts = facts_of(request)
    values = {
        "kind": kind,
        "struct": struct,
        "columns": columns,
        "rows": found[first : first + PAGE],
        "found": len(found),
        "total": len(rows),
        "first": first,
        "page_size": PAGE,
        "sort": sort,
        "filters": _filters(rows, columns, request),
        "declared": facts.declared,
        "chained": kind in KINDS,
        "theme": theme_of(kind),
        "beside": _beside(request, kind),
        "may_declare": may_begin(request.actor, territory, kind),
    }
    return page(request, "desk/register.html", values)


def declaration(request: Request, territory: str, kind: str, entry: str) -> HttpResponse:
    """One declaration or entity: what it says, who points to it, and what can be done."""
    struct = kind_of(request, kind)
    found = held(territory, kind, entry)
    if found is not None and not sees(request, kind, entry):
        raise Missing(f"{kind}/{entry}")
    facts = facts_of(request)
    bearer = facts.borne.get(entry, "") if found is None and kind == Thing.kind else ""
    if bearer and sees(request, kind, bearer):
        return HttpResponseRedirect(reverse("desk.declaration", args=[territory, kind, bearer]))
    if found is None:
        return _gone(request, territory, kind, entry)
    key = Key(territory=territory, kind=kind, slug=entry)
    naming = [(one.kind, one.slug) for one in kept.referring(key)] + sensing.referring(territory, kind, entry)
    tells = knows(request)
    pointing = [one for one in naming if tells(*one)]
    told = opinions.given(key) if kind in KINDS else []
    values = {
        "kind": kind,
        "struct": struct,
        "held": found,
        "lines": [line for line in lines(struct, found.body) if sees_field(request, kind, entry, line[0])],
        "worked": found.body.worked_out(),
        "labels": {note.name: note.label for note in fields(struct)},
        "declared": facts.declared,
        "pointing": pointing,
        "kinds": ALL,
        "authors": authors({found.author, *(one.account for one in told)}, request.lang),
        "chained": kind in KINDS,
        "opinions": told,
        "theme": theme_of(kind),
        "requirements": requirements(request, found.body),
        "promise_titles": {promise.code: promise.title for promise in all_promises()},
        "today": facts.today,
        "paths": clauses.chain(facts, kind, entry) if kind in clauses.KINDS else None,
        "lacking": r16_contracts.fitting(facts, found.body) if isinstance(found.body, Contract) else {},
        "may_declare": may_declare(request.actor, territory, kind, **place(kind, entry, found.body)),
        "sharing": sharing.beside(request, kind, entry, found.body),
    }
    return page(request, "desk/declaration.html", values)


def notes(struct: type[msgspec.Struct]) -> tuple[Notes, ...]:
    """The fields of a kind."""
    return fields(struct)


def lines(struct: type[msgspec.Struct], body: msgspec.Struct) -> list[tuple[Notes, Any]]:
    """The fields that say something, with their values."""
    return [(note, getattr(body, note.name)) for note in fields(struct) if _says(getattr(body, note.name))]


def place(kind: str, slug: str, body: Declaration | None) -> dict[str, str]:
    """What rights ask of an item: its source, service and dataset."""
    source = slug if kind == "source" else str(getattr(body, "source", ""))
    dataset = slug if kind == "dataset" else str(getattr(body, "dataset", ""))
    return {"source": source, "service": str(getattr(body, "service", "")), "dataset": dataset}


def _beside(request: Request, kind: str) -> list[type[Declaration]]:
    """The registers of the same theme that this person may read."""
    return [ALL[name] for name in theme_of(kind).kinds if may_consult(request.actor, request.slug, ALL[name])]


def _gone(request: Request, territory: str, kind: str, slug: str) -> HttpResponse:
    """What was withdrawn still has its history."""
    versions = kept.history(Key(territory=territory, kind=kind, slug=slug)) if kind in KINDS else []
    if not versions:
        raise Missing(f"{kind}/{slug}")
    return page(request, "desk/withdrawn.html", {"kind": kind, "struct": ALL[kind], "last": versions[0]}, status=410)


def _says(value: Any) -> bool:
    return value is not None and value not in ("", (), {})


def _plain(value: Any, lang: str) -> str:
    return value.read(lang)[0] if isinstance(value, Text) else str(getattr(value, "value", value) or "")


def _matches(request: Request, row: Held, columns: tuple[Notes, ...]) -> bool:
    words = request.GET.get("q", "").casefold().split()
    said = " ".join([row.slug, *(_plain(getattr(row.body, note.name), request.lang) for note in columns)]).casefold()
    if not all(word in said for word in words):
        return False
    asked = {note.name: request.GET[note.name] for note in columns if request.GET.get(note.name)}
    return all(_plain(getattr(row.body, name), "fr") == value for name, value in asked.items())


def _order(row: Held, name: str, lang: str) -> tuple[bool, Any]:
    value = row.slug if name == "slug" else getattr(row.body, name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return (False, (0, value, ""))
    said = _plain(value, lang)
    return (not said, (1, 0, said.casefold()))


def _filters(rows: list[Held], columns: tuple[Notes, ...], request: Request) -> list[tuple[Notes, list[str], str]]:
    """Columns of few values, to choose one from."""
    out = []
    for note in columns:
        values = sorted({_plain(getattr(row.body, note.name), "fr") for row in rows} - {""})
        if _few(note) and 1 < len(values) <= 30:
            out.append((note, values, request.GET.get(note.name, "")))
    return out


def _few(note: Notes) -> bool:
    """Whether a column holds values of a closed list or names of declarations."""
    return bool(note.reference) or shape(note.type).control == "choice"
