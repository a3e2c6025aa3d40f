"""The newest observation of each of many series, from memory: what a dashboard asks for every few seconds."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings.images import Images
from bocage.api.sensorthings.model import ID, NEXT
from bocage.api.sensorthings.options import Options, following
from bocage.api.sensorthings.reading import Reading, Shown
from bocage.api.sensorthings.weaving import escaped, filled
from bocage.domain.observation import COUNTER_BITS, Columns
from bocage.store.columns import picked

FIRST = 1 << COUNTER_BITS
"""The distance between the ids of two series; the first observation of each has the counter 1."""


def alone(options: Options) -> bool:
    """Whether the newest observation is all that is asked for."""
    plain = not (options.filter or options.skip or options.count or options.expand)
    if not plain or options.top != 1 or len(options.order) != 1:
        return False
    node, down = options.order[0]
    return down and getattr(node, "names", ()) == ("phenomenonTime",)


def of(reading: Reading, page: Sequence[Shown], options: Options) -> "Newest":
    """Of the series of a page whose observations are shown."""
    numbers = [item.id for view, item in page if item.id in view.level.readable]
    since = reading.images.since
    rows = reading.store.latest(numbers)
    return Newest(rows=rows, base=reading.base, options=options, images=reading.images, since=since)


class Newest(msgspec.Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """One row for each series that holds something, sorted by series. `options`: what is asked of each; `images`: how
    they were written last, `since`: how often something had been erased before these rows were read."""

    rows: Columns
    base: str
    options: Options
    images: Images
    since: int

    @cached_property
    def documents(self) -> Mapping[int, dict[str, Any]]:
        """What is told below each series that holds something."""
        found: dict[int, dict[str, Any]] = {}
        rows, made = self.rows, observed.objects(self.rows, self.base, self.options.select)
        ends = zip(rows.start.tolist(), rows.end.tolist(), rows.id.tolist(), strict=True)
        for number, one, end in zip(rows.datastream.tolist(), made, ends, strict=True):
            found[number] = {"Observations": [one]}
            if end[2] % FIRST > 1:  # there may be more than this one
                address = f"{self.base}/Datastreams({number})/Observations"
                found[number]["Observations" + NEXT] = following(address, self.options, end)
        return found

    def listed(self, numbers: Sequence[int]) -> msgspec.Raw:
        """Series by nothing but their number, each with its newest observation, in the order given."""
        held = self.rows.datastream.tolist()
        way = (self.base, self.options.select, self.options.again, self._full)
        texts = self.images.written(way, self.rows, self._written, self.since)
        if held != list(numbers):  # some of them hold nothing, or they stand in another order
            written = dict(zip(held, texts, strict=True))
            texts = [written.get(one) or f'{{"{ID}":{one},"Observations":[]}}'.encode() for one in numbers]
        if not texts:
            return msgspec.Raw(b"[]")
        texts[0], texts[-1] = b"[" + texts[0], texts[-1] + b"]"  # megabytes are not copied for a bracket
        return msgspec.Raw(b",".join(texts))

    @cached_property
    def _full(self) -> bool:
        return observed.full(self.rows)

    def _written(self, rows: Columns) -> list[bytes]:
        """Each series of these rows, with its observation."""
        made = observed.written(rows, self.base, self.options.select, filled=self._full)
        pattern = f'{{"{ID}":%d,"Observations":[%s]%s}}'
        columns = (rows.datastream.tolist(), made, self._further(rows))
        return filled(pattern, len(rows), columns).encode().split(b"\n") if len(rows) else []

    def _further(self, every: Columns) -> Sequence[str]:
        """For each row the link to what came before it, where there is anything."""
        more = every.id % FIRST > 1
        rows = picked(every, more)
        if not len(rows):
            return [""] * len(more)
        held = (rows.datastream.tolist(), rows.start.tolist(), rows.end.tolist(), rows.id.tolist())
        place, again = escaped(f"{self.base}/Datastreams("), escaped(self.options.again)
        link = f',"Observations{NEXT}":"{place}%d)/Observations{again}%d.%d.%d"'
        links = filled(link, len(rows), held).split("\n")
        if len(rows) == len(more):
            return links
        found = np.full(len(more), "", object)
        found[more] = links
        all_of: list[str] = found.tolist()
        return all_of
