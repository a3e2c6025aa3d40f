"""Recommendation 49 of the study of October 2021: local start-ups are brought in and stay."""

from datetime import date

from bocage.commitments.answers import kept, or_kept, to_mend
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.promise import Basis, Duty, Promise
from bocage.commitments.standings import chosen, unchecked
from bocage.commitments.texts import study
from bocage.domain.actor import Actor, ActorNature
from bocage.domain.decision import Evidence, Finding, Stands, WayOut
from bocage.domain.project import Phase, Project
from bocage.domain.text import message as _

CODE = "r49_start_ups"
AFTER = (Phase.DEPLOYMENT, Phase.OPERATION)


def examine(facts: TerritoryFacts) -> tuple[Finding, ...]:
    """Start-ups of an experiment that are absent from the deployment that carries it on; otherwise how many stayed,
    or how many projects were looked at where no start-up took part in the experiment."""
    found, stayed, tried = [], 0, _tried(facts)
    after = {slug: project for slug, project in sorted(facts.all(Project).items()) if project.phase in AFTER}
    for slug, project in after.items():
        for name, actor in sorted({**tried.get(slug, {}), **tried.get(project.follows, {})}.items()):
            if actor.phases(slug) & frozenset(AFTER):
                stayed += 1
            else:
                way_out = WayOut(kind=Actor.kind, slug=name, field="parts")
                found.append(to_mend(CODE, "lost", way_out, Evidence.DECLARED, actor=name, project=slug))
    if stayed:
        return or_kept(found, kept(CODE, Evidence.DECLARED, count=stayed))
    return or_kept(found, kept(CODE, Evidence.DECLARED, code="none-lost", count=len(after)))


def _tried(facts: TerritoryFacts) -> dict[str, dict[str, Actor]]:
    """The start-ups that took part in the experiment of each project; one may carry on the prototype of another."""
    found: dict[str, dict[str, Actor]] = {}
    for name, actor in facts.all(Actor).items():
        for part in actor.parts if actor.nature is ActorNature.START_UP else ():
            if part.phase is Phase.EXPERIMENT:
                found.setdefault(part.project, {})[name] = actor
    return found


def standing(facts: TerritoryFacts) -> Stands:
    """Chosen where a start-up takes part; not to be checked while none does and the commons know of none."""
    known = any(one.nature is ActorNature.START_UP for one in facts.all(Actor).values())
    return chosen() if known or facts.commons else unchecked("commons-empty")


PROMISE = Promise(
    code=CODE,
    number="R49",
    title=_("Start-ups that try here stay for what follows"),
    text=_(
        "Experiments with start-ups are followed into deployment. One that took part in the experiment and is "
        "absent from what follows it is pointed out."
    ),
    why=_(
        "A company that works for a year and is then forgotten does not come back. What was learnt with it leaves "
        "with it."
    ),
    unseen=_("Software cannot see why a company left, nor agreements outside the registers."),
    basis=Basis.MODEL,
    references=(study("R49"),),
    effect=date(2021, 10, 1),
    codes=("lost", "none-lost", "kept"),
    standing=standing,
    duties=(Duty(name=_("Start-ups lost between experiment and deployment"), examine=examine, reads=(Project, Actor)),),
    liftable=False,
)
