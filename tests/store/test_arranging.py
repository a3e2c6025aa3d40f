"""Rows of days that are over lie side by side by series, and are the same rows."""

from pathlib import Path

import numpy as np

from bocage.store import rows as shape
from bocage.store.embedded import arranging
from bocage.store.embedded.home import EmbeddedStore
from bocage.store.memory import MemoryStore

from .batches import DAY, HOUR, T0, batch


def test_days_that_are_over_are_laid_in_order_of_series_and_read_as_before(tmp_path: Path) -> None:
    store, plain = EmbeddedStore(tmp_path / "log", every=3600), MemoryStore()
    at = T0 + np.repeat(np.arange(96) * HOUR, 5)
    for home in (store, plain):
        home.append(batch(np.tile([1, 2, 3, 4, 5], 96), at, np.arange(len(at)))).result(9)
    store.drain()
    while arranging.step(store._reader, arranging.Measures(worth=1)):
        pass
    for home in (store, plain):  # what comes late stands behind, and is read in its place
        home.append(batch([3], [T0 + 5 * HOUR + 1], [99.0])).result(9)
    store.drain()
    [first, *_rest] = store._reader.files.open.cursor().execute("SELECT datastream FROM plain").fetchall()
    assert first == (1,)
    former = "SELECT datastream, lag(datastream) OVER () AS former FROM plain"
    turns = f"SELECT count(*) FROM ({former}) WHERE datastream < former"
    assert store._reader.files.open.cursor().execute(turns).fetchall()[0][0] < 96 / 2
    for number in (1, 3, 5):
        ours, theirs = (home.window(number, T0, T0 + 9 * DAY) for home in (store, plain))
        assert ours.start.tolist() == theirs.start.tolist()
        assert ours.number.tolist() == theirs.number.tolist()
        assert ours.id.tolist() == theirs.id.tolist()
    store.close()


def test_weeks_that_are_over_lie_together_some_series_at_a_time_and_go_on_after_a_restart(tmp_path: Path) -> None:
    store, ticks = EmbeddedStore(tmp_path / "log", every=3600), 20 * 24
    at = T0 + np.repeat(np.arange(ticks) * HOUR, 5)
    store.append(batch(np.tile([1, 2, 3, 4, 5], ticks), at, np.arange(len(at)))).result(9)
    store.drain()
    before = [store.window(number, T0, T0 + 20 * DAY) for number in (1, 3, 5)]
    while (
        arranging.step(store._reader, arranging.Measures(worth=1, portion=10**9)) and _laid(store).weeks < T0 + 7 * DAY
    ):
        pass  # days, then the first week at once
    assert arranging.step(store._reader, arranging.Measures(worth=1, portion=400))
    assert _laid(store) == arranging.Arranged(until=_laid(store).until, weeks=T0 + 7 * DAY, below=3)
    store.close()
    store = EmbeddedStore(tmp_path / "log", every=3600)
    while arranging.step(store._reader, arranging.Measures(worth=1, portion=400)):
        pass
    assert (_laid(store).weeks, _laid(store).below) == (T0 + 14 * DAY, 0)
    for week in (0, 1):
        lying = store._reader.files.open.cursor().execute(
            'SELECT datastream FROM plain WHERE "start" >= ? AND "start" < ?',
            [T0 + week * 7 * DAY, T0 + (week + 1) * 7 * DAY],
        )
        numbers = [number for (number,) in lying.fetchall()]
        assert numbers == sorted(numbers)
        assert len(numbers) == 7 * 24 * 5
    for number, rows in zip((1, 3, 5), before, strict=True):
        now = store.window(number, T0, T0 + 20 * DAY)
        assert (now.start.tolist(), now.number.tolist()) == (rows.start.tolist(), rows.number.tolist())
    store.close()


def test_weeks_of_much_have_tables_of_their_own_and_a_question_reads_those_it_is_about(tmp_path: Path) -> None:
    store, plain, ticks = EmbeddedStore(tmp_path / "log", every=3600), MemoryStore(), 24 * 24
    at = T0 + np.repeat(np.arange(ticks) * HOUR, 5)
    for home in (store, plain):
        home.append(batch(np.tile([1, 2, 3, 4, 5], ticks), at, np.arange(len(at)))).result(9)
    store.drain()
    measures = arranging.Measures(worth=1, portion=400, much=500)
    for _part in range(24):  # in the midst of the second week
        arranging.step(store._reader, measures)
        _alike(store, plain)
    while arranging.step(store._reader, measures):
        pass
    _alike(store, plain)
    contents = store._reader.files.open.contents
    assert [(week.start, week.end) for week in contents.weeks] == [
        (T0 + week * 7 * DAY, T0 + (week + 1) * 7 * DAY) for week in range(3)
    ]
    first, second, _third = (week.table for week in contents.weeks)
    assert contents.loose == T0 + 21 * DAY
    names = shape.PLAIN_NAMES
    assert contents.source([1], names, (T0 + DAY, T0 + 2 * DAY)) == first
    assert contents.source([1], names, (T0 + 22 * DAY, T0 + 23 * DAY)) == "plain"
    assert contents.source([1], names, (T0 + 6 * DAY, T0 + 8 * DAY)) == shape.together(sorted([first, second]), names)
    for home in (store, plain):  # what comes late is in the first table, which is looked at too from then on
        home.append(batch([3, 4], [T0 + 8 * DAY + 1, T0 + 8 * DAY + 2], [99.0, 98.0])).result(9)
    store.drain()
    _alike(store, plain)
    assert store._reader.files.open.contents.loose == T0 + 8 * DAY + 1
    store.close()
    store = EmbeddedStore(tmp_path / "log", every=3600)
    assert store._reader.files.open.contents.loose == T0 + 8 * DAY + 1
    _alike(store, plain)
    store.backup(tmp_path / "copy")
    with store._reader.files.open.changing() as cursor:
        cursor.execute("DELETE FROM contents")
    store.close()
    for folder in ("log", "copy"):  # what tells of the tables is lost, and is looked for; the file written anew
        store = EmbeddedStore(tmp_path / folder, every=3600)
        _alike(store, plain)
        store.close()


def _alike(store: EmbeddedStore, plain: MemoryStore) -> None:
    for days in ((0, 30), (0, 1), (6, 8), (13, 15), (20, 22), (23, 30)):
        for number in (1, 3, 5):
            ours, theirs = (home.window(number, T0 + days[0] * DAY, T0 + days[1] * DAY) for home in (store, plain))
            assert ours.start.tolist() == theirs.start.tolist()
            assert ours.number.tolist() == theirs.number.tolist()
            assert ours.position.tolist() == theirs.position.tolist()
    for limit in (1, 50, 400):
        ours, theirs = (home.window(3, T0, T0 + 30 * DAY, limit=limit, newest_first=True) for home in (store, plain))
        assert ours.start.tolist() == theirs.start.tolist()


def _laid(store: EmbeddedStore) -> arranging.Arranged:
    return arranging.arranged(store._reader.files.open)


def test_few_rows_are_left_as_they_lie(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=3600)
    store.append(batch([1, 2] * 96, T0 + np.repeat(np.arange(96) * HOUR, 2), np.arange(192))).result(9)
    store.tidy()
    assert arranging.arranged(store._reader.files.open).until == 0
    store.close()


def test_a_log_that_holds_nothing_has_nothing_to_arrange(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "log", every=3600)
    store.tidy()
    store.close()
