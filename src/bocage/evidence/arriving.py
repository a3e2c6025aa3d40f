"""What arrived of the sources that contracts hold to a rhythm, as the log tells it."""

from collections.abc import Mapping
from datetime import datetime

from bocage.commitments import r17_data_clause
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Arrived
from bocage.domain.contract import Contract
from bocage.domain.instant import DAY, to_ms
from bocage.domain.sensing import Datastream
from bocage.evidence.log import LOG

DAYS = 30
DUTY = r17_data_clause.CODE, r17_data_clause.DELIVERIES
"""The promise and the duty that are told what arrived."""


def promised(facts: TerritoryFacts) -> frozenset[str]:
    """The sources that a delivery names."""
    return frozenset(one.source for body in facts.all(Contract).values() for one in body.deliveries if one.source)


def arrived(facts: TerritoryFacts, at: datetime) -> Mapping[str, Arrived]:
    """What came of each source that a delivery names; asked where there is a log."""
    series: dict[str, list[Datastream]] = {source: [] for source in promised(facts)}
    if not series:
        return {}
    for stream in facts.all(Datastream).values():
        if stream.source in series:
            series[stream.source].append(stream)
    return {source: _arrived(streams, to_ms(at)) for source, streams in sorted(series.items())}


def _arrived(streams: list[Datastream], now: int) -> Arrived:
    extents = {one.datastream: one for one in LOG.extents([stream.id for stream in streams]) if one.count}
    if not extents:
        return Arrived(silent_seconds=None, days=DAYS)
    silent = max(0, now - max(one.last for one in extents.values())) // 1000
    paced = [stream for stream in streams if stream.cadence_seconds]
    begins = {stream.id: max(now - DAYS * DAY, extents[stream.id].first) for stream in paced if stream.id in extents}
    owed = sum((now - begins.get(one.id, now - DAYS * DAY)) // 1000 // (one.cadence_seconds or 1) for one in paced)
    came = LOG.count([one.id for one in paced], now - DAYS * DAY, now) if owed else 0
    percent = min(100.0, 100.0 * came / owed) if owed else None
    return Arrived(silent_seconds=silent, percent=percent, days=DAYS)
