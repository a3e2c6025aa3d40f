"""What happens to a project, day by day: steps, decisions, consultations, contracts, services, evaluations."""

from collections.abc import Callable, Iterator
from datetime import date

import msgspec

from bocage.commitments.facts import TerritoryFacts
from bocage.domain.act import Act
from bocage.domain.consultation import Consultation
from bocage.domain.contract import Contract
from bocage.domain.digital_service import DigitalService
from bocage.domain.evaluation import Evaluation
from bocage.domain.experiment import Experiment
from bocage.domain.label import Labelled
from bocage.domain.project import Project
from bocage.domain.taken_decision import TakenDecision
from bocage.domain.text import Text
from bocage.domain.text import message as _

Sees = Callable[[str, str], bool]
"""Whether a reader may know of the declaration of this kind and slug."""


class EventNature(Labelled):
    """What an event of a project is."""

    STEP = "step", _("Step")
    DECISION = "decision", _("Decision")
    ACT = "act", _("Official act")
    REVIEW = "review", _("Decision looked at again")
    CONSULTATION = "consultation", _("End of a consultation")
    CONTRACT = "contract", _("Contract notified")
    SERVICE = "service", _("Digital service opened")
    EVALUATION = "evaluation", _("Evaluation closed")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One event; `kind` and `slug` name the declaration that tells of it.

    `planned`: the day it was foreseen for, `done`: the day it came; one of them is there.
    """

    nature: EventNature
    title: Text
    kind: str
    slug: str
    project: str = ""
    planned: date | None = None
    done: date | None = None

    @property
    def day(self) -> date:
        """Where it stands in time."""
        found = self.done or self.planned
        if found is None:
            raise ValueError("an event without a day")
        return found

    def late(self, today: date) -> bool:
        """Whether it should have come already."""
        return self.done is None and self.planned is not None and self.planned < today

    @property
    def delay(self) -> int | None:
        """Days between what was foreseen and what came, less than 0 when it came before; None where a day lacks."""
        return (self.done - self.planned).days if self.done and self.planned else None


def events(facts: TerritoryFacts, sees: Sees) -> tuple[Event, ...]:
    """All events a reader may know of, oldest first; those of no project have an empty `project`."""
    found = [
        one for one in (*_steps(facts), *_decisions(facts), *_acts(facts), *_around(facts)) if sees(one.kind, one.slug)
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.nature, one.slug, one.title.fr)))


def _steps(facts: TerritoryFacts) -> Iterator[Event]:
    for slug, project in facts.all(Project).items():
        for step in project.milestones:
            if step.planned or step.done:
                yield Event(
                    nature=EventNature.STEP,
                    title=step.title,
                    kind=Project.kind,
                    slug=slug,
                    project=slug,
                    planned=step.planned,
                    done=step.done,
                )


def _decisions(facts: TerritoryFacts) -> Iterator[Event]:
    for slug, body in facts.all(TakenDecision).items():
        event = Event(
            nature=EventNature.DECISION,
            title=body.title,
            kind=TakenDecision.kind,
            slug=slug,
            project=body.project,
            done=body.day,
        )
        if body.day is not None:
            yield event
        if body.review is not None and body.observed is None:
            yield msgspec.structs.replace(event, nature=EventNature.REVIEW, planned=body.review, done=None)


def _acts(facts: TerritoryFacts) -> Iterator[Event]:
    """The acts that a project and its experiments rest on."""
    resting = [(slug, one.act) for slug, one in facts.all(Project).items()]
    resting += [(one.project, one.act) for one in facts.all(Experiment).values() if one.project]
    for project, act in dict.fromkeys(resting):
        body = facts.one(Act, act)
        if body is not None:
            nature, kind = EventNature.ACT, Act.kind
            yield Event(nature=nature, title=body.title, kind=kind, slug=act, project=project, done=body.date)


def _around(facts: TerritoryFacts) -> Iterator[Event]:
    """What is declared elsewhere and names a project; a day to come is only planned."""
    dated: list[tuple[EventNature, str, str, Text, str, date | None]] = [
        *(
            (EventNature.CONSULTATION, Consultation.kind, slug, one.title, one.project, one.closes)
            for slug, one in facts.all(Consultation).items()
        ),
        *(
            (EventNature.CONTRACT, Contract.kind, slug, one.title, one.project, one.notified)
            for slug, one in facts.all(Contract).items()
        ),
        *(
            (EventNature.SERVICE, DigitalService.kind, slug, one.title, one.project, one.opened)
            for slug, one in facts.all(DigitalService).items()
        ),
        *(
            (EventNature.EVALUATION, Evaluation.kind, slug, one.title, one.project, one.closed)
            for slug, one in facts.all(Evaluation).items()
        ),
    ]
    for nature, kind, slug, title, project, day in dated:
        if day is not None and project:
            come = {"done": day} if day <= facts.today else {"planned": day}
            yield Event(nature=nature, title=title, kind=kind, slug=slug, project=project, **come)
