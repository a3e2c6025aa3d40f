"""Declare a refused series from its refusal: one page asks what lacks, and one change records it all."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.commitments import decide
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Moment
from bocage.domain.decision import Refusal
from bocage.domain.errors import Invalid, Refused
from bocage.domain.text import message as _
from bocage.evidence import facts as gathered
from bocage.evidence.asked import Asked
from bocage.web.desk import answers, guesses, reach, registers
from bocage.web.desk.entries import choices
from bocage.web.desk.reach import facts_of
from bocage.web.desk.sections import Section, sections
from bocage.web.forms.field import Drawing, drawn
from bocage.web.page import page, say
from bocage.web.request import Request


def declare(request: Request, territory: str) -> HttpResponse:
    """What this series lacks, or the recording of the answers."""
    source, key = _asked(request, "source"), _asked(request, "key")
    if not source or not key:
        return HttpResponseRedirect(reverse("desk.refusals", args=[territory]))
    facts = facts_of(request)
    if request.method == "POST":
        return _record(request, facts, source, key)
    return _show(request, facts, source, key)


def _asked(request: Request, name: str) -> str:
    return str(request.POST.get(name) or request.GET.get(name) or "")


def refused(facts: TerritoryFacts, source: str, key: str) -> tuple[Refusal, ...]:
    """What the gate answers now."""
    answers = decide(Moment.INGEST, facts.flow(source, key))
    return tuple(answer for answer in answers if isinstance(answer, Refusal))


def _record(request: Request, facts: TerritoryFacts, source: str, key: str) -> HttpResponse:
    open_now = _open(request, facts, source, key)
    found = answers.answered(facts, source, key, open_now, request.POST)
    if found.errors:
        return _show(request, facts, source, key, found=found)
    found = _permitted(request, facts, found)
    future = gathered.after(facts, found.changes)
    more = [one for one in _open(request, future, source, key) if one.may and one.kind not in _shown(request)]
    if more:
        return _show(request, facts, source, key, found=found, more=more)
    try:
        evidence.change(request.slug, request.actor, found.changes, request.parts.clock())
    except Refused as no:
        return _show(request, facts, source, key, found=found, refusals=no.refusals)
    except Invalid as wrong:
        wrong_at = {str(wrong.values.get("field", "")): str(wrong)}
        again = answers.Answered(changes=(), errors=wrong_at, typed=found.typed)
        return _show(request, facts, source, key, found=again)
    return _after(request, source, key)


def _permitted(request: Request, facts: TerritoryFacts, found: answers.Answered) -> answers.Answered:
    """Without what the answers would complete in declarations that are not this person's to change."""

    def theirs(change: Asked) -> bool:
        kind, slug = gathered.place(change)
        bodies = (gathered.stated(change), gathered.held(facts, kind, slug))
        return all(
            may_declare(request.actor, request.slug, kind, **registers.place(kind, slug, body))
            for body in bodies
            if body is not None
        )

    return msgspec.structs.replace(found, changes=tuple(change for change in found.changes if theirs(change)))


def _shown(request: Request) -> set[str]:
    """The sections the page that was sent already showed."""
    return set(request.POST.getlist("section"))


def _after(request: Request, source: str, key: str) -> HttpResponse:
    here = {"source": source, "key": key}
    if refused(facts_of(request), source, key):
        say(request, words.translate(_("Recorded. This series still lacks what follows."), request.lang))
        return HttpResponseRedirect(f"{reverse('desk.declare', args=[request.slug])}?{_query(here)}")
    said = _("Recorded: this series may flow. Nothing of what was refused was kept: send it again.")
    say(request, words.translate(said, request.lang))
    return HttpResponseRedirect(f"{reverse('desk.refusals', args=[request.slug])}?{_query(here)}#mended")


def _query(values: dict[str, str]) -> str:
    from urllib.parse import urlencode

    return urlencode(values)


def _open(request: Request, facts: TerritoryFacts, source: str, key: str) -> tuple[Section, ...]:
    return sections(facts, facts.flow(source, key), refused(facts, source, key), request.actor)


def _show(  # noqa: PLR0913 - one keyword per thing the page shows again
    request: Request,
    facts: TerritoryFacts,
    source: str,
    key: str,
    *,
    found: answers.Answered | None = None,
    more: Sequence[Section] = (),
    refusals: Sequence[Refusal] = (),
) -> HttpResponse:
    errors = found.errors if found else {}
    drawing = Drawing(
        choices=choices(facts, request.lang),
        errors=errors,
        translate=partial(_translate, request.lang),
    )
    asked = (*_open(request, facts, source, key), *more)
    flow = facts.flow(source, key)
    values = {
        "source": source,
        "key": key,
        "flow": flow,
        "asked": [_drawn(request, facts, one, drawing, found) for one in asked],
        "newly": {one.kind for one in more},
        "errors": errors,
        "refusals": refusals or refused(facts, source, key),
        "stopped": bool(refusals),
        "names": reach.names(facts, request.lang),
    }
    return page(request, "desk/declare.html", values, status=422 if errors or refusals else 200)


def _drawn(
    request: Request, facts: TerritoryFacts, one: Section, drawing: Drawing, found: answers.Answered | None
) -> dict[str, Any]:
    flow = facts.flow(_asked(request, "source"), _asked(request, "key"))
    typed = found.typed.get(one.kind, {}) if found else guesses.begun(flow, one)
    known_titles = dict(drawing.choices(one.kind))
    return {
        "section": one,
        "fields": drawn(one.struct, one.tree(facts, typed), drawing, f"{one.kind}."),
        "choices": [(slug, known_titles.get(slug, slug)) for slug in one.known],
        "chosen": request.POST.get(f"{one.kind}.choice", guesses.chosen(facts, flow, one)),
    }


def _translate(lang: str, message: str) -> str:
    return words.translate(message, lang)
