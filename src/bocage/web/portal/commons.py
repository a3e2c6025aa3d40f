"""What territories share, as everyone may read it: found by words, by kind, by use; and each resource."""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse

from bocage import commons as sharing
from bocage.commons import LICENCES, SHARED, Library, Shared
from bocage.commons.pack import Pack
from bocage.commons.resource import text
from bocage.commons.saying import rule_sentence
from bocage.domain.decision import Refusal
from bocage.domain.declaration import Declaration
from bocage.publish.disclosure import public_kind
from bocage.publish.search import Found
from bocage.web.page import page
from bocage.web.portal.knowledge import known
from bocage.web.portal.paging import part
from bocage.web.portal.written import written
from bocage.web.request import Request

LONGEST, LISTED = 100, 30
OWN = frozenset({"title", "service", "active", "since"})
"""Fields that tell nothing elsewhere: a service of whoever gave it, whether a rule is in force there."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for: words, a kind, a use (its code), documented successes only."""

    words: str = ""
    kind: str = ""
    use: str = ""
    success: bool = False


def library(request: Request) -> Library:
    """What the folder holds, looked at now and then."""
    return request.parts.commons.look(request.parts.clock())


def demonstration(request: Request) -> bool:
    """Whether the territory is invented: what is invented is a fact for such a one only."""
    return request.territory is not None and request.territory.demonstration


def sought(request: Request) -> Sought:
    """What the address asks for."""
    kind = request.GET.get("kind", "")
    return Sought(
        words=request.GET.get("q", "")[:LONGEST].strip(),
        kind=kind if kind in SHARED else "",
        use=request.GET.get("use", "")[:40].strip(),
        success=bool(request.GET.get("success")),
    )


def found(held: Library, asked: Sought, answer: Found | None) -> list[Shared]:
    """The resources that answer, the best first where words are looked for."""
    kinds = answer.kinds.values() if answer else ()
    named = [held.one(hit.entry.slug) for hits in kinds for hit in hits] if answer else held.shared
    return [one for one in named if _answers(one, asked)]


def _answers(one: Shared, asked: Sought) -> bool:
    if asked.success and not one.documented:
        return False
    return asked.kind in ("", one.kind) and asked.use in ("", one.fact.use_case)


def listing(request: Request) -> dict[str, Any]:
    """The values of a list of resources, for the portal and the desk alike."""
    held, asked = library(request), sought(request)
    answer = sharing.found(held, asked.words, request.lang) if asked.words else None
    counts = {kind: sum(one.kind == kind for one in held.shared) for kind in SHARED}
    return {
        "asked": asked,
        "total": len(held.shared),
        "found": part(request, found(held, asked, answer), LISTED),
        "whole": answer is None or answer.whole,
        "nearest": answer.nearest if answer else (),
        "kinds": [(SHARED[kind], count) for kind, count in counts.items() if count],
        "kind_of": SHARED,
        "licences": LICENCES,
        "invented": any(one.card.invented for one in held.shared),
    }


def commons(request: Request, territory: str) -> HttpResponse:
    """All of them, or those that answer `q`, of one `kind`, of one `use`, documented successes with `success`."""
    return page(request, "portal/commons.html", listing(request))


def shared(request: Request, territory: str, sort: str, giver: str, resource: str) -> HttpResponse:
    """One resource: who gave it, under which licence, what it says, its file."""
    return page(request, "portal/shared.html", told(request, library(request).one(f"{sort}/{giver}/{resource}")))


def told(request: Request, one: Shared) -> dict[str, Any]:
    """What a page says of a resource. `taken`: the public declarations here that come from it."""
    facts = known(request).facts
    return {
        "one": one,
        "kind": SHARED[one.kind],
        "lines_of": [line for line in written(facts, one.body) if line.name not in OWN],
        "sentence_of": rule_sentence(one, request.lang),
        "file": text(one),
        "licence": LICENCES[one.card.licence],
        "holds": [(name, library(request).named.get(name)) for name in one.body.holds]
        if isinstance(one.body, Pack)
        else [],
        "taken": [pair for pair in taken(facts.declared, one.name) if public_kind(pair[0])],
    }


def proofs(request: Request, refusals: Iterable[Refusal]) -> dict[str, tuple[Shared, ...]]:
    """The documented successes that refusals rest on, by their use."""
    uses = {str(one.values.get("use_case", "")) for one in refusals} - {""}
    held = library(request) if uses else None
    return {use: held.successes(use, invented=demonstration(request)) for use in uses} if held else {}


def taken(declared: Any, name: str) -> list[tuple[str, str, Declaration]]:
    """Kind, slug and body of the declarations that say they come from that resource."""
    return [
        (kind, slug, body)
        for kind in SHARED
        for slug, body in declared.get(kind, {}).items()
        if sharing.origin(body) == name
    ]
