"""Takes requests in, extends them, answers them: with the delays and the grounds that the regulation allows."""

from datetime import date, datetime

import msgspec

from bocage import relational
from bocage.civic.requests import Action, Channel, Identity, Outcome, RightsRequest, made, row_of
from bocage.civic.restrictions import restricts
from bocage.civic.tables import RequestRow, RequestStep
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.person_right import Ground, PersonRight, due, grounds
from bocage.domain.purpose import LegalBasis
from bocage.domain.text import message as _

LONGEST = 4_000
"""Characters of one text."""


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it came, whatever way: no more of the person than is needed to answer."""

    right: PersonRight
    channel: Channel
    identity: Identity
    received: date
    purpose: str = ""
    name: str = ""
    reach: str = ""
    words: str = ""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """An answer. `told`: whether the person was told of the CNIL and of the court (article 12(4))."""

    outcome: Outcome
    day: date
    grounds: tuple[Ground, ...] = ()
    reply: str = ""
    told: bool = False


class Doing(msgspec.Struct, frozen=True, kw_only=True):
    """Who does it when; `today` is the civil day of the territory."""

    account: str
    at: datetime
    today: date


def enter(territory: str, entered: Entered, by: Doing) -> RightsRequest:
    """Take a request in; Invalid when it came tomorrow, or nobody could be answered."""
    past(entered.received, by)
    _short(entered.name, entered.reach, entered.words)
    if not (entered.name.strip() and entered.reach.strip()):
        raise Invalid(_("who asks, and where to answer them"))
    with relational.transaction():
        numbers = RequestRow.objects.filter(territory=territory).order_by("-number").values_list("number", flat=True)
        last = numbers.first() or 0
        row = RequestRow.objects.create(territory=territory, number=last + 1, **msgspec.structs.asdict(entered))
        note(row, Action.ENTER, by)
    return made(row)


def extend(territory: str, number: int, told: date, reason: str, by: Doing) -> RightsRequest:
    """Two months more, told to the person with the reason within the first one (article 12(3)); Invalid otherwise."""
    past(told, by)
    _short(reason)
    with relational.transaction():
        row = _waiting(territory, number)
        if row.extended is not None:
            raise Conflict(_("a request that was not extended yet"), str(number))
        if not row.received <= told <= due(row.received):
            raise Invalid(_("a day within the month after the request came (GDPR 12(3))"), told.isoformat())
        if not reason.strip():
            raise Invalid(_("the reason told to the person: how complex it is, or how many there are (GDPR 12(3))"))
        row.extended, row.reason = told, reason.strip()
        row.save(update_fields=["extended", "reason"])
        note(row, Action.EXTEND, by)
    return made(row)


def answer(territory: str, number: int, given: Answered, basis: LegalBasis | None, by: Doing) -> RightsRequest:
    """Answer a request; a refusal has its grounds, its reasons in words, and says where to complain (article 12(4)).

    `basis`: the legal basis of the processing it is about, which says which grounds there are.
    """
    past(given.day, by)
    _short(given.reply)
    with relational.transaction():
        row = _waiting(territory, number)
        if given.day < row.received:
            raise Invalid(_("a day after the request came"), given.day.isoformat())
        _reasoned(given, PersonRight.of(row.right), basis)
        row.outcome, row.answered, row.reply = given.outcome.value, given.day, given.reply.strip()
        row.grounds = " ".join(given.grounds) if given.outcome.reasoned else ""
        row.save(update_fields=["outcome", "answered", "reply", "grounds"])
        note(row, Action.ANSWER, by)
    return made(row)


def _reasoned(given: Answered, right: PersonRight, basis: LegalBasis | None) -> None:
    if not given.outcome.reasoned:
        return
    allowed = grounds(right, basis)
    if not given.grounds or not set(given.grounds) <= set(allowed):
        raise Invalid(_("at least one ground that stands against this right on this legal basis"))
    if not given.reply:
        raise Invalid(_("the reasons, as they were told to the person (GDPR 12(4))"))
    if not given.told:
        raise Invalid(_("that the person was told of the complaint to the CNIL and of the court (GDPR 12(4))"))


def reopen(territory: str, number: int, by: Doing) -> RightsRequest:
    """Take the answer back, or the extension where there is none; nothing brings back what was erased."""
    with relational.transaction():
        row = row_of(territory, number)
        if row.erased is not None or not (row.answered or row.extended):
            raise Conflict(_("a request that was extended or answered, and not erased"), str(number))
        if restricts(territory, number):
            raise Conflict(_("a request whose restrictions are lifted"), str(number))
        if row.answered is not None:
            row.answered, row.outcome, row.grounds, row.reply = None, "", "", ""
        else:
            row.extended, row.reason = None, ""
        row.save()
        note(row, Action.REOPEN, by)
    return made(row)


def _waiting(territory: str, number: int) -> RequestRow:
    row = row_of(territory, number)
    if row.answered is not None:
        raise Conflict(_("a request that waits for an answer"), str(number))
    return row


def past(day: date, by: Doing) -> None:
    """Invalid when that day has not come."""
    if day > by.today:
        raise Invalid(_("a day that has come"), day.isoformat())


def _short(*texts: str) -> None:
    longest = max(len(text) for text in texts)
    if longest > LONGEST:
        raise Invalid(_("a shorter text"), str(longest))


def note(row: RequestRow, action: Action, by: Doing) -> None:
    """Keep who did what with a request."""
    RequestStep.objects.create(request=row, at=by.at, account=by.account, action=action.value)
