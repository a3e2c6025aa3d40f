"""The drafts of a model: taken from the registers of the territory that offers it, changed, added and left out."""

from collections.abc import Iterable
from typing import Final

import msgspec
import tomli_w
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import words
from bocage.accounts.consulting import may_consult
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Declaration
from bocage.domain.errors import Invalid, Missing
from bocage.domain.kinds import KINDS
from bocage.domain.organisation import Organisation
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.evidence.models import keeping
from bocage.evidence.models.draft import KEPT_OUT, Draft, drawn, read, values
from bocage.evidence.models.keeping import Kept
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import say
from bocage.web.request import Request

MOST: Final = 200  # drafts of one model


def gathers(request: Request) -> bool:
    """Whether this territory gathers others."""
    return request.territory is not None and request.territory.gathers


def kept(request: Request, model: str) -> Kept:
    """A model of this territory; Missing where there is none, or where it gathers no others."""
    if not gathers(request):
        raise Missing(_("a model of this territory"), model)
    return keeping.find(request.slug, model)


def kinds(request: Request) -> list[tuple[type[Declaration], int]]:
    """The registers a model may be drawn from, with how much stands there, of those this person may read."""
    declared = facts_of(request).declared
    told = (one for name, one in KINDS.items() if name not in KEPT_OUT)
    allowed = (one for one in told if may_consult(request.actor, request.slug, one))
    return [(one, len(declared[one.kind])) for one in allowed if declared.get(one.kind)]


def of_kinds(request: Request, asked: Iterable[str]) -> tuple[Draft, ...]:
    """Every declaration of these registers as a draft."""
    wanted = {kind.kind for kind, _count in kinds(request)} & set(asked)
    facts = facts_of(request)
    return tuple(_drawn(facts, kind, slug) for kind in sorted(wanted) for slug in sorted(facts.declared[kind]))


def addable(request: Request, kept: Kept) -> list[tuple[str, str]]:
    """What the registers hold that the model does not: kind/slug and title."""
    there, facts = {one.place for one in kept.model.drafts}, facts_of(request)
    called = names(facts, request.lang)
    found = (f"{kind.kind}/{slug}" for kind, _count in kinds(request) for slug in facts.declared[kind.kind])
    return [(place, called.get(place, place)) for place in found if place not in there]


def changed(request: Request, kept: Kept, action: str) -> HttpResponse:
    """Another revision of the model: a draft added from the registers, taken over again, rewritten, left out."""
    drafts = _changed(request, kept, action, str(request.POST.get("place", "")))
    if not drafts or len(drafts) > MOST:
        raise Invalid(_("a model of 1 to 200 declarations"), str(len(drafts)), field="place")
    model = msgspec.structs.replace(kept.model, drafts=drafts)
    later = keeping.keep(kept.owner, model, request.actor.account, request.parts.clock())
    told = _("Recorded: revision %(number)s. Territories see the difference before anything changes there.")
    same = _("Nothing changed in the model.")
    said = words.translate(told if later.revision != kept.revision else same, request.lang)
    say(request, said % {"number": later.revision} if later.revision != kept.revision else said)
    return HttpResponseRedirect(reverse("desk.model", args=[request.slug, kept.model.slug]))


def _changed(request: Request, kept: Kept, action: str, place: str) -> tuple[Draft, ...]:
    facts, kind, slug = facts_of(request), *place.partition("/")[::2]
    allowed = {one.kind for one, _count in kinds(request)}
    others = tuple(one for one in kept.model.drafts if one.place != place)
    if action == "drop":
        return others
    if action == "add" and kind in allowed and slug in facts.declared.get(kind, {}):
        return (*others, _drawn(facts, kind, slug))
    if action == "write" and len(others) < len(kept.model.drafts):
        return (*others, read(kind, slug, str(request.POST.get("text", ""))[:40_000]))
    if action == "again":
        return tuple(_again(facts, one, allowed) for one in kept.model.drafts)
    raise Invalid(_("something this page offers"), action, field="action")


def _again(facts: TerritoryFacts, one: Draft, allowed: set[str]) -> Draft:
    """The draft as the registers have it now; as it is where they do not."""
    slug = facts.slug if one.slug == "{slug}" else one.slug
    there = one.kind in allowed and slug in facts.declared.get(one.kind, {})
    return _drawn(facts, one.kind, slug) if there else one


def _drawn(facts: TerritoryFacts, kind: str, slug: str) -> Draft:
    own = {"slug": facts.slug}
    known = values(facts.territory, facts.slug, facts.all(Organisation)) if facts.territory else own
    return drawn(facts.declared[kind][slug], slug, known)


def text(one: Draft) -> str:
    """A draft as people write declarations."""
    return tomli_w.dumps(one.tree)


def title(one: Draft) -> Text:
    """What a draft is called."""
    said = one.tree.get("title")
    return Text(fr=said.get("fr") or one.slug, en=said.get("en", "")) if isinstance(said, dict) else Text(fr=one.slug)
