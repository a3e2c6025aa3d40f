"""A project: what is to change, by which trajectory, and how far it has come."""

from datetime import date
from typing import Annotated, ClassVar

import msgspec

from bocage.domain.declaration import Declaration, noted
from bocage.domain.label import Labelled
from bocage.domain.text import Text
from bocage.domain.text import message as _


class Phase(Labelled):
    """How far a project has come, in order."""

    IDEA = "idea", _("Idea")
    DESIGN = "design", _("Design")
    EXPERIMENT = "experiment", _("Experiment")
    DEPLOYMENT = "deployment", _("Deployment")
    OPERATION = "operation", _("Operation")
    ENDED = "ended", _("Ended")

    @property
    def rank(self) -> int:
        """Its place in the order, 0 for an idea."""
        return list(Phase).index(self)


class Trajectory(Labelled):
    """The two trajectories of the study."""

    GLOBAL = "global", _("Global: one platform, several services at once")
    INCREMENTAL = "incremental", _("Incremental: one service, then the next")


class Scale(Labelled):
    """How much of the territory it reaches."""

    TRIAL = "trial", _("A place or two, to try")
    PART = "part", _("A part of the territory")
    WHOLE = "whole", _("The whole territory")


class Milestone(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One step, planned and done."""

    title: Annotated[Text, noted(_("Step"))]
    planned: Annotated[date | None, noted(_("Planned for"))] = None
    done: Annotated[date | None, noted(_("Done on"))] = None


class Project(Declaration, frozen=True, kw_only=True):
    """One project; its phases over time are its versions."""

    kind: ClassVar[str] = "project"
    label: ClassVar[str] = _("Project")
    plural: ClassVar[str] = _("Projects")
    about: ClassVar[str] = _("What is to change, how far each project has come, and what it aims at.")

    title: Annotated[Text, noted(_("Title"), listed=True)]
    service: Annotated[str, noted(_("Public service"), reference="public-service", listed=True)] = ""
    phase: Annotated[
        Phase, noted(_("Phase"), _("Change it the day the project moves on: the history keeps the dates."), listed=True)
    ] = Phase.IDEA
    trajectory: Annotated[Trajectory, noted(_("Trajectory"), _("One of the two of the study."), listed=True)] = (
        Trajectory.INCREMENTAL
    )
    scale: Annotated[
        Scale, noted(_("Reach"), _("Before the whole territory, an audit of security is asked for."), listed=True)
    ] = Scale.TRIAL
    goal: Annotated[Text | None, noted(_("What is to change"), _("For whom, and how one will see it."))] = None
    aim: Annotated[
        Text | None,
        noted(_("Aim for resources or resilience"), _("What it saves, or what it makes more solid, in its own words.")),
    ] = None
    starts: Annotated[date | None, noted(_("Starts"))] = None
    ends: Annotated[date | None, noted(_("Ends"), _("The end that is planned."))] = None
    milestones: Annotated[tuple[Milestone, ...], noted(_("Steps"))] = ()
    indicators: Annotated[
        tuple[str, ...], noted(_("Indicators"), _("Figures that will tell whether it works."), reference="indicator")
    ] = ()
    technologies: Annotated[tuple[str, ...], noted(_("Technologies"), reference="technology")] = ()
    purposes: Annotated[
        tuple[str, ...], noted(_("Purposes"), _("Of the measurements it makes or uses."), reference="purpose")
    ] = ()
    follows: Annotated[
        str,
        noted(_("Carries on"), _("The project, often a prototype, that this one takes further."), reference="project"),
    ] = ""
    act: Annotated[str, noted(_("Official act"), reference="act")] = ""

    @property
    def runs(self) -> bool:
        """Whether it is deployed or in operation."""
        return self.phase in (Phase.DEPLOYMENT, Phase.OPERATION)

    def deployed_since(self, before: object) -> bool:
        """Whether it runs and did not yet as it stood before, or did not exist."""
        return self.runs and not (isinstance(before, Project) and before.phase.rank >= Phase.DEPLOYMENT.rank)
