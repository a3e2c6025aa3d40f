"""Projects as pages show them, at the desk and on the portal: what is drawn, and the words that say the same."""

from typing import Any, TypeVar

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.label import Labelled
from bocage.domain.project import Phase, Project, Trajectory
from bocage.domain.public_service import PublicService
from bocage.domain.text import message as _
from bocage.publish.portfolio.events import Event, EventNature, Sees
from bocage.publish.portfolio.roadmap import Chosen, Lane, Roadmap, roadmap
from bocage.web import timeline
from bocage.web.request import Request
from bocage.web.timeline import Axis, Bar, Sign

L = TypeVar("L", bound=Labelled)
FORMS = {
    EventNature.STEP: "step",
    EventNature.DECISION: "decision",
    EventNature.ACT: "decision",
    EventNature.REVIEW: "decision",
}
MOST = 150
"""Projects drawn on each trajectory; the table has them all."""
STATES = {"done": _("done"), "ahead": _("planned"), "late": _("late")}


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One project with its drawing, and what is awaited next."""

    lane: Lane
    drawing: Markup
    upcoming: Event | None


def chosen(request: Request, facts: TerritoryFacts) -> Chosen:
    """What the address asks for (`trajectory`, `phase`, `service`); what does not exist is not asked."""
    service = request.GET.get("service", "")
    return Chosen(
        trajectory=one_of(Trajectory, request.GET.get("trajectory", "")),
        phase=one_of(Phase, request.GET.get("phase", "")),
        service=service if service in facts.all(PublicService) else "",
    )


def one_of(of: type[L], value: str) -> L | None:
    """The value of a closed list that an address names, if it is one."""
    return next((one for one in of if one.value == value), None)


def portfolio(request: Request, facts: TerritoryFacts, sees: Sees) -> Roadmap:
    """The roadmap of what is asked for, as this reader may know it."""
    return roadmap(facts, sees, chosen(request, facts))


def told(request: Request, facts: TerritoryFacts, sees: Sees) -> dict[str, Any]:
    """What the page of the roadmap shows."""
    found = portfolio(request, facts, sees)
    axis, projects = timeline.axis(*found.span, found.today), facts.all(Project).values()
    services = {one.service for one in projects}
    return {
        "roadmap": found,
        "groups": {
            name: [one_lane(axis, lane, request.lang) for lane in lanes[:MOST]] for name, lanes in found.lanes.items()
        },
        "scale": scale(axis, request.lang),
        "decided": _decided(axis, found, request.lang) if found.decisions else "",
        "asked": chosen(request, facts),
        "trajectories": list(Trajectory),
        "phases": [phase for phase in Phase if any(one.phase is phase for one in projects)],
        "services": {slug: one for slug, one in facts.all(PublicService).items() if slug in services},
        "all_phases": list(Phase),
        "declared": facts.declared,
        "today": found.today,
    }


def one_lane(axis: Axis, lane: Lane, lang: str) -> Drawn:
    """A project drawn on an axis."""
    return Drawn(lane=lane, drawing=drawn(axis, lane, lang), upcoming=lane.upcoming(axis.today))


def scale(axis: Axis, lang: str) -> Markup:
    """The days along the top."""
    return timeline.scale(axis, lang, words.translate(_("Today"), lang))


def drawn(axis: Axis, lane: Lane, lang: str) -> Markup:
    """One project: what is behind it, what is ahead, its experiments, its events."""
    signs = [_sign(one, axis, lang) for one in lane.events]
    return timeline.lane(axis, list(_bars(axis, lane)), signs, _said(lane, lang))


def _decided(axis: Axis, found: Roadmap, lang: str) -> Markup:
    """The decisions that belong to no project, on the same axis."""
    signs = [_sign(one, axis, lang) for one in found.decisions]
    return timeline.lane(axis, [], signs, words.translate(_("Decisions outside projects"), lang))


def _bars(axis: Axis, lane: Lane) -> list[Bar]:
    """A project without an end goes on to the edge while it is not ended."""
    end = lane.end or (max(axis.today, lane.start) if lane.project.phase is Phase.ENDED else axis.last)
    now = min(max(axis.today, lane.start), end)
    past = [Bar(start=lane.start, end=now, name="over" if lane.project.phase is Phase.ENDED else "project")]
    ahead = [Bar(start=now, end=end, name="ahead")] if end > now else []
    return [*past, *ahead, *(Bar(start=first, end=last, name="test") for _slug, first, last in lane.tests)]


def state(event: Event, today: Any) -> str:
    """Done, ahead or late: a name of `STATES`."""
    return "late" if event.late(today) else "done" if event.done and event.done <= today else "ahead"


def _sign(event: Event, axis: Axis, lang: str) -> Sign:
    stands = state(event, axis.today)
    said = " · ".join(
        (
            words.translate(event.nature.label, lang),
            event.title.read(lang)[0],
            f"{words.day(event.day, lang)} ({words.translate(STATES[stands], lang)})",
        )
    )
    return Sign(day=event.day, form=FORMS.get(event.nature, "other"), state=stands, said=said)


def _said(lane: Lane, lang: str) -> str:
    """The drawing in a sentence."""
    values = {"title": lane.project.title.read(lang)[0], "start": words.day(lane.start, lang)}
    if lane.end is None:
        return words.translate(_("%(title)s, from %(start)s on, no end planned"), lang) % values
    values["end"] = words.day(lane.end, lang)
    return words.translate(_("%(title)s, from %(start)s to %(end)s"), lang) % values
