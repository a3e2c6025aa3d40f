"""Lays the open rows of days that are over in order of datastream: a question about one finds them side by side.

Days first, as soon as enough rows wait; then whole weeks, some datastreams at a time, so that 24 hours that begin at
noon lie in one place too.
"""

from typing import Final

import msgspec
import numpy as np

from bocage.domain.instant import DAY, HOUR
from bocage.store import rows as shape
from bocage.store.embedded.open_months import OpenMonths
from bocage.store.embedded.reader import Reader

WORTH: Final = 250_000  # rows from which it is worth the writing: two groups of rows
WEEK: Final = 7 * DAY
PORTION: Final = 500_000  # rows of a week that are laid at once, about


class Arranged(msgspec.Struct, frozen=True, kw_only=True):
    """Up to which instant rows lie in order of datastream (`until`), and up to which by whole weeks (`weeks`); of the
    week after that, datastreams before `below` do."""

    until: int = 0
    weeks: int = 0
    below: int = 0


def over(reader: Reader) -> int:
    """The instant before which days are over, for most series hold something newer; far back when none holds any."""
    with reader.fresh.lock:
        _numbers, _counts, _firsts, lasts = reader.fresh.latest.extents()
    return int(np.median(lasts)) - HOUR if len(lasts) else -(2**62)


def step(reader: Reader, worth: int = WORTH, portion: int = PORTION) -> bool:
    """Arrange some days of UTC that are over, as few as are worth it, or a part of a week of such days; whether there
    were any. Files must stay where they are meanwhile."""
    files = reader.files.open
    return _days(files, over(reader) // DAY * DAY, worth) or _week(files, portion)


def arranged(files: OpenMonths) -> Arranged:
    """How far the rows are laid."""
    found = files.cursor().execute("SELECT until, coalesce(weeks, 0), coalesce(below, 0) FROM arranged").fetchall()
    return Arranged(until=found[0][0], weeks=found[0][1], below=found[0][2]) if found else Arranged()


def _days(files: OpenMonths, last: int, worth: int) -> bool:
    now, lowest = arranged(files), files.contents.lowest // DAY * DAY
    first = max(now.until, lowest)
    if first >= last or files.held(first, last) < worth:
        return False
    for end in range(first + DAY, last + 1, DAY):
        if files.held(first, end) >= worth:
            alone = end - first >= WEEK and max(now.weeks, lowest) == first  # a week that was laid at once
            then = Arranged(until=end, weeks=end) if alone else msgspec.structs.replace(now, until=end)
            _lay(files, _starting(first, end), then)
            return True
    return False


def _week(files: OpenMonths, portion: int) -> bool:
    now = arranged(files)
    first = max(now.weeks, files.contents.lowest // DAY * DAY)
    end = first + WEEK
    if end > now.until:
        return False
    within = _starting(first, end)
    low, high = files.datastreams(within)
    below = max(now.below, low) if now.weeks == first else low
    portions = -(-files.held(first, end) // portion)
    above = below + -(-(high - low + 1) // max(portions, 1))
    whole = above > high
    then = Arranged(until=now.until, weeks=end if whole else first, below=0 if whole else above)
    _lay(files, f"{within} AND datastream >= {below} AND datastream < {above}", then)
    return True


def _starting(first: int, end: int) -> str:
    return f'"start" >= {int(first)} AND "start" < {int(end)}'


def _lay(files: OpenMonths, within: str, then: Arranged) -> None:
    """Lay these rows in order of datastream and time, durably."""
    with files.changing() as cursor:
        for table in ("observation", "plain"):
            order = ", ".join(("datastream", *shape.keys(table)))
            cursor.execute(
                f"CREATE OR REPLACE TEMP TABLE arranging AS SELECT * FROM {table} WHERE {within} ORDER BY {order}"
            )
            cursor.execute(f"DELETE FROM {table} WHERE {within}")
            cursor.execute(f"INSERT INTO {table} SELECT * FROM arranging")
            cursor.execute("DROP TABLE arranging")
        cursor.execute("DELETE FROM arranged")
        cursor.execute("INSERT INTO arranged VALUES (?, ?, ?)", [then.until, then.weeks, then.below])
