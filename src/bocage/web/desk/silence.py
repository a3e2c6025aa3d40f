"""Series that should have spoken by now, by the cadence they declared."""

from collections.abc import Mapping

from bocage import steer
from bocage.domain.sensing import Datastream


def silent(streams: Mapping[str, Datastream], newest: Mapping[int, int], now: int) -> frozenset[int]:
    """Numbers of the series whose last value is older than their cadence allows."""
    cadences = {stream.id: stream.cadence_seconds for stream in streams.values() if stream.cadence_seconds}
    last = {number: end for number, end in newest.items() if number in cadences}
    return frozenset(steer.silent(last, cadences, now))
