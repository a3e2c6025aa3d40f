"""What became of what was tried: carried on, or closed long ago with nothing that followed."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.experiment import Experiment, Verdict
from bocage.domain.label import Labelled
from bocage.domain.project import Phase, Project, Scale
from bocage.domain.text import Text
from bocage.domain.text import message as _
from bocage.publish.portfolio.events import Sees

LONG = timedelta(days=183)
"""After so long without anything that follows, a prototype is said not to have been carried on: some six months."""


class Fate(Labelled):
    """What came after."""

    LEFT = "left", _("Never carried on")
    WAITING = "waiting", _("Nothing follows yet")
    CARRIED = "carried", _("Carried on by another project")
    RUNS = "runs", _("The project goes on")


class Prototype(msgspec.Struct, frozen=True, kw_only=True):
    """An experiment that is closed, or a project that ended as a trial without any.

    `verdict`: None for a project. `followers`: projects that carry it on, by slug.
    """

    kind: str
    slug: str
    title: Text
    ended: date
    fate: Fate
    verdict: Verdict | None = None
    project: str = ""
    followers: tuple[str, ...] = ()


def prototypes(facts: TerritoryFacts, sees: Sees) -> tuple[Prototype, ...]:
    """Those a reader may know of: never carried on first, then the latest first."""
    carried = following(facts)
    found = [one for one in (*_tried(facts, carried), *_ended(facts, carried)) if sees(one.kind, one.slug)]
    rank = list(Fate)
    return tuple(sorted(found, key=lambda one: (rank.index(one.fate), -one.ended.toordinal(), one.slug)))


Following = Mapping[str, tuple[str, ...]]
"""The projects that carry on each project."""


def following(facts: TerritoryFacts) -> Following:
    """By the slug of the project that is carried on."""
    found: dict[str, tuple[str, ...]] = {}
    for slug, one in sorted(facts.all(Project).items()):
        if one.follows:
            found[one.follows] = (*found.get(one.follows, ()), slug)
    return found


def _tried(facts: TerritoryFacts, carried: Following) -> Iterator[Prototype]:
    for slug, body in facts.all(Experiment).items():
        if body.closed is None or body.closed > facts.today:
            continue
        followers = carried.get(body.project, ()) if body.project else ()
        yield Prototype(
            kind=Experiment.kind,
            slug=slug,
            title=body.title,
            ended=body.closed,
            fate=_fate(facts, facts.one(Project, body.project), followers, body.closed),
            verdict=body.outcome.verdict if body.outcome else None,
            project=body.project,
            followers=followers,
        )


def _ended(facts: TerritoryFacts, carried: Following) -> Iterator[Prototype]:
    tested = {one.project for one in facts.all(Experiment).values() if one.closed}
    for slug, body in facts.all(Project).items():
        if body.phase is Phase.ENDED and body.scale is Scale.TRIAL and slug not in tested and body.ends is not None:
            followers = carried.get(slug, ())
            yield Prototype(
                kind=Project.kind,
                slug=slug,
                title=body.title,
                ended=body.ends,
                fate=_fate(facts, body, followers, body.ends),
                project=slug,
                followers=followers,
            )


def _fate(facts: TerritoryFacts, project: Project | None, followers: tuple[str, ...], ended: date) -> Fate:
    if project is not None and (project.runs or (project.phase is Phase.ENDED and project.scale is not Scale.TRIAL)):
        return Fate.RUNS
    if followers:
        return Fate.CARRIED
    return Fate.LEFT if facts.today - ended > LONG else Fate.WAITING
