"""Restricts the use of series at the request of a person, and lifts it once they were told (GDPR 18).

Each line of the list outside the database is written with its change, so that a restored copy withholds what was
withheld.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bocage import relational
from bocage.civic.answering import Doing, note, past
from bocage.civic.requests import Action, Outcome, row_of
from bocage.civic.restrictions import Restriction, made, restricts
from bocage.civic.tables import RequestRow, RestrictionRow
from bocage.domain.errors import Conflict, Invalid
from bocage.domain.person_right import PersonRight, RestrictionCase
from bocage.domain.text import message as _
from bocage.sensing.revisions import grow
from bocage.store import lists

NAME = "restrictions.jsonl"
WORD = "withheld"
"""What processes say to each other when a restriction begins or ends."""
_IDENTITY = ("territory", "request", "datastream", "since")


def restrict(
    folder: Path, about: tuple[str, int], case: RestrictionCase, series: Mapping[str, int], by: Doing
) -> list[Restriction]:
    """Restrict the use of these series (number in the log by slug) under a request that was followed, whole or in part.

    `about`: territory and number of the request. Conflict when it was not; Invalid without a series.
    """
    if not series:
        raise Invalid(_("at least one series that concerns the person"))
    with relational.transaction():
        row = _granted(about)
        found = []
        for slug, number in sorted(series.items()):
            values: dict[str, Any] = {"case": case.value, "series": slug, "told": None, "lifted": None}
            identity: dict[str, Any] = dict(zip(_IDENTITY, (*about, number, by.today), strict=True))
            found.append(made(RestrictionRow.objects.update_or_create(defaults=values, **identity)[0]))
        note(row, Action.RESTRICT, by)
        _keep(folder, found)
    return found


def lift(folder: Path, about: tuple[str, int], told: date | None, by: Doing) -> list[Restriction]:
    """Lift every restriction under a request, once the person was told of it (article 18(3)); Invalid otherwise."""
    if told is None:
        raise Invalid(_("the day the person was told that the restriction would be lifted (GDPR 18(3))"))
    past(told, by)
    with relational.transaction():
        row = row_of(*about)
        rows = list(RestrictionRow.objects.filter(territory=about[0], request=about[1], lifted=None))
        if not rows:
            raise Conflict(_("a request with a restriction that runs"), str(about[1]))
        if told < max(one.since for one in rows):
            raise Invalid(_("a day after the restriction began"), told.isoformat())
        for one in rows:
            one.told, one.lifted = told, by.today
            one.save(update_fields=["told", "lifted"])
        note(row, Action.LIFT, by)
        found = [made(one) for one in rows]
        _keep(folder, found)
    return found


def restricted_again(folder: Path) -> int:
    """Withhold, or give back, what the list says and a restored copy does not; how many lines differ from it."""
    last = {tuple(getattr(one, name) for name in _IDENTITY): one for one in lists.listed(folder / NAME, Restriction)}
    held = {tuple(getattr(row, name) for name in _IDENTITY): made(row) for row in RestrictionRow.objects.all()}
    missing = [one for identity, one in last.items() if held.get(identity) != one]
    for one in missing:
        values: dict[str, Any] = {"case": one.case.value, "series": one.series, "told": one.told, "lifted": one.lifted}
        identity = {name: getattr(one, name) for name in _IDENTITY}
        RestrictionRow.objects.update_or_create(defaults=values, **identity)
    return len(missing)


def _granted(about: tuple[str, int]) -> RequestRow:
    """The row of a request of restriction that was followed and under which none runs."""
    row = row_of(*about)
    followed = row.outcome in (Outcome.FOLLOWED.value, Outcome.PARTLY.value)
    if row.right != PersonRight.RESTRICTION.value or not followed or row.erased is not None:
        raise Conflict(
            _("a request of restriction that was followed, and whose person can still be told"), str(about[1])
        )
    if restricts(*about):
        raise Conflict(_("a request without a restriction that runs"), str(about[1]))
    return row


def _keep(folder: Path, found: list[Restriction]) -> None:
    """Write the lines, and let every reader of the territory look again once the change is durable."""
    for one in found:
        lists.note(folder / NAME, one)
    grow(found[0].territory)
    relational.say(WORD)
