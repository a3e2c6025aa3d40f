"""Erases what requests say of persons, and keeps the list outside the database, so that a restored copy forgets."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec

from bocage import relational
from bocage.civic.requests import Action, row_of
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
    """One line of the list."""

    territory: str
    number: int
    received: date
    at: datetime


def forget(folder: Path, territory: str, number: int, account: str, at: datetime) -> None:
    """Erase what names the person from an answered request; what is left is its right, its days and its outcome."""
    row = row_of(territory, number)
    if row.answered is None:
        raise Conflict(_("a request that was answered"), str(number))
    if row.erased is None:
        _erase(folder, row, account, at)


def forget_old(folder: Path, at: datetime) -> int:
    """Erase what names persons from the requests answered long enough ago; how many."""
    before = (at - _KEPT).date()
    rows = list(RequestRow.objects.filter(answered__lt=before, erased=None))
    for row in rows:
        _erase(folder, row, "", at)
    return len(rows)


def again(folder: Path) -> int:
    """Erase what the list names and a restored copy holds again, before anything is served; how many."""
    count = 0
    for one in lists.listed(folder / NAME, Erased):
        held = RequestRow.objects.filter(territory=one.territory, number=one.number, received=one.received)
        count += held.update(erased=one.at, **dict.fromkeys(_NAMING, ""))
    return count


def _erase(folder: Path, row: RequestRow, account: str, at: datetime) -> None:
    line = Erased(territory=row.territory, number=row.number, received=row.received, at=at.astimezone(UTC))
    lists.note(folder / NAME, line)
    with relational.transaction():
        RequestRow.objects.filter(id=row.id).update(erased=at, **dict.fromkeys(_NAMING, ""))
        RequestStep.objects.create(request=row, at=at, account=account, action=Action.ERASE.value)
