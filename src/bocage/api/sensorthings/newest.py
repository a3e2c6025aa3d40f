"""The newest observation of each of many series, from memory: what a dashboard asks for every few seconds."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from bocage.api.sensorthings import rows as observed
from bocage.api.sensorthings.model import ID, NEXT
from bocage.api.sensorthings.options import Options, following
from bocage.api.sensorthings.reading import Reading, Shown
from bocage.api.sensorthings.weaving import escaped, filled
from bocage.domain.observation import COUNTER_BITS, Columns

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
    return Newest(rows=reading.store.latest(numbers), base=reading.base, options=options)


class Newest(msgspec.Struct, frozen=True, kw_only=True, dict=True, eq=False):
    """One row for each series that holds something, sorted by series. `options`: what is asked of each."""

    rows: Columns
    base: str
    options: Options

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
        """Series by nothing but their number, each with its newest observation, in the order of their numbers."""
        rows = self.rows
        held = rows.datastream.tolist()
        more = bool(len(rows)) and bool((rows.id % FIRST > 1).all())
        if not more or held != list(numbers):  # some of them hold nothing, or one value
            documents = self.documents
            plain = [{ID: one, **documents.get(one, {"Observations": []})} for one in numbers]
            return msgspec.Raw(msgspec.json.encode(plain))
        made = [one.decode() for one in observed.written(rows, self.base, self.options.select)]
        ends = (rows.start.tolist(), rows.end.tolist(), rows.id.tolist())
        address = escaped(f"{self.base}/Datastreams(") + "%d" + escaped(f")/Observations{self.options.again}")
        pattern = f'{{"{ID}":%d,"Observations":[%s],"Observations{NEXT}":"{address}%d.%d.%d"}}'
        return msgspec.Raw(b"[" + filled(pattern, len(rows), (held, made, held, *ends), ",") + b"]")
