"""The public registers: what is declared, in which version, since when, and how to take it as a file."""

from django.http import Http404, HttpResponse

from bocage import evidence, orders
from bocage import registers as kept
from bocage.commitments import all_promises, r16_contracts
from bocage.commitments.labelling import Required, required
from bocage.domain.actuator import Actuator
from bocage.domain.contract import Contract
from bocage.domain.declaration import Declaration, Key, fields
from bocage.domain.kinds import KINDS
from bocage.domain.label_award import LabelAward
from bocage.domain.sensing import Datastream, Thing
from bocage.domain.themes import THEMES, theme_of
from bocage.evidence.declined import Declined
from bocage.orders import Order
from bocage.publish import clauses
from bocage.publish.disclosure import public_kind
from bocage.publish.sight import told
from bocage.registers import opinions, shape
from bocage.registers.comparing import diff
from bocage.registers.entry import Entry
from bocage.web.page import page
from bocage.web.portal.commons import proofs
from bocage.web.portal.compared import beside, compared
from bocage.web.portal.knowledge import known, titles
from bocage.web.portal.written import Change, Untold, changed, worked_out, written
from bocage.web.request import Request


def opened(name: str) -> type[Declaration]:
    """The kind of that name, when everyone may read its register."""
    kind = public_kind(name)
    if kind is None:
        raise Http404(name)
    return kind


def registers(request: Request, territory: str) -> HttpResponse:
    """Every public register, with how many declarations it holds."""
    counts = kept.count(request.slug)
    themes = [
        (theme, [(KINDS[name], counts.get(name, 0)) for name in theme.kinds if public_kind(name) is not None])
        for theme in THEMES
    ]
    return page(request, "portal/registers.html", {"themes": themes, "heads": "/heads/" + request.slug})


def register(request: Request, territory: str, kind: str) -> HttpResponse:
    """The declarations of one kind, in its listed columns."""
    of_kind = opened(kind)
    facts, untold = known(request).facts, _untold(request)
    listed = shape.listed(of_kind)
    names = {note.name for note in listed}
    rows = [
        (entry, {line.name: line for line in written(facts, entry.body, untold) if line.name in names})
        for entry in kept.current(request.slug, kind)
    ]
    theme = theme_of(kind)
    beside = [KINDS[name] for name in theme.kinds if public_kind(name) is not None]
    values = {"kind": of_kind, "rows": rows, "listed": listed, "theme": theme, "beside": beside}
    return page(request, "portal/register.html", values)


def declaration(request: Request, territory: str, kind: str, declaration: str) -> HttpResponse:
    """One declaration: what it says, what rests on it, and its history with what changed."""
    of_kind = opened(kind)
    history = _history(request.slug, kind, declaration)
    facts = known(request).facts
    entry = history[0]
    pointing = [(key, facts.declared.get(key.kind, {}).get(key.slug)) for key in kept.referring(entry.key)]
    declined, sides = _declined(request, entry), compared(entry.body)
    told_lines = written(facts, entry.body, _untold(request))
    return page(
        request,
        "portal/declaration.html",
        {
            "kind": of_kind,
            "entry": entry,
            "title": shape.title(entry.body),
            "lines_of": beside(told_lines) if sides else told_lines,
            "compared": sides,
            "worked": worked_out(entry.body),
            "withheld": any(note.personal for note in fields(of_kind)),
            "theme": theme_of(kind),
            "declared": facts.declared,
            "requirements": requirements(request, entry.body),
            "promise_titles": {promise.code: promise.title for promise in all_promises()},
            "today": facts.today,
            "paths": clauses.chain(facts, kind, declaration) if kind in clauses.KINDS else None,
            "lacking": r16_contracts.fitting(facts, entry.body) if isinstance(entry.body, Contract) else {},
            "history": _changes(history),
            "declined": declined,
            "proofs": proofs(request, (one.refusal for one in declined)),
            "names": titles(known(request), request.lang),
            "orders": _orders(request, kind, declaration),
            "opinions": opinions.given(entry.key),
            "referring": [(key, body) for key, body in pointing if body is not None and public_kind(key.kind)],
        },
    )


def requirements(request: Request, body: Declaration) -> tuple[Required, ...]:
    """What a label requires, as the facts have it now; nothing for anything else."""
    if not isinstance(body, LabelAward):
        return ()
    return required(known(request).facts, body, evidence.found(request.slug, request.parts.clock()))


def _untold(request: Request) -> Untold:
    """Series and things that everyone is not told of: a declaration that names them does not give their names."""
    all_known = known(request)
    return frozenset(
        (kind.kind, slug)
        for kind in (Datastream, Thing)
        for slug in all_known.facts.declared.get(kind.kind, {})
        if not told(all_known.facts, all_known.sight, kind.kind, slug)
    )


def _orders(request: Request, kind: str, slug: str) -> list[Order]:
    """What two persons ordered of this equipment, the newest first; nothing of what nobody approved."""
    found = orders.listed(request.slug, actuator=slug, limit=50) if kind == Actuator.kind else []
    return [one for one in found if one.state.given]


def _history(territory: str, kind: str, slug: str) -> list[Entry]:
    try:
        found = kept.history(Key(territory=territory, kind=kind, slug=slug))
    except ValueError:  # not what a slug looks like
        found = []
    if not found:
        raise Http404(slug)
    return found


def _declined(request: Request, entry: Entry) -> list[Declined]:
    """What a promise refused of it since it stands as it does."""
    found = evidence.declined(request.slug, request.parts.clock(), place=(entry.key.kind, entry.key.slug))
    return [one for one in found if one.last >= entry.at]


def _changes(history: list[Entry]) -> list[tuple[Entry, list[Change]]]:
    """Each version, newest first, with what it changed in the one before."""
    older = [*history[1:], None]
    return [
        (entry, changed(entry.key.kind, diff(before.body, entry.body)) if before else [])
        for entry, before in zip(history, older, strict=True)
    ]
