"""What a territory's footprint is measured by: processor, disk, bytes, measurements; counted now and then."""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta

from bocage import registers
from bocage.commitments.facts import TerritoryFacts
from bocage.commitments.measured import Usage
from bocage.domain.device_fleet import DeviceFleet
from bocage.domain.footprint_budget import FootprintBudget
from bocage.domain.instant import DAY, to_ms
from bocage.domain.sensing import Datastream
from bocage.evidence.log import LOG
from bocage.upkeep import usage

YEAR = timedelta(days=365)
FRESH = timedelta(minutes=10)
ASKING = (DeviceFleet.kind, FootprintBudget.kind)


class Using:
    """What was counted last of each territory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[datetime, Usage]] = {}

    def usage(self, facts: TerritoryFacts, at: datetime) -> Usage | None:
        """What was taken for the territory; None where no fleet and no budget asks for it, or there is no log."""
        asked = any(facts.declared.get(kind) for kind in ASKING)
        if not LOG.connected or not asked:
            return None
        kept = self._kept.get(facts.slug)
        if kept is not None and timedelta(0) <= at - kept[0] < FRESH:
            return kept[1]
        counted = _counted(facts, at)
        if counted.since is not None:  # the first minute of an instance is not the truth for long
            with self._lock:
                self._kept[facts.slug] = (at, counted)
        return counted

    def forget(self) -> None:
        """Count anew the next time."""
        with self._lock:
            self._kept.clear()


def _counted(facts: TerritoryFacts, at: datetime) -> Usage:
    numbers: dict[str, list[int]] = {}
    for stream in facts.all(Datastream).values():
        numbers.setdefault(stream.dataset, []).append(stream.id)
    now, taken = to_ms(at), usage.used((at - YEAR).date())
    held = _present({dataset: sum(one.count for one in LOG.extents(series)) for dataset, series in numbers.items()})
    lately = {dataset: LOG.count(numbers[dataset], now - 365 * DAY, now + 1) for dataset in held}
    every, size = LOG.whole()
    # While nobody measured anything, there is nothing to share by but the territories themselves.
    share = sum(held.values()) / every if every else 1 / max(1, len(registers.territories()))
    return Usage(
        since=taken.since,
        cpu_seconds=taken.seconds * share,
        stored=round(size * share),
        received=taken.received.get(facts.slug, 0),
        sent=taken.sent.get(facts.slug, 0),
        held=held,
        lately=_present(lately),
    )


def _present(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


# One process, one machine: whoever examines a territory is told the same.
USING = Using()
