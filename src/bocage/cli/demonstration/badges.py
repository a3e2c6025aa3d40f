"""The invented badge reader of the demonstration: entries of this day, which become pseudonyms on the way in.

No such badge exists. Only today's are sent: the key of a day that is over is destroyed, so that former days could not
bear pseudonyms of their own.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bocage.assembly.instance import Instance

FOLDER: Final = "badges"
SOURCE: Final = "badges-decheterie"
SERIES: Final = "decheterie-badges"
OPENS, CLOSES = 9, 18  # hours of the territory
EVERY: Final = timedelta(minutes=25)
BADGES: Final = 11


def entries(now: datetime) -> Iterator[dict[str, Any]]:
    """Entries since the site opened today, on the clocks of `now`; each badge comes back after eleven others."""
    at = now.replace(hour=OPENS, minute=0, second=0, microsecond=0)
    number = 0
    while at < now and at.hour < CLOSES:
        yield {"datastream": SERIES, "time": at.isoformat(), "result": f"INV-{number * 7 % BADGES:04d}"}
        at, number = at + EVERY, number + 1


def today(instance: Instance, territory: str) -> None:
    """Send them; what is known already is kept once."""
    from bocage.ingest.reception import Sent  # tables: only once the instance is open

    reception = instance.intake.reception
    by = reception.gate.compiled(territory, SOURCE)
    sent = list(entries(instance.clock().astimezone(ZoneInfo(by.zone))))
    if not sent or by.source is None:
        return
    [decoded] = reception.read_many(
        by, by.source, [Sent(body=json.dumps(sent).encode(), media_type="application/json")]
    )
    if not isinstance(decoded, Exception):
        reception.hand(by, decoded).result()
