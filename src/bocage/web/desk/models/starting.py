"""A starting set for a territory of this size: shown before it is declared, chosen line by line, and taken back."""

from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key, Notes
from bocage.domain.errors import Missing, Refused
from bocage.domain.organisation import Organisation
from bocage.domain.territory import Territory
from bocage.domain.text import message as _
from bocage.evidence.models import sizes
from bocage.evidence.models.comparing import Known, Line, Outcome, lines
from bocage.evidence.models.draft import values
from bocage.evidence.models.sizes import Size
from bocage.web.desk import registers, undoing
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import page, say
from bocage.web.request import Request


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration of the set: what it says; whether somebody must say that it is true here; whether this person may
    declare it."""

    line: Line
    asks: bool
    mine: bool
    fields: list[tuple[Notes, Any]]

    @property
    def open(self) -> bool:
        """Whether it can be chosen."""
        return self.mine and self.line.outcome is Outcome.NEW


def starting(request: Request, territory: str) -> HttpResponse:
    """The set of this size (`size` asks for another), or what was chosen of it, declared."""
    facts = facts_of(request)
    if facts.territory is None:
        raise Missing(_("a territory of this instance"), territory)
    size = _size(request, facts.territory)
    found = _choices(request, facts, size)
    if request.method != "POST":
        chosen = {one.line.place for one in found if one.open and not one.asks}
        return _shown(request, size, found, chosen)
    chosen = {one.line.place for one in found if one.open} & set(request.POST.getlist("draft"))
    if not chosen:
        return _shown(request, size, found, chosen, nothing=True)
    try:
        return _declared(request, [one.line for one in found if one.line.place in chosen])
    except Refused as no:
        return _shown(request, size, found, chosen, refused=no)


def _declared(request: Request, chosen: list[Line]) -> HttpResponse:
    puts = [
        evidence.Put(key=Key(territory=request.slug, kind=line.kind, slug=line.slug), body=line.after)
        for line in chosen
        if line.after is not None
    ]
    _changed, number = evidence.undoable(request.slug, request.actor, puts, request.parts.clock())
    back = reverse("desk.starting", args=[request.slug])
    told = words.gettext(request.lang).ngettext("%(num)s declaration made.", "%(num)s declarations made.", len(puts))
    said = told % {"num": words.number(len(puts), request.lang)}
    say(request, said, undo=undoing.address(request, number, back))
    return HttpResponseRedirect(reverse("desk.coming", args=[request.slug]))


def _choices(request: Request, facts: TerritoryFacts, size: Size) -> list[Choice]:
    assert facts.territory is not None
    known = Known(held=facts.declared, values=values(facts.territory, facts.slug, facts.all(Organisation)))
    model = sizes.model(size)
    asks = {draft.place for draft in model.drafts if draft.asks}
    return [
        Choice(
            line=line,
            asks=line.place in asks,
            mine=may_declare(request.actor, facts.slug, line.kind, **registers.place(line.kind, line.slug, line.after)),
            fields=registers.lines(type(line.after), line.after) if line.after else [],
        )
        for line in lines(model.drafts, known)
    ]


def _size(request: Request, territory: Territory) -> Size:
    asked = request.POST.get("size") or request.GET.get("size")
    return next((one for one in sizes.sizes() if one.code == asked), sizes.fitting(territory))


def _shown(  # noqa: PLR0913 - one keyword per thing the page shows
    request: Request,
    size: Size,
    found: list[Choice],
    chosen: set[str],
    *,
    nothing: bool = False,
    refused: Refused | None = None,
) -> HttpResponse:
    facts = facts_of(request)
    shown = {
        "size": size,
        "sizes": sizes.sizes(),
        "states": [one for one in found if not one.asks],
        "asks": [one for one in found if one.asks],
        "chosen": chosen,
        "open": any(one.open for one in found),
        "nothing": nothing,
        "refusals": refused.refusals if refused else (),
        "declared": facts.declared,
        "kinds": registers.ALL,
        "names": names(facts, request.lang),
    }
    return page(request, "desk/models/starting.html", shown, status=422 if refused or nothing else 200)
