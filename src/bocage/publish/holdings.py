"""How much a dataset holds, period by period: what its files are made of."""

import msgspec

from bocage.publish.periods import Period, months, years
from bocage.publish.publication import Publication
from bocage.store.protocol import Store


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What a dataset holds of one period: observations, and corrections of them."""

    period: Period
    count: int
    corrections: int


def held(store: Store, found: Publication, zone: str) -> list[Held]:
    """The years, then the months of a dataset that hold something, newest first."""
    reach = span(store, found)
    if reach is None:
        return []
    counted = (_held(store, found, period) for period in (*years(*reach, zone), *months(*reach, zone)))
    return [one for one in counted if one.count or one.corrections]


def _held(store: Store, found: Publication, period: Period) -> Held:
    holding = store.holding(found.numbers, period.start, period.end)
    return Held(period=period, count=holding.count, corrections=holding.rows - holding.count)


def span(store: Store, found: Publication) -> tuple[int, int] | None:
    """The first and the last start of what a dataset holds (UTC milliseconds); None when it holds nothing."""
    extents = [extent for extent in store.extent(found.numbers) if extent.count]
    if not extents:
        return None
    return min(extent.first for extent in extents), max(extent.last for extent in extents)
