"""What territories share, for those who work here: found, read, adopted in one step, taken back as easily."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import commons as sharing
from bocage import evidence, words
from bocage.accounts.rights import may_begin, may_declare
from bocage.commons import Adopted, Choice, Shared
from bocage.commons.adopting import adoptable, parts
from bocage.commons.contributing import GIVEN, givable
from bocage.domain.algorithm import Algorithm
from bocage.domain.declaration import Declaration, Key
from bocage.domain.errors import Invalid, Refused
from bocage.domain.public_service import PublicService
from bocage.domain.sensing import Datastream
from bocage.domain.text import message as _
from bocage.web import errors
from bocage.web.desk import entries, registers, undoing
from bocage.web.desk.reach import bench, facts_of
from bocage.web.forms.slugs import free
from bocage.web.page import page, say
from bocage.web.portal.commons import library, listing, proofs, taken, told
from bocage.web.request import Request

FEW = 12


def commons(request: Request, territory: str) -> HttpResponse:
    """What answers `q` or is of a `kind`; what of here could be given; what in the folder cannot be read."""
    held, shelf = library(request), request.parts.commons
    values = {
        **listing(request),
        "set": shelf.folder is not None,
        "faults": held.faults,
        "offers": _offers(request)[:FEW],
        "given": [one for one in held.shared if one.card.territory == territory],
    }
    return page(request, "desk/commons.html", values)


def _offers(request: Request) -> list[tuple[str, str, Declaration]]:
    """What may be given and is not in the commons, closed experiments first; only what is theirs to give."""
    held, declared = library(request), facts_of(request).declared
    found = [
        (kind, slug, body)
        for kind in GIVEN
        for slug, body in declared.get(kind, {}).items()
        if givable(kind, body)
        and f"{kind}/{request.slug}/{slug}" not in held.named
        and not sharing.origin(body)
        and may_declare(request.actor, request.slug, kind, **registers.place(kind, slug, body))
    ]
    return sorted(found, key=lambda one: not getattr(one[2], "closed", None))


def shared(request: Request, territory: str, sort: str, giver: str, resource: str) -> HttpResponse:
    """One resource; sent, it is adopted."""
    held = library(request)
    one = held.one(f"{sort}/{giver}/{resource}")
    found = parts(held, one) if adoptable(held, one) else ()
    theirs = bool(found) and all(may_begin(request.actor, territory, part.kind) for part in found)
    if request.method != "POST":
        return _show(request, one, found, theirs=theirs)
    if not theirs:
        return errors.forbidden(request)
    given = {name.partition(".")[2]: str(value) for name, value in request.POST.items() if name.startswith("series.")}
    series = {name: chosen for name, chosen in given.items() if chosen in bench(request).streams}
    try:
        return _adopt(request, one, sharing.adopted(found, Choice(service=_service(request), series=series)))
    except Invalid as failure:
        wrong = {str(failure.values.get("field", "")): _("This is required.")}
        return _show(request, one, found, theirs=theirs, wrong=wrong, status=422)
    except Refused as refused:
        return _show(request, one, found, theirs=theirs, refusals=refused.refusals, status=422)


def _service(request: Request) -> str:
    asked = str(request.POST.get("service", ""))
    return asked if asked in facts_of(request).all(PublicService) else ""


def _adopt(request: Request, one: Shared, made: Sequence[Adopted]) -> HttpResponse:
    puts: list[evidence.Put] = []
    for part in made:
        key = Key(territory=request.slug, kind=part.kind, slug=_free(request, part, puts))
        if not may_declare(request.actor, request.slug, part.kind, **registers.place(part.kind, key.slug, part.body)):
            return errors.forbidden(request)
        puts.append(evidence.Put(key=key, body=part.body))
    _changed, number = evidence.undoable(request.slug, request.actor, puts, request.parts.clock())
    here = reverse("desk.shared", args=[request.slug, one.kind, one.card.territory, one.slug])
    off = any(part.kind == "rule" for part in made)
    said = _("Adopted. The rule is switched off: try it on the past, then switch it on.") if off else _("Adopted.")
    say(request, words.translate(said, request.lang), undo=undoing.address(request, number, here))
    if len(puts) > 1:
        return HttpResponseRedirect(here)
    key = puts[0].key
    if key.kind == "rule":
        return HttpResponseRedirect(reverse("desk.rule", args=[request.slug, key.slug]))
    return HttpResponseRedirect(reverse("desk.declaration", args=[request.slug, key.kind, key.slug]))


def _free(request: Request, part: Adopted, puts: Sequence[evidence.Put]) -> str:
    """A short name that nothing here has, nor what is adopted with it."""
    kinds = (part.kind, Algorithm.kind) if part.kind == "rule" else (part.kind,)
    declared = facts_of(request).declared
    there = {slug for kind in kinds for slug in declared.get(kind, {})}
    return free(part.slug, there | {put.key.slug for put in puts if put.key.kind in kinds})


def _show(  # noqa: PLR0913 - one keyword per thing the page shows
    request: Request,
    one: Shared,
    found: Sequence[Shared],
    *,
    theirs: bool,
    wrong: Mapping[str, str] = {},
    refusals: Sequence[Any] = (),
    status: int = 200,
) -> HttpResponse:
    facts, needed = facts_of(request), sharing.needs(found)
    services = [(slug, body.title) for slug, body in facts.all(PublicService).items()]
    values = {
        **told(request, one),
        "parts": found,
        "theirs": theirs,
        "needed": needed,
        "services": services if needed.service or one.kind in ("indicator", "experiment", "challenge") else [],
        "streams": {wanted.name: _streams(request, wanted.unit) for wanted in needed.series},
        "typed": request.POST,
        "wrong": wrong,
        "refusals": refusals,
        "proofs": proofs(request, refusals),
        "made": [made for part in found or (one,) for made in taken(facts.declared, part.name)],
        "ours": one.card.territory == request.slug,
    }
    return page(request, "desk/shared.html", values, status=status)


def _streams(request: Request, unit: str) -> list[tuple[str, str]]:
    """The series this person may read, those in the unit that is needed first."""
    readable = bench(request).streams
    named = [pair for pair in entries.choices(facts_of(request), request.lang)(Datastream.kind) if pair[0] in readable]
    return sorted(named, key=lambda pair: _unit(readable[pair[0]]) != unit)


def _unit(stream: Datastream) -> str:
    return (stream.unit.symbol or stream.unit.name) if stream.unit else ""
