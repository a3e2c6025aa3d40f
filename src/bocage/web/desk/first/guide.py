"""The page of the first hour: every step as it stands, the next one open, with what it asks on the page itself."""

from typing import Any, Final

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bocage import evidence, registers, words
from bocage.accounts.rights import Right, may, may_declare
from bocage.commitments import openness
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.errors import BocageError
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream
from bocage.domain.source import Source
from bocage.domain.territory import Territory
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.domain.whole import whole
from bocage.evidence import beginning
from bocage.web import errors
from bocage.web.desk.first import example, steps
from bocage.web.desk.first.networks import NETWORKS, network_of
from bocage.web.desk.reach import bench, facts_of
from bocage.web.page import page, say
from bocage.web.request import Request

PARTS: Final = {
    RoleName.ADMINISTRATOR: _("invites people and gives roles"),
    RoleName.DATA_ADMINISTRATOR: _("says what is measured, and what for"),
    RoleName.SECURITY_OFFICER: _("says where data lie, ends sessions and tokens"),
    RoleName.DECIDER: _("signs: exceptions, openings, closings (mayor, director)"),
    RoleName.STEWARD: _("answers for the data of a service"),
}
SOME: Final = 100  # series asked for at once: the first ones tell


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a form of the page was sent with, to show it again: what was typed and what is wrong, by field."""

    typed: dict[str, str]
    wrong: dict[str, str]


def first(request: Request, territory: str) -> HttpResponse:
    """The page."""
    return shown(request)


def town(request: Request, territory: str) -> HttpResponse:
    """What the State cannot say of the territory: how to reach a person, how many agents work here."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk.first", args=[territory]))
    if not may_declare(request.actor, territory, Territory.kind):
        return errors.forbidden(request)
    held = registers.find(Key(territory=territory, kind=Territory.kind, slug=territory))
    typed = {name: str(request.POST[name]).strip() for name in ("contact", "agents") if name in request.POST}
    wrong = _faults(typed)
    if wrong or held is None or not isinstance(held.body, Territory):
        return shown(request, asked=Asked(typed=typed, wrong=wrong), status=422)
    said: dict[str, Any] = {"contact": Text(fr=typed["contact"])} if "contact" in typed else {}
    said |= {"agents": whole(typed["agents"], 0)} if "agents" in typed else {}
    body = msgspec.structs.replace(held.body, **said)
    put = registers.Put(key=held.key, body=body, expected=held.version)
    evidence.change(territory, request.actor, [put], request.parts.clock())
    say(request, words.translate(_("Recorded as a new version."), request.lang))
    return HttpResponseRedirect(reverse("desk.first", args=[territory]))


def _faults(typed: dict[str, str]) -> dict[str, str]:
    wrong = {}
    if not typed.get("contact", "-"):
        wrong["contact"] = _("This is required.")
    if not typed.get("agents", "0").isdigit():
        wrong["agents"] = _("This is not a whole number.")
    return wrong


def standing(request: Request, facts: TerritoryFacts) -> tuple[steps.Step, ...]:
    """The steps of this territory."""
    numbers = [stream.id for stream in facts.all(Datastream).values()]
    some = (numbers[at : at + SOME] for at in range(0, len(numbers), SOME))
    return steps.steps(facts, any(request.parts.store.extent(few) for few in some))


def left(request: Request) -> bool:
    """Whether something of the first hour is left."""
    return not steps.finished(standing(request, facts_of(request)))


def shown(
    request: Request,
    *,
    people: Any = None,
    asked: Asked | None = None,
    failed: tuple[str, BocageError] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with what was typed and what is wrong with it; `failed`: the file that could not be read, and why."""
    facts = facts_of(request)
    found = standing(request, facts)
    may_measure = may_declare(request.actor, request.slug, Source.kind)
    values = {
        "facts": facts,
        "steps": found,
        "current": steps.current(found),
        "finished": steps.finished(found),
        "states": steps.State,
        "holders": steps.holders(facts),
        "lacking": [(role, PARTS[role]) for role in steps.lacking(facts)],
        "people": people,
        "asked": asked or Asked(typed={}, wrong={}),
        "least": (openness.LEAST_POPULATION, openness.LEAST_AGENTS),
        "charts": _charts(request),
        "waiting": request.parts.intake.waiting.listed(request.slug) if may_measure else [],
        "failed": failed,
        "networks": NETWORKS,
        "example": (there, example.address(request, there)) if (there := example.present()) else None,
        "may_open_example": may(request.actor, Right.BEGIN_TERRITORIES, ""),
        "senders": [(name, one.title) for name, one in facts.all(Source).items() if network_of(one)],
        "may_measure": may_measure,
        "may_people": may_declare(request.actor, request.slug, Role.kind),
        "may_town": may_declare(request.actor, request.slug, Territory.kind),
        "may_withdraw": _withdrawable(request, facts),
    }
    return page(request, "desk/first/guide.html", values, status=status)


def _withdrawable(request: Request, facts: TerritoryFacts) -> bool:
    """Whether this person may take the territory back: it is invented, or nothing stands in it yet."""
    invented = facts.territory is not None and facts.territory.demonstration
    return may(request.actor, Right.BEGIN_TERRITORIES, "") and (invented or beginning.barely_begun(facts))


def _charts(request: Request) -> list[tuple[str, Datastream]]:
    """The series this person may look at that hold values."""
    streams = bench(request).streams
    holding = {one.datastream for one in request.parts.store.extent([stream.id for stream in streams.values()])}
    return [(slug, stream) for slug, stream in streams.items() if stream.id in holding]
