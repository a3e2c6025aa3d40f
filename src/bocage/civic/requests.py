"""Requests of persons about their data: how each stands, and until when it is answered. Rows, never declarations."""

from datetime import date, datetime

import msgspec

from bocage.civic.tables import RequestRow
from bocage.commitments.measured import RequestState
from bocage.domain.errors import Missing
from bocage.domain.label import Labelled
from bocage.domain.person_right import Ground, PersonRight, due
from bocage.domain.text import message as _


class Channel(Labelled):
    """How it came; all count alike."""

    COUNTER = "counter", _("At the counter")
    LETTER = "letter", _("By letter")
    TELEPHONE = "telephone", _("By telephone")
    MAIL = "mail", _("By e-mail")
    AGENT = "agent", _("From an agent of the territory")


class Identity(Labelled):
    """How one knows who asks; a copy of a document is never kept."""

    CERTAIN = "certain", _("No doubt: the person is known, or the address is the one that is held")
    SEEN = "seen", _("A document was shown, and not copied")
    ASKED = "asked", _("In doubt: the person was asked for what is needed (GDPR 12(6))")


class Outcome(Labelled):
    """What was answered."""

    FOLLOWED = "followed", _("Followed")
    PARTLY = "partly", _("Followed in part")
    REFUSED = "refused", _("Not followed")
    NOTHING = "nothing", _("Nothing is held about this person")
    WITHDRAWN = "withdrawn", _("Withdrawn by the person")

    @property
    def reasoned(self) -> bool:
        """Whether reasons and means of complaint are due (article 12(4))."""
        return self in (Outcome.PARTLY, Outcome.REFUSED)


class Action(Labelled):
    """What was done with a request."""

    ENTER = "enter", _("Entered")
    EXTEND = "extend", _("Extended by two months")
    ANSWER = "answer", _("Answered")
    REOPEN = "reopen", _("Taken back")
    ERASE = "erase", _("What names the person erased")
    RESTRICT = "restrict", _("Use of series restricted")
    LIFT = "lift", _("Restriction lifted")


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what when; `account` is a pseudonym."""

    at: datetime
    account: str
    action: Action


class RightsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request. `name`, `reach`, `words`, `reason` (of an extension) and `reply` are empty once `erased`.

    `purpose`: the processing it is about, empty when it is about all. `extended`: the day the person was told of it.
    """

    territory: str
    number: int
    right: PersonRight
    channel: Channel
    identity: Identity
    received: date
    purpose: str = ""
    extended: date | None = None
    answered: date | None = None
    outcome: Outcome | None = None
    grounds: tuple[Ground, ...] = ()
    name: str = ""
    reach: str = ""
    words: str = ""
    reason: str = ""
    reply: str = ""
    erased: datetime | None = None
    steps: tuple[Step, ...] = ()

    @property
    def due(self) -> date:
        """The last day of its answer."""
        return due(self.received, extended=self.extended is not None)

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.answered is None


def listed(territory: str) -> list[RightsRequest]:
    """Those that wait first, the soonest due before; then the answered ones, the latest first."""
    found = [made(row) for row in RequestRow.objects.filter(territory=territory).prefetch_related("steps")]
    waiting = sorted((one for one in found if one.open), key=lambda one: (one.due, one.number))
    return [*waiting, *sorted((one for one in found if not one.open), key=lambda one: -one.number)]


def find(territory: str, number: int) -> RightsRequest:
    """One request; Missing when there is none of that number."""
    return made(row_of(territory, number))


def states(territory: str) -> tuple[RequestState, ...]:
    """How all of them stand, without anything of who asked; what a promise looks at."""
    rows = (
        RequestRow.objects.filter(territory=territory)
        .order_by("number")
        .values_list("received", "extended", "answered")
    )
    return tuple(
        RequestState(
            received=received, due=due(received, extended=bool(extended)), extended=extended, answered=answered
        )
        for received, extended, answered in rows
    )


def naming(territory: str, text: str) -> list[RightsRequest]:
    """The requests whose name or address holds this text."""
    wanted = text.strip().casefold()
    return [one for one in listed(territory) if wanted and wanted in f"{one.name}\n{one.reach}".casefold()]


def row_of(territory: str, number: int) -> RequestRow:
    """Its row; Missing when there is none."""
    row = RequestRow.objects.filter(territory=territory, number=number).first()
    if row is None:
        raise Missing(_("a request of that number"), str(number))
    return row


def made(row: RequestRow) -> RightsRequest:
    """The request of a row."""
    steps = sorted(row.steps.all(), key=lambda one: one.id)
    return RightsRequest(
        territory=row.territory,
        number=row.number,
        right=PersonRight.of(row.right),
        channel=Channel.of(row.channel),
        identity=Identity.of(row.identity),
        received=row.received,
        purpose=row.purpose,
        extended=row.extended,
        answered=row.answered,
        outcome=Outcome.of(row.outcome) if row.outcome else None,
        grounds=tuple(Ground.of(one) for one in row.grounds.split()),
        name=row.name,
        reach=row.reach,
        words=row.words,
        reason=row.reason,
        reply=row.reply,
        erased=row.erased,
        steps=tuple(Step(at=one.at, account=one.account, action=Action.of(one.action)) for one in steps),
    )
