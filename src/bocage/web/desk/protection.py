"""What the data protection officer looks at first: clocks of violations, days of requests, what notices lack."""

from datetime import datetime, timedelta

import msgspec
from django.http import HttpResponse

from bocage import civic
from bocage.accounts.rights import Right, may, may_begin, may_declare
from bocage.commitments import gdpr_13_information as information
from bocage.commitments import gdpr_33_violations as violations
from bocage.commitments.facts import TerritoryFacts
from bocage.domain.purpose import Purpose
from bocage.domain.violation import Danger, Violation
from bocage.web.desk.reach import facts_of, names
from bocage.web.page import page
from bocage.web.request import Request


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """One violation as it stands now. `left`: until the 72 hours are over, negative once they are, None when the
    authority was told or need not be; `first`: when it was first told."""

    slug: str
    body: Violation
    known: datetime
    deadline: datetime
    first: datetime | None
    left: timedelta | None
    lacks: tuple[str, ...]

    @property
    def late(self) -> bool:
        """Whether the 72 hours passed before the authority was told."""
        return self.left is not None and self.left < timedelta(0)

    @property
    def over(self) -> float:
        """Seconds left, or past."""
        return abs(self.left.total_seconds()) if self.left is not None else 0


def clock(facts: TerritoryFacts, slug: str, body: Violation, now: datetime) -> Clock:
    """How a violation stands."""
    first, deadline = body.first_told(facts.zone), body.deadline(facts.zone)
    owed = first is None and body.danger is not Danger.UNLIKELY and body.closed is None
    return Clock(
        slug=slug,
        body=body,
        known=body.known(facts.zone),
        deadline=deadline,
        first=first,
        left=deadline - now if owed else None,
        lacks=() if body.closed else violations.lacking(body, facts.zone, now),
    )


SOON = timedelta(days=7)


def pressing(request: Request) -> int:
    """How many clocks run or are over, and how many requests this person answers are due within a week."""
    facts, now = facts_of(request), request.parts.clock()
    running = sum(clock(facts, slug, one, now).left is not None for slug, one in facts.all(Violation).items())
    if not may(request.actor, Right.RIGHTS_REQUESTS, request.slug):
        return running
    due = facts.today + SOON
    return running + sum(one.answered is None and one.due <= due for one in civic.states(request.slug))


def protection(request: Request, territory: str) -> HttpResponse:
    """Everything about persons on one page; requests only for whoever answers them."""
    facts, now = facts_of(request), request.parts.clock()
    clocks = [clock(facts, slug, body, now) for slug, body in facts.all(Violation).items()]
    clocks.sort(key=lambda one: (one.body.closed is not None, one.left is None, one.deadline))
    about = [(slug, one) for slug, one in sorted(facts.all(Purpose).items()) if one.personal is not False]
    answers = may(request.actor, Right.RIGHTS_REQUESTS, territory)
    values = {
        "clocks": clocks,
        "purposes": [(slug, one, information.lacking(one)) for slug, one in about],
        "unreachable": information.unreachable(facts.territory),
        "answers": answers,
        "requests": civic.listed(territory) if answers else [],
        "restrictions": civic.running(territory) if answers else [],
        "titles": names(facts, request.lang),
        "today": facts.today,
        "may_record": may_begin(request.actor, territory, Violation.kind),
        "may_mend": may_declare(request.actor, territory, Purpose.kind),
    }
    return page(request, "desk/protection.html", values)
