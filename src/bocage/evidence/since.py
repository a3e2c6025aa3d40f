"""Since when each promise, and each thing found about it, stands as it does; kept from one examination to the next.

It is the moment of the examination that first saw it so: within the hour of what happened, at the change itself when a
declaration made it so.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bocage import relational
from bocage.domain.decision import Finding, Standing
from bocage.evidence import turning
from bocage.evidence.tables import Stood, StoodRows

KEPT, MEND = "kept", "mend"
Place = tuple[str, str]
"""A promise, and the key of one finding; an empty key is the promise as a whole."""
_AT_ONCE = 500


def key(finding: Finding) -> str:
    """The same for the same thing found again: by reason, place and names, whatever its figures and days are now."""
    said = sorted(finding.values.items())
    names = [(name, value) for name, value in said if isinstance(value, str) and not name.endswith("_day")]
    way = (finding.way_out.kind, finding.way_out.slug, finding.way_out.field) if finding.way_out else ()
    return hashlib.sha256(repr((finding.code, way, names)).encode()).hexdigest()[:40]


def outcomes(
    findings: Sequence[Finding], standings: Mapping[str, Standing], keys: Sequence[str] | None = None
) -> dict[Place, str]:
    """How each promise stands, and each thing found. `keys`: those of the findings where they are known."""
    found: dict[Place, str] = {}
    for code, standing in standings.items():
        bound = standing in (Standing.REQUIRED, Standing.CHOSEN)
        found[code, ""] = KEPT if bound else standing.value
    for finding, named in zip(findings, keys or [key(one) for one in findings], strict=True):
        found[finding.promise, named] = KEPT if finding.kept else MEND
        if not finding.kept:
            found[finding.promise, ""] = MEND
    return found


Earlier = tuple[Mapping[Place, str], datetime]
"""What an examination saw, and when that was."""


def keep(
    territory: str,
    now: Mapping[Place, str],
    at: datetime,
    before: Callable[[], Earlier] | None,
    held: Mapping[Place, str] | None = None,
) -> None:
    """Keep what changed. `before` is asked for a territory of which nothing is kept yet. `held`: what is kept of it,
    where that is known; it is read otherwise."""
    held = _held(territory) if held is None else held
    if held == now:
        return
    gone, new = [place for place in held if place not in now], [place for place in now if place not in held]
    moved = [place for place, outcome in held.items() if now.get(place, outcome) != outcome]
    earlier, seen = before() if before is not None and not held else ({}, at)
    begun = {place: seen if earlier.get(place) == now[place] else at for place in new}
    turned = {place[0]: (now[place], begun.get(place, at)) for place in (*new, *moved) if not place[1]}
    turning.keep(territory, turned)
    for rows, _places in _rows(territory, gone):
        rows.delete()
    for rows, some in _rows(territory, moved):
        for outcome in {now[place] for place in some}:
            rows.filter(key__in=[place[1] for place in some if now[place] == outcome]).update(outcome=outcome, since=at)
    said: dict[str, list[Any]] = {
        "territory": [territory] * len(new),
        "promise": [place[0] for place in new],
        "key": [place[1] for place in new],
        "outcome": [now[place] for place in new],
        "since": [begun[place] for place in new],
    }
    relational.add(Stood, said)


def _held(territory: str) -> dict[Place, str]:
    """What is kept of a territory."""
    rows = Stood.objects.filter(territory=territory).values_list("promise", "key", "outcome")
    return {(promise, kept): outcome for promise, kept, outcome in rows}


def _rows(territory: str, places: Iterable[Place]) -> Iterator[tuple[StoodRows, list[Place]]]:
    """The rows of these places, some at a time, promise by promise."""
    by_promise: dict[str, list[Place]] = {}
    for place in places:
        by_promise.setdefault(place[0], []).append(place)
    for promise, named in by_promise.items():
        for first in range(0, len(named), _AT_ONCE):
            some = named[first : first + _AT_ONCE]
            yield Stood.objects.filter(territory=territory, promise=promise, key__in=[one[1] for one in some]), some


def since(territory: str) -> dict[Place, datetime]:
    """Since when each stands as it does."""
    return {
        (promise, kept): at
        for promise, kept, at in Stood.objects.filter(territory=territory).values_list("promise", "key", "since")
    }
