"""A log of which a series is withheld: kept whole, read by nobody, and given back when the restriction is lifted."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bocage.domain.errors import Conflict
from bocage.domain.instant import EARLIEST, LATEST
from bocage.store import columns
from bocage.store.protocol import Erasure, Store
from bocage.store.query import Constant, ObservationQuery, Other, call
from bocage.store.withholding import Withholding

from .batches import DAY, HOUR, T0, batch

Log = tuple[Store, Callable[[], None]]
ALL = (EARLIEST, LATEST)


def read(store: Withholding, path: Path) -> list[int]:
    """How many rows each way of reading gives of series 1 and 2 together."""
    both = ObservationQuery(datastreams=(1, 2))
    return [
        len(store.latest()),
        len(store.latest([1, 2])),
        len(store.window(1, *ALL)) + len(store.window(2, *ALL)),
        sum(len(store.at_hand(one, *ALL) or ()) for one in (1, 2)),
        len(columns.joined(list(store.scan([1, 2], *ALL)))),
        len(store.select(both)),
        sum(store.tally(both).values()),
        len(store.versions(1, *ALL)) + len(store.versions(2, *ALL)),
        int(store.rollup([1, 2], T0, T0 + DAY, "hour").count.sum()),
        sum(one.count for one in store.extent()),
        sum(one.count for one in store.extent([1, 2])),
        store.holding([1, 2], *ALL).count,
        len(store.after(0)),
        store.export([1, 2], *ALL, path),
    ]


def test_what_is_withheld_is_kept_and_no_way_of_reading_gives_it(log: Log, tmp_path: Path) -> None:
    home, move = log
    store, told = Withholding(home), list[int]()
    store.tell_erasures(lambda: told.append(1))
    store.append(batch([1] * 3, T0 + np.arange(3) * HOUR, [1, 2, 3])).result(5)
    store.append(batch([2] * 2, T0 + np.arange(2) * HOUR, [4, 5])).result(5)
    move()
    before = read(store, tmp_path / "before.parquet")
    store.withhold({1})
    assert told
    assert read(store, tmp_path / "withheld.parquet") == [1, 1, 2, before[3] and 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
    assert not len(store.window(1, *ALL, limit=1))
    compared = ObservationQuery(datastreams=(2,), where=call("gt", Other(1, "number"), Constant(0)))
    assert (len(store.select(compared)), store.tally(compared)) == (0, {})
    with pytest.raises(Conflict):
        store.erase(Erasure(datastreams=(1, 2), start=EARLIEST, end=LATEST))
    store.append(batch([1], [T0 + 9 * HOUR], [6])).result(5)
    store.withhold({1, 2})
    assert not len(store.after(0))
    assert not any(read(store, tmp_path / "all.parquet"))
    store.withhold(())
    after = read(store, tmp_path / "after.parquet")
    assert [now - then for now, then in zip(after[4:], before[4:], strict=True)] == [1] * len(after[4:])
