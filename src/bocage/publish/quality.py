"""How complete and how prompt the series of a dataset were lately: what arrived against what their cadence promises."""

from collections.abc import Mapping, Sequence

import msgspec

from bocage.domain.instant import DAY
from bocage.publish.publication import Streams
from bocage.steer import Activity, silent
from bocage.store.protocol import Extent

DAYS = 30


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """Over the last whole UTC days, today left out.

    `expected` counts only series whose cadence is declared, from their first observation on; 0 when none is.
    `mean_delay`: seconds between the end of a measurement and its arrival, None when nothing arrived.
    `silent`: slugs of series whose last value is older than three of their cadences.
    """

    received: int
    expected: int
    mean_delay: float | None
    silent: tuple[str, ...]

    @property
    def share(self) -> float | None:
        """Percentage of what was expected that arrived, at most 100; None without a declared cadence."""
        return min(100.0, 100.0 * self.received / self.expected) if self.expected else None


def span(now: int) -> tuple[int, int]:
    """First and last UTC day looked at, as days since 1970."""
    today = now // DAY
    return today - DAYS, today - 1


def weighed(streams: Streams, activities: Sequence[Activity], extents: Mapping[int, Extent], now: int) -> Quality:
    """What these series show. `now` in UTC milliseconds; `extents` of those that hold something."""
    first, last = span(now)
    paced = {stream.id: stream.cadence_seconds for _, stream in streams if stream.cadence_seconds}
    expected = sum(_promised(extents[n].first, cadence, first, last) for n, cadence in paced.items() if n in extents)
    received = sum(one.count for one in activities if one.datastream in paced)
    arrived = sum(one.count for one in activities)
    delay = sum(one.count * one.mean_delay for one in activities) / arrived if arrived else None
    ends = {number: extent.last for number, extent in extents.items()}
    quiet = set(silent(ends, paced, now))
    names = tuple(slug for slug, stream in streams if stream.id in quiet)
    return Quality(received=received, expected=expected, mean_delay=delay, silent=names)


def _promised(began: int, cadence: int, first: int, last: int) -> int:
    days = last - max(first, began // DAY) + 1
    return max(0, days) * 86_400 // cadence
