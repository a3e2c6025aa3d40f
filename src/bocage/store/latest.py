"""The newest observation, the count, the first start and the next counter of each datastream, held in arrays."""

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from bocage.domain.observation import COUNTER_BITS, Columns, Ints
from bocage.store import columns
from bocage.store.columns import NAMES, TYPES
from bocage.store.identity import Known

NEVER = int(np.iinfo(np.int64).min)
ALWAYS = int(np.iinfo(np.int64).max)
COUNTER_MASK = (1 << COUNTER_BITS) - 1


class Standing(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One row per datastream: counters that never go back, counts of identities, and the newest observation.

    `rows.start` is NEVER and `first` ALWAYS where nothing is held (any more).
    """

    counter: Ints
    count: Ints
    first: Ints
    rows: Columns


class Latest:
    """Grows with the datastreams it meets; not safe for threads by itself.

    What the judge must know is noted apart, so that a commit can be judged before the one before it is taken whole:
    `newest` and `first` start, and the `next` counter.
    """

    def __init__(self) -> None:
        self._slot = np.full(1024, -1, np.int32)  # by datastream number
        self._used = 0
        self._arrays: dict[str, Any] = {}
        self._asked: tuple[Any, Ints] = (None, np.empty(0, np.int64))  # datastreams asked about last, and their places
        self._said = False  # whether anything was ever said beside a newest one
        self._grow(1024)

    def _grow(self, size: int) -> None:
        for name, dtype in {
            **TYPES,
            "next": np.int64,
            "count": np.int64,
            "first": np.int64,
            "newest": np.int64,
            "text": object,
            "original": np.int64,
            "beside": object,
        }.items():
            fill = {"start": NEVER, "newest": NEVER, "first": ALWAYS, "text": None, "beside": None, "next": 1}.get(
                name, 0
            )
            fresh = np.full(size, fill, dtype)
            fresh[: self._used] = self._arrays[name][: self._used] if self._used else fresh[:0]
            self._arrays[name] = fresh

    def slots(self, datastream: Any) -> Ints:
        """The place of each datastream, made when it is new."""
        if not len(datastream):
            return np.empty(0, np.int64)
        try:
            found = self._slot[datastream]
        except IndexError:
            found = self._wider(int(datastream.max()))[datastream]
        if int(found.min()) < 0:
            self._add(np.unique(datastream[found < 0]))
            found = self._slot[datastream]
        return np.asarray(found, np.int64)

    def _wider(self, top: int) -> npt.NDArray[np.int32]:
        wider = np.full(max(top + 1, 2 * len(self._slot)), -1, np.int32)
        wider[: len(self._slot)] = self._slot
        self._slot = wider
        return wider

    def _add(self, numbers: Ints) -> None:
        need = self._used + len(numbers)
        if need > len(self._arrays["count"]):
            self._grow(max(need, 2 * len(self._arrays["count"])))
        self._slot[numbers] = np.arange(self._used, need)
        self._arrays["datastream"][self._used : need] = numbers
        self._used = need

    def known(self, datastream: Any) -> Known:
        """What the judge must know of the datastream of each row."""
        at = self.slots(datastream)
        self._asked, held = (datastream, at), self._arrays
        return Known(newest=held["newest"][at], first=held["first"][at], counter=held["next"][at])

    def note(self, rows: Columns, *, rising: bool = False) -> None:
        """Note of rows that are kept now what the judge must know of them; `take` may follow later, in their order.

        `rising`: as in `identity.Verdict`.
        """
        asked, at = self._asked
        held = self._arrays
        if rows.datastream is not asked:
            at = self.slots(rows.datastream)
        if rising:
            held["newest"][at] = rows.start
            held["first"][at] = np.minimum(held["first"][at], rows.start)
            held["next"][at] = np.maximum(held["next"][at], (rows.id & COUNTER_MASK) + 1)
            return
        np.maximum.at(held["newest"], at, rows.start)
        np.minimum.at(held["first"], at, rows.start)
        np.maximum.at(held["next"], at, (rows.id & COUNTER_MASK) + 1)

    def take(self, rows: Columns) -> None:
        """Add rows that are kept now, each once."""
        if len(rows):
            self.note(rows)
            self.put(columns.ordered(rows))

    def put(self, rows: Columns) -> None:
        """The same for rows that were noted, by (datastream, start, end, version)."""
        at, held = self.slots(rows.datastream), self._arrays
        ends = np.flatnonzero(np.append(at[1:] != at[:-1], True))
        begins = np.concatenate(([0], ends[:-1] + 1))
        place = at[ends]
        held["count"][place] += np.add.reduceat((rows.version == 1).astype(np.int64), begins)
        later = (rows.start[ends] > held["start"][place]) | (
            (rows.start[ends] == held["start"][place]) & (rows.end[ends] >= held["end"][place])
        )
        self._put(place[later], columns.picked(rows, ends[later]))

    def _put(self, place: Ints, rows: Columns) -> None:
        for name in NAMES:
            self._arrays[name][place] = getattr(rows, name)
        self._arrays["text"][place] = columns.texts(rows)
        self._arrays["original"][place] = columns.originals(rows)
        if rows.beside is not None or self._said:
            self._said = True
            self._arrays["beside"][place] = rows.beside

    def counters(self) -> tuple[Ints, Ints]:
        """Number and next counter of each datastream it has met, sorted."""
        at = np.argsort(self._arrays["datastream"][: self._used], kind="stable")
        return self._arrays["datastream"][at].astype(np.int64), self._arrays["next"][at]

    def reserve(self, datastreams: Ints, counters: Ints) -> None:
        """Go on from these counters at least."""
        place = self.slots(datastreams)
        self._arrays["next"][place] = np.maximum(self._arrays["next"][place], counters)

    def reset(self, datastreams: Ints, rows: Columns) -> None:
        """Hold of these datastreams what these newest versions say; counters go on."""
        held = self.standing(datastreams)
        self.set(blank(held))
        self.take(rows)
        place, count = np.unique(self.slots(rows.datastream), return_counts=True)
        self._arrays["count"][place] = count

    def set(self, standing: Standing) -> None:
        """Replace what is held of these datastreams."""
        place = self.slots(standing.rows.datastream)
        self._put(place, standing.rows)
        self._arrays["newest"][place] = standing.rows.start
        self._arrays["next"][place] = standing.counter
        for name in ("count", "first"):
            self._arrays[name][place] = getattr(standing, name)

    def standing(self, datastreams: Ints) -> Standing:
        """A copy of what is held of these datastreams."""
        at, held = self.slots(datastreams), self._arrays
        return Standing(counter=held["next"][at], count=held["count"][at], first=held["first"][at], rows=self._rows(at))

    def _rows(self, at: Ints) -> Columns:
        named = (*NAMES, "text", "original", "beside") if self._said else (*NAMES, "text", "original")
        held = {name: self._arrays[name][at] for name in named}
        return Columns(**held)

    def newest(self, datastreams: Ints | None = None) -> Columns:
        """The newest observation of each (of all when None) that holds one, sorted by datastream."""
        at = self._held(datastreams)
        return columns.trimmed(self._rows(at))

    def _held(self, datastreams: Ints | None) -> Ints:
        if datastreams is None:
            at = np.argsort(self._arrays["datastream"][: self._used], kind="stable")
        else:
            within = datastreams[(datastreams >= 0) & (datastreams < len(self._slot))]
            slots = self._slot[within].astype(np.int64)
            at = slots[slots >= 0]
        return np.asarray(at[self._arrays["start"][at] != NEVER], np.int64)

    def extents(self, datastreams: Ints | None = None) -> tuple[Ints, Ints, Ints, Ints]:
        """Number, count, first and last start of each that holds something, sorted by datastream."""
        at, held = self._held(datastreams), self._arrays
        return held["datastream"][at].astype(np.int64), held["count"][at], held["first"][at], held["start"][at]


def blank(standing: Standing) -> Standing:
    """The same datastreams holding nothing; their counters go on."""
    none = np.zeros(len(standing.count), np.int64)
    rows = msgspec.structs.replace(
        columns.empty(), **{name: np.zeros(len(none), dtype) for name, dtype in TYPES.items()}
    )
    rows = msgspec.structs.replace(rows, datastream=standing.rows.datastream, start=none + NEVER)
    return Standing(counter=standing.counter, count=none, first=none + ALWAYS, rows=rows)
