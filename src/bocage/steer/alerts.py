"""Alerts: what a rule saw, and what people made of it. Rows, never declarations."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from bocage.domain.errors import Conflict, Invalid, Missing
from bocage.domain.label import Labelled
from bocage.domain.text import message as _
from bocage.relational import transaction
from bocage.steer.tables import AlertNote, AlertRow

LONGEST = 4_000  # characters of one note


class AlertState(Labelled):
    """What people made of it."""

    NEW = "new", _("Waiting for somebody")
    ACKNOWLEDGED = "acknowledged", _("Taken in hand")
    RESOLVED = "resolved", _("Resolved")
    FALSE = "false", _("False alert")


class Action(Labelled):
    """What was done with it, by people; or beside it, by whoever took the import of its measurements back. Reopening
    takes back the last of the others but a comment."""

    ACKNOWLEDGE = "acknowledge", _("Take in hand")
    COMMENT = "comment", _("Comment")
    RESOLVE = "resolve", _("Say that it is resolved")
    FALSE = "false", _("Say that it is a false alert")
    REOPEN = "reopen", _("Reopen")
    TAKE_BACK = "take-back", _("Take its measurements back")


class Ending(Labelled):
    """Why an alert goes on no longer."""

    NORMAL = "normal", _("Back to normal")
    CHANGED = "changed", _("The rule changed")
    STOPPED = "stopped", _("The rule is no longer in force")
    TAKEN_BACK = "taken-back", _("Its measurements were taken back")


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What the rule saw. All times are UTC ms; a period goes from its start to its end.

    `raised`: end of the period that made it true; `periods`: how many were out of bounds, from the first to the
    last; `value`: the figure furthest out of bounds, of the period that begins at `worst`, with the usual value (None
    where the bound is constant) and the bound it was compared with; `count` of `expected` values it rests on.
    """

    version: int
    service: str
    tells: tuple[str, ...]
    first_start: int
    first_end: int
    last_start: int
    last_end: int
    periods: int
    raised: int
    worst: int
    worst_end: int
    value: float
    bound: float
    usual: float | None = None
    count: int = 0
    expected: int | None = None
    ended: int | None = None
    ending: Ending | None = None


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what when; `account` is a pseudonym (`accounts.people.names`)."""

    at: datetime
    account: str
    action: Action
    text: str = ""


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert of one rule on one series (`datastream` is empty when the rule looks at all its series together).

    `number` names it within its territory, for ever.
    """

    territory: str
    number: int
    rule: str
    datastream: str
    seen: Sighting
    state: AlertState
    notes: tuple[Note, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether the figures are still out of bounds, as far as they are known."""
        return self.seen.ended is None

    @property
    def waits(self) -> bool:
        """Whether nobody has closed it."""
        return self.state in (AlertState.NEW, AlertState.ACKNOWLEDGED)

    @property
    def may(self) -> tuple[Action, ...]:
        """What can be done with it now."""
        return _may(_states(self.notes))


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many alerts were raised, and what became of them so far; the four states add up to `raised`."""

    raised: int
    new: int
    acknowledged: int
    resolved: int
    false: int


def alerts(  # noqa: PLR0913 - one keyword per thing one may look for
    territory: str,
    *,
    state: AlertState | None = None,
    service: str | None = None,
    rule: str | None = None,
    datastream: str | None = None,
    since: int | None = None,
    until: int | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Alert]:
    """Newest first. `service`: of the rule, or told by it. `since`, `until`: raised in [since, until), UTC ms."""
    asked = {"state": state, "rule": rule, "datastream": datastream, "raised__gte": since, "raised__lt": until}
    rows = AlertRow.objects.filter(
        territory=territory, raised__isnull=False, **{name: one for name, one in asked.items() if one is not None}
    )
    if service is not None:
        rows = rows.filter(services__contains=f"|{service}|")
    return _alerts(rows.order_by("-raised", "-number").prefetch_related("notes")[offset : offset + limit])


def alert(territory: str, number: int) -> Alert:
    """One alert; Missing when there is none of that number."""
    return _alerts([_row(territory, number)])[0]


def act(  # noqa: PLR0913, PLR0917 - who does what to which, when, and why
    territory: str, number: int, action: Action, text: str, account: str, at: datetime
) -> Alert:
    """Take in hand, comment, resolve, call false, or reopen; the alert as it stands then.

    A comment and a false alert need words (Invalid with the field). Conflict when somebody did something else
    meanwhile, so that the action no longer makes sense.
    """
    said = text.strip()
    if not said and action in (Action.COMMENT, Action.FALSE):
        raise Invalid(_("a few words: what was seen, why it is false"), field="text")
    if len(said) > LONGEST:
        raise Invalid(_("a text of 4,000 characters at most"), str(len(said)), field="text")
    with transaction():
        row = _row(territory, number)
        states = _states(_notes(row))
        if action not in _may(states):
            raise Conflict(_("an alert this can be done with"), states[-1].value, _("read it again"))
        AlertNote.objects.create(alert=row, at=at, account=account, action=action.value, text=said)
        row.state = _states(_notes(row))[-1].value
        row.save(update_fields=["state"])
    return alert(territory, number)


def counted(territory: str, service: str, start: int, end: int) -> Counted:
    """Of the alerts raised in [start, end) (UTC ms) for a service; of all services when it is empty."""
    rows = AlertRow.objects.filter(territory=territory, raised__gte=start, raised__lt=end)
    if service:
        rows = rows.filter(services__contains=f"|{service}|")
    states = list(rows.values_list("state", flat=True))
    return Counted(raised=len(states), **{state.value: states.count(state.value) for state in AlertState})


def _row(territory: str, number: int) -> AlertRow:
    row = AlertRow.objects.filter(territory=territory, number=number, raised__isnull=False).first()
    if row is None:
        raise Missing(_("an alert"), str(number))
    return row


def _alerts(rows: Iterable[AlertRow]) -> list[Alert]:
    return [
        Alert(
            territory=row.territory,
            number=row.number,
            rule=row.rule,
            datastream=row.datastream,
            seen=msgspec.json.decode(bytes(row.body), type=Sighting),
            state=AlertState.of(row.state),
            notes=_notes(row),
        )
        for row in rows
    ]


def _notes(row: AlertRow) -> tuple[Note, ...]:
    return tuple(
        Note(at=note.at, account=note.account, action=Action.of(note.action), text=note.text)
        for note in sorted(row.notes.all(), key=lambda note: note.id)
    )


_LEADS_TO = {
    Action.ACKNOWLEDGE: AlertState.ACKNOWLEDGED,
    Action.RESOLVE: AlertState.RESOLVED,
    Action.FALSE: AlertState.FALSE,
    Action.TAKE_BACK: AlertState.FALSE,
}


def _states(notes: Sequence[Note]) -> list[AlertState]:
    """The states one can go back through, the present one last."""
    found = [AlertState.NEW]
    for note in notes:
        if note.action in _LEADS_TO:
            found.append(_LEADS_TO[note.action])
        elif note.action is Action.REOPEN:
            found = found[:-1] or [AlertState.NEW]
    return found


def _may(states: Sequence[AlertState]) -> tuple[Action, ...]:
    closed = states[-1] in (AlertState.RESOLVED, AlertState.FALSE)
    takes = () if closed or states[-1] is AlertState.ACKNOWLEDGED else (Action.ACKNOWLEDGE,)
    closes = () if closed else (Action.RESOLVE, Action.FALSE)
    return (*takes, *closes, Action.COMMENT, *((Action.REOPEN,) if len(states) > 1 else ()))


def noted_by(territory: str, account: str) -> list[dict[str, object]]:
    """What one account did with alerts, oldest first: for a request of access."""
    rows = AlertNote.objects.filter(alert__territory=territory, account=account).select_related("alert")
    return [
        {"alert": row.alert.number, "at": row.at, "action": row.action, "text": row.text}
        for row in rows.order_by("at", "id")
    ]
