"""A project as a page shows it: its time, its value chain, its economics, what was expected and what was observed."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.declaration import Key
from bocage.domain.errors import Missing
from bocage.domain.evaluation import Evaluation
from bocage.domain.experiment import Experiment
from bocage.domain.indicator import Indicator
from bocage.domain.project import Phase, Project
from bocage.domain.taken_decision import TakenDecision
from bocage.publish.indicators import Followed, followed
from bocage.publish.partners.stakeholders import lacks
from bocage.publish.portfolio.accounts import accounts
from bocage.publish.portfolio.events import Sees
from bocage.publish.portfolio.roadmap import Chosen, roadmap
from bocage.publish.portfolio.value_chain import value_chain
from bocage.registers import history
from bocage.web import timeline
from bocage.web.portal.knowledge import zone_of
from bocage.web.portal.portfolio import one_lane, scale
from bocage.web.portal.stories import Row, Told
from bocage.web.request import Request


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator of the project: the last figure of a whole period, None where there is none or it is not shown."""

    one: Followed
    unit: str
    open: bool
    last: Row | None


class Reached(msgspec.Struct, frozen=True, kw_only=True):
    """A phase, and the day it was declared to have begun."""

    phase: Phase
    day: date


def project_of(facts: TerritoryFacts, slug: str) -> Project:
    """The project of that name; Missing when none is declared."""
    found = facts.one(Project, slug)
    if found is None:
        raise Missing("a declared project", slug)
    return found


def told(request: Request, facts: TerritoryFacts, sees: Sees, slug: str) -> dict[str, Any]:
    """What the page of a project shows, but for its indicators."""
    project, whole = project_of(facts, slug), roadmap(facts, sees, Chosen())
    lane = next((one for one in whole.all if one.slug == slug), None)
    values: dict[str, Any] = {
        "name": slug,
        "project": project,
        "drawn": None,
        "scale": "",
        "events": lane.events if lane else (),
        "all_phases": list(Phase),
        "reached": reached(request, slug),
        "chain": value_chain(facts, slug, project, sees),
        "accounts": accounts(facts, slug),
        "followers": [name for name, one in sorted(facts.all(Project).items()) if one.follows == slug],
        "prototypes": [one for one in whole.prototypes if one.project == slug],
        "evaluations": _of(facts.all(Evaluation), slug),
        "experiments": _of(facts.all(Experiment), slug),
        "decisions": _of(facts.all(TakenDecision), slug),
        "lacks": [one for one in lacks(facts) if (one.kind, one.slug) == (Project.kind, slug)],
        "declared": facts.declared,
        "today": facts.today,
    }
    if lane is not None:
        days = [lane.start, *([lane.end] if lane.end else []), *(one.day for one in lane.events)]
        days += [day for _slug, first, last in lane.tests for day in (first, last)]
        axis = timeline.axis(min(days), max(days), facts.today)
        values |= {"drawn": one_lane(axis, lane, request.lang), "scale": scale(axis, request.lang)}
    return values


def measured(found: Told) -> Measured:
    """The last figure of an indicator whose period is over."""
    last = next((row for row in found.rows if row.over), None)
    return Measured(one=found.one, unit=found.unit, open=found.open, last=last)


def indicators(facts: TerritoryFacts, project: Project) -> list[Followed]:
    """The indicators the project names, in its order."""
    return [followed(facts, slug) for slug in project.indicators if facts.one(Indicator, slug)]


def reached(request: Request, slug: str) -> list[Reached]:
    """The phases it went through, oldest first, as the history of its declaration dates them."""
    zone, found = ZoneInfo(zone_of(request)), list[Reached]()
    for entry in reversed(history(Key(territory=request.slug, kind=Project.kind, slug=slug))):
        body = entry.body
        if isinstance(body, Project) and (not found or found[-1].phase is not body.phase):
            found.append(Reached(phase=body.phase, day=entry.at.astimezone(zone).date()))
    return found


def _of(bodies: Mapping[str, Any], project: str) -> list[tuple[str, Any]]:
    return [(slug, body) for slug, body in sorted(bodies.items()) if body.project == project]
