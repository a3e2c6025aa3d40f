"""Since when each promise, and each thing found about it, stands as it does; kept from one examination to the next.

It is the moment of the examination that first saw it so: within the hour of what happened, at the change itself when a
declaration made it so.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from bocage.domain.decision import Finding, Standing
from bocage.evidence import turning
from bocage.evidence.tables import Stood

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


def outcomes(findings: Iterable[Finding], standings: Mapping[str, Standing]) -> dict[Place, str]:
    """How each promise stands, and each thing found."""
    found: dict[Place, str] = {}
    for code, standing in standings.items():
        bound = standing in (Standing.REQUIRED, Standing.CHOSEN)
        found[code, ""] = KEPT if bound else standing.value
    for finding in findings:
        found[finding.promise, key(finding)] = KEPT if finding.kept else MEND
        if not finding.kept:
            found[finding.promise, ""] = MEND
    return found


Earlier = tuple[Mapping[Place, str], datetime]
"""What an examination saw, and when that was."""


def keep(territory: str, now: Mapping[Place, str], at: datetime, before: Callable[[], Earlier] | None) -> None:
    """Keep what changed. `before` is asked for a territory of which nothing is kept yet."""
    rows = {(row.promise, row.key): row for row in Stood.objects.filter(territory=territory)}
    gone = [row.pk for place, row in rows.items() if place not in now]
    for some in (gone[first : first + _AT_ONCE] for first in range(0, len(gone), _AT_ONCE)):
        Stood.objects.filter(pk__in=some).delete()
    earlier, seen = before() if before is not None and not rows else ({}, at)
    new = [place for place in now if place not in rows]
    moved = [row for place, row in rows.items() if now.get(place, row.outcome) != row.outcome]
    for row in moved:
        row.outcome, row.since = now[row.promise, row.key], at
    turned = {place[0]: (now[place], seen if earlier.get(place) == now[place] else at) for place in new if not place[1]}
    turning.keep(territory, turned | {row.promise: (row.outcome, at) for row in moved if not row.key})
    Stood.objects.bulk_update(moved, ["outcome", "since"], batch_size=_AT_ONCE)
    Stood.objects.bulk_create(
        [
            Stood(
                territory=territory,
                promise=place[0],
                key=place[1],
                outcome=now[place],
                since=seen if earlier.get(place) == now[place] else at,
            )
            for place in new
        ],
        batch_size=_AT_ONCE,
    )


def since(territory: str) -> dict[Place, datetime]:
    """Since when each stands as it does."""
    return {
        (promise, kept): at
        for promise, kept, at in Stood.objects.filter(territory=territory).values_list("promise", "key", "since")
    }
