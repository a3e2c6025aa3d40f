"""Two things that turn out to be the same one: what would move, then one thing, which bears both names."""

import math
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, words
from bocage.accounts.rights import may_declare
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Refusal
from bocage.domain.errors import Missing, Refused
from bocage.domain.sensing import Datastream, Location, Thing
from bocage.domain.sensor_notice import SensorNotice
from bocage.domain.text import message as _
from bocage.web import errors
from bocage.web.desk import undoing
from bocage.web.desk.reach import facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

EARTH = 6_371_000.0  # mean radius, metres
KINDS: tuple[type[Any], ...] = (Datastream, SensorNotice, Location)


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """The thing whose page one came from, the other one, and which of them stays."""

    here: str
    other: str
    kept: str

    @property
    def gone(self) -> str:
        """The one that goes."""
        return self.here if self.kept == self.other else self.other


def merge(request: Request, territory: str, thing: str) -> HttpResponse:
    """Choose the other thing (`with`), see what would move, say which one stays (`kept`)."""
    facts = facts_of(request)
    if thing not in facts.all(Thing):
        raise Missing(f"thing/{thing}")
    sent = request.POST if request.method == "POST" else request.GET
    other = str(sent.get("with") or "")
    if not other:
        values = {"name": thing, "thing": facts.all(Thing)[thing], "others": _others(facts, thing, request.lang)}
        return _if_theirs(request) or page(request, "desk/merge.html", values)
    kept = str(sent.get("kept") or "")
    pair = Pair(here=thing, other=other, kept=kept if kept in (thing, other) else _older(facts, thing, other))
    changes = evidence.merging(facts, pair.gone, pair.kept)
    if not undoing.may_ask(request, changes):
        return errors.forbidden(request)
    if request.method != "POST":
        return _preview(request, facts, pair, evidence.asked(facts, changes))
    try:
        _changed, number = evidence.merge(territory, request.actor, pair.gone, pair.kept, request.parts.clock())
    except Refused as refused:
        return _preview(request, facts, pair, refused.refusals)
    said = words.translate(_("One thing now: its former name leads here."), request.lang)
    say(request, said, undo=undoing.address(request, number, reverse("desk.thing", args=[territory, pair.gone])))
    return HttpResponseRedirect(reverse("desk.thing", args=[territory, pair.kept]))


def _if_theirs(request: Request) -> HttpResponse | None:
    """The refusal for whoever may not declare things."""
    return None if may_declare(request.actor, request.slug, Thing.kind) else errors.forbidden(request)


def _others(facts: TerritoryFacts, thing: str, lang: str) -> list[dict[str, Any]]:
    """The other things, the nearest first, then by name."""
    here = facts.all(Thing)[thing]
    found = [
        {"slug": slug, "thing": one, "away": away(here, one)} for slug, one in facts.all(Thing).items() if slug != thing
    ]
    return sorted(
        found, key=lambda one: (one["away"] is None, one["away"], one["thing"].title.read(lang)[0].casefold())
    )


def _older(facts: TerritoryFacts, one: str, other: str) -> str:
    """The one that was declared first."""
    things = facts.all(Thing)
    if other not in things:
        raise Missing(f"thing/{other}")
    return one if things[one].id <= things[other].id else other


def away(one: Thing, other: Thing) -> float | None:
    """Metres between two things, on a sphere; None when one of them has no position."""
    if one.location is None or other.location is None:
        return None
    (east, north), (east_too, north_too) = (map(math.radians, place) for place in (one.location, other.location))
    half = math.sin((north_too - north) / 2) ** 2
    half += math.cos(north) * math.cos(north_too) * math.sin((east_too - east) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(min(half, 1.0)))


def _preview(request: Request, facts: TerritoryFacts, pair: Pair, refusals: tuple[Refusal, ...]) -> HttpResponse:
    things = facts.all(Thing)
    values = {
        "pair": pair,
        "here": things[pair.here],
        "goes": things[pair.gone],
        "stays": things[pair.kept],
        "away": away(things[pair.gone], things[pair.kept]),
        "moving": [(kind, _naming(facts, kind, pair.gone)) for kind in KINDS],
        "refusals": refusals,
    }
    return page(request, "desk/merging.html", values, status=422 if request.method == "POST" else 200)


def _naming(facts: TerritoryFacts, kind: type[Any], thing: str) -> list[tuple[str, Any]]:
    """The declarations of a kind that name a thing."""
    return [
        (slug, body)
        for slug, body in facts.all(kind).items()
        if thing == getattr(body, "thing", "") or thing in getattr(body, "things", ())
    ]
