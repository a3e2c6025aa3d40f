"""What the log tells promises: what arrived of sources that contracts hold to a rhythm, what is held too long."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from bocage.commitments import heritage_212_disposal, r17_data_clause
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Arrived, Past
from bocage.domain.contract import Contract
from bocage.domain.instant import DAY, to_datetime, to_ms
from bocage.domain.sensing import Datastream
from bocage.evidence.due import dues
from bocage.evidence.log import LOG

DAYS = 30
DUTIES = (
    (r17_data_clause.CODE, r17_data_clause.DELIVERIES),
    (heritage_212_disposal.CODE, heritage_212_disposal.PAST),
)
"""The promises and duties that are told what the log holds."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """What the log told: by source that a delivery names, and by purpose; `past` is None while it was never asked."""

    arrived: dict[str, Arrived] = {}
    past: dict[str, Past] | None = None


def counted(facts: TerritoryFacts, at: datetime) -> Counted:
    """All that promises ask of the log; asked where there is one."""
    return Counted(arrived=dict(arrived(facts, at)), past=past(facts))


def owed(facts: TerritoryFacts, known: Counted) -> bool:
    """Whether something that promises ask was never asked of the log."""
    return known.past is None or not _promised(facts) <= known.arrived.keys()


def past(facts: TerritoryFacts) -> dict[str, Past]:
    """What is held of each purpose that began before the first day it allows to keep; series whose use is restricted
    stay until that is lifted (GDPR 18)."""
    due = list(dues(facts))
    numbers = [number for one in due for number in one.datastreams if number not in LOG.withheld]
    firsts = {one.datastream: one.first for one in LOG.extents(numbers) if one.count}
    found: dict[str, Past] = {}
    for one in due:
        held = [firsts[number] for number in one.datastreams if firsts.get(number, one.before) < one.before]
        if held:
            first = to_datetime(min(held), facts.zone).date()
            found[one.purpose] = Past(series=len(held), first=first, before=one.day)
    return found


def _promised(facts: TerritoryFacts) -> frozenset[str]:
    """The sources that a delivery names."""
    return frozenset(one.source for body in facts.all(Contract).values() for one in body.deliveries if one.source)


def arrived(facts: TerritoryFacts, at: datetime) -> Mapping[str, Arrived]:
    """What came of each source that a delivery names."""
    series: dict[str, list[Datastream]] = {source: [] for source in _promised(facts)}
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
    owing = sum((now - begins.get(one.id, now - DAYS * DAY)) // 1000 // (one.cadence_seconds or 1) for one in paced)
    came = LOG.count([one.id for one in paced], now - DAYS * DAY, now) if owing else 0
    percent = min(100.0, 100.0 * came / owing) if owing else None
    return Arrived(silent_seconds=silent, percent=percent, days=DAYS)
