"""Who works with whom as pages show it: in projects by phase, in bodies and agreements; and who is missing."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from bocage import words
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.actor import Actor, ActorNature
from bocage.domain.agreement import Agreement
from bocage.domain.governance_body import GovernanceBody
from bocage.domain.project import Phase, Project
from bocage.domain.text import message as _
from bocage.publish.partners.stakeholders import Asked, Bond, Partners, Tie, partners
from bocage.publish.portfolio.directory import Named
from bocage.publish.portfolio.events import Sees
from bocage.web import ties
from bocage.web.portal.portfolio import one_of
from bocage.web.request import Request
from bocage.web.ties import Name, Ties

Leads = Callable[[str, str], str]
"""The address of a declaration, from its kind and slug."""
OTHERS = _("Other organisations")
LOOKS = {Bond.PART: "part", Bond.SEAT: "seat", Bond.PARTY: "party", Bond.LEADER: "party"}
"""How the line of a bond looks; those of contracts are the others."""
PLACES = {Project.kind: Project.plural, GovernanceBody.kind: GovernanceBody.plural, Agreement.kind: Agreement.plural}
"""What people meet in, in the order of the drawing."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes part in one phase of a project; `passed`: the project has left it, `present`: it is in it."""

    phase: Phase
    ties: tuple[Tie, ...]
    passed: bool
    present: bool


def asked(request: Request, facts: TerritoryFacts) -> Asked:
    """What the address asks for (`project`, `nature`); what does not exist is not asked."""
    project = request.GET.get("project", "")
    return Asked(
        project=project if project in facts.all(Project) else "",
        nature=one_of(ActorNature, request.GET.get("nature", "")),
    )


def told(request: Request, facts: TerritoryFacts, sees: Sees, leads: Leads) -> dict[str, Any]:
    """What the first part of the page shows."""
    wanted = asked(request, facts)
    found = partners(facts, sees, wanted)
    present = {one.nature for slug, one in facts.all(Actor).items() if sees(Actor.kind, slug)}
    return {
        "partners": found,
        "asked": wanted,
        "map": drawn(facts, found, leads, request.lang) if found.people else "",
        "cut": max(len(found.people), len(found.meetings)) > ties.MOST,
        "rows": rows(facts, found),
        "phases": [phase for phase in Phase if phase is not Phase.ENDED],
        "table": list(by_phase(facts, found)),
        "bodies": [(slug, one) for slug, one in facts.all(GovernanceBody).items() if sees(GovernanceBody.kind, slug)],
        "projects": {slug: one for slug, one in facts.all(Project).items() if sees(Project.kind, slug)},
        "natures": [one for one in ActorNature if one in present],
        "declared": facts.declared,
        "today": facts.today,
    }


def rows(facts: TerritoryFacts, found: Partners) -> list[tuple[Named, Actor | None, dict[Named, list[Tie]]]]:
    """Each of those who take part: what is declared of them as an actor, and their ties by what they meet in."""
    held: dict[Named, dict[Named, list[Tie]]] = {place: {} for place in found.people}
    for tie in found.ties:
        held[tie.who].setdefault(tie.to, []).append(tie)
    ordered = sorted(held, key=lambda place: (_rank(facts, place), found.people[place].fr.casefold()))
    return [(place, _actor(facts, place), held[place]) for place in ordered]


def by_phase(facts: TerritoryFacts, found: Partners) -> Iterator[tuple[str, Project, list[Cell]]]:
    """Each project that is not ended with who takes part in each of its phases."""
    held: dict[tuple[str, Phase | None], list[Tie]] = {}
    for tie in found.ties:
        if tie.bond is Bond.PART:
            held.setdefault((tie.to[1], tie.phase), []).append(tie)
    for kind, slug in found.meetings:
        project = facts.one(Project, slug) if kind == Project.kind else None
        if project is not None and project.phase is not Phase.ENDED:
            yield slug, project, [_cell(phase, project, held.get((slug, phase), [])) for phase in list(Phase)[:-1]]


def _cell(phase: Phase, project: Project, held: list[Tie]) -> Cell:
    passed = phase.rank < project.phase.rank
    return Cell(phase=phase, ties=tuple(held), passed=passed, present=phase is project.phase)


def drawn(facts: TerritoryFacts, found: Partners, leads: Leads, lang: str) -> Markup:
    """Those who take part on the left, by their nature; what they meet in on the right."""
    left = [
        Name(
            key="/".join(place),
            words=found.people[place].read(lang)[0],
            link=leads(*place),
            group=words.translate(actor.nature.label if actor else OTHERS, lang),
            lacks=not held,
        )
        for place, actor, held in rows(facts, found)
    ]
    lacking, order = {(one.kind, one.slug) for one in found.lacks}, list(PLACES)
    right = [
        Name(
            key="/".join(place),
            words=title.read(lang)[0],
            link=leads(*place),
            group=words.translate(PLACES[place[0]], lang),
            beside=_beside(facts, place, lang),
            lacks=place in lacking,
        )
        for place, title in sorted(found.meetings.items(), key=lambda pair: (order.index(pair[0][0]), pair[0]))
    ]
    lines = dict.fromkeys(("/".join(one.who), "/".join(one.to), LOOKS.get(one.bond, "contract")) for one in found.ties)
    said = words.translate(_("Who works with whom; the tables below say the same"), lang)
    return ties.drawn(Ties(left=left, right=right, lines=list(lines), said=said))


def _beside(facts: TerritoryFacts, place: Named, lang: str) -> str:
    """The phase of a project."""
    project = facts.one(Project, place[1]) if place[0] == Project.kind else None
    return words.translate(project.phase.label, lang) if project else ""


def _actor(facts: TerritoryFacts, place: Named) -> Actor | None:
    return facts.one(Actor, place[1]) if place[0] == Actor.kind else None


def _rank(facts: TerritoryFacts, place: Named) -> int:
    """Actors by their nature, other organisations after them."""
    actor = _actor(facts, place)
    return list(ActorNature).index(actor.nature) if actor else len(ActorNature)
