"""Figures of many watches at once, each as of its own position, from one scan of the log."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from bocage.domain.instant import DAY, LATEST
from bocage.domain.nature import Nature
from bocage.domain.observation import Columns
from bocage.steer.measuring import Figure, measured, summed, together
from bocage.steer.periods import Stretches
from bocage.steer.seeing import Seen
from bocage.steer.watching import Watch
from bocage.store import columns
from bocage.store.protocol import Store


class Look(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The newest versions of what starts in [start, end), by (datastream, start, end), of all series looked at."""

    store: Store
    rows: Columns
    start: int
    end: int

    def versions(self, watch: Watch) -> Columns:
        """Every version of what its series hold there."""
        own = [self._own(number) for number in watch.numbers]
        return columns.joined(
            [
                rows if int(rows.version.max(initial=1)) == 1 else self.store.versions(number, self.start, self.end)
                for number, rows in zip(watch.numbers, own, strict=True)
            ]
        )

    def figures(self, watches: Sequence[Watch], parts: Stretches, until: int) -> list[dict[int, Figure]]:
        """The figures of these periods as of a position, by start; watches that sum up in the same way."""
        plain = [watch for watch in watches if not _lasts(watch)]
        numbers = columns.distinct([number for watch in plain for number in watch.numbers])
        seen = Seen(store=self.store, until=until)
        rows = columns.picked(self.rows, np.flatnonzero(columns.among(self.rows.datastream, numbers)))
        group = {f"{stream.id}": stream for watch in plain for stream in watch.group.values()}
        found = summed(seen.cut(rows, self.start, self.end), group, watches[0].condition.measure.aggregate, parts)
        return [self._of(watch, found, parts, until) for watch in watches]

    def _of(
        self, watch: Watch, found: Mapping[str, tuple[Figure, ...]], parts: Stretches, until: int
    ) -> dict[int, Figure]:
        if _lasts(watch):
            return lasted(self.store, watch, (int(parts.begin[0]), int(parts.end[-1])), until)
        own = {slug: found[f"{stream.id}"] for slug, stream in watch.group.items()}
        figures = own[watch.name] if watch.name else together(own, watch.group, watch.shape.aggregate, parts)
        return {figure.start: figure for figure in figures}

    def _own(self, number: int) -> Columns:
        low, high = np.searchsorted(self.rows.datastream, [number, number + 1])
        return columns.picked(self.rows, slice(int(low), int(high)))


def _lasts(watch: Watch) -> bool:
    """Whether what came before its periods counts in them."""
    return any(stream.nature is Nature.STATE for stream in watch.group.values())


def looked(store: Store, watches: Sequence[tuple[Watch, Stretches]], newest: Mapping[int, int]) -> Look:
    """One scan of all that these watches may judge, and of the observation that follows it."""
    numbers = sorted({number for watch, _parts in watches for number in watch.numbers})
    start = min(int(parts.begin[0]) for _watch, parts in watches)
    ends = [int(parts.end[-1]) for _watch, parts in watches]
    end = max(ends + [newest.get(one, 0) + 1 for one in numbers])
    rows = columns.joined(list(store.scan(numbers, start, end)))
    return Look(store=store, rows=rows, start=start, end=end)


def lasted(store: Store, watch: Watch, within: tuple[int, int], until: int) -> dict[int, Figure]:
    """The figures of the periods that begin about [start, end), as of a position, by start; the log is read anew."""
    start, end = within
    measure, zone = watch.condition.measure, watch.form.zone
    found = measured(store, watch.group, measure, zone, start - DAY, end, until=until)
    return {figure.start: figure for figure in found.get(watch.name, ()) if start <= figure.start < end}


def look_back(store: Store, watch: Watch, starts: Sequence[int], until: int) -> dict[int, Figure]:
    """The figures of the past that these periods need and the watch does not know, as far as there are any."""
    missing = [start for start in starts if start not in watch.past]
    first = min((one.first for one in store.extent(watch.numbers)), default=LATEST) if missing else 0
    missing = [start for start in missing if start >= first - DAY]
    if not missing:
        return {}
    found = lasted(store, watch, (min(missing), max(missing) + 1), until)
    return {start: figure for start, figure in found.items() if start not in watch.past}
