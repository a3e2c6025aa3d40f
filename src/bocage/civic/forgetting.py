"""Erases what requests say of persons, and keeps the list outside the database, so that a restored copy forgets."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from bocage import relational
from bocage.civic.requests import Action, row_of
from bocage.civic.restrictions import restricts
from bocage.civic.tables import RequestRow, RequestStep
from bocage.domain.errors import Conflict
from bocage.domain.text import message as _
from bocage.store import lists

NAME = "request-erasures.jsonl"
KEPT_MONTHS = 12
"""A rule of Bocage: after so many months nobody needs the name of who asked; the count of requests stays."""
_KEPT = timedelta(days=366)
_NAMING = ("name", "reach", "words", "reason", "reply")


class Erased(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list. `entered`: the moment it was taken in, which no other request of that number shares; None
    in lines of before that was written."""

    territory: str
    number: int
    received: date
    at: datetime
    entered: datetime | None = None


def forget(folder: Path, territory: str, number: int, account: str, at: datetime) -> None:
    """Erase what names the person from an answered request; what is left is its right, its days and its outcome."""
    with relational.transaction():
        row = row_of(territory, number)
        if row.answered is None:
            raise Conflict(_("a request that was answered"), str(number))
        if restricts(territory, number):
            raise Conflict(_("a request whose restrictions are lifted: the person is told before"), str(number))
        if row.erased is None:
            _erase(folder, row, account, at)


def forget_old(folder: Path, at: datetime) -> int:
    """Erase what names persons from the requests answered long enough ago; how many."""
    before = (at - _KEPT).date()
    with relational.transaction():
        rows = list(RequestRow.objects.filter(answered__lt=before, erased=None))
        gone = [row for row in rows if not restricts(row.territory, row.number)]
        for row in gone:
            _erase(folder, row, "", at)
    return len(gone)


def again(folder: Path) -> int:
    """Erase what the list names and a restored copy holds again, before anything is served; how many."""
    count = 0
    for one in lists.listed(folder / NAME, Erased):
        held = RequestRow.objects.filter(territory=one.territory, number=one.number, received=one.received)
        same = [row.id for row in held if one.entered is None or _entered(row) == one.entered]
        count += held.filter(id__in=same).update(erased=one.at, **dict.fromkeys(_NAMING, ""))
    return count


def _entered(row: RequestRow) -> datetime | None:
    """When it was taken in."""
    found = row.steps.filter(action=Action.ENTER.value).order_by("id").values_list("at", flat=True).first()
    return found.astimezone(UTC) if found else None


def _erase(folder: Path, row: RequestRow, account: str, at: datetime) -> None:
    """Within the transaction that read the row: nobody reopens it meanwhile. The list comes first, so that what a crash
    leaves is erased again rather than forgotten."""
    line = Erased(
        territory=row.territory,
        number=row.number,
        received=row.received,
        at=at.astimezone(UTC),
        entered=_entered(row),
    )
    lists.note(folder / NAME, line)
    RequestRow.objects.filter(id=row.id).update(erased=at, **dict.fromkeys(_NAMING, ""))
    RequestStep.objects.create(request=row, at=at, account=account, action=Action.ERASE.value)
