"""What each promise means in this territory, in figures: what the plain sentence of its page is filled with."""

import msgspec

from bocage.domain.algorithm import Algorithm, Reach
from bocage.domain.exception import ReasonedException
from bocage.domain.hosting_site import HostingSite
from bocage.domain.purpose import ClosedQuestions, Purpose
from bocage.domain.role import Role, RoleName
from bocage.domain.sensing import Datastream
from bocage.publish.knowledge import Known
from bocage.publish.publication import State


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of what is declared. `least`, `most`: months of the shortest and the longest retention, 0 without any."""

    series: int
    purposes: int
    paced: int
    owned: int
    personal: int
    answered: int
    least: int
    most: int
    sites: int
    equipped: int
    noticed: int
    open: int
    closed: int
    refused: int
    rules: int
    exceptions: int
    declarations: int
    officer: bool


def here(known: Known) -> Here:
    """The figures of today."""
    facts = known.facts
    purposes = facts.all(Purpose).values()
    kept = [purpose.retention_months for purpose in purposes if purpose.retention_months]
    states = [found.state for found in known.catalogue]
    equipped = [slug for slug, item in known.sight.seen.items() if item.thing.public_space and item.streams]
    return Here(
        series=len(facts.all(Datastream)),
        purposes=len(purposes),
        paced=sum(bool(purpose.cadence_seconds) for purpose in purposes),
        owned=sum(bool(purpose.owner) for purpose in purposes),
        personal=sum(purpose.personal is not False for purpose in purposes),
        answered=sum(_all_no(purpose.questions) for purpose in purposes),
        least=min(kept, default=0),
        most=max(kept, default=0),
        sites=len(facts.all(HostingSite)),
        equipped=len(equipped),
        noticed=sum(bool(facts.notices.get(slug)) for slug in equipped),
        open=states.count(State.OPEN),
        closed=states.count(State.CLOSED),
        refused=states.count(State.REFUSED),
        rules=sum(entry.in_force and entry.reach is Reach.STEERING for entry in facts.all(Algorithm).values()),
        exceptions=len(running(known)),
        declarations=sum(len(bodies) for bodies in facts.declared.values()),
        officer=any(role.role is RoleName.DPO for role in facts.all(Role).values()),
    )


def _all_no(questions: ClosedQuestions | None) -> bool:
    return questions is not None and all(answer is False for answer in msgspec.structs.astuple(questions))


def running(known: Known, promise: str = "") -> list[tuple[str, ReasonedException]]:
    """The exceptions that run today, those that end first before the others; of one promise, or of all."""
    today = known.facts.today
    found = [
        (slug, body)
        for slug, body in known.facts.all(ReasonedException).items()
        if body.runs(today) and promise in ("", body.promise)
    ]
    return sorted(found, key=lambda pair: (pair[1].ends, pair[0]))
