"""Lays the open rows of days that are over in order of datastream: a question about one finds them side by side."""

from typing import Final

import numpy as np

from bocage.domain.instant import DAY, HOUR
from bocage.store.embedded.reader import Reader

WORTH: Final = 500_000  # rows from which it is worth the writing: some four groups of rows


def over(reader: Reader) -> int:
    """The instant before which days are over, for most series hold something newer; far back when none holds any."""
    with reader.fresh.lock:
        _numbers, _counts, _firsts, lasts = reader.fresh.latest.extents()
    return int(np.median(lasts)) - HOUR if len(lasts) else -(2**62)


def step(reader: Reader, worth: int = WORTH) -> bool:
    """Arrange some days of UTC that are over, as few as are worth it; whether there were any. Files must stay where
    they are meanwhile."""
    files = reader.files.open
    last = over(reader) // DAY * DAY
    first = max(files.arranged(), files.contents.lowest // DAY * DAY)
    if first >= last or files.held(first, last) < worth:
        return False
    for end in range(first + DAY, last + 1, DAY):
        if files.held(first, end) >= worth:
            files.arrange(first, end)
            return True
    return False
