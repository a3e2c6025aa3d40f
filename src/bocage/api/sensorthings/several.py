"""Series that are told as one: the array that is the result of each of their observations."""

from collections.abc import Sequence

import numpy as np

from bocage.api.sensorthings.town import Item
from bocage.domain.observation import Columns, Ints
from bocage.publish.objects import results as plainly
from bocage.store import columns
from bocage.store.protocol import Store


def results(store: Store, rows: Columns, joint: Item) -> list[str]:
    """The results of some observations of the first series, as JSON arrays with those of the others at the same time;
    null where another series has none."""
    parts = [plainly(rows), *(_beside(store, rows, part.id) for part in joint.parts[1:])]
    return [f"[{','.join(one)}]" for one in zip(*parts, strict=True)]


def _beside(store: Store, rows: Columns, number: int) -> list[str]:
    if not len(rows):
        return []
    held = store.window(number, int(rows.start.min()), int(rows.start.max()) + 1)
    at = _places(rows, held)
    found = plainly(columns.picked(held, at[at >= 0]))
    told = ["null"] * len(rows)
    for place, one in zip(np.flatnonzero(at >= 0).tolist(), found, strict=True):
        told[place] = one
    return told


def _places(rows: Columns, held: Columns) -> Ints:
    """For each row, the place of the one of the same time, -1 where there is none."""
    spans = zip(held.start.tolist(), held.end.tolist(), strict=True)
    known = {span: place for place, span in enumerate(spans)}
    wanted: Sequence[tuple[int, int]] = list(zip(rows.start.tolist(), rows.end.tolist(), strict=True))
    return np.array([known.get(span, -1) for span in wanted], np.int64)
