"""Cadence windows: exact across batches, late arrivals and restarts."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bocage.domain.nature import Origin, ResultKind
from bocage.domain.observation import Columns, ObservationBatch
from bocage.ingest.windows import Windows, spacing
from bocage.store.memory import MemoryStore

MINUTE = 60_000
QUARTER = spacing(900)


def _open(windows: Windows, starts: list[int], stream: int = 1, least: int = QUARTER) -> list[bool]:
    count = len(starts)
    fits = windows.open(
        np.full(count, stream, dtype=np.int32), np.array(starts, dtype=np.int64), np.full(count, least, dtype=np.int64)
    )
    return fits.tolist()


def _keep(store: MemoryStore, starts: list[int], stream: int = 1) -> None:
    count = len(starts)
    at = np.array(starts, dtype=np.int64)
    batch = ObservationBatch(
        datastream=np.full(count, stream, dtype=np.int32),
        start=at,
        end=at,
        kind=np.full(count, ResultKind.NUMBER, dtype=np.uint8),
        number=np.zeros(count),
        origin=np.full(count, Origin.MEASURED, dtype=np.uint8),
    )
    store.append(batch).result()


def test_what_is_not_limited_is_never_too_fine() -> None:
    assert _open(Windows(MemoryStore()), [1, 2, 3], least=0) == [True] * 3


def test_a_reading_sooner_than_nine_tenths_of_the_cadence_is_too_fine() -> None:
    windows = Windows(MemoryStore())
    assert _open(windows, [0, 5 * MINUTE, 14 * MINUTE, 28 * MINUTE]) == [True, False, True, True]


def test_windows_stay_open_from_batch_to_batch() -> None:
    store = MemoryStore()
    windows = Windows(store)
    assert _open(windows, [0]) == [True]
    _keep(store, [0])
    assert _open(windows, [10 * MINUTE]) == [False]
    assert _open(windows, [15 * MINUTE]) == [True]


def test_what_another_process_kept_counts_as_much() -> None:
    store = MemoryStore()
    store.shared = True
    windows = Windows(store)
    assert _open(windows, [0]) == [True]
    _keep(store, [0, 15 * MINUTE])  # the second came by another process
    assert _open(windows, [20 * MINUTE, 29 * MINUTE]) == [False, True]


def test_after_a_restart_the_log_tells_what_was_kept() -> None:
    store = MemoryStore()
    _keep(store, [0, 15 * MINUTE])
    assert _open(Windows(store), [20 * MINUTE, 29 * MINUTE]) == [False, True]


def test_the_same_start_again_passes_for_the_log_to_know_it() -> None:
    store = MemoryStore()
    _keep(store, [0, 15 * MINUTE])
    assert _open(Windows(store), [0, 15 * MINUTE, 16 * MINUTE]) == [True, True, False]


def test_a_late_reading_is_held_against_both_neighbours() -> None:
    store = MemoryStore()
    _keep(store, [0, 60 * MINUTE])
    windows = Windows(store)
    assert _open(windows, [5 * MINUTE]) == [False]
    assert _open(windows, [55 * MINUTE]) == [False]
    assert _open(windows, [30 * MINUTE]) == [True]


def test_what_is_on_its_way_to_the_log_counts() -> None:
    windows = Windows(MemoryStore())
    _open(windows, [0, 60 * MINUTE])
    windows.promise(np.array([1, 1], dtype=np.int32), np.array([0, 60 * MINUTE], dtype=np.int64))
    assert _open(windows, [5 * MINUTE]) == [False]


def test_what_never_became_durable_does_not_count() -> None:
    windows = Windows(MemoryStore())
    _open(windows, [0])
    ticket = windows.promise(np.array([1], dtype=np.int32), np.array([0], dtype=np.int64))
    windows.settle(ticket)
    assert _open(windows, [5 * MINUTE]) == [True]


def test_series_do_not_stand_in_each_others_way() -> None:
    windows = Windows(MemoryStore())
    streams = np.array([1, 2, 1, 2], dtype=np.int32)
    starts = np.array([0, 0, 5 * MINUTE, 15 * MINUTE], dtype=np.int64)
    least = np.array([QUARTER, QUARTER, QUARTER, 0], dtype=np.int64)
    assert windows.open(streams, starts, least).tolist() == [True, True, False, True]


@pytest.mark.parametrize("hours", [23, 25])
def test_the_days_on_which_clocks_change_are_days(hours: int) -> None:
    assert _open(Windows(MemoryStore()), [0, hours * 60 * MINUTE], least=spacing(86_400)) == [True, True]


@settings(max_examples=60, deadline=None)
@given(some.lists(some.lists(some.integers(0, 300), min_size=1, max_size=12), min_size=1, max_size=6))
def test_however_readings_arrive_none_kept_are_too_near_and_a_replay_changes_nothing(batches: list[list[int]]) -> None:
    store = MemoryStore()
    windows = Windows(store)
    for batch in batches:
        starts = [minute * MINUTE for minute in batch]
        fits = _open(windows, starts)
        _keep(store, [start for start, fit in zip(starts, fits, strict=True) if fit])
    kept = store.window(1, -1, 10**9).start
    assert (np.diff(kept) >= QUARTER).all()
    again = Windows(store)
    for batch in batches:
        starts = [minute * MINUTE for minute in batch]
        fits = _open(again, starts)
        _keep(store, [start for start, fit in zip(starts, fits, strict=True) if fit])
    assert store.window(1, -1, 10**9).start.tolist() == kept.tolist()


class _CountingStore(MemoryStore):
    """Counts what it is asked."""

    asked = 0

    def window(self, datastream: int, start: int, end: int, *, limit: int = 0, newest_first: bool = False) -> Columns:
        self.asked += 1
        return super().window(datastream, start, end, limit=limit, newest_first=newest_first)

    def scan(self, datastreams: Sequence[int], start: int, end: int, *, chunk: int = 65_536) -> Iterator[Columns]:
        self.asked += 1
        return super().scan(datastreams, start, end, chunk=chunk)


def test_late_readings_of_many_series_are_one_question_to_the_log() -> None:
    store = _CountingStore()
    streams = np.arange(1, 101, dtype=np.int32)
    for stream in streams.tolist():
        _keep(store, [0, 60 * MINUTE], stream)
    starts = np.where(streams % 2, 30 * MINUTE, 55 * MINUTE).astype(np.int64)
    fits = Windows(store).open(streams, starts, np.full(len(streams), QUARTER, dtype=np.int64))
    assert fits.tolist() == (streams % 2 == 1).tolist()
    assert store.asked == 1


@settings(max_examples=60, deadline=None)
@given(some.lists(some.tuples(some.integers(1, 4), some.integers(0, 3_000)), min_size=1, max_size=40), some.booleans())
def test_series_that_arrive_together_are_judged_as_if_each_came_alone(
    rows: list[tuple[int, int]], before: bool
) -> None:
    together, alone = MemoryStore(), MemoryStore()
    for store in (together, alone) if before else ():
        for stream in (1, 2, 3):
            _keep(store, [1_000 * MINUTE, 2_000 * MINUTE], stream)
    streams = np.array([stream for stream, _minute in rows], dtype=np.int32)
    starts = np.array([minute * MINUTE for _stream, minute in rows], dtype=np.int64)
    least = np.full(len(rows), QUARTER, dtype=np.int64)
    fits = Windows(together).open(streams, starts, least)
    for stream in set(streams.tolist()):
        mine = streams == stream
        assert fits[mine].tolist() == Windows(alone).open(streams[mine], starts[mine], least[mine]).tolist()
