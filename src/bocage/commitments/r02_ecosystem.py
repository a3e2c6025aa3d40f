"""Recommendation 2 of the study of October 2021: the local ecosystem takes part at every stage."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import where_declared
from bocage.commitments.texts import study
from bocage.domain.actor import Actor, ActorNature
from bocage.domain.decision import Evidence, Finding, WayOut
from bocage.domain.project import Phase, Project
from bocage.domain.text import message as _

CODE = "r02_ecosystem"


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """The present phase of each project: nobody said to take part, or actors of one kind only."""
    projects = {slug: one for slug, one in sorted(facts.all(Project).items()) if one.phase is not Phase.ENDED}
    found, seats = [], _seats(facts)
    for slug, project in projects.items():
        natures = seats.get((slug, project.phase), ())
        if len(natures) < 2:
            code = "one-kind-only" if natures else "nobody"
            way_out = WayOut(kind=Actor.kind, field="parts")
            found.append(to_mend(CODE, code, way_out, Evidence.DECLARED, project=slug))
    return or_kept(found, kept(CODE, Evidence.DECLARED, count=len(projects)))


def _seats(facts: TerritoryFacts) -> dict[tuple[str, Phase], set[ActorNature]]:
    """The kinds of actors that take part in each phase of each project."""
    found: dict[tuple[str, Phase], set[ActorNature]] = {}
    for actor in facts.all(Actor).values():
        for part in actor.parts:
            if part.phase:
                found.setdefault((part.project, part.phase), set()).add(actor.nature)
    return found


PROMISE = Promise(
    code=CODE,
    number="R2",
    title=_("The whole local ecosystem takes part, at every stage"),
    text=_(
        "Companies, schools, associations, public bodies and residents have their place in each phase of a project. "
        "The register of actors says who takes part in which phase; a phase with one kind of actor only is pointed "
        "out."
    ),
    why=_(
        "A project made by one kind of people serves one kind of people. Who sits at the table decides which "
        "questions are asked."
    ),
    unseen=_("Software cannot see who really came to the meetings, nor whom nobody thought of inviting."),
    basis=Basis.MODEL,
    references=(study("R2"),),
    effect=date(2021, 10, 1),
    codes=("nobody", "one-kind-only", "kept"),
    standing=where_declared(Project),
    duties=(Duty(name=_("Phases of projects with one kind of actor only"), examine=examine, reads=(Project, Actor)),),
    liftable=False,
)
