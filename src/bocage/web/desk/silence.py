"""Series that should have spoken by now, by the cadence they declared."""

from collections.abc import Mapping

from bocage import steer
from bocage.domain.source import Source
from bocage.web.desk.reach import Bench


def silent(bench: Bench, newest: Mapping[int, int], now: int) -> frozenset[int]:
    """Numbers of the series whose last value is older than their cadence allows; replayed ones lag by design."""
    replayed = {slug for slug, source in bench.facts.all(Source).items() if source.replayed}
    cadences = {
        stream.id: stream.cadence_seconds
        for stream in bench.streams.values()
        if stream.cadence_seconds and stream.source not in replayed
    }
    last = {number: end for number, end in newest.items() if number in cadences}
    return frozenset(steer.silent(last, cadences, now))
