"""Where the first hour stands, told from what is declared, found and kept; nothing of it is ever ticked."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from bocage.commitments import openness
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.decision import Standing
from bocage.domain.label import Labelled
from bocage.domain.role import Role, RoleName
from bocage.domain.text import message as _

ROLES: Final = (
    RoleName.ADMINISTRATOR,
    RoleName.DATA_ADMINISTRATOR,
    RoleName.SECURITY_OFFICER,
    RoleName.DECIDER,
    RoleName.STEWARD,
)
"""What one person may hold alone; the officer is somebody else."""


class State(Labelled):
    """How far a step is."""

    DONE = "done", _("done")
    OPEN = "open", _("to do")
    WATCH = "watch", _("to mend later")
    UNCONCERNED = "not-concerned", _("not concerned")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what it is called (a message), how far it is."""

    code: str
    title: str
    state: State


def steps(facts: TerritoryFacts, held: bool) -> tuple[Step, ...]:
    """Every step; `held`: whether the log holds a value of this territory."""
    return (
        _step("people", _("Say who does what"), not lacking(facts)),
        _step("measure", _("Bring the first measurements in"), held),
        _step("contact", _("Say how to reach a person"), _told(facts)),
        Step(code="agents", title=_("Say how many agents work here"), state=_agents(facts)),
        Step(code="officer", title=_("Name a data protection officer"), state=_officer(facts)),
    )


def finished(found: Sequence[Step]) -> bool:
    """Whether nothing of the first hour is left; what is only to be mended later stands among the findings."""
    return not any(step.state is State.OPEN for step in found)


def current(found: Sequence[Step]) -> str:
    """The step that comes next; empty once nothing is left."""
    return next((step.code for step in found if step.state is State.OPEN), "")


def holders(facts: TerritoryFacts) -> Mapping[RoleName, tuple[str, ...]]:
    """Who holds each role today, by address."""
    found: dict[RoleName, tuple[str, ...]] = {}
    for role in facts.all(Role).values():
        if role.holder.strip() and role.lasts(facts.today):
            found[role.role] = (*found.get(role.role, ()), role.holder.strip().casefold())
    return found


def lacking(facts: TerritoryFacts) -> tuple[RoleName, ...]:
    """The roles nobody holds, of those that one person may hold alone."""
    held = holders(facts)
    return tuple(role for role in ROLES if role not in held)


def _step(code: str, title: str, done: bool) -> Step:
    return Step(code=code, title=title, state=State.DONE if done else State.OPEN)


def _told(facts: TerritoryFacts) -> bool:
    return facts.territory is not None and facts.territory.contact is not None


def _agents(facts: TerritoryFacts) -> State:
    """Asked only where it decides whether the law asks for open data."""
    if facts.territory is None or facts.territory.population < openness.LEAST_POPULATION:
        return State.UNCONCERNED
    return State.OPEN if openness.standing(facts).standing is Standing.UNCHECKED else State.DONE


def _officer(facts: TerritoryFacts) -> State:
    officers = [role for role in facts.all(Role).values() if role.role is RoleName.DPO and role.lasts(facts.today)]
    return State.DONE if officers else State.WATCH
