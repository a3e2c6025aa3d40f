"""Lays the open rows of days that are over in order of datastream: a question about one finds them side by side.

Days first, as soon as enough rows wait; then whole weeks, some datastreams at a time, so that 24 hours that begin at
noon lie in one place too. Weeks of very much go to tables of their own, by turns: a table is looked through by groups
of 122,880 rows, each of which costs a moment even where it holds nothing of what is asked.
"""

from typing import Final

import duckdb
import msgspec
import numpy as np

from bocage.domain.instant import DAY, HOUR, LATEST
from bocage.store import rows as shape
from bocage.store.embedded import contents
from bocage.store.embedded.contents import Contents, Week
from bocage.store.embedded.open_months import OpenMonths
from bocage.store.embedded.reader import Reader

WORTH: Final = 250_000  # rows from which it is worth the writing: two groups of rows
WEEK: Final = 7 * DAY
PORTION: Final = 500_000  # rows of a week that are laid at once, about
MUCH: Final = 4_000_000  # plain rows of a week from which it goes to a table of such weeks


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


class Measures(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows are worth it, are laid at once, are much."""

    worth: int = WORTH
    portion: int = PORTION
    much: int = MUCH


def step(reader: Reader, measures: Measures = Measures()) -> bool:
    """Arrange some days of UTC that are over, as few as are worth it, or a part of a week of such days; whether there
    were any. Files must stay where they are meanwhile."""
    return _days(reader.files.open, over(reader) // DAY * DAY, measures.worth) or _week(reader, measures)


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


def _week(reader: Reader, measures: Measures) -> bool:
    files = reader.files.open
    now = arranged(files)
    first = max(now.weeks, files.contents.lowest // DAY * DAY)
    end = first + WEEK
    if end > now.until:
        return False
    within = _starting(first, end)
    low, high = files.datastreams(within)
    below = max(now.below, low) if now.weeks == first else low
    held = files.held(first, end)
    portions = -(-held // measures.portion)
    above = below + -(-(high - low + 1) // max(portions, 1))
    whole = above > high
    then = Arranged(until=now.until, weeks=end if whole else first, below=0 if whole else above)
    week = Week(start=first, end=end, table=_table(first)) if held >= measures.much else None
    if week and week not in files.contents.weeks:
        files.contents = msgspec.structs.replace(files.contents, weeks=(*files.contents.weeks, week))
        with reader.passage.alone():
            pass  # whoever reads from now on looks there too
    _lay(files, f"{within} AND datastream >= {below} AND datastream < {above}", then, week)
    return True


def _table(week: int) -> str:
    return shape.PLAIN[1 + week // WEEK % (len(shape.PLAIN) - 1)]


def _starting(first: int, end: int) -> str:
    return f'"start" >= {int(first)} AND "start" < {int(end)}'


def _lay(files: OpenMonths, within: str, then: Arranged, week: Week | None = None) -> None:
    """Lay these rows in order of datastream and time, durably; plain ones in the table of this week, where there is
    one."""
    with files.changing() as cursor:
        for table, names in (("observation", shape.NAMES), (shape.PLAIN[0], shape.PLAIN_NAMES)):
            order = ", ".join(("datastream", *shape.keys(names)))
            cursor.execute(
                f"CREATE OR REPLACE TEMP TABLE arranging AS SELECT * FROM {table} WHERE {within} ORDER BY {order}"
            )
            cursor.execute(f"DELETE FROM {table} WHERE {within}")
            there = week.table if week and table in shape.PLAIN else table
            cursor.execute(f"INSERT INTO {there} SELECT * FROM arranging")
            cursor.execute("DROP TABLE arranging")
        cursor.execute("DELETE FROM arranged")
        cursor.execute("INSERT INTO arranged VALUES (?, ?, ?)", [then.until, then.weeks, then.below])
        after = _after(cursor, files.contents, then) if week else files.contents
        if week:
            contents.note(cursor, after)
    files.contents = after


def _after(cursor: duckdb.DuckDBPyConnection, now: Contents, then: Arranged) -> Contents:
    """What is told of the tables once a part of a week was moved: when it was the last part, how far back the first
    table goes."""
    if then.below:
        return now
    [[loose]] = cursor.execute(f'SELECT min("start") FROM {shape.PLAIN[0]}').fetchall()
    return msgspec.structs.replace(now, loose=LATEST if loose is None else loose)
