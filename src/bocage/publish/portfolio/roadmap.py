"""The roadmap: every project in time, by trajectory, those that carry on another below it."""

from collections.abc import Sequence
from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.experiment import Experiment
from bocage.domain.project import Phase, Project, Trajectory
from bocage.publish.portfolio.events import Event, Sees, events
from bocage.publish.portfolio.prototypes import Fate, Prototype, prototypes


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: empty or None is all."""

    trajectory: Trajectory | None = None
    phase: Phase | None = None
    service: str = ""

    def keeps(self, project: Project) -> bool:
        """Whether a project is of those asked for."""
        return (
            self.trajectory in (None, project.trajectory)
            and self.phase in (None, project.phase)
            and self.service in ("", project.service)
        )


class Lane(msgspec.Struct, frozen=True, kw_only=True):
    """One project in time. `start`, `end`: where it is drawn from and to; `end` None while no end is planned.

    `tests`: its experiments (slug, first day, last day); `depth`: 1 where it stands below the one it carries on.
    `left`: one of its prototypes was never carried on.
    """

    slug: str
    project: Project
    start: date
    end: date | None
    tests: tuple[tuple[str, date, date], ...] = ()
    events: tuple[Event, ...] = ()
    depth: int = 0
    left: bool = False

    def upcoming(self, today: date) -> Event | None:
        """What is awaited next; what is late comes first."""
        return next((one for one in self.events if one.done is None or one.done > today), None)


class Roadmap(msgspec.Struct, frozen=True, kw_only=True):
    """Lanes by trajectory, both always there; decisions that belong to no project; prototypes.

    `undated`: projects of which no day at all is declared; `whole`: how many projects there are before filters.
    """

    today: date
    lanes: dict[Trajectory, tuple[Lane, ...]]
    undated: tuple[tuple[str, Project], ...]
    decisions: tuple[Event, ...]
    prototypes: tuple[Prototype, ...]
    whole: int

    @property
    def all(self) -> tuple[Lane, ...]:
        """Every lane, in the order of the page."""
        return tuple(lane for lanes in self.lanes.values() for lane in lanes)

    @property
    def span(self) -> tuple[date, date]:
        """From the first to the last day drawn, today within."""
        days = [self.today]
        for lane in self.all:
            days += [lane.start, *([lane.end] if lane.end else []), *(one.day for one in lane.events)]
            days += [day for _slug, first, last in lane.tests for day in (first, last)]
        days += [one.day for one in self.decisions]
        return min(days), max(days)


def roadmap(facts: TerritoryFacts, sees: Sees, chosen: Chosen) -> Roadmap:
    """What a reader may know of, of what is asked for."""
    known = {slug: one for slug, one in facts.all(Project).items() if sees(Project.kind, slug)}
    kept = {slug: one for slug, one in known.items() if chosen.keeps(one)}
    happened, tried, tests = events(facts, sees), prototypes(facts, sees), _tests(facts)
    left = {one.project for one in tried if one.fate is Fate.LEFT}
    by_project: dict[str, list[Event]] = {}
    for event in happened:
        by_project.setdefault(event.project, []).append(event)
    lanes = [
        lane
        for slug, one in kept.items()
        if (lane := _lane(slug, one, tuple(by_project.get(slug, ())), tests.get(slug, ())))
    ]
    lanes = [msgspec.structs.replace(lane, left=lane.slug in left) for lane in lanes]
    dated = {lane.slug for lane in lanes}
    whole = chosen == Chosen()
    return Roadmap(
        today=facts.today,
        lanes={name: _ordered([one for one in lanes if one.project.trajectory is name]) for name in Trajectory},
        undated=tuple(sorted((slug, one) for slug, one in kept.items() if slug not in dated)),
        decisions=tuple(one for one in happened if whole and one.project not in known),
        prototypes=tuple(one for one in tried if whole or one.project in kept),
        whole=len(known),
    )


Test = tuple[str, date, date]
"""An experiment: its slug, first and last day."""


def _lane(slug: str, project: Project, own: tuple[Event, ...], tests: tuple[Test, ...]) -> Lane | None:
    starts = [project.starts, *(first for _slug, first, _last in tests), *(one.day for one in own), project.ends]
    dated = [day for day in starts if day]
    if not dated:
        return None
    start = project.starts or min(dated)
    return Lane(slug=slug, project=project, start=start, end=project.ends, tests=tests, events=own)


def _tests(facts: TerritoryFacts) -> dict[str, tuple[Test, ...]]:
    """The experiments of each project, in time."""
    found: dict[str, list[Test]] = {}
    for slug, body in facts.all(Experiment).items():
        first, last = body.protocol.starts, body.closed or body.protocol.ends
        if body.project and first and last and first <= last:
            found.setdefault(body.project, []).append((slug, first, last))
    return {name: tuple(sorted(tests, key=lambda one: (one[1], one[0]))) for name, tests in found.items()}


def _ordered(lanes: Sequence[Lane]) -> tuple[Lane, ...]:
    """By start; what carries on another stands right below it."""
    by_start = sorted(lanes, key=lambda lane: (lane.start, lane.slug))
    below: dict[str, list[Lane]] = {}
    for lane in by_start:
        below.setdefault(lane.project.follows, []).append(lane)
    names, placed = {lane.slug for lane in by_start}, set[str]()
    out: list[Lane] = []
    heads = (lane for lane in by_start if lane.project.follows not in names)
    for head in (*heads, *by_start):  # those that are left carry each other on, round in a circle
        waiting = [(head, 0)]
        while waiting:
            lane, depth = waiting.pop()
            if lane.slug not in placed:
                placed.add(lane.slug)
                out.append(msgspec.structs.replace(lane, depth=depth))
                waiting += [(one, 1) for one in reversed(below.get(lane.slug, ()))]
    return tuple(out)
