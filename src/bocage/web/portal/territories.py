"""Every territory of this instance beside every promise: one table for all, sorted and narrowed by its address.

It says what the page of promises of each territory says to everyone, and no more.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpResponse

from bocage.accounts.rights import Right, may
from bocage.commitments import all_promises
from bocage.commitments.promise import Promise
from bocage.domain.territory import Level
from bocage.evidence.across import OUTCOMES, Row, across
from bocage.evidence.since import KEPT, MEND
from bocage.publish.rows import line
from bocage.web.files import attached
from bocage.web.page import page
from bocage.web.portal.paging import part
from bocage.web.request import Request
from bocage.words.folding import folded

SIZE: Final = 50
COLUMNS: Final = ("territory", "title", "level", "code", "population", "to_mend")
Key = Callable[[Row], Any]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the address asks for: a name, a kind of territory, one promise, how it stands; the column it is sorted by,
    with `-` the other way round."""

    words: str = ""
    level: str = ""
    promise: Promise | None = None
    outcome: str = ""
    sort: str = "name"

    def fits(self, row: Row) -> bool:
        """Whether a territory is among those asked for."""
        if self.words and self.words not in folded(f"{row.body.title.fr} {row.body.code}"):
            return False
        if self.level and row.body.level != self.level:
            return False
        if not self.outcome:
            return True
        if self.promise:
            return row.cell(self.promise.code).outcome == self.outcome
        return bool(row.count(self.outcome))


def territories(request: Request) -> HttpResponse:
    """The table."""
    asked = _asked(request)
    everything = across()
    rows = _sorted([row for row in everything if asked.fits(row)], asked)
    found = part(request, rows, SIZE)
    values = {
        "asked": asked,
        "typed": request.GET.get("q", "")[:100],
        "part": found,
        "total": len(everything),
        "promises": [asked.promise] if asked.promise else all_promises(),
        "all_promises": all_promises(),
        "levels": [level for level in Level if any(row.body.level is level for row in everything)],
        "outcomes": OUTCOMES,
        "desks": {row.slug for row in found.items if may(request.actor, Right.READ_DESK, row.slug)},
    }
    return page(request, "portal/territories.html", values)


def sheet(request: Request) -> HttpResponse:
    """What the table shows, all parts of it: a line for each territory, a column for each promise, by its code."""
    asked = _asked(request)
    codes = [promise.code for promise in ([asked.promise] if asked.promise else all_promises())]
    lines = [line(*COLUMNS, *codes)]
    for row in _sorted([row for row in across() if asked.fits(row)], asked):
        body, mend = row.body, sum(row.cell(code).mend for code in codes)
        about = (row.slug, body.title.fr, body.level.value, body.code, body.population, mend)
        lines.append(line(*about, *(row.cell(code).outcome for code in codes)))
    return attached("territories-promises.csv", "".join(lines))


def _asked(request: Request) -> Asked:
    said = request.GET
    return Asked(
        words=folded(said.get("q", "")[:100]).strip(),
        level=said.get("level", "") if said.get("level") in set(Level) else "",
        promise=next((one for one in all_promises() if one.code == said.get("promise")), None),
        outcome=said.get("state", "") if said.get("state") in OUTCOMES else "",
        sort=said.get("sort", "name")[:60],
    )


def _sorted(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """In the order asked for; by name where that says nothing."""
    name, down = asked.sort.removeprefix("-"), asked.sort.startswith("-")
    keys: dict[str, Key] = {
        "name": lambda row: folded(row.body.title.fr),
        "population": lambda row: row.body.population,
        MEND: lambda row: sum(cell.mend for cell in row.cells.values()),
        KEPT: lambda row: row.count(KEPT),
        **{promise.code: _by_promise(promise.code) for promise in all_promises()},
    }
    return sorted(rows, key=keys.get(name, keys["name"]), reverse=down)


def _by_promise(code: str) -> Key:
    """To mend first, most first; then kept, not to be checked, not concerned."""
    return lambda row: (OUTCOMES.index(row.cell(code).outcome), -row.cell(code).mend)
